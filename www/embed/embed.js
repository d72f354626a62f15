// `<loopscope-lab>`: a script or a Python program in a course page that the reader can run
// (docs/embed/element.md).
//
// The element creates a frame in a shadow root when the reader comes near. Everything except this
// file is inside the frame, so the host page keeps its styles, its global names and its policy.
// Until the lab has its first result, on paper, and without JavaScript the element shows its content.
import { upgrade, withoutOptions } from "./fences.js";
import { heightOf } from "./height.js";

(() => {
  "use strict";
  const NAME = "loopscope-lab";
  const SCHEMA = "loopscope.embed/1";
  // Pages are also rendered without a window, e.g. by a static site generator.
  if (!globalThis.customElements || customElements.get(NAME)) return;

  const own = document.currentScript?.src ?? "";
  const hasFences = document.currentScript?.dataset.fences !== "off";
  /** The attributes that are passed in the frame's address. */
  const SETTINGS = ["lang", "panes", "frozen", "editable", "guess", "goal", "at", "frame"];
  /** The custom properties of the page that a lab adopts, e.g. `--loopscope-accent`. */
  const LOOKS = ["accent", "font", "radius"];
  /** The attributes that only this file reads, and what they may be. */
  const OWN = [["theme", /^(light|dark)$/, "`light` or `dark`"], ["height", /^\s*[1-9]\d*(px)?\s*$/, "a number of pixels"]];
  const NEAR = "300px";
  const UNREACHABLE_MS = 20_000;
  /** The longest time that a lab waits for the lab before it to load. */
  const TURN_MS = 2_000;
  /** A reader who has not scrolled for this long is reading. */
  const REST_MS = 150;
  /** A lab whose height has not changed for this long is complete. */
  const CALM_MS = 100;
  const HEIGHT_MAX = 20_000;
  /** A lab that is lower than estimated by at most this keeps the estimated height. */
  const SPARE_PX = 48;
  /** More labs than these are not kept loaded: the farthest that the reader has not used is unloaded. */
  const LOADED_MAX = 4;
  /** A run that takes longer than this is watched: the lab appears, with its progress. */
  const RUNNING_MS = 1_500;

  const sheet = new CSSStyleSheet();
  // `!important` lets the rules of a shadow root win over those of the host page.
  sheet.replaceSync(`
    :host { display: block; margin-block: 1.25em; }
    :host { display: block !important; box-sizing: border-box !important; min-width: 0 !important; max-width: 100%; visibility: visible !important; opacity: 1 !important; }
    :host([hidden]) { display: none !important; }
    iframe { display: block; width: 100%; border: 0; }
    .note { margin: .5em 0; padding: .4em .8em; border-left: 3px solid currentColor; font: 14px/1.5 system-ui, sans-serif; }
    .coming { position: relative; overflow: clip; }
    .coming::before { content: ""; position: absolute; inset: 0 auto auto 0; width: 30%; height: 2px; background: currentColor; opacity: .45; animation: coming 1.6s ease-in-out infinite; }
    @keyframes coming { from { transform: translateX(-100%); } to { transform: translateX(334%); } }
    @media (prefers-reduced-motion: reduce) { .coming::before { animation: none; width: 100%; opacity: .2; } }
    /* Painted, so that the page need not wait for it when it is shown. */
    .coming iframe { position: absolute; inset: 0; opacity: 0; }
    @media print { iframe, .coming::before { display: none; } .content { min-height: 0 !important; } .content[hidden] { display: block !important; } }
  `);

  /**
   * Whether the page shows light text on a dark ground here, by any means: the colour of the text
   * decides.
   */
  function isDark(element) {
    const color = getComputedStyle(element).color;
    const [a, b, c] = (color.match(/-?[\d.]+(?:e-?\d+)?/g) ?? [0, 0, 0]).map(Number);
    if (/^rgb/.test(color)) return (2 * a + 5 * b + c) / 8 > 127;
    if (/^(ok)?l/.test(color)) return a > (color.startsWith("ok") ? 0.5 : 50);
    return (2 * a + 5 * b + c) / 8 > 0.5;
  }

  const isPython = (lang) => /^python$/i.test(lang ?? "");

  /** The script in the element: the last `<pre>`, or all text outside of pictures. */
  function content(element) {
    const whole = [...element.querySelectorAll("pre, textarea, script, template")].pop();
    const copy = (whole?.content ?? whole ?? element).cloneNode(true);
    copy.querySelectorAll?.("figure, picture, svg, .gutter, .linenos").forEach((other) => other.remove());
    // Some syntax highlighters use `<br>` for line ends.
    copy.querySelectorAll?.("br").forEach((end) => end.replaceWith("\n"));
    const lines = copy.textContent.replace(/\r\n?/g, "\n").replace(/^([ \t]*\n)+|\s+$/g, "").split("\n");
    const depths = lines.filter((line) => line.trim()).map((line) => /^[ \t]*/.exec(line)[0].length);
    const depth = Math.min(...depths);
    return withoutOptions(lines.map((line) => line.slice(depth))).join("\n") + "\n";
  }

  /** All labs on the page. */
  const labs = new Set();
  const dress = () => labs.forEach((lab) => lab.dress());
  /** Twice, since a change of colours may be animated. */
  const dressSoon = () => [0, 450].forEach((ms) => setTimeout(dress, ms));
  const clothes = new MutationObserver(dressSoon);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dressSoon);

  /** The distance of a lab from the middle of the window. */
  const away = (lab) => {
    const { top, bottom } = lab.getBoundingClientRect();
    return Math.abs(top + bottom - innerHeight);
  };

  /** Labs near the reader that have not begun to load. One loads at a time, the nearest first. */
  const waiting = new Set();
  let loading;
  let patience;
  const near = new IntersectionObserver((entries) => {
    // A lab that the reader has scrolled past before its turn need not load.
    for (const { isIntersecting, target } of entries) waiting[isIntersecting ? "add" : "delete"](target);
    loadNext();
  }, { rootMargin: NEAR });

  // While the reader scrolls, no lab starts to load and none changes its size: a frame that does
  // delays the host page until it is painted again.
  const unsettled = new Set();
  let moving;
  addEventListener("scroll", ({ target }) => {
    // Ignores elements that scroll by themselves, such as a ticker, and events that a script sends
    // to the window.
    if (![...labs].some((lab) => target.contains?.(lab))) return;
    clearTimeout(moving);
    moving = setTimeout(() => {
      moving = undefined;
      unsettled.forEach((lab) => lab.settle());
      unsettled.clear();
      loadNext();
    }, REST_MS);
  }, { capture: true, passive: true });

  function loadNext() {
    if (loading || moving || !waiting.size) return;
    // The browser may not have parsed all elements yet.
    if (document.readyState === "loading") return document.addEventListener("DOMContentLoaded", loadNext, { once: true });
    loading = [...waiting].reduce((nearest, lab) => (away(lab) < away(nearest) ? lab : nearest));
    patience = setTimeout(loaded, TURN_MS, loading);
    loading.begin();
  }

  /** Each loaded lab takes some megabytes. A lab that was used keeps what was done in it. */
  function unloadFarthest() {
    const loaded = [...labs].filter((lab) => parts.get(lab).isComplete);
    const idle = loaded.filter((lab) => !parts.get(lab).isUsed && away(lab) > 4 * innerHeight);
    if (loaded.length <= LOADED_MAX || !idle.length) return;
    idle.reduce((farthest, lab) => (away(lab) > away(farthest) ? lab : farthest)).unload();
  }

  function loaded(lab) {
    unloadFarthest();
    if (lab !== loading) return;
    clearTimeout(patience);
    loading = undefined;
    loadNext();
  }

  // The private parts of each lab, hidden from the host page.
  const parts = new WeakMap();

  class Lab extends HTMLElement {
    static observedAttributes = ["src", "app", "height", "theme", ...SETTINGS];

    constructor() {
      super();
      const root = this.attachShadow({ mode: "closed" });
      root.adoptedStyleSheets = [sheet];
      const stage = document.createElement("div");
      const box = document.createElement("div");
      box.className = "content";
      box.append(document.createElement("slot"));
      stage.append(box);
      root.append(stage);
      parts.set(this, { stage, box });
    }

    connectedCallback() {
      labs.add(this);
      for (const element of [document.documentElement, document.body]) clothes.observe(element, { attributes: true });
      this.#reserve();
      // The browser may not have parsed the content yet.
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.#reserve(), { once: true });
      near.observe(this);
    }

    disconnectedCallback() {
      labs.delete(this);
      near.unobserve(this);
      waiting.delete(this);
      loaded(this);
      this.#end();
    }

    attributeChangedCallback(name, before, after) {
      const part = parts.get(this);
      if (!part.frame || before === after) return;
      if (name === "height") this.settle();
      else if (name === "theme") this.dress();
      else if (name === "src") {
        this.#end();
        part.script = part.result = undefined;
        this.begin();
      } else if (name === "app" || name === "lang" && isPython(before) !== isPython(after)) {
        this.#end();
        this.begin();
      } else this.#post({ type: "set", [name]: after ?? { editable: "all", guess: "off" }[name] ?? "" });
    }

    /** The current script. */
    get script() {
      const part = parts.get(this);
      return part.result?.script ?? part.script ?? content(this);
    }

    set script(text) {
      const part = parts.get(this);
      part.script = String(text);
      part.result = undefined;
      this.#post({ type: "set", [this.#kind]: part.script });
    }

    /** What the text is in addresses and messages. */
    get #kind() {
      return isPython(this.getAttribute("lang")) ? "program" : "script";
    }

    /** The result of the last run; `null` before it. */
    get result() {
      return parts.get(this).result ?? null;
    }

    /** Starts to load the lab, whether it is near the reader or not. */
    async begin() {
      const part = parts.get(this);
      if (part.frame || part.begun) return;
      // The browser may not have parsed the whole content yet.
      if (document.readyState === "loading") return document.addEventListener("DOMContentLoaded", () => this.isConnected && this.begin(), { once: true });
      near.unobserve(this);
      waiting.delete(this);
      part.begun = true;
      let address;
      try {
        address = await this.#address();
      } catch (error) {
        const message = String(error.message ?? error);
        part.box.style.minHeight = "";
        // Only the author opens a page as a file.
        if (location.protocol === "file:") part.stage.append(Object.assign(document.createElement("p"), { className: "note", textContent: message }));
        return this.#tell("error", { code: "unreachable", message });
      } finally {
        part.begun = false;
      }
      if (!this.isConnected || part.frame) return;
      for (const [name, words, may] of OWN) {
        const value = this.getAttribute(name);
        if (value !== null && !words.test(value)) this.#tell("error", { code: "attribute", message: `${name}="${value}" has no effect; it may be ${may}` });
      }
      if (part.reserved === undefined) this.#reserve();
      const frame = part.frame = document.createElement("iframe");
      part.stage.className = "coming";
      frame.inert = true;
      frame.title = this.#name;
      frame.allow = "clipboard-write";
      frame.src = address;
      part.origin = new URL(address).origin;
      // A frame is opaque if its colour scheme differs from that of its document.
      frame.style.colorScheme = part.theme = this.#theme;
      part.listen = (event) => this.#heard(event);
      addEventListener("message", part.listen);
      part.late = setTimeout(() => this.#tell("error", { code: "unreachable", message: `nothing answers at ${address.split("#")[0]}` }), UNREACHABLE_MS);
      this.#size();
      part.stage.append(frame);
    }

    /**
     * The address of Loopscope. With another scheme than http, e.g. `javascript:`, the frame would
     * run its code in the host page.
     */
    get #app() {
      const app = new URL(this.getAttribute("app") ?? new URL("../../", own || document.baseURI), document.baseURI);
      if (app.protocol === "file:" && location.protocol === "file:") throw new Error("this page was opened as a file, where no lab can run; serve its folder, e.g. by `python -m http.server`");
      if (!["http:", "https:"].includes(app.protocol)) throw new Error(`"app" must be an address that begins with http: or https:, not with ${app.protocol}`);
      return app;
    }

    async #address() {
      const app = this.#app;
      const part = parts.get(this);
      const settings = new URLSearchParams({ theme: this.#theme, ...this.#looks });
      for (const name of SETTINGS) if (this.hasAttribute(name)) settings.set(name, this.getAttribute(name));
      // The language of a program is not that of its reader.
      if (this.#kind === "program") settings.delete("lang");
      if (!settings.has("lang")) {
        const lang = this.parentElement?.closest("[lang]")?.lang;
        if (lang) settings.set("lang", lang);
      }
      const src = this.getAttribute("src");
      const link = /(?:^|#)(v\d+\.[\w-]+)/.exec(src ?? "")?.[1];
      if (part.script !== undefined || !link) settings.set(this.#kind, part.script ?? (src ? await this.#fetched(src) : content(this)));
      return `${app.href.split("#")[0]}#${part.script === undefined && link ? `${link}&` : ""}embed&${settings}`;
    }

    async #fetched(src) {
      const address = new URL(src, document.baseURI);
      if (address.origin !== location.origin) throw new Error(`a script is read from the page's own host, not from ${address.origin}`);
      const response = await fetch(address);
      if (!response.ok) throw new Error(`${address} answers ${response.status}`);
      return response.text();
    }

    get #theme() {
      const theme = this.getAttribute("theme");
      if (theme === "light" || theme === "dark") return theme;
      return isDark(this) ? "dark" : "light";
    }

    /** The page's custom properties for labs. */
    get #looks() {
      const style = getComputedStyle(this);
      const looks = LOOKS.map((name) => [name, style.getPropertyValue(`--loopscope-${name}`).trim()]);
      return Object.fromEntries(looks.filter(([, value]) => value));
    }

    get #height() {
      const height = parseInt(this.getAttribute("height"), 10);
      return height > 0 ? Math.min(height, HEIGHT_MAX) : undefined;
    }

    /** The name of the frame for screen readers: the author's, the goal, or the script's first line. */
    get #name() {
      const named = this.getAttribute("aria-label") || this.title || this.getAttribute("goal");
      const name = named || content(this).trim().split("\n", 1)[0].slice(0, 80);
      return name ? `Loopscope: ${name}` : "Loopscope";
    }

    /** Keeps the height free that the lab will probably have. */
    #reserve() {
      const part = parts.get(this);
      const script = part.script ?? content(this);
      // The content of `src` is known too late.
      const text = script.trim() || "\n".repeat(5);
      part.reserved = heightOf(text, this.clientWidth, this.#kind === "program", (name) => this.getAttribute(name));
      this.#size();
    }

    #size() {
      const { box, frame, px, reserved } = parts.get(this);
      const spare = reserved - px;
      const natural = px === undefined || spare > 0 && spare <= SPARE_PX ? reserved : px;
      box.style.minHeight = `${this.#height ?? reserved}px`;
      if (frame) frame.style.height = `${this.#height ?? natural}px`;
    }

    /**
     * Sets the height of the frame, and shows the frame once the height has settled; delayed while
     * the reader scrolls.
     */
    settle() {
      const part = parts.get(this);
      if (moving) return unsettled.add(this);
      this.#size();
      clearTimeout(part.calm);
      if (part.isComplete && !part.box.hidden) part.calm = setTimeout(() => this.#show(), CALM_MS);
    }

    #show() {
      const { stage, box, frame } = parts.get(this);
      if (moving) return unsettled.add(this);
      stage.className = "";
      box.hidden = true;
      frame.inert = false;
    }

    /** Adopts the colour scheme of the host page. */
    dress() {
      const part = parts.get(this);
      const theme = this.#theme;
      if (!part.port || part.theme === theme) return;
      part.frame.style.colorScheme = part.theme = theme;
      this.#post({ type: "set", theme, ...this.#looks });
    }

    #post(message) {
      parts.get(this).port?.postMessage(message);
    }

    #tell(name, detail) {
      if (name === "result" || name === "error" && detail.code !== "attribute") loaded(this);
      if (name === "error") console.warn(`<${NAME}>: ${detail.message}`, this);
      this.dispatchEvent(new CustomEvent(`loopscope-${name}`, { detail, bubbles: true, composed: true }));
    }

    /** Handles the frame's hello, also after the frame was reloaded. */
    #heard({ source, origin, data }) {
      const part = parts.get(this);
      if (source !== part.frame?.contentWindow || origin !== part.origin || data?.schema !== SCHEMA || data.type !== "hello") return;
      const { port1, port2 } = new MessageChannel();
      part.port?.close();
      part.port = port1;
      port1.onmessage = ({ data }) => this.#received(data);
      source.postMessage({ schema: SCHEMA, type: "connect" }, part.origin, [port2]);
    }

    #received({ type, ...detail }) {
      const part = parts.get(this);
      if (type === "height") {
        part.px = Math.min(Math.max(detail.px, 80), HEIGHT_MAX);
        return this.settle();
      }
      if (type === "result") part.result = detail;
      if (type === "used") part.isUsed = true;
      // E.g. a deck of slides goes on.
      if (type === "key") return this.dispatchEvent(new KeyboardEvent("keydown", { ...detail, bubbles: true, composed: true, cancelable: true }));
      // The program in the frame has begun its first run.
      if (type === "started") part.running = setTimeout(() => this.#complete(), RUNNING_MS);
      if (type === "result" || type === "error" && detail.code !== "attribute") this.#complete();
      if (type === "ready") {
        clearTimeout(part.late);
        // Restores the script that was written before the frame was reloaded.
        const script = part.result?.script ?? part.script;
        if (script !== undefined) this.#post({ type: "set", [this.#kind]: script });
        this.dress();
      }
      if (["ready", "result", "goal", "error"].includes(type)) this.#tell(type, detail);
    }

    /** The lab shows something that can be used in place of the readable script. */
    #complete() {
      const part = parts.get(this);
      clearTimeout(part.running);
      if (part.isComplete) return;
      part.isComplete = true;
      this.settle();
    }

    /** Shows the readable script again, as high as the lab was, until the reader comes back. */
    unload() {
      const part = parts.get(this);
      part.reserved = this.offsetHeight;
      this.#end();
      this.#size();
      near.observe(this);
    }

    #end() {
      const part = parts.get(this);
      if (!part.frame) return;
      clearTimeout(part.running);
      part.script = part.result?.script ?? part.script;
      clearTimeout(part.late);
      clearTimeout(part.calm);
      unsettled.delete(this);
      removeEventListener("message", part.listen);
      part.port?.close();
      part.frame.remove();
      part.stage.className = "";
      part.box.hidden = false;
      part.frame = part.port = part.theme = part.px = part.isComplete = undefined;
    }
  }

  customElements.define(NAME, Lab);

  if (!hasFences) return;
  const fence = (root) => upgrade(root, (message) => console.warn(`<${NAME}>: ${message}`));
  // Also pages that are replaced without being loaded anew, as by MkDocs' instant navigation.
  new MutationObserver((changes) => {
    const isNew = changes.some(({ addedNodes }) => [...addedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE && node.localName !== NAME && (node.matches("pre, code") || node.querySelector("pre"))));
    if (isNew && document.readyState !== "loading") fence(document);
  }).observe(document.documentElement, { childList: true, subtree: true });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => fence(document), { once: true });
  else fence(document);
})();
