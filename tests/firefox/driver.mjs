// Controls Debian's Firefox through geckodriver, with the few WebDriver commands that the tests
// need.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;

export class Firefox {
  static async start() {
    const binary = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"].filter(Boolean).find((path) => existsSync(path));
    if (!binary) throw new Error("no Firefox; `apt-get install firefox-esr`, or name one in FIREFOX");
    const driver = spawn(process.env.GECKODRIVER ?? "geckodriver", ["--port", "0", "--log", "info"], { stdio: ["ignore", "pipe", "inherit"] });
    const port = await new Promise((done, failed) => {
      driver.on("error", () => failed(new Error("no geckodriver; `make test-long` installs it, or name one in GECKODRIVER")));
      driver.stdout.on("data", (text) => {
        const said = String(text).match(/Listening on 127\.0\.0\.1:(\d+)/);
        if (said) done(Number(said[1]));
      });
    });
    const firefox = new Firefox(driver, `http://127.0.0.1:${port}`);
    const asked = { alwaysMatch: { "moz:firefoxOptions": { binary, args: ["-headless", "--width=1280", "--height=900"], prefs: { "intl.accept_languages": "en-US" } } } };
    const { sessionId } = await firefox.send("POST", "/session", { capabilities: asked });
    firefox.session = `/session/${sessionId}`;
    return firefox;
  }

  constructor(driver, address) {
    Object.assign(this, { driver, address, session: "", patience_ms: PATIENCE_MS });
  }

  async send(method, path, body) {
    const answer = await fetch(this.address + path, { method, body: body && JSON.stringify(body), headers: { "content-type": "application/json" } });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  do(method, path, body) {
    return this.send(method, this.session + path, body);
  }

  open(url) {
    return this.do("POST", "/url", { url });
  }

  /** Runs a function in the page and returns its result. */
  run(act, ...args) {
    return this.do("POST", "/execute/sync", { script: `return (${act})(...arguments)`, args });
  }

  /** Repeats a function in the page until its result is truthy. */
  async until(act, ...args) {
    const deadline = Date.now() + this.patience_ms;
    for (;;) {
      const given = await this.run(act, ...args);
      if (given) return given;
      if (Date.now() > deadline) throw new Error(`in vain: ${act} ${JSON.stringify(args)}`);
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }

  async element(selector) {
    await this.until((selector) => document.querySelector(selector) !== null, selector);
    const found = await this.do("POST", "/element", { using: "css selector", value: selector });
    return found[ELEMENT];
  }

  async click(selector) {
    await this.do("POST", `/element/${await this.element(selector)}/click`, {});
  }

  /** Enters a frame that `run` has found; `leave` returns to the page. */
  async enter(frame) {
    await this.do("POST", "/frame", { id: frame });
  }

  async leave() {
    await this.do("POST", "/frame", { id: null });
  }

  /** Clicks an element that `run` has found. */
  async press(found) {
    await this.do("POST", `/element/${Object.values(found)[0]}/click`, {});
  }

  /** Types key by key; `held` is a modifier. */
  async type(text, held) {
    const around = (type) => (held ? [{ type, value: held }] : []);
    const strokes = [...text].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.do("POST", "/actions", { actions: [{ type: "key", id: "keys", actions: [...around("keyDown"), ...strokes, ...around("keyUp")] }] });
  }

  async end() {
    await this.do("DELETE", "").catch(() => {});
    const ended = new Promise((done) => this.driver.on("exit", done));
    this.driver.kill();
    await ended;
  }
}
