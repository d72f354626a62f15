// The search of the site: an index of sections that is loaded at the first letter and searched on
// the page.

const form = document.querySelector(".search");
const field = form.querySelector("input");
const list = form.querySelector("#found");
const said = form.querySelector(".said");
const MOST = 12;
let index;

const load = () => (index ??= fetch(form.dataset.index).then((answer) => answer.json()).catch(() => []));

/**
 * Scores a section: it must contain every word. Headings count more than text, and the beginning of
 * a heading more than its middle.
 */
function score({ head, text, page }, words) {
  let sum = 0;
  for (const word of words) {
    const at = head.toLowerCase().indexOf(word);
    const inPage = page.toLowerCase().includes(word);
    const inText = text.toLowerCase().includes(word);
    if (at < 0 && !inPage && !inText) return 0;
    sum += (at === 0 ? 8 : at > 0 ? 5 : 0) + (inPage ? 2 : 0) + (inText ? 1 : 0);
  }
  return sum;
}

function excerpt(text, word) {
  const at = Math.max(0, text.toLowerCase().indexOf(word) - 40);
  return `${at > 0 ? "… " : ""}${text.slice(at, at + 130)}${text.length > at + 130 ? " …" : ""}`;
}

function item({ head, text, page, path }, words) {
  const link = document.createElement("a");
  link.href = form.dataset.root + path;
  const where = document.createElement("small");
  where.textContent = head === page ? excerpt(text, words[0]) : `${page} · ${excerpt(text, words[0])}`;
  link.append(head, where);
  return link;
}

async function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const sections = words.length > 0 ? await load() : [];
  // The reader may have typed on while the index was loading.
  if (words.join(" ") !== field.value.toLowerCase().split(/\s+/).filter(Boolean).join(" ")) return;
  const fitting = sections.map((section) => ({ section, value: score(section, words) })).filter(({ value }) => value > 0);
  const best = fitting.sort((a, b) => b.value - a.value).slice(0, MOST);
  list.hidden = words.length === 0;
  list.replaceChildren(...best.map(({ section }) => item(section, words)));
  if (words.length > 0 && best.length === 0) list.append(Object.assign(document.createElement("p"), { textContent: form.dataset.nothing }));
  said.textContent = words.length === 0 ? "" : best.length === 0 ? form.dataset.nothing : `${best.length} ${form.dataset.found}`;
}

const shut = () => { list.hidden = true; };
const step = (by) => {
  const all = [field, ...list.querySelectorAll("a")];
  all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
};

field.addEventListener("input", search);
field.addEventListener("focus", search);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  list.querySelector("a")?.click();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Escape") shut();
  else if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => { if (!form.contains(event.target)) shut(); });
document.addEventListener("keydown", (event) => {
  if (event.code !== "Slash" || event.ctrlKey || event.metaKey || event.target.matches("input, textarea")) return;
  event.preventDefault();
  field.focus();
});

// On a wide screen the menu is open next to the text. On a phone it is above the text and stays
// closed, so that nothing moves.
if (matchMedia("(min-width: 861px)").matches) document.querySelector(".menu")?.setAttribute("open", "");
