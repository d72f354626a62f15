// Code blocks of Markdown that become labs, e.g. ```` ```loopscope ````, in the unchanged output of
// static site generators.
//
// Options are in a first comment, since generators drop or refuse other places:
// `# lab: goal="under 2 s" guess="total"`. A Python block becomes a lab only with that comment.

const OPTIONS = /^#\s*lab:(.*)/i;
const OPTION = /([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+)))?/gi;
/** The attributes that a comment may set. */
const NAMES = new Set(["goal", "frozen", "editable", "panes", "guess", "height", "theme", "lang", "at", "id", "title", "frame"]);
/** The outermost element of a code block. */
const BLOCKS = ".highlight-loopscope, .highlight-python, div[class*='language-'], div.sourceCode, pre";
const CODE = `pre.loopscope, .highlight-loopscope pre, .language-loopscope pre, pre > .language-loopscope, pre.language-loopscope,
  .highlight-python pre, .language-python pre, pre > .language-python, pre.python`;

/** The text of a script without its comment of options. */
export const withoutOptions = (lines) => OPTIONS.test(lines[0] ?? "") ? lines.slice(1) : lines;

/** The options in the first line of a script; `null` without that comment. */
export function options(text) {
  const found = OPTIONS.exec(text.trimStart().split("\n", 1)[0]);
  if (!found) return null;
  return Object.fromEntries([...found[1].matchAll(OPTION)].map(([, name, ...values]) => [name.toLowerCase(), values.find((value) => value !== undefined) ?? ""]));
}

/** Turns the code blocks in `root` into labs. `say` gets what is wrong with their options. */
export function upgrade(root, say) {
  for (const code of root.querySelectorAll(CODE)) {
    // React would look for the elements that it has made (Docusaurus).
    if (code.closest("loopscope-lab, .prism-code, [contenteditable]")) continue;
    const found = options(code.textContent);
    const isPython = code.closest(".highlight-python, .language-python, pre.python") !== null;
    if (isPython && !found || found && "off" in found) continue;
    let block = code.closest("pre");
    for (let parent = block.parentElement; parent?.matches(BLOCKS); parent = parent.parentElement) block = parent;
    // Between them is e.g. the wrapper of Rouge, which no selector names.
    const outer = block.parentElement?.closest(".highlight-loopscope, .highlight-python, .language-loopscope, .language-python");
    if (outer) block = outer;
    const lab = document.createElement("loopscope-lab");
    if (isPython) lab.setAttribute("lang", "python");
    for (const [name, value] of Object.entries(found ?? {})) {
      if (NAMES.has(name)) lab.setAttribute(name, value);
      else if (!isPython || name !== "python") say(`no attribute is called \`${name}\` in \`# lab:\``);
    }
    block.replaceWith(lab);
    lab.append(block);
  }
}
