// Writes charts as files: one for wide pages and one for phones, each drawn for its width.

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { escaped } from "./markdown.mjs";

const WIDE_PX = 760;
const NARROW_PX = 380;

export class Charts {
  constructor(program, write) {
    this.program = program;
    this.write = write;
    this.count = 0;
    this.known = new Map();
  }

  /**
   * The `<picture>` of a script's chart. `eager` is for charts that are visible at once, `isNarrow`
   * for narrow columns.
   */
  picture(script, toRoot, language, { eager = false, isNarrow = false } = {}) {
    const { name, wide, narrow, said } = this.drawn(script, language);
    const loading = eager ? `fetchpriority="high"` : `loading="lazy"`;
    if (isNarrow) return `<img src="${toRoot}charts/${name}-narrow.svg" width="${narrow.width}" height="${narrow.height}" alt="${escaped(said)}" ${loading}>`;
    return `<picture class="chart"><source media="(max-width: 560px)" srcset="${toRoot}charts/${name}-narrow.svg" width="${narrow.width}" height="${narrow.height}">`
      + `<img src="${toRoot}charts/${name}.svg" width="${wide.width}" height="${wide.height}" alt="${escaped(said)}" ${loading}></picture>`;
  }

  drawn(script, language) {
    const name = createHash("sha256").update(`${language}\n${script}`).digest("hex").slice(0, 12);
    if (!this.known.has(name)) this.known.set(name, this.draw(script, name, language));
    return this.known.get(name);
  }

  draw(script, name, language) {
    const folder = mkdtempSync(join(tmpdir(), "loopscope-site-"));
    const drawing = (ending, width) => {
      const file = join(folder, "chart.svg");
      this.program.drawing(script, file, width, language);
      const svg = readFileSync(file, "utf8");
      this.write(`charts/${name}${ending}.svg`, svg);
      return { svg, width: Math.round(svg.match(/ width="([\d.]+)"/)[1]), height: Math.round(svg.match(/ height="([\d.]+)"/)[1]) };
    };
    const wide = drawing("", WIDE_PX);
    const narrow = drawing("-narrow", NARROW_PX);
    rmSync(folder, { recursive: true });
    this.count += 1;
    return { name, wide, narrow, said: wide.svg.match(/<desc[^>]*>([^<]*)</)?.[1] ?? "" };
  }
}
