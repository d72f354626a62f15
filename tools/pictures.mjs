// Pictures of the page's main states, for looking at and for the README.
// Writes docs/pictures/*.png from the built site in dist/.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, open, ready, serve } from "../tests/e2e/site.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = process.argv[2] ?? join(root, "docs/pictures");
mkdirSync(folder, { recursive: true });

const SIZES = { wide: [1440, 900], tablet: [768, 1024], phone: [320, 640] };

async function picture(browser, address, name, { size, theme, locale = "en-US" }, act) {
  const [width, height] = SIZES[size];
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale, deviceScaleFactor: size === "phone" ? 2 : 1, reducedMotion: "reduce" });
  const page = await open(context, address);
  await ready(page);
  await act?.(page);
  await page.waitForTimeout(150);
  await page.waitForTimeout(400); await page.screenshot({ path: join(folder, `${name}.png`), fullPage: size !== "wide" });
  if (page.complaints.length) console.error(`${name}: ${page.complaints.join("\n")}`);
  await context.close();
}

const site = await serve();
const browser = await launch();
for (const theme of ["light", "dark"]) {
  for (const size of Object.keys(SIZES)) {
    await picture(browser, site.address, `${size}-${theme}`, { size, theme });
  }
}
await picture(browser, site.address, "korean", { size: "wide", theme: "light", locale: "ko-KR" });
await picture(browser, site.address, "lessons", { size: "wide", theme: "light" }, (page) => page.click("#lessons"));
await picture(browser, site.address, "share", { size: "wide", theme: "dark" }, (page) => page.click("#share"));
await picture(browser, site.address, "help", { size: "wide", theme: "light" }, (page) => page.click("#help"));
await picture(browser, site.address, "phone-script", { size: "phone", theme: "light" }, (page) => page.click("#sheet"));
await browser.close();
await site.close();
