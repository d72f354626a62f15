// The load bar above the editor of a FastAPI program: how many requests a run sends, and to which
// route. The routes are found by a plain look at the program's decorators; any path can be typed.
//
// A program with a comment such as `# run 100 GET /ping` says itself which requests are sent.

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "WEBSOCKET"];
/** The limit of python/loopscope/asgi.py. */
const COUNT_MAX = 100_000;
const COUNT = 100;

const APP = /^(?:from|import)[ \t]+(?:fastapi|starlette)\b/m;
const COMMENT = /#[ \t]*run[ \t]+(?:\d+[ \t]+)?[A-Za-z]+[ \t]+\//;
/** E.g. `@app.get("/ping"`, also over several lines. */
const ROUTE = /^[ \t]*@([\w.]+)\.(get|post|put|patch|delete|websocket)\(\s*(?:path\s*=\s*)?(["'])(.*?)\3/gm;

/** The prefix that a call gives, e.g. `APIRouter(prefix="/items")`; nothing if there is no such call. */
function prefixOf(text, call) {
  const [, options = ""] = new RegExp(`${call}([^)]*)`).exec(text) ?? [];
  return /\bprefix\s*=\s*(["'])(.*?)\1/.exec(options)?.[2] ?? "";
}

/** The routes of a program as `{ method, path }`, in its order. */
export function routes(text) {
  return [...text.matchAll(ROUTE)].map(([, owner, method, , path]) => {
    const name = owner.replaceAll(".", "\\.");
    const prefix = prefixOf(text, `include_router\\(\\s*${name}\\b`) + prefixOf(text, `\\b${name}\\s*=\\s*APIRouter\\(`);
    return { method: method.toUpperCase(), path: prefix + path };
  }).filter(({ path }) => path.startsWith("/"));
}

export const isApp = (text) => APP.test(text);
export const hasLoads = (text) => COMMENT.test(text);

/** A path that can be asked for: parameters such as `{item_id}` become 1. */
const filled = (path) => path.replace(/\{[^}]*\}/g, "1");

/** Whether a route answers a path, with or without a query. */
const answers = (route, path) => new RegExp(`^${route.path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]*\}/g, "[^?]+")}(\\?|$)`).test(path);

/**
 * What is asked of these routes: the reader's choice, and the first route for the rest. A typed path
 * brings the method of its route.
 */
export function loadOf(found, { count, method, path }) {
  const [first] = [...found].sort((one, other) => one.path.includes("{") - other.path.includes("{"));
  const asked = path ?? filled(first?.path ?? "/");
  const route = found.find((route) => answers(route, asked));
  return { count: count ?? COUNT, method: method ?? route?.method ?? "GET", path: asked };
}

/** E.g. `100 GET /ping`, as python/loopscope/asgi.py reads it. */
export function told({ count, method, path }) {
  const number = Math.min(Math.max(Math.trunc(Number(count)) || 1, 1), COUNT_MAX);
  return `${number} ${method} /${path.trim().replace(/^\//, "").replace(/\s/g, "%20")}`;
}

/** The choice that these requests come from; nothing of it if their route is none of the program's. */
export function chosen(found, requests) {
  const [, count, method, path] = /^(\d+) (\S+) (\S+)$/.exec(requests) ?? [];
  return found.some((route) => route.method === method && answers(route, path)) ? { count, method, path } : {};
}

const element = (tag, attributes = {}) => Object.assign(document.createElement(tag), attributes);

/**
 * The bar for an editor. `phrase` gives its words, `tell` gets the requests whenever they change, `run`
 * runs the program. `requests` are those of the last bar. `update(text)` follows the program; an
 * empty text hides the bar.
 */
export function loadBar(phrase, tell, run, requests) {
  const dom = element("div", { className: "load" });
  const count = element("input", { type: "number", min: 1, max: COUNT_MAX, name: "count" });
  const method = element("select", { name: "method" });
  method.append(...METHODS.map((name) => element("option", { value: name, textContent: name })));
  const path = element("input", { type: "text", name: "path", spellcheck: false, autocomplete: "off" });
  path.setAttribute("autocapitalize", "off");
  const list = element("datalist", { id: "routes" });
  path.setAttribute("list", list.id);
  const times = element("span", { textContent: "×" });
  const comments = element("span", { className: "said" });
  const fields = [count, times, method, path, list];
  dom.setAttribute("role", "group");
  dom.append(...fields, comments);

  let choice;
  let found = [];
  let last = requests;
  let shown = "";

  const show = (text) => {
    shown = text;
    const isShown = isApp(text);
    const isSaid = isShown && hasLoads(text);
    dom.hidden = !isShown;
    for (const field of fields) field.hidden = isSaid;
    comments.hidden = !isSaid;
    comments.textContent = phrase("comments");
    dom.setAttribute("aria-label", phrase("load"));
    for (const field of [count, method, path]) field.setAttribute("aria-label", field.title = phrase(field.name));
    const before = found;
    found = routes(text);
    choice ??= chosen(found, requests);
    // The route is gone, e.g. with another program.
    const isOf = (routes) => routes.some((route) => answers(route, choice.path));
    if (choice.path !== undefined && isOf(before) && !isOf(found)) choice = { count: choice.count };
    const load = loadOf(found, choice);
    // Not under the reader's own typing.
    if (count.value !== String(load.count)) count.value = load.count;
    if (method.value !== load.method) method.value = load.method;
    if (path.value !== load.path) path.value = load.path;
    const paths = [...new Set(found.map(({ path }) => filled(path)))];
    list.replaceChildren(...paths.map((value) => element("option", { value })));
    const now = isShown && !isSaid ? told(load) : "";
    if (now !== last) tell(last = now);
  };

  dom.addEventListener("input", ({ target }) => {
    choice[target.name] = target.value;
    // A path brings its own method again.
    if (target === path) delete choice.method;
    show(shown);
  });
  dom.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") run();
  });
  // An empty field takes its usual value again.
  dom.addEventListener("focusout", ({ target }) => {
    if (target.value !== "" || !(target.name in choice)) return;
    delete choice[target.name];
    show(shown);
  });
  return { dom, update: show };
}
