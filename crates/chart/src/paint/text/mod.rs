//! The chart in characters, for terminals and chats.
//!
//! ```text
//! pasta  ███████████░░░░░░░░░░░░░░░░░░      8s
//! toast  ···········██████████████████████  9s
//!        ┬──────────┬──────────┬──────────┬
//!        0s         3s         6s         9s
//!
//! █ running  ░ awaiting  · ready, loop is busy
//! total 9s
//! ```
//!
//! The heavier a glyph, the more its state obstructs other tasks, e.g. `█` holds the loop and `░`
//! holds nothing. Rows that look the same share a line; of many different ones, the first and
//! last are shown.

mod cell;
mod fold;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::paint::text::cell::{Cell, Columns, ansi, cells, glyph};
use crate::paint::text::fold::{Family, Line};
use crate::scene::frozen::FrozenWindow;
use crate::scene::geometry::Rect;
use crate::scene::label::brief;
use crate::scene::mark::MarkKind;
use crate::scene::rows::{By, Row};
use crate::scene::ticks::ticks;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;
use model::limits::DETAIL_RECORDS_MAX;
use model::time::SimTime;
use model::trace::{Ending, Trace};
use texts::say;

pub use texts::plain;

/// The characters of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// Unicode block elements and box drawing.
    #[default]
    Blocks,
    Ascii,
}

/// The colours of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    #[default]
    None,
    /// The sixteen ANSI colours, which every terminal has.
    Ansi,
}

/// The appearance of a chart.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// In cells.
    pub width: usize,
    pub glyphs: Glyphs,
    pub colours: Colours,
    pub words: Words,
}

impl Style {
    fn coloured(&self, code: &str, text: &str) -> String {
        match self.colours {
            Colours::None => text.to_owned(),
            Colours::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

/// The least width of a chart, in cells; a narrower one has no room for bars.
const WIDTH_MIN: usize = 40;
/// The greatest width of a chart, in cells. It bounds the work.
const WIDTH_MAX: usize = 1_000;
/// Tasks with rows in the chart.
const FAMILIES: usize = 24;
/// Notes on freezes below the chart.
const NOTES: usize = 3;

/// The chart as text. Each line ends with a line break.
pub fn gantt(timeline: &Timeline, ending: &Ending, style: &Style) -> String {
    let style = Style {
        width: style.width.clamp(WIDTH_MIN, WIDTH_MAX),
        ..*style
    };
    let sheet = Sheet::new(timeline, style);
    let mut text = String::new();
    sheet.rows(&mut text);
    if timeline.end() > SimTime::ZERO {
        sheet.axis(&mut text);
        text.push('\n');
        sheet.legend(&mut text);
        sheet.notes(&mut text);
    }
    text.push_str(&total(timeline.run_end(), ending, &style));
    match style.glyphs {
        Glyphs::Blocks => text,
        Glyphs::Ascii => text.replace("µs", "us"),
    }
}

fn total(end: SimTime, ending: &Ending, style: &Style) -> String {
    // Exact, so that readers can copy the value into `expect total`.
    let mut text = style.coloured("1", &style.words.total_line(&end.label(), ending));
    if let Some(ending) = style.words.ending(ending) {
        let _ = write!(text, ", {}", style.coloured("31", &ending));
    }
    text.push('\n');
    text
}

/// The text that replaces the chart if a run is too long for one.
pub fn without_chart(trace: &Trace, style: &Style) -> String {
    let note = say!(
        style.words.0,
        "{count} state changes are too many for a chart (at most {most}); stop the run earlier with `until`",
        count = trace.log.len(),
        most = DETAIL_RECORDS_MAX
    );
    format!("{note}\n\n{}", total(trace.end, &trace.ending, style))
}

/// Whether two rows have the same states at the same times.
fn look_the_same(timeline: &Timeline, one: usize, other: usize) -> bool {
    let looks = |row: usize| {
        let tracks = timeline.tracks_of(row).enumerate();
        tracks.flat_map(|(track, pieces)| {
            pieces
                .iter()
                .map(move |piece| (track, piece.kind, piece.start, piece.end))
        })
    };
    looks(one).eq(looks(other))
}

/// The layout of a chart: the widths of its columns, and its lines.
struct Sheet<'a> {
    timeline: &'a Timeline,
    style: Style,
    families: Vec<Family>,
    /// Tasks beyond [`FAMILIES`].
    left_out: usize,
    /// Width of the names, in cells.
    names: usize,
    /// Width of the bars, in cells.
    bars: usize,
    columns: Columns,
    /// Width of the end times: a space, the time, a space and a sign such as `✗`.
    times: usize,
}

impl<'a> Sheet<'a> {
    fn new(timeline: &'a Timeline, style: Style) -> Self {
        let mut sheet = Self {
            timeline,
            style,
            families: Vec::new(),
            left_out: 0,
            names: style.width / 3,
            bars: 0,
            columns: Columns::new(timeline.end(), 0),
            times: 0,
        };
        sheet.times = sheet.times_width();
        // The width of the names depends on the folding, which depends on the width of the bars.
        // So rows are folded twice: first with the widest names, then with the actual ones.
        sheet.bars = sheet.bars_width();
        sheet.fold();
        sheet.names = sheet.names_width().min(style.width / 3);
        sheet.bars = sheet.bars_width();
        sheet.fold();
        sheet
    }

    fn bars_width(&self) -> usize {
        self.style
            .width
            .saturating_sub(self.names + 2 + self.times)
            .max(10)
    }

    fn times_width(&self) -> usize {
        match self.timeline.by() {
            By::Tasks => brief(self.timeline.run_end().since(SimTime::ZERO)).width() + 3,
            By::Threads => 2,
        }
    }

    fn names_width(&self) -> usize {
        let shown = self.families.iter().flat_map(Family::lines);
        shown.map(|line| self.name(line).width()).max().unwrap_or(0)
    }

    fn name(&self, line: &Line) -> String {
        let rows = self.timeline.rows();
        let (first, last) = (&rows[line.first], &rows[line.last]);
        let name = self.timeline.labels().rows(first, last, self.style.words);
        let name = match self.style.glyphs {
            Glyphs::Blocks => name,
            Glyphs::Ascii => name.replace('–', "-"),
        };
        format!("{}{}", "  ".repeat(first.depth.min(4).into()), plain(&name))
    }

    // --- folding ---

    fn fold(&mut self) {
        self.columns = Columns::new(self.timeline.end(), self.bars);
        self.families.clear();
        let rows = self.timeline.rows().len();
        let mut row = 0;
        while row < rows && self.families.len() < FAMILIES {
            let end = self.family_end(row);
            let first = |rows: &mut Range<usize>| self.take_first(rows);
            let last = |rows: &mut Range<usize>| self.take_last(rows);
            let family = Family::of(row..end, first, last);
            self.families.push(family);
            row = end;
        }
        self.left_out = rows - row;
    }

    /// The row after a task's last one, which is the next root of another task.
    fn family_end(&self, root: usize) -> usize {
        let (rows, labels) = (self.timeline.rows(), self.timeline.labels());
        let belongs = |row: &&Row| row.depth > 0 || labels.can_share_name(&rows[root], row);
        root + rows[root..].iter().take_while(belongs).count()
    }

    /// Removes the first row, and the following ones that look the same.
    fn take_first(&self, rows: &mut Range<usize>) -> Line {
        let mut line = self.line(rows.start);
        rows.start += 1;
        while rows.start < rows.end && self.looks_like(&line, line.last, rows.start) {
            line.last = rows.start;
            rows.start += 1;
        }
        line
    }

    /// Removes the last row, and the preceding ones that look the same.
    fn take_last(&self, rows: &mut Range<usize>) -> Line {
        rows.end -= 1;
        let mut line = self.line(rows.end);
        while rows.start < rows.end && self.looks_like(&line, line.first, rows.end - 1) {
            rows.end -= 1;
            line.first = rows.end;
        }
        line
    }

    /// Whether a row looks like the line that contains its neighbour `beside`.
    fn looks_like(&self, line: &Line, beside: usize, row: usize) -> bool {
        let rows = self.timeline.rows();
        let (one, other) = (&rows[beside], &rows[row]);
        if one.depth != other.depth || !self.timeline.labels().can_share_name(one, other) {
            return false;
        }
        // Most of a million rows repeat their neighbour, so the cheap comparison comes first.
        look_the_same(self.timeline, beside, row) || {
            let other = self.line(row);
            (&line.cells, &line.orphans) == (&other.cells, &other.orphans)
        }
    }

    fn line(&self, row: usize) -> Line {
        let mut tracks = self.timeline.tracks_of(row);
        let own = tracks.next().unwrap_or_default();
        let mut orphans = Vec::new();
        // Further tracks are parts that outlive their task, e.g. a thread after a cancellation.
        // They share one extra line.
        for track in tracks {
            let cells = cells(track, &self.columns);
            orphans.resize(self.bars, None);
            for (orphan, cell) in orphans.iter_mut().zip(cells) {
                *orphan = orphan.or(cell);
            }
        }
        Line {
            first: row,
            last: row,
            cells: cells(own, &self.columns),
            orphans,
        }
    }

    // --- lines ---

    fn rows(&self, text: &mut String) {
        for family in &self.families {
            for line in &family.head {
                self.row(text, line);
            }
            if family.hidden > 0 {
                self.folded(text, family.hidden);
            }
            for line in &family.tail {
                self.row(text, line);
            }
        }
        if self.left_out > 0 {
            self.folded(text, self.left_out);
        }
    }

    fn folded(&self, text: &mut String, count: usize) {
        let note = self.style.words.more(count);
        let note = match self.style.glyphs {
            Glyphs::Blocks => note,
            Glyphs::Ascii => note.replace('…', "..."),
        };
        let _ = writeln!(text, "{}", self.coloured("90", &note));
    }

    fn row(&self, text: &mut String, line: &Line) {
        let name = padded(&self.name(line), self.names, self.style.glyphs);
        let mut row = format!("{name}  ");
        self.bar(&mut row, &line.cells);
        row.push_str(&self.time(line.last));
        let _ = writeln!(text, "{}", row.trim_end());
        if !line.orphans.is_empty() {
            let mut row = " ".repeat(self.names + 2);
            self.bar(&mut row, &line.orphans);
            let _ = writeln!(text, "{}", row.trim_end());
        }
    }

    fn bar(&self, row: &mut String, cells: &[Option<Cell>]) {
        let mut rest = cells;
        // Equal cells share one colour sequence, which keeps the output small.
        while let Some(&first) = rest.first() {
            let length = rest.iter().take_while(|cell| **cell == first).count();
            match first {
                None => row.push_str(&" ".repeat(length)),
                Some(cell) => {
                    let glyph = glyph(cell, self.style.glyphs).to_string();
                    row.push_str(&self.coloured(ansi(cell), &glyph.repeat(length)));
                }
            }
            rest = &rest[length..];
        }
    }

    /// The time at which a task ended, with a sign if it failed or was cancelled, e.g. `3s ✗`.
    fn time(&self, row: usize) -> String {
        if self.timeline.by() == By::Threads {
            return String::new();
        }
        let never = match self.style.glyphs {
            Glyphs::Blocks => "∞",
            Glyphs::Ascii => "...",
        };
        let last = self.timeline.pieces(row).last();
        if last.is_some_and(|piece| self.timeline.is_open(piece)) {
            let time = format!("{never:>width$}", width = self.times - 2);
            return self.coloured("31", &time);
        }
        let marks = self.timeline.marks(row).iter();
        let bad = marks.rev().find(|mark| mark.kind >= MarkKind::Failed);
        let last = last.map(|piece| piece.end);
        let Some(at) = bad.map(|mark| mark.at).or(last) else {
            return String::new();
        };
        let time = brief(at.since(SimTime::ZERO));
        let time = format!("{time:>width$}", width = self.times - 2);
        match (bad.map(|mark| mark.kind), self.style.glyphs) {
            (None, _) => time,
            (Some(MarkKind::Failed), Glyphs::Blocks) => self.coloured("31", &format!("{time} ✗")),
            (Some(MarkKind::Failed), Glyphs::Ascii) => self.coloured("31", &format!("{time} x")),
            (Some(_), Glyphs::Blocks) => self.coloured("90", &format!("{time} ⊘")),
            (Some(_), Glyphs::Ascii) => self.coloured("90", &format!("{time} /")),
        }
    }

    fn axis(&self, text: &mut String) {
        let plot = Rect::new(0.0, 0.0, self.bars as f64, 1.0);
        let viewport = Viewport::fit(plot, self.timeline.end(), 1.0);
        let (line, tick) = match self.style.glyphs {
            Glyphs::Blocks => ('─', '┬'),
            Glyphs::Ascii => ('-', '+'),
        };
        // One more cell than the bars, for the tick at the end.
        let mut rule: Vec<char> = vec![line; self.bars + 1];
        let mut labels = String::new();
        for each in ticks(&viewport, 3.0, |label| label.width() as f64) {
            // Behind the end there are only waits that never end.
            if each.at > self.timeline.run_end() {
                break;
            }
            let column = (viewport.x(each.at).round() as usize).min(self.bars);
            if let Some(place) = rule.get_mut(column) {
                *place = tick;
            }
            let gap = column.saturating_sub(labels.width());
            labels.extend(std::iter::repeat_n(' ', gap));
            labels.push_str(&each.label);
        }
        let margin = " ".repeat(self.names + 2);
        let rule: String = rule.into_iter().collect();
        let rule = self.coloured("90", &rule);
        let labels = self.coloured("90", &labels);
        let _ = writeln!(text, "{margin}{rule}\n{margin}{labels}");
    }

    fn legend(&self, text: &mut String) {
        let mut used = 0;
        for cell in self.legend_cells() {
            let says = match cell {
                Cell::Kind(kind) => self.style.words.kind(kind),
                Cell::Turns => self.style.words.in_turns(),
            };
            let entry = 2 + says.width();
            if used > 0 && used + 2 + entry > self.style.width {
                text.push('\n');
                used = 0;
            }
            if used > 0 {
                text.push_str("  ");
                used += 2;
            }
            let glyph = glyph(cell, self.style.glyphs).to_string();
            let _ = write!(text, "{} {says}", self.coloured(ansi(cell), &glyph));
            used += entry;
        }
        if used > 0 {
            text.push('\n');
        }
    }

    /// The kinds of cells in the chart, in the order of the legend.
    fn legend_cells(&self) -> Vec<Cell> {
        let lines = self.families.iter().flat_map(Family::lines);
        let shown = lines.flat_map(|line| line.cells.iter().chain(&line.orphans));
        let shown: BTreeSet<Cell> = shown.flatten().copied().collect();
        shown.into_iter().collect()
    }

    /// Writes notes about the longest freezes by blocking calls. Bars show freezes by computing.
    fn notes(&self, text: &mut String) {
        let mut runs = joined(self.timeline.windows());
        runs.sort_by_key(|(first, count)| {
            std::cmp::Reverse(first.length().as_nanos().saturating_mul(*count))
        });
        for (first, count) in runs.into_iter().take(NOTES) {
            let length = brief(first.length());
            let length = match count {
                1 => length,
                count => format!("{count} × {length}"),
            };
            let line = self.timeline.labels().line(first.segment);
            let note = self.style.words.frozen(true, &length, line);
            let note = match self.style.glyphs {
                Glyphs::Blocks => note,
                Glyphs::Ascii => note.replace('·', "-").replace('×', "x"),
            };
            let _ = writeln!(text, "{}", self.coloured("31", &format!("! {note}")));
        }
    }

    fn coloured(&self, code: &str, text: &str) -> String {
        self.style.coloured(code, text)
    }
}

/// The freezes by blocking calls, in order of time. Consecutive ones of one segment and length
/// are counted together, e.g. `40 × 10ms`.
fn joined(windows: &[FrozenWindow]) -> Vec<(FrozenWindow, u64)> {
    let mut runs: Vec<(FrozenWindow, u64)> = Vec::new();
    for window in windows.iter().filter(|window| window.blocking) {
        match runs.last_mut() {
            Some((first, count))
                if first.segment == window.segment && first.length() == window.length() =>
            {
                *count += 1;
            }
            _ => runs.push((*window, 1)),
        }
    }
    runs
}

/// A name padded or cut to exactly `cells` cells. A Hangul character takes two.
fn padded(name: &str, cells: usize, glyphs: Glyphs) -> String {
    let ellipsis = match glyphs {
        Glyphs::Blocks => "…",
        Glyphs::Ascii => "~",
    };
    let mut kept = String::new();
    let mut used = 0;
    if name.width() <= cells {
        kept.push_str(name);
        used = name.width();
    } else {
        for character in name.chars() {
            let wide = character.width().unwrap_or(0);
            if used + wide + 1 > cells {
                break;
            }
            kept.push(character);
            used += wide;
        }
        kept.push_str(ellipsis);
        used += 1;
    }
    kept.push_str(&" ".repeat(cells.saturating_sub(used)));
    kept
}
