// Uses the Python side of the script's card, for the tests of several files.

import { suite } from "./site.mjs";

/** A `suite` that gives Python its time to start; a busy machine needs the more. */
export function suiteOnPython() {
  const visit = suite();
  return (act, options) => visit((page, ...rest) => {
    page.setDefaultTimeout(60_000);
    return act(page, ...rest);
  }, options);
}

export const programEditor = (page) => page.locator("#python-side .cm-content");
/** The text of the program's editor, which renders its visible part. */
export const program = (page) => programEditor(page).innerText();
export const strip = (page, text) => page.locator("#program-strip", { hasText: text }).waitFor();

/** Replaces the program by typing. */
export async function type(page, text) {
  await programEditor(page).click({ position: { x: 40, y: 20 } });
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Opens the Python side and makes its program the reader's. */
export async function own(page, text) {
  await page.click("#side-python");
  await page.click("#own-program:enabled");
  await page.locator("#program-strip").waitFor();
  await page.locator("#python-side .editor-host:not([hidden])").waitFor();
  if (text) await type(page, text);
}

/** The parts of the runtime that the page asks for. */
export function requests(page) {
  const asked = [];
  page.on("request", (request) => {
    const part = new URL(request.url()).pathname.match(/\/python\/([a-z]+)/);
    if (part) asked.push(part[1]);
  });
  return asked;
}
