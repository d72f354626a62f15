// Compares the gzipped size of each part of the page with its limit, so that no part grows
// unnoticed.

import { gzipSync } from "node:zlib";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
// The parts by the time of their loading: `files` at the first download; `insight` and `lessons`
// after the first chart; `python` when the reader imports Python; `proof` when the pane of real
// runs is opened; `inside` in an embedded page; `embed` in every course page; `runtime` when the
// reader runs a Python program, and `fastapi` with it if the program needs FastAPI; `highlight` when the Python side is opened.
// The limit of the page is just above its size (docs/decisions.md lists its parts); the others have
// some room.
const LIMITS = { page: 501_000, editor: 130_000, files: 214_000, insight: 310_000, python: 400_000, proof: 521_000, lessons: 22_000, highlight: 4_000, inside: 6_000, embed: 7_000, runtime: 4_800_000, fastapi: 2_600_000 };

const entries = readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isFile());
const runtime = readdirSync(join(dist, "python")).map((name) => `python/${name}`);
const names = [...entries.map(({ name }) => name), "embed/v1/embed.js", ...runtime];
const sizes = names.map((name) => ({ name, bytes: gzipSync(readFileSync(join(dist, name)), { level: 9 }).length }));
const sum = (wanted) => sizes.filter(wanted).reduce((all, { bytes }) => all + bytes, 0);
const isEditor = ({ name }) => name.startsWith("editor-");
const isHighlight = ({ name }) => name.startsWith("highlight-");
const isFiles = ({ name }) => name.startsWith("files-");
const isInsight = ({ name }) => name.startsWith("insight-");
const isPython = ({ name }) => name.startsWith("python-");
const isProof = ({ name }) => name.startsWith("proof-");
const isLessons = ({ name }) => name.startsWith("lessons-");
const isInside = ({ name }) => name.startsWith("inside-");
const isEmbed = ({ name }) => name.startsWith("embed/");
const isFastApi = ({ name }) => name.startsWith("python/fastapi-");
const isRuntime = ({ name }) => name.startsWith("python/");
const found = {
  page: sum((file) => !isEditor(file) && !isHighlight(file) && !isFiles(file) && !isInsight(file) && !isPython(file) && !isProof(file) && !isLessons(file) && !isInside(file) && !isEmbed(file) && !isRuntime(file)),
  editor: sum(isEditor), files: sum(isFiles), insight: sum(isInsight), python: sum(isPython), proof: sum(isProof),
  lessons: sum(isLessons), highlight: sum(isHighlight), inside: sum(isInside), embed: sum(isEmbed),
  runtime: sum((file) => isRuntime(file) && !isFastApi(file)), fastapi: sum(isFastApi),
};
if (!sizes.some(isFastApi)) console.log("fastapi: not in this build; its output says why");

for (const { name, bytes } of sizes) console.log(`${String(bytes).padStart(9)}  ${name}`);
for (const [part, limit] of Object.entries(LIMITS)) {
  console.log(`${part}: ${found[part]} bytes gzipped, limit ${limit}`);
  if (found[part] <= limit) continue;
  console.error(`${part}: more than ${limit} bytes; find what was added, or make it a part that is loaded later`);
  process.exitCode = 1;
}
