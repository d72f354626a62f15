// A notebook's server in a folder of its own, and a browser for it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const built = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const program = process.env.LOOPSCOPE_PROGRAM ?? ["release", "debug"].map((profile) => join(built, profile, "loopscope")).find((path) => existsSync(path));

/** Where `tools/need notebook` installs programs. */
export const venv = join(root, "target/notebook/bin");
export const START_MS = 60_000;

/** A notebook file with these cells. */
export const notebook = (cells) => JSON.stringify({
  nbformat: 4, nbformat_minor: 5,
  metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
  cells: cells.map((source, at) => ({ id: `cell-${at}`, cell_type: "code", execution_count: null, metadata: {}, outputs: [], source })),
});

const freePort = () => new Promise((done) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

async function answers(server, url) {
  for (const end = Date.now() + START_MS; Date.now() < end;) {
    if (server.exitCode !== null) throw new Error(`the server ended:\n${server.said}`);
    const ok = await fetch(url).then((answer) => answer.ok, () => false);
    if (ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nothing answers at ${url}\n${server.said}`);
}

/** The options of Jupyter's servers. */
export const jupyter = (place, port) => [
  "--no-browser", "--allow-root", `--ServerApp.root_dir=${place}`, `--ServerApp.port=${port}`, "--ServerApp.port_retries=0", "--IdentityProvider.token=",
];

/**
 * Starts a program of `venv` where one file is. `options` makes its options from folder and port, `asked` is the path
 * that answers when it is ready.
 */
export async function start({ command, options, asked, file, text }) {
  assert.ok(program, "the program `loopscope` is built");
  const place = mkdtempSync(join(tmpdir(), "loopscope-notebook-"));
  const own = (name) => join(place, name);
  const environment = {
    PATH: `${venv}:${process.env.PATH}`, LANG: "C.UTF-8", HOME: own("home"), PYTHONPATH: join(root, "python"), PYTHONDONTWRITEBYTECODE: "1",
    LOOPSCOPE_PROGRAM: program, JUPYTER_CONFIG_DIR: own("config"), JUPYTER_RUNTIME_DIR: own("runtime"), IPYTHONDIR: own("ipython"),
  };
  writeFileSync(own(file), text);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}/`;
  const server = spawn(join(venv, command), options(place, port), { cwd: place, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  server.said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (data) => { server.said += data; });
  const stop = async () => {
    if (server.exitCode === null) {
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGTERM");
      await ended;
    }
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answers(server, `${address}${asked}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, place, environment, stop };
}

/** A page, and the addresses elsewhere that it asks for. */
export async function pageOf(browser, address) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 2200 } });
  const elsewhere = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url());
  });
  return { page, elsewhere };
}
