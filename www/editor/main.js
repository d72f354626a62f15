// The editors of scripts and of Python programs: CodeMirror 6 in a shadow root, loaded after the
// first chart.
//
// It does not know the script language. Tokens, completions and changed durations come from the page,
// whose Rust contains the only lexer. Offsets between editor and page are UTF-16, as in JavaScript.
// The colours of Python and the load bar of its programs are a module of their own (python.js).

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore, indentWithTab } from "@codemirror/commands";
import { indentService, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, RangeSet, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration, EditorView, GutterMarker, drawSelection, gutter, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, showPanel,
} from "@codemirror/view";
import { active, showActive } from "./active.js";
import { durations } from "./durations.js";
import { highlighting, renew } from "./highlighting.js";
import { theme } from "./theme.js";

/** Marks changes that the page made, which are not reported back to it. */
const fromPage = Annotation.define();

const setLit = StateEffect.define();

/** The lines whose bars the pointer is on in the chart. */
const litLines = StateField.define({
  create: () => Decoration.none,
  update(lit, transaction) {
    lit = lit.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setLit)) continue;
      const { doc } = transaction.state;
      const lines = effect.value.filter((line) => line >= 1 && line <= doc.lines).sort((a, b) => a - b);
      lit = Decoration.set(lines.map((line) => Decoration.line({ class: "lit" }).range(doc.line(line).from)));
    }
    return lit;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const setMargin = StateEffect.define();

/** The cost of a line: the time that other tasks waited because of it. */
class Cost extends GutterMarker {
  constructor({ text, title, weight }) {
    super();
    Object.assign(this, { text, title, weight });
  }

  eq(other) {
    return other.text === this.text && other.title === this.title && other.weight === this.weight;
  }

  toDOM() {
    const cost = document.createElement("span");
    cost.className = this.weight > 50 ? "cost dear" : "cost";
    cost.textContent = this.text;
    cost.title = this.title;
    cost.setAttribute("aria-label", this.title);
    return cost;
  }
}

/** The costs of the lines. They move with the text until new ones arrive. */
const costs = StateField.define({
  create: () => RangeSet.empty,
  update(costs, transaction) {
    costs = costs.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMargin)) continue;
      const { doc } = transaction.state;
      const inside = effect.value.filter(({ line }) => line >= 1 && line <= doc.lines).sort((a, b) => a.line - b.line);
      costs = RangeSet.of(inside.map((cost) => new Cost(cost).range(doc.line(cost.line).from)));
    }
    return costs;
  },
});

// After the text: in front of it the column would push the text aside when it appears.
const margin = [costs, gutter({ class: "cm-costs", side: "after", markers: (view) => view.state.field(costs) })];

const setFrozen = StateEffect.define();

/** The locked lines, as ranges of whole lines; `null` if no line may change. */
const frozenLines = StateField.define({
  create: () => [],
  update(frozen, transaction) {
    for (const effect of transaction.effects) if (effect.is(setFrozen)) return effect.value;
    if (!frozen || !transaction.docChanged) return frozen;
    return frozen.map((range) => moved(range, transaction.changes));
  },
  provide: (field) => EditorView.decorations.from(field, (frozen) => (view) => {
    const lines = [];
    for (const { from, to } of frozen ?? []) {
      for (let at = from; at <= Math.min(to, view.state.doc.length);) {
        const line = view.state.doc.lineAt(at);
        lines.push(Decoration.line({ class: "frozen", attributes: { title: view.state.phrase("frozen") } }).range(line.from));
        at = line.to + 1;
      }
    }
    return Decoration.set(lines);
  }),
});

/** The range after a change, without text that was inserted at its ends. */
const moved = ({ from, to }, changes) => ({ from: changes.mapPos(from, 1), to: changes.mapPos(to, -1) });

/**
 * Refuses changes of a locked line, joining it with another line, and insertions between two lines
 * of a block.
 */
const freezing = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.annotation(fromPage)) return transaction;
  const { doc } = transaction.startState;
  const frozen = transaction.startState.field(frozenLines);
  const stays = (range) => {
    const { from, to } = moved(range, transaction.changes);
    const now = transaction.newDoc;
    return from <= to && now.sliceString(from, to) === doc.sliceString(range.from, range.to)
      && now.lineAt(from).from === from && now.lineAt(to).to === to;
  };
  if (frozen?.every(stays)) return transaction;
  return { effects: EditorView.announce.of(transaction.startState.phrase("frozen")) };
});

/**
 * In a course page Tab moves on until the reader has typed, so that it never breaks a script on its
 * way through the page. After Esc, Tab moves on in every editor.
 */
const isLab = window.loopscopeAsked !== undefined;
const typed = StateField.define({
  create: () => false,
  update: (typed, transaction) => typed || transaction.docChanged && !transaction.annotation(fromPage),
});
const tabOnceTyped = { key: "Tab", run: (view) => view.state.field(typed) && indentMore(view), shift: (view) => view.state.field(typed) && indentLess(view) };

/** Indentation: one level deeper after a colon, otherwise the depth of the line above. */
const blockIndent = indentService.of((context, position) => {
  const line = context.lineAt(position, -1);
  if (line.from === 0 && position === 0) return 0;
  const above = context.state.doc.lineAt(Math.max(0, position - 1)).text;
  const depth = /^\s*/.exec(above)[0].length;
  return /:\s*(#.*)?$/.test(above) ? depth + 4 : depth;
});

/**
 * Handles typing over a selection. Otherwise Chromium copies the look of the replaced text into an
 * inline style, which the page's content security policy refuses and reports.
 */
const typingOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || event.isComposing || empty || !event.data || view.state.readOnly) return false;
    event.preventDefault();
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, event.data, insert))) view.dispatch(insert());
    return true;
  },
});

/** The smallest change that turns one text into the other, so that the cursor keeps its place. */
function difference(before, after) {
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before[from] === after[from]) from++;
  let behind = 0;
  while (behind < shorter - from && before[before.length - 1 - behind] === after[after.length - 1 - behind]) behind++;
  return { from, to: before.length - behind, insert: after.slice(from, after.length - behind) };
}

/**
 * Creates an editor in `host`, an element of the page.
 *
 * `page` has these methods: `changed(text)`, `atLine(line)`, `overLine(line | 0)`, `tokens(text)`,
 * `complete(text, position)`, `nudge(duration, steps)`, `dragging(isDragging)`, `format()`. For Python,
 * `options.highlight` is the address of python.js and `options.requests` what its load bar has chosen; the
 * page has `run()` and `requests(load)` in place of the methods from `tokens` on.
 */
function mount(host, options, page) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const words = new Compartment();
  const wording = ({ label, phrases, frozen }) => [
    EditorState.phrases.of({ ...phrases, frozen }),
    EditorView.contentAttributes.of({ "aria-label": label }),
  ];

  let line = 0;
  const told = EditorView.updateListener.of((update) => {
    // While the reader types, the cursor's line counts, wherever the pointer rests.
    if (update.docChanged) over(0);
    if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(fromPage))) {
      page.changed(update.state.doc.toString());
    }
    const now = update.state.doc.lineAt(update.state.selection.main.head).number;
    if (update.view.hasFocus && (now !== line || update.focusChanged)) page.atLine(line = now);
    // 0: no line has the cursor while the editor has no focus.
    if (update.focusChanged && !update.view.hasFocus) page.atLine(line = 0);
  });

  let hovered = 0;
  const over = (now) => { if (now !== hovered) page.overLine(hovered = now); };
  const pointing = EditorView.domEventHandlers({
    mousemove(event, view) {
      // Below the text is no line, although the editor fills its card.
      if (event.clientY > view.documentTop + view.contentHeight) return over(0);
      const position = view.posAtCoords({ x: event.clientX, y: event.clientY }, false);
      over(view.state.doc.lineAt(position).number);
    },
    mouseleave: () => over(0),
  });

  const isPython = options.highlight !== undefined;
  // Without colours until the module is there, or if it cannot be loaded.
  const language = isPython ? { tokens: () => [] } : page;

  const completions = (context) => {
    const word = context.matchBefore(/[\p{L}\p{N}_]*/u);
    if (!context.explicit && (!word || word.from === word.to)) return null;
    const found = page.complete(context.state.doc.toString(), context.pos);
    return found ? { ...found, validFor: /^[\p{L}\p{N}_]*$/u } : null;
  };

  const panels = new Compartment();
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        keymap.of([
          isPython ? { key: "Mod-Enter", run: () => { page.run(); return true; } } : { key: "Shift-Alt-f", run: () => { page.format(); return true; } },
          ...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap, isLab ? tabOnceTyped : indentWithTab,
        ]),
        isLab ? typed : [], lineNumbers(), history(), drawSelection(), closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(),
        indentUnit.of("    "), EditorState.tabSize.of(4), blockIndent, EditorView.lineWrapping,
        isPython ? [] : [autocompletion({ override: [completions], icons: false }), durations(page)],
        lintGutter(), highlighting(language), active, litLines, margin, frozenLines, freezing, theme, typingOver, pointing, told,
        words.of(wording(options)), panels.of([]),
        // Text that can be edited has the focus without a `tabindex`; not every checker knows that.
        EditorView.contentAttributes.of({ autocapitalize: "off", autocorrect: "off", spellcheck: "false", tabindex: "0" }),
      ],
    }),
  });

  if (isPython) {
    import(options.highlight).then(({ tokens, loadBar }) => {
      language.tokens = tokens;
      const panel = (view) => {
        const bar = loadBar((phrase) => view.state.phrase(phrase), (load) => page.requests(load), () => page.run(), options.requests);
        // A program that is made of a script cannot be changed and has no app.
        const follow = (state) => bar.update(state.field(frozenLines) === null ? "" : state.doc.toString());
        follow(view.state);
        return {
          dom: bar.dom,
          top: true,
          update(update) {
            const isReworded = update.startState.facet(EditorState.phrases) !== update.state.facet(EditorState.phrases);
            if (update.docChanged || isReworded) follow(update.state);
          },
        };
      };
      // Destroyed while it was loaded: a dispatch does nothing that can be seen.
      view.dispatch({ effects: [renew.of(null), panels.reconfigure(showPanel.of(panel))] });
    }, () => {});
  }

  return {
    setText(text) {
      const before = view.state.doc.toString();
      if (before === text) return;
      view.dispatch({ changes: difference(before, text), annotations: fromPage.of(true), userEvent: "input.page" });
    },
    setProblems(problems) {
      const { doc } = view.state;
      // A problem of a program has only its line: the text of the line is underlined.
      const ofLine = (number) => {
        const { from, to, text } = doc.line(Math.min(Math.max(number, 1), doc.lines));
        return { from: from + /^\s*/.exec(text)[0].length, to };
      };
      const inside = problems.map(({ line, from, to, severity, message, fixes }) => ({
        from: Math.min(from, doc.length),
        to: Math.min(to, doc.length),
        ...(line && ofLine(line)),
        severity,
        message,
        actions: fixes.map((fix) => ({
          name: fix.name,
          apply(view) {
            view.dispatch({ changes: fix.edits, userEvent: "input.fix" });
            view.focus();
          },
        })),
      }));
      view.dispatch(setDiagnostics(view.state, inside));
    },
    setLit: (lines) => view.dispatch({ effects: setLit.of(Array.from(lines)) }),
    setActive: (pairs) => showActive(view, pairs),
    setMargin: (lines) => view.dispatch({ effects: setMargin.of(lines) }),
    setFrozen(lines) {
      const { doc } = view.state;
      const ranges = [];
      for (let at = 0; lines && at < lines.length; at += 2) {
        if (lines[at + 1] <= doc.lines) ranges.push({ from: doc.line(lines[at]).from, to: doc.line(lines[at + 1]).to });
      }
      view.dispatch({ effects: setFrozen.of(lines ? ranges : null) });
    },
    setWords: (wordsNow) => view.dispatch({ effects: words.reconfigure(wording(wordsNow)) }),
    goTo(position) {
      view.dispatch({ selection: { anchor: Math.min(position, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

window.loopscopeEditor = { mount };
// Creating an editor takes as long as compiling this file, so it gets a task of its own.
setTimeout(() => window.dispatchEvent(new Event("loopscope-editor")));
