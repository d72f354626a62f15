// <loopscope-lab>: a script in a course page that can be run (docs/embed/element.md).
//
// A frame in a shadow root, made when the reader comes near. Everything of ours but this
// file is inside the frame: the page around it keeps its styles, its names and its policy.
// Until the frame is ready, on paper and without JavaScript the element's content is shown.
(() => {
  "use strict";
  const NAME = "loopscope-lab";
  const SCHEMA = "loopscope.embed/1";
  // Also where pages are rendered without a window.
  if (!globalThis.customElements || customElements.get(NAME)) return;

  const own = document.currentScript?.src ?? "";
  /** What the frame is told by its address. */
  const SETTINGS = ["lang", "panes", "frozen", "editable", "guess", "goal"];
  const NEAR = "300px";
  const UNREACHABLE_MS = 20_000;
  /** Nobody waits longer for the lab before. */
  const TURN_MS = 2_000;
  /** Whoever has not scrolled for so long reads. */
  const REST_MS = 150;
  /** A lab whose height has been the same for so long is complete. */
  const CALM_MS = 100;
  const HEIGHT_MAX = 20_000;
  const HEIGHT_FIRST = 460;

  const sheet = new CSSStyleSheet();
  // Important, since that is how a shadow root wins over the page around it.
  sheet.replaceSync(`
    :host { display: block !important; box-sizing: border-box !important; min-width: 0 !important; max-width: 100%; visibility: visible !important; opacity: 1 !important; }
    :host([hidden]) { display: none !important; }
    iframe { display: block; width: 100%; border: 0; }
    .coming { position: relative; overflow: clip; }
    /* Painted, so that the page need not wait for it when it is shown. */
    .coming iframe { position: absolute; inset: 0; opacity: 0; }
    @media print { iframe { display: none; } .content[hidden] { display: block !important; } }
  `);

  /** Whether light text is on dark ground here, however the page says so. */
  function isDark(element) {
    const color = getComputedStyle(element).color;
    const [a, b, c] = (color.match(/-?[\d.]+(?:e-?\d+)?/g) ?? [0, 0, 0]).map(Number);
    if (/^rgb/.test(color)) return (2 * a + 5 * b + c) / 8 > 127;
    if (/^(ok)?l/.test(color)) return a > (color.startsWith("ok") ? 0.5 : 50);
    return (2 * a + 5 * b + c) / 8 > 0.5;
  }

  /** A script as it stands in a page: the last `<pre>`, or all text beside pictures. */
  function content(element) {
    const whole = [...element.querySelectorAll("pre, textarea, script, template")].pop();
    const copy = (whole?.content ?? whole ?? element).cloneNode(true);
    copy.querySelectorAll?.("figure, picture, svg, .gutter, .linenos").forEach((other) => other.remove());
    // Some highlighters end lines so.
    copy.querySelectorAll?.("br").forEach((end) => end.replaceWith("\n"));
    const lines = copy.textContent.replace(/\r\n?/g, "\n").replace(/^([ \t]*\n)+|\s+$/g, "").split("\n");
    const depths = lines.filter((line) => line.trim()).map((line) => /^[ \t]*/.exec(line)[0].length);
    const depth = Math.min(...depths);
    return lines.map((line) => line.slice(depth)).join("\n") + "\n";
  }

  /** Every lab on the page, for what concerns them all. */
  const labs = new Set();
  const dress = () => labs.forEach((lab) => lab.dress());
  /** A change of colours may be under way for a while. */
  const dressSoon = () => [0, 450].forEach((ms) => setTimeout(dress, ms));
  const clothes = new MutationObserver(dressSoon);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dressSoon);

  /** Near the reader and not begun. One loads at a time, so that the nearest has the machine to itself. */
  const waiting = new Set();
  let loading;
  let patience;
  const near = new IntersectionObserver((entries) => {
    // Those that are scrolled past before their turn need not come.
    for (const { isIntersecting, target } of entries) waiting[isIntersecting ? "add" : "delete"](target);
    loadNext();
  }, { rootMargin: NEAR });

  // While the reader scrolls nothing begins and nothing changes its size: a frame that does
  // holds up the page around it until it is painted anew.
  const unsettled = new Set();
  let moving;
  addEventListener("scroll", ({ target }) => {
    // What moves on its own somewhere else, such as a ticker, concerns nobody; nor does what a script says to the window.
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
    // The rest of the elements may not have arrived yet.
    if (document.readyState === "loading") return document.addEventListener("DOMContentLoaded", loadNext, { once: true });
    const away = (lab) => {
      const { top, bottom } = lab.getBoundingClientRect();
      return Math.abs(top + bottom - innerHeight);
    };
    loading = [...waiting].reduce((nearest, lab) => (away(lab) < away(nearest) ? lab : nearest));
    patience = setTimeout(loaded, TURN_MS, loading);
    loading.begin();
  }

  function loaded(lab) {
    if (lab !== loading) return;
    clearTimeout(patience);
    loading = undefined;
    loadNext();
  }

  // What the class needs of its own is not for the page around it.
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
      this.#size();
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
      } else if (name === "app") {
        this.#end();
        this.begin();
      } else this.#post({ type: "set", [name]: after ?? { editable: "all", guess: "off" }[name] ?? "" });
    }

    /** The script as it stands. */
    get script() {
      const part = parts.get(this);
      return part.result?.script ?? part.script ?? content(this);
    }

    set script(text) {
      const part = parts.get(this);
      part.script = String(text);
      part.result = undefined;
      this.#post({ type: "set", script: part.script });
    }

    /** What is known of the last run; `null` before it. */
    get result() {
      return parts.get(this).result ?? null;
    }

    /** Loads the lab, wherever it is. */
    async begin() {
      const part = parts.get(this);
      if (part.frame || part.begun) return;
      // The rest of the element may not have arrived yet.
      if (document.readyState === "loading") return document.addEventListener("DOMContentLoaded", () => this.isConnected && this.begin(), { once: true });
      near.unobserve(this);
      waiting.delete(this);
      part.begun = true;
      let address;
      try {
        address = await this.#address();
      } catch (error) {
        const message = String(error.message ?? error);
        console.warn(`<${NAME}>: ${message}`);
        return this.#tell("error", { code: "unreachable", message });
      } finally {
        part.begun = false;
      }
      if (!this.isConnected || part.frame) return;
      const frame = part.frame = document.createElement("iframe");
      part.stage.className = "coming";
      frame.inert = true;
      frame.title = this.getAttribute("aria-label") ?? this.title ?? "";
      frame.title ||= "Loopscope";
      frame.allow = "clipboard-write";
      frame.src = address;
      part.origin = new URL(address).origin;
      // Of another scheme than its document's, a frame is opaque.
      frame.style.colorScheme = part.theme = this.#theme;
      part.listen = (event) => this.#heard(event);
      addEventListener("message", part.listen);
      part.late = setTimeout(() => this.#tell("error", { code: "unreachable", message: `nothing answers at ${address.split("#")[0]}` }), UNREACHABLE_MS);
      this.#size();
      part.stage.append(frame);
    }

    /** Where Loopscope is. A frame of any other scheme, such as `javascript:`, would run its code in this page. */
    get #app() {
      const app = new URL(this.getAttribute("app") ?? new URL("../../", own || document.baseURI), document.baseURI);
      if (!["http:", "https:"].includes(app.protocol)) throw new Error(`"app" must be an address that begins with http: or https:, not with ${app.protocol}`);
      return app;
    }

    async #address() {
      const app = this.#app;
      const part = parts.get(this);
      const settings = new URLSearchParams({ theme: this.#theme });
      for (const name of SETTINGS) if (this.hasAttribute(name)) settings.set(name, this.getAttribute(name));
      if (!settings.has("lang")) {
        const lang = this.closest("[lang]")?.lang;
        if (lang) settings.set("lang", lang);
      }
      const src = this.getAttribute("src");
      const link = /(?:^|#)(v\d+\.[\w-]+)/.exec(src ?? "")?.[1];
      if (part.script !== undefined || !link) settings.set("script", part.script ?? (src ? await this.#fetched(src) : content(this)));
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

    get #height() {
      const height = parseInt(this.getAttribute("height"), 10);
      return height > 0 ? Math.min(height, HEIGHT_MAX) : undefined;
    }

    #size() {
      const { box, frame, px } = parts.get(this);
      box.style.minHeight = `${this.#height ?? HEIGHT_FIRST}px`;
      if (frame) frame.style.height = `${this.#height ?? px ?? HEIGHT_FIRST}px`;
    }

    /** Gives the frame its height, and its place once that is the last; now, or when the reader rests. */
    settle() {
      const part = parts.get(this);
      if (moving) return unsettled.add(this);
      this.#size();
      clearTimeout(part.calm);
      if (part.isReady && !part.box.hidden) part.calm = setTimeout(() => this.#show(), CALM_MS);
    }

    #show() {
      const { stage, box, frame } = parts.get(this);
      if (moving) return unsettled.add(this);
      stage.className = "";
      box.hidden = true;
      frame.inert = false;
    }

    /** Follows the colours of the page around it. */
    dress() {
      const part = parts.get(this);
      const theme = this.#theme;
      if (!part.port || part.theme === theme) return;
      part.frame.style.colorScheme = part.theme = theme;
      this.#post({ type: "set", theme });
    }

    #post(message) {
      parts.get(this).port?.postMessage(message);
    }

    #tell(name, detail) {
      if (name === "result" || name === "error") loaded(this);
      this.dispatchEvent(new CustomEvent(`loopscope-${name}`, { detail, bubbles: true, composed: true }));
    }

    /** The frame says that it is there, also after it was loaded anew. */
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
      if (type === "ready") {
        clearTimeout(part.late);
        // What was written before the frame was loaded anew.
        const script = part.result?.script ?? part.script;
        if (script !== undefined) this.#post({ type: "set", script });
        part.isReady = true;
        this.settle();
        this.dress();
      }
      if (["ready", "result", "goal", "error"].includes(type)) this.#tell(type, detail);
    }

    #end() {
      const part = parts.get(this);
      if (!part.frame) return;
      part.script = part.result?.script ?? part.script;
      clearTimeout(part.late);
      clearTimeout(part.calm);
      unsettled.delete(this);
      removeEventListener("message", part.listen);
      part.port?.close();
      part.frame.remove();
      part.stage.className = "";
      part.box.hidden = false;
      part.frame = part.port = part.theme = part.isReady = undefined;
    }
  }

  customElements.define(NAME, Lab);
})();
