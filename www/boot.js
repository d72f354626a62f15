// Runs before the WebAssembly arrives, and when it never does or breaks down.
//
// Sets theme and language first, so that nothing flashes, shows a newcomer a picture of the page,
// and tells a reader if the program does not start. It is plain JavaScript because a trap leaves the program neither stack nor memory.
(() => {
  const root = document.documentElement;
  let theme = "auto";
  try {
    const kept = JSON.parse(localStorage.getItem("loopscope.settings") ?? "{}");
    if (kept.theme === "light" || kept.theme === "dark") root.dataset.theme = theme = kept.theme;
    if (kept.language === "ko" || kept.language === "en") root.lang = kept.language;
    else if ((navigator.language ?? "").startsWith("ko")) root.lang = "ko";
  } catch {
    // Storage is refused or damaged: use the defaults.
  }

  // Embedded in another page, if the address asks for it; never when the companion serves the page.
  const link = /^#v\d+\.[^&]*/.exec(location.hash)?.[0] ?? "#";
  const asked = new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(link.length)}`);
  const inside = document.querySelector("meta[name='loopscope-inside']")?.content;
  if (asked.has("embed") && inside && !document.querySelector("meta[name='loopscope-companion']")) {
    window.loopscopeAsked = asked;
    root.classList.add("embedded");
    if (/^(light|dark)$/.test(asked.get("theme"))) root.dataset.theme = asked.get("theme");
    else delete root.dataset.theme;
    if (/^(ko|en)$/.test(asked.get("lang"))) root.lang = asked.get("lang");
    document.head.append(Object.assign(document.createElement("script"), { src: inside }));
  }

  // Whether the page will open with the first script, as in the picture (first-picture.html): no
  // script in the address, and none from an earlier visit, which src/browser/storage.rs would find.
  const isFirst = () => {
    try {
      return location.hash.length < 2 && !root.classList.contains("embedded")
        && !["script", "drafts", "drafts.2"].some((name) => localStorage.getItem(`loopscope.${name}`))
        && !["brought", "crashes", "program", "running"].some((name) => sessionStorage.getItem(`loopscope.${name}`));
    } catch {
      // Storage is refused, which the page says in its header.
      return false;
    }
  };
  // In lower windows the rows of the chart are lower than in the picture.
  if (innerHeight >= 581 && CSS.supports("color", "light-dark(red, red)") && isFirst()) {
    root.classList.add("pictured", `theme-${theme}`);
    root.classList.toggle("toured", localStorage.getItem("loopscope.toured") !== null);
    root.dataset.theme ??= matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  const words = {
    en: {
      wasm: "This browser cannot run WebAssembly, which Loopscope needs. Any current Firefox, Chrome, Safari or Edge can; some locked-down settings turn it off.",
      slow: "Still loading. On a slow connection this takes a moment.",
      cors: "Loopscope's server does not let a sandboxed page load it. It must send the header Access-Control-Allow-Origin: *.",
      broken: "Loopscope could not start. Reload the page; if that does not help, the files on the server may be incomplete.",
    },
    ko: {
      wasm: "이 브라우저에서는 Loopscope에 필요한 WebAssembly를 실행할 수 없습니다. 최신 Firefox, Chrome, Safari, Edge에서 열어 주세요.",
      slow: "불러오는 중입니다. 느린 회선에서는 조금 걸립니다.",
      cors: "Loopscope를 제공하는 서버가 샌드박스 안의 페이지를 허용하지 않습니다. 서버가 Access-Control-Allow-Origin: * 헤더를 보내야 합니다.",
      broken: "Loopscope를 시작하지 못했습니다. 페이지를 새로 고쳐 주세요.",
    },
  };
  let started = false;
  const say = (what) => {
    const place = document.getElementById("boot-text");
    if (!place || started) return;
    // Without WebAssembly no other failure matters.
    if (typeof WebAssembly !== "object") what = "wasm";
    // Without an origin, e.g. in a sandbox, a missing header is why the program cannot be loaded.
    if (what === "broken" && self.origin === "null") what = "cors";
    place.textContent = words[root.lang === "ko" ? "ko" : "en"][what];
    if (what !== "slow") window.loopscopeInside?.failed(place.textContent);
    place.parentElement.classList.toggle("stuck", what !== "slow");
    if (what !== "slow") root.classList.remove("pictured");
  };

  addEventListener("loopscope-started", () => { started = true; });

  // The number of crashes in a row. After a crash the page does not run the script on opening
  // (src/browser/crash.rs).
  const count = () => {
    try {
      sessionStorage.setItem("loopscope.crashes", (Number(sessionStorage.getItem("loopscope.crashes")) || 0) + 1);
    } catch {
      // Storage is refused.
    }
  };
  /**
   * Shows a card over the broken page, once. The program stored its texts in `words` when it
   * started.
   */
  window.loopscopeBroke = (message) => {
    if (document.getElementById("crash")) return;
    document.getElementById("boot")?.remove();
    // An opened trace is not opened again after a reload, so it does not count.
    if (!document.querySelector("#opened, #opening")) count();
    const [text, reload] = window.loopscopeBroke.words ?? ["Loopscope crashed.", "Reload"];
    const element = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });
    const card = Object.assign(element("div"), { id: "crash" });
    card.setAttribute("role", "alert");
    card.append(element("p", text), element("pre", message), Object.assign(element("a", reload), { href: "" }));
    document.body.append(card);
  };
  // An error that passed through WebAssembly frames left the program in an undefined state: a trap,
  // a stack overflow, or exhausted memory. No panic reports these.
  const trapped = (error) => {
    const isTrap = error?.name === "RuntimeError" || /wasm-function\[/.test(error?.stack);
    if (started && isTrap) window.loopscopeBroke(String(error));
  };
  addEventListener("error", ({ error }) => trapped(error));
  addEventListener("unhandledrejection", ({ reason }) => trapped(reason));
  let stuck = false;
  const broke = () => {
    stuck = true;
    say("broken");
  };
  addEventListener("error", broke, true);
  addEventListener("unhandledrejection", broke);
  // After the first chart: to cache all files takes the processor from it for a tenth of a second.
  addEventListener("loopscope-seen", () => {
    const offline = document.querySelector("meta[name='loopscope-offline']")?.content;
    // The reader of another page did not ask for all files of ours.
    if (!offline || window.loopscopeAsked) return;
    try {
      // Private windows refuse this, and must not keep anything anyway.
      navigator.serviceWorker?.register(offline).catch(() => {});
    } catch {
      // Frames without an origin refuse it by an exception.
    }
  });
  addEventListener("DOMContentLoaded", () => {
    if (typeof WebAssembly !== "object") say("wasm");
    // Four seconds: faster connections have loaded the program by then and see no message.
    else setTimeout(() => say(stuck ? "broken" : "slow"), 4000);
  });
})();
