//! The chart as a table: a line for each bar and each mark in the visible interval, row by row.
//! [`super::sentences`] words the lines.

use chart::scene::mark::Mark;
use chart::scene::{Piece, Timeline};
use model::sorting::sort_by_number;
use model::time::SimTime;

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Entry {
    Bar(Piece),
    Sign(Mark),
}

impl Entry {
    fn at(&self) -> SimTime {
        match self {
            Self::Bar(bar) => bar.start,
            Self::Sign(mark) => mark.at,
        }
    }
}

/// A page of the table, with its position.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page {
    pub(crate) entries: Vec<Entry>,
    /// The number of lines before the page.
    pub(crate) first: usize,
    pub(crate) total: usize,
}

/// Lines on a page.
pub(crate) const LINES: usize = 40;

/// The interval that the table covers; `None` is the whole run.
type Window = Option<(SimTime, SimTime)>;

/// The page that begins with line `first`, or the last page if there is no such line.
pub(crate) fn page(timeline: &Timeline, window: Window, first: usize) -> Page {
    let counts = (0..timeline.rows().len()).map(|row| count(timeline, row, window));
    let total = counts.sum();
    let first = first.min(total_before_last_page(total));
    let (mut entries, mut before) = (Vec::new(), 0);
    for row in 0..timeline.rows().len() {
        let count = count(timeline, row, window);
        if before + count > first && before < first + LINES {
            entries.extend(of_row(timeline, row, window));
        } else if entries.is_empty() {
            before += count;
            continue;
        }
        if entries.len() >= first + LINES - before.min(first) {
            break;
        }
    }
    let entries = entries.into_iter().skip(first - before.min(first));
    Page {
        entries: entries.take(LINES).collect(),
        first,
        total,
    }
}

fn total_before_last_page(total: usize) -> usize {
    total.saturating_sub(1) / LINES * LINES
}

/// The first line of the page that contains a bar.
pub(crate) fn page_of(timeline: &Timeline, window: Window, bar: &Piece) -> Option<usize> {
    let mut before = 0;
    for row in 0..timeline.rows().len() {
        let is_in = timeline.tracks_of(row).any(|track| {
            let at = track.partition_point(|piece| piece.start < bar.start);
            track.get(at) == Some(bar)
        });
        if is_in {
            let within = of_row(timeline, row, window);
            let place = within.iter().position(|entry| *entry == Entry::Bar(*bar))?;
            return Some((before + place) / LINES * LINES);
        }
        before += count(timeline, row, window);
    }
    None
}

fn in_window(track: &[Piece], window: Window) -> &[Piece] {
    let Some((start, end)) = window else {
        return track;
    };
    let from = track.partition_point(|piece| piece.end <= start);
    let to = track.partition_point(|piece| piece.start < end);
    &track[from..to.max(from)]
}

fn signs(timeline: &Timeline, row: usize, window: Window) -> impl Iterator<Item = &Mark> {
    let shown =
        move |mark: &&Mark| window.is_none_or(|(start, end)| (start..=end).contains(&mark.at));
    timeline.marks(row).iter().filter(shown)
}

fn count(timeline: &Timeline, row: usize, window: Window) -> usize {
    let bars = timeline
        .tracks_of(row)
        .map(|track| in_window(track, window).len());
    bars.sum::<usize>() + signs(timeline, row, window).count()
}

fn of_row(timeline: &Timeline, row: usize, window: Window) -> Vec<Entry> {
    let bars = timeline
        .tracks_of(row)
        .flat_map(|track| in_window(track, window));
    let mut entries: Vec<Entry> = bars.map(|bar| Entry::Bar(*bar)).collect();
    // Marks follow the bars that begin at the same instant.
    entries.extend(signs(timeline, row, window).map(|mark| Entry::Sign(*mark)));
    sort_by_number(&mut entries, |entry| entry.at().as_nanos());
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart::scene::By;
    use model::trace::Spans;
    use sim::simulate;

    fn timeline(script: &str) -> Timeline {
        let workload = script::parse(script).workload.expect("no errors");
        let trace = simulate(&workload);
        Timeline::new(&workload, &trace, &Spans::of(&trace), By::Tasks)
    }

    fn starts(page: &Page) -> Vec<u64> {
        let at = |entry: &Entry| entry.at().as_nanos() / 1_000_000_000;
        page.entries.iter().map(at).collect()
    }

    #[test]
    fn bars_and_signs_stand_in_order_of_time_row_by_row() {
        let timeline = timeline("a: cpu 2 -> fail \"no\"\nb: cpu 3\n");
        let page = page(&timeline, None, 0);
        // a: runs 0 – 2, fails at 2; b: ready 0 – 2, runs 2 – 5.
        assert_eq!(starts(&page), [0, 2, 0, 2]);
        assert!(matches!(page.entries[1], Entry::Sign(_)));
    }

    #[test]
    fn only_what_is_in_the_window_is_a_line() {
        let timeline = timeline("a: cpu 1 -> await 1 -> cpu 1 -> await 5\n");
        let second = |s: u64| SimTime::from_nanos(s * 1_000_000_000);
        let page = page(&timeline, Some((second(1), second(3))), 0);
        assert_eq!(starts(&page), [1, 2]);
    }

    #[test]
    fn pages_follow_each_other_without_a_gap_and_a_bar_is_found_on_its_page() {
        let timeline = timeline("a: await 1 -> cpu 1\nrun 70 a\n");
        let whole: Vec<Entry> = (0..timeline.rows().len())
            .flat_map(|row| of_row(&timeline, row, None))
            .collect();
        let mut paged = Vec::new();
        let mut first = 0;
        while first < whole.len() {
            let page = page(&timeline, None, first);
            assert_eq!((page.first, page.total), (first, whole.len()));
            assert!(page.entries.len() == LINES || first + page.entries.len() == whole.len());
            first += page.entries.len();
            paged.extend(page.entries);
        }
        assert_eq!(paged, whole);
        let last = timeline.pieces(69).last().expect("a bar");
        let first = page_of(&timeline, None, last).expect("it is somewhere");
        assert!(
            page(&timeline, None, first)
                .entries
                .contains(&Entry::Bar(*last))
        );
    }

    #[test]
    fn behind_the_end_is_the_last_page() {
        let timeline = timeline("a: cpu 1\n");
        assert_eq!(page(&timeline, None, 999).entries.len(), 1);
        assert_eq!(page(&timeline, None, 999).first, 0);
    }
}
