// What must happen before the WebAssembly arrives, or when it never does:
// the theme (so that nothing flashes) and a word for whoever waits in vain.
(() => {
  const root = document.documentElement;
  try {
    const kept = JSON.parse(localStorage.getItem("loopscope.settings") ?? "{}");
    if (kept.theme === "light" || kept.theme === "dark") root.dataset.theme = kept.theme;
    if (kept.language === "ko" || kept.language === "en") root.lang = kept.language;
    else if ((navigator.language ?? "").startsWith("ko")) root.lang = "ko";
  } catch {
    // Storage refused or damaged: the defaults will do.
  }

  // In another page, if the address asks for it; never where the companion serves it.
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

  const words = {
    en: {
      wasm: "This browser cannot run WebAssembly, which Loopscope needs. Any current Firefox, Chrome, Safari or Edge can; some locked-down settings turn it off.",
      slow: "Still loading. On a slow line this takes a moment.",
      broken: "Loopscope could not start. Reload the page; if that does not help, the files on the server may be incomplete.",
    },
    ko: {
      wasm: "이 브라우저에서는 Loopscope에 필요한 WebAssembly를 실행할 수 없습니다. 최신 Firefox, Chrome, Safari, Edge에서 열어 주세요.",
      slow: "불러오는 중입니다. 느린 회선에서는 조금 걸립니다.",
      broken: "Loopscope를 시작하지 못했습니다. 페이지를 새로 고쳐 주세요.",
    },
  };
  let started = false;
  const say = (what) => {
    const place = document.getElementById("boot-text");
    if (!place || started) return;
    // Without it nothing else that fails matters.
    if (typeof WebAssembly !== "object") what = "wasm";
    place.textContent = words[root.lang === "ko" ? "ko" : "en"][what];
    place.parentElement.classList.toggle("stuck", what !== "slow");
  };

  addEventListener("loopscope-started", () => { started = true; });
  let stuck = false;
  const broke = () => {
    stuck = true;
    say("broken");
  };
  addEventListener("error", broke, true);
  addEventListener("unhandledrejection", broke);
  addEventListener("load", () => {
    const offline = document.querySelector("meta[name='loopscope-offline']")?.content;
    // A reader of another page has not asked for all of ours.
    if (!offline || window.loopscopeAsked) return;
    try {
      // Refused in private windows, where nothing is to be kept anyway.
      navigator.serviceWorker?.register(offline).catch(() => {});
    } catch {
      // So are frames without an origin.
    }
  });
  addEventListener("DOMContentLoaded", () => {
    if (typeof WebAssembly !== "object") say("wasm");
    else setTimeout(() => say(stuck ? "broken" : "slow"), 4000);
  });
})();
