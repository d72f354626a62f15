// Labs in a course page: twenty that are scrolled past, and two hundred that are added and removed.
//
// `node benches/browser/embeds.mjs` writes its section of docs/benchmarks.md; `make bench` runs it.
// The course and the labs are different sites (`localhost` and `127.0.0.1`), as in real use, so the
// browser gives each a process of its own.

import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { launch, serve } from "../../tests/e2e/site.mjs";

const LABS = 20;
const CYCLES = 200;
/** Pixels per frame: fast scrolling with the wheel. */
const STEP = 60;

const site = await serve();
const script = (at) => `pool 4\ndef ping_${at}:\n    block 1s -> cpu 10ms\nrun ${8 + at} ping_${at}\n`;
const labs = Array.from({ length: LABS }, (_, at) => `<p>${"Text between two labs. ".repeat(20)}</p><loopscope-lab><pre>${script(at).replaceAll(">", "&gt;")}</pre></loopscope-lab>`);
const body = (content) => `<!doctype html><html lang="en"><body style="max-width:760px;margin:auto">${content}<script src="${site.address}embed/v1/embed.js"></script></body></html>`;
const host = createServer((request, response) => response.writeHead(200, { "content-type": "text/html" }).end(body(request.url === "/many" ? labs.join("") : "")));
await new Promise((done) => host.listen(0, "127.0.0.1", done));
const course = `http://localhost:${host.address().port}`;

const percentile = (values, part) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

/**
 * Measures the frames of the course while the reader scrolls past all labs, stops at each one, and
 * scrolls from end to end and back.
 */
async function scrolling(browser) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  await page.goto(`${course}/many`);
  const watched = (act) => page.evaluate(async ([act, step]) => {
    const gaps = [];
    const blocked = [];
    const observer = new PerformanceObserver((list) => blocked.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: "longtask" });
    const frame = () => new Promise(requestAnimationFrame);
    /** Scrolls until `isThere` or the end of the page. */
    const until = async (way, isThere) => {
      let last = await frame();
      while (!isThere()) {
        const before = scrollY;
        scrollBy(0, way * step);
        if (scrollY === before) return;
        const now = await frame();
        gaps.push(now - last);
        last = now;
      }
    };
    const acts = {
      async pass() {
        await until(1, () => false);
        await until(-1, () => false);
      },
      async visits() {
        for (const lab of document.querySelectorAll("loopscope-lab")) {
          await until(1, () => lab.getBoundingClientRect().top < 150);
          if (!lab.result) await new Promise((done) => lab.addEventListener("loopscope-result", done, { once: true }));
        }
      },
    };
    await acts[act]();
    observer.disconnect();
    return { gaps, blocked: Math.max(0, ...blocked) };
  }, [act, STEP]);
  const passes = [
    ["while 20 labs are flicked past", await watched("pass")],
    ["on the way from lab to lab, each of which loads where the reader stops", await watched("visits")],
    ["from end to end and back when all are there", await watched("pass")],
  ];
  await page.close();
  return passes;
}

/** The private memory of all the browser's processes in bytes, as reported by the kernel. */
async function memory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const one = ({ id }) => {
    try {
      return Number(/^Private_Dirty:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))[1]) * 1024;
    } catch {
      return 0;
    }
  };
  return processInfo.map(one).reduce((sum, bytes) => sum + bytes, 0);
}

async function cycles(browser) {
  const page = await browser.newPage();
  await page.goto(`${course}/one`);
  const cycle = (times) => page.evaluate(async ([times, script]) => {
    for (let at = 0; at < times; at++) {
      const lab = document.createElement("loopscope-lab");
      lab.append(Object.assign(document.createElement("pre"), { textContent: script }));
      const done = new Promise((done) => lab.addEventListener("loopscope-result", done, { once: true }));
      document.body.append(lab);
      await done;
      lab.remove();
    }
  }, [times, script(0)]);
  const collected = async () => {
    const session = await page.context().newCDPSession(page);
    for (let round = 0; round < 3; round++) {
      await session.send("HeapProfiler.collectGarbage");
      await page.waitForTimeout(500);
    }
    await session.detach();
    return memory(browser);
  };
  // A warm-up: caches and compiled code grow only during the first labs.
  await cycle(20);
  const found = [await collected()];
  for (let part = 0; part < 4; part++) {
    await cycle(CYCLES / 4);
    found.push(await collected());
  }
  await page.close();
  return found;
}

const alone = async (act) => {
  const browser = await launch({ args: ["--site-per-process", "--host-resolver-rules=MAP localhost 127.0.0.1"] });
  try {
    return await act(browser);
  } finally {
    await browser.close();
  }
};

const ms = (value) => `${value.toFixed(1)} ms`;
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const passes = await alone(scrolling);
const found = await alone(cycles);
const frames = passes.map(([name, { gaps }]) =>
  `| a frame of the course ${name} | ${ms(percentile(gaps, 0.5))} | ${ms(percentile(gaps, 0.99))} | ${ms(Math.max(...gaps))} | none over 50 ms |`);
const blocked = Math.max(...passes.map(([, { blocked }]) => blocked));
const report = `## Labs in a course page

\`make bench\` (\`node benches/browser/embeds.mjs\`), ${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores, without a GPU, so the browser paints on the same cores that load the labs.

| | median | p99 | longest | aim |
| --- | --- | --- | --- | --- |
${frames.join("\n")}

- The course's own thread was ${blocked ? `held for ${ms(blocked)} at most` : "never held for 50 ms"} meanwhile.
- Memory of the browser's processes after 20 labs that were made, run and removed: ${mib(found[0])}; after each 50 more: ${found.slice(1).map(mib).join(", ")} (aim: no growth).
`;
console.log(report);
const place = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
const others = readFileSync(place, "utf8").split("\n## ").filter((part) => !part.startsWith("Labs in a course page\n"));
writeFileSync(place, `${others.join("\n## ").trimEnd()}\n\n${report}`);
host.closeAllConnections();
host.close();
await site.close();
