// The view of `loopscope.Lab` in a notebook: the script as text that can be changed, its chart, and a line that says
// total and goal. The kernel simulates (lab.py); nothing is loaded from anywhere.

/** A reader who has not typed for this long is looking. */
const PAUSE_MS = 300;
const ROWS_MAX = 30;

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function render({ model, el }) {
  const script = element("textarea", {
    "aria-label": "Script", spellcheck: "false", autocapitalize: "off", wrap: "off",
    style: "box-sizing: border-box; width: 100%; font: 13px/1.5 ui-monospace, monospace; padding: 8px; resize: vertical;",
  });
  // White, as the chart is drawn for paper.
  const chart = element("div", { class: "loopscope-chart", style: "background: white; overflow-x: auto;" });
  const said = element("pre", { role: "status", class: "loopscope-said", style: "margin: 4px 0; white-space: pre-wrap;" });
  // Two views of a lab may be open; the picture stays hidden while one of them is.
  const hidden = element("style", {}, `[data-loopscope-lab="${model.get("_lab")}"] { display: none; }`);
  el.append(hidden, element("div", { class: "loopscope-lab", style: "max-width: 960px;" }, script, chart, said));

  const showScript = () => {
    if (script.value !== model.get("script")) script.value = model.get("script");
    script.rows = Math.min(Math.max(script.value.split("\n").length, 2), ROWS_MAX);
  };
  const showResult = () => {
    chart.innerHTML = model.get("_svg");
    // The chart of the last script without errors, while the script has some.
    chart.style.opacity = model.get("total") === null ? "0.4" : "1";
    said.textContent = model.get("_said");
    said.dataset.reached = String(model.get("reached"));
  };

  let pause;
  const send = () => {
    clearTimeout(pause);
    pause = undefined;
    if (script.value === model.get("script")) return;
    model.set("script", script.value);
    model.save_changes();
  };
  script.addEventListener("input", () => {
    script.rows = Math.min(Math.max(script.value.split("\n").length, 2), ROWS_MAX);
    clearTimeout(pause);
    pause = setTimeout(send, PAUSE_MS);
  });
  script.addEventListener("change", send);
  // The notebook has shortcuts of its own, e.g. for single letters.
  script.addEventListener("keydown", (event) => event.stopPropagation());

  const changes = { script: showScript, _svg: showResult, _said: showResult, total: showResult, reached: showResult };
  for (const [name, act] of Object.entries(changes)) model.on(`change:${name}`, act);
  showScript();
  showResult();
  return () => {
    clearTimeout(pause);
    for (const [name, act] of Object.entries(changes)) model.off(`change:${name}`, act);
  };
}

export default { render };
