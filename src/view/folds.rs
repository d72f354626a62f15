//! Sections that are built only while they are open: the legend, the chart as a table for screen
//! readers, and the figures of a lab.

use super::node::{Does, Element, Event, Node, el};
use super::{legend, result};
use crate::state::State;
use crate::state::action::{Action, Field, Fold};
use crate::state::embedded::Pane;
use crate::state::shown::{Bar, Shown};
use crate::state::table::{self, Entry, LINES};
use crate::state::{bars, sentences, words};
use chart::scene::mark::Mark;
use chart::scene::{By, Words};
use texts::{Language, Text};

/// Below the chart of a lab: the figures, the legend and the table, closed at first.
pub(crate) fn folds(state: &State, shown: &Shown) -> Node {
    let figures = || {
        let open = state.folds.numbers;
        fold(state, el("details#numbers"), words::NUMBERS, Fold::Numbers).kids(
            open.then(|| result::figures_of(state, shown))
                .into_iter()
                .flatten(),
        )
    };
    let figures = state.shows(Pane::Result).then(figures);
    let folds = if state.shows(Pane::Chart) {
        legend_and_table(state, shown)
    } else {
        el("div.folds")
    };
    folds.kid(figures).into()
}

fn fold(state: &State, details: Element, word: Text, which: Fold) -> Element {
    details
        .kid(el("summary").text(word.of(state.language())))
        .on(Event::Toggle, Does::Fill(Field::Fold(which)))
}

/// The meaning of the colours, and the chart as a table.
pub(super) fn legend_and_table(state: &State, shown: &Shown) -> Element {
    let meanings = || {
        let kinds = shown.timeline(state.by).kinds().to_vec();
        legend::table(state, &kinds, shown.mark_kinds(), "words")
    };
    let legend = fold(
        state,
        el("details#legend-in-words"),
        words::LEGEND_IN_WORDS,
        Fold::Legend,
    )
    .kid(state.folds.legend.then(meanings));
    let table = fold(state, el("details#as-table"), words::AS_TABLE, Fold::Table)
        .kids(state.folds.table.then(|| as_table(state, shown)));
    el("div.folds").kid(legend).kid(table)
}

/// One page of the table; the selected bar is marked.
fn as_table(state: &State, shown: &Shown) -> Node {
    let language = state.language();
    let window = state.view.window;
    let page = table::page(&shown.timeline(state.by), window, state.table_first);
    let heads = [
        words::TASK,
        words::STATE,
        words::FROM,
        words::TO,
        words::LENGTH,
        words::LINE,
        words::WHY,
    ];
    let head = |text: Text| el("th").set("scope", "col").text(text.of(language)).into();
    let lines = page.entries.iter().map(|entry| match entry {
        Entry::Bar(bar) => bar_line(state, shown, bar),
        Entry::Sign(mark) => sign_line(language, shown, mark),
    });
    let rows = el("table.bars")
        .kid(el("thead").kid(el("tr").kids(heads.map(head))))
        .kid(el("tbody").kids(lines));
    let last = page.first + page.entries.len();
    let turn = |word: Text, to: usize, is_end: bool| {
        el("button.small")
            .flag("disabled", is_end)
            .text(word.of(language))
            .on_click(Action::TableTurned(to))
    };
    let pager = || {
        let earlier = page.first.saturating_sub(LINES);
        el("div.pager")
            .kid(turn(words::EARLIER_LINES, earlier, page.first == 0))
            .kid(el("span").text(sentences::lines(language, page.first + 1, last, page.total)))
            .kid(turn(words::LATER_LINES, last, last >= page.total))
    };
    let part = || el("p.hint").text(words::PART_ONLY.of(language));
    let scroll = el("div.scroll")
        .set("tabindex", "0")
        .set("role", "region")
        .label(words::AS_TABLE.of(language))
        .kid(rows);
    Node::Several(vec![
        window.is_some().then(part).into(),
        scroll.into(),
        (page.total > LINES).then(pager).into(),
    ])
}

fn bar_line(state: &State, shown: &Shown, bar: &Bar) -> Node {
    let language = state.language();
    let is_chosen = state.pointed.selected == Some(*bar);
    let line = shown.timeline(By::Tasks).labels().line(bar.segment);
    let row = el("tr")
        .class_if(is_chosen, "on")
        .on_click(Action::Selected(Some(*bar)));
    let row = if is_chosen {
        row.set("aria-current", "true")
    } else {
        row
    };
    // In a deadlock, a wait is drawn beyond the end of the run.
    let (end, length) = if bar.end > shown.run.trace().end {
        (Words(language).never_ends().to_owned(), String::new())
    } else {
        (
            sentences::instant(language, bar.end),
            sentences::spoken(language, bar.end.since(bar.start)),
        )
    };
    let cells = [
        Words(language).kind(bar.kind).to_owned(),
        sentences::instant(language, bar.start),
        end,
        length,
        line.to_string(),
        bars::why(language, shown, bar),
    ];
    cells_of(row, bars::name(shown, bar.instance), cells)
}

fn sign_line(language: Language, shown: &Shown, mark: &Mark) -> Node {
    let line = shown.timeline(By::Tasks).labels().line(mark.segment);
    let cells = [
        Words(language).mark(mark.kind).to_owned(),
        sentences::instant(language, mark.at),
        String::new(),
        String::new(),
        if line > 0 {
            line.to_string()
        } else {
            String::new()
        },
        bars::mark_why(language, mark).to_string(),
    ];
    cells_of(el("tr"), bars::name(shown, mark.instance), cells)
}

fn cells_of(row: Element, name: String, cells: [String; 6]) -> Node {
    row.kid(el("th").set("scope", "row").text(name))
        .kids(cells.map(|text| el("td").text(text).into()))
        .into()
}
