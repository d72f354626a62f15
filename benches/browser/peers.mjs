// The peers, vis-timeline and Mermaid's gantt, with the same spans.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { alone, instruments, median, p95 } from "./measure.mjs";

const modules = fileURLToPath(new URL("node_modules", import.meta.url));
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css" };
const BLANK = "<!doctype html><meta charset=utf-8><body style='margin:0'><div id=place style='width:1280px;height:700px;overflow:auto'></div>";

export async function serve() {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end(BLANK);
    const body = await readFile(join(modules, path)).catch(() => null);
    response.writeHead(body ? 200 : 404, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

const figures = (found) => found && { first: found.first, pan: median(found.times), panP95: p95(found.times) };

export const visTimeline = (address, spans) => alone(async (page) => {
  await page.addInitScript(instruments);
  await page.goto(address);
  await page.addScriptTag({ url: "/vis-timeline/standalone/umd/vis-timeline-graph2d.min.js" });
  await page.addStyleTag({ url: "/vis-timeline/styles/vis-timeline-graph2d.min.css" });
  return figures(await page.evaluate(async (spans) => {
    const start = performance.now();
    const rows = new Set(spans.map(({ task }) => task));
    const groups = new vis.DataSet([...rows].map((id) => ({ id, content: `job ${id + 1}` })));
    const items = new vis.DataSet(spans.map(({ task, start, end }, id) => ({ id, group: task, start, end, content: "await" })));
    const timeline = new vis.Timeline(document.getElementById("place"), items, groups, { stack: false, height: 700, verticalScroll: true });
    await new Promise((done) => { timeline.on("changed", done); });
    await framed();
    const first = performance.now() - start;
    timeline.setWindow(2000, 6000, { animation: false });
    await framed();
    return { first, times: await frames(120, (number) => timeline.setWindow(2000 + number * 20, 6000 + number * 20, { animation: false })) };
  }, spans));
});

export const mermaidGantt = (address, spans) => alone(async (page) => {
  await page.addInitScript(instruments);
  await page.goto(address);
  return figures(await page.evaluate(async (spans) => {
    const { default: mermaid } = await import("/mermaid/dist/mermaid.esm.min.mjs");
    mermaid.initialize({ startOnLoad: false, maxTextSize: 1e9, gantt: { displayMode: "compact", useWidth: 2560 } });
    // Mermaid loads its parts at the first picture, which must not count.
    await mermaid.render("warm", "gantt\ndateFormat x\naxisFormat %S\nsection a\nb :0, 1000");
    const start = performance.now();
    const lines = ["gantt", "dateFormat x", "axisFormat %S"];
    spans.forEach(({ task, start, end }, number) => {
      if (task !== spans[number - 1]?.task) lines.push(`section job ${task + 1}`);
      lines.push(`await :${start}, ${end}`);
    });
    const { svg } = await mermaid.render("chart", lines.join("\n"));
    const place = document.getElementById("place");
    place.innerHTML = svg;
    Object.assign(place.firstElementChild.style, { width: "2560px", maxWidth: "none" });
    await framed();
    const first = performance.now() - start;
    // Mermaid cannot pan, so its picture is scrolled.
    return { first, times: await frames(120, (number) => { place.scrollLeft = number * 7; }) };
  }, spans));
});
