// The load bar of a FastAPI program: which routes it finds, and which requests it asks for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chosen, hasLoads, isApp, loadOf, routes, told } from "../../www/editor/load.js";

const APP = "from fastapi import FastAPI\napp = FastAPI()\n";

function finds(text, expected) {
  assert.deepEqual(routes(text).map(({ method, path }) => `${method} ${path}`), expected, text);
}

/** The requests after these choices. */
function asks(text, choice, expected) {
  assert.equal(told(loadOf(routes(text), choice)), expected, `${text}\n${JSON.stringify(choice)}`);
}

test("an app imports FastAPI or Starlette, and may say its requests in a comment", () => {
  for (const text of [APP, "import time\nimport fastapi\n", "from starlette.applications import Starlette\n"]) assert.ok(isApp(text), text);
  for (const text of ["", "import fastapi_like\n", "# from fastapi import FastAPI\n", "import asyncio\n"]) assert.ok(!isApp(text), text);
  for (const text of ["# run 100 GET /ping\n", "x = 1  # run GET /\n"]) assert.ok(hasLoads(text), text);
  for (const text of ["# run it\n", "# running 3 GET /ping\n"]) assert.ok(!hasLoads(text), text);
});

test("routes are found in decorators, in any quotes, over several lines, with the prefixes of their router", () => {
  finds("@app.get(\"/ping\")\ndef ping(): ...\n@app.post('/items', status_code=201)\ndef add(): ...\n", ["GET /ping", "POST /items"]);
  finds("@app.get(\n    path=\"/slow\",\n)\nasync def slow(): ...\n  @app.websocket(\"/ws\")\n", ["GET /slow", "WEBSOCKET /ws"]);
  finds("users = APIRouter(tags=[\"u\"], prefix=\"/users\")\n@users.get(\"/{user_id}\")\ndef user(): ...\napp.include_router(users, prefix='/api')\n", ["GET /api/users/{user_id}"]);
  finds("# @app.get(\"/no\")\ndef get(): ...\n@app.get(path)\n@task.get(\"name\")\n@app.middleware(\"http\")\n", []);
});

test("a hundred requests go to the first route that needs no parameter, unless the reader chooses", () => {
  const text = "@app.get(\"/items/{item_id}\")\n@app.get(\"/ping\")\n@app.post(\"/items\")\n";
  asks(text, {}, "100 GET /ping");
  asks(text, { count: "7" }, "7 GET /ping");
  asks(text, { path: "/items" }, "100 POST /items");
  asks(text, { path: "/items?size=2" }, "100 POST /items?size=2");
  asks(text, { path: "/items/4", method: "DELETE" }, "100 DELETE /items/4");
  asks("@app.get(\"/items/{item_id}\")\n", {}, "100 GET /items/1");
  asks("", {}, "100 GET /");
});

test("any input becomes requests that are understood", () => {
  asks("", { count: "" }, "1 GET /");
  asks("", { count: "-3" }, "1 GET /");
  asks("", { count: "2.9" }, "2 GET /");
  asks("", { count: "1e9" }, "100000 GET /");
  asks("", { path: "" }, "100 GET /");
  asks("", { path: " ping me " }, "100 GET /ping%20me");
});

test("what was chosen comes back with the editor, if the program has the route", () => {
  const found = routes("@app.get(\"/a.b\")\n@app.get(\"/items/{item_id}\")\n");
  assert.deepEqual(chosen(found, "9 GET /items/4"), { count: "9", method: "GET", path: "/items/4" });
  for (const requests of ["", "9 GET /gone", "9 POST /items/4", "9 GET /aXb", "9 GET /items/"]) assert.deepEqual(chosen(found, requests), {}, requests);
});
