//! The moment after an edit: the run before it is compared with the new one until the reader has
//! seen the difference.
//!
//! While the moment lasts the time axis stays, and the chart draws the earlier run as outlines.
//! Several edits in a row are one moment: the earlier run stays the last one that was settled.
//! The root component ends the moment after a pause ([`super::effect::Effect::EndMomentSoon`]).

use std::rc::Rc;

use super::State;
use super::number::with_places;
use super::sentences::spoken;
use super::shown::Shown;
use model::time::{SimDuration, SimTime};
use model::trace::{AnalysedRun, Ending};
use texts::{Language, Text, say, text};

/// Above this number of spans, the earlier run is not kept: two such runs would take too much
/// memory, and their bars are narrower than a pixel.
const SPANS_MAX: usize = 200_000;

/// The comparison of a new run with the one before the edit.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    /// The last run that the reader has seen for longer than a moment.
    pub(crate) before: Rc<Shown>,
    /// The end of the time axis: the latest end of all runs of this moment.
    pub(crate) axis_end: SimTime,
}

/// Compares by identity, not by content.
impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.before == other.before && self.axis_end == other.axis_end
    }
}

/// The totals before and after an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TotalChange {
    before: SimDuration,
    after: SimDuration,
}

impl State {
    /// Compares a new run of the script with the one on the chart, which it replaces.
    pub(super) fn begin_moment(&mut self, after: &Shown) {
        let moment = self.moment.take();
        self.total_change = None;
        let is_other_script = std::mem::take(&mut self.is_other_script);
        let Some(shown) = self.shown.clone().filter(|_| !is_other_script) else {
            return;
        };
        // The outlines would give the answer away.
        if self.is_covered() {
            return;
        }
        let axis_end = moment
            .as_ref()
            .map_or(shown.run.trace().end, |moment| moment.axis_end);
        let before = moment.map_or(shown, |moment| moment.before);
        if before.run.trace() == after.run.trace() {
            return;
        }
        let totals = [&before.run, &after.run].map(AnalysedRun::total);
        // The total of a run that was cut off is no result.
        let are_whole = [before.run.trace(), after.run.trace()]
            .iter()
            .all(|trace| trace.ending == Ending::Finished);
        self.total_change = are_whole.then_some(TotalChange {
            before: totals[0],
            after: totals[1],
        });
        if before.run.spans().len() <= SPANS_MAX && after.run.spans().len() <= SPANS_MAX {
            self.moment = Some(Moment {
                before,
                axis_end: axis_end.max(after.run.trace().end),
            });
        }
    }

    /// Ends the moment, unless the reader is still dragging.
    pub(super) fn end_moment(&mut self) {
        if !self.is_dragging {
            self.moment = None;
        }
    }

    /// The script or the chart is another one: there is nothing to compare.
    pub(super) fn forget_moment(&mut self) {
        self.moment = None;
        self.total_change = None;
        self.is_dragging = false;
    }
}

/// From `two` to `ten`.
const NUMBERS: [Text; 9] = [
    text!("two"),
    text!("three"),
    text!("four"),
    text!("five"),
    text!("six"),
    text!("seven"),
    text!("eight"),
    text!("nine"),
    text!("ten"),
];

impl TotalChange {
    pub(crate) fn is_faster(self) -> bool {
        self.after < self.before
    }

    /// E.g. `20 s → 5 s, four times faster`; `None` for a change of less than 1 %.
    pub(crate) fn said(self, language: Language) -> Option<String> {
        let [before_ns, after_ns] = [self.before, self.after].map(|total| total.as_nanos() as f64);
        let is_nothing = before_ns == 0.0 || after_ns == 0.0;
        if is_nothing || (after_ns - before_ns).abs() < before_ns * 0.01 {
            return None;
        }
        let before = spoken(language, self.before);
        let after = spoken(language, self.after);
        let factor = before_ns.max(after_ns) / before_ns.min(after_ns);
        if factor < 1.95 {
            let percent = (after_ns - before_ns).abs() / before_ns * 100.0;
            let percent = with_places(percent, 0);
            return Some(if self.is_faster() {
                say!(
                    language,
                    "{before} → {after}, {percent} % less time",
                    before,
                    after,
                    percent
                )
            } else {
                say!(
                    language,
                    "{before} → {after}, {percent} % more time",
                    before,
                    after,
                    percent
                )
            });
        }
        let times = times(language, factor);
        Some(if self.is_faster() {
            say!(
                language,
                "{before} → {after}, {times} times faster",
                before,
                after,
                times
            )
        } else {
            say!(
                language,
                "{before} → {after}, {times} times slower",
                before,
                after,
                times
            )
        })
    }
}

/// A factor in words or with two significant digits, e.g. `four`, `2.5`, `12`, `1300`.
fn times(language: Language, factor: f64) -> String {
    let whole = factor.round();
    let is_whole = (factor - whole).abs() <= whole * 0.01;
    let in_words = NUMBERS.get((whole as usize).wrapping_sub(2));
    match in_words.filter(|_| is_whole) {
        Some(number) => number.of(language).to_owned(),
        None if factor < 9.95 => with_places(factor, 1),
        None if factor < 100.0 => with_places(factor, 0),
        None => {
            // Rounds to two digits, e.g. 1_333 to 1_300.
            let scale = 10_u64.pow((factor as u64).ilog10() - 1);
            ((factor / scale as f64).round() as u64 * scale).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::action::Action;
    use crate::state::lessons::Lesson;
    use crate::state::trial::{after, ran, run, state};

    #[track_caller]
    fn check_said(before_ms: u64, after_ms: u64, english: Option<&str>, korean: Option<&str>) {
        let [before, after] = [before_ms, after_ms].map(SimDuration::from_millis);
        let change = TotalChange { before, after };
        assert_eq!(change.said(Language::En).as_deref(), english);
        assert_eq!(change.said(Language::Ko).as_deref(), korean);
    }

    #[test]
    fn a_change_of_the_total_is_said_in_words() {
        check_said(
            20_000,
            5_000,
            Some("20 s → 5 s, four times faster"),
            Some("20초 → 5초, 4배 빨라졌습니다"),
        );
        check_said(
            5_000,
            20_000,
            Some("5 s → 20 s, four times slower"),
            Some("5초 → 20초, 4배 느려졌습니다"),
        );
        check_said(
            12_000,
            5_000,
            Some("12 s → 5 s, 2.4 times faster"),
            Some("12초 → 5초, 2.4배 빨라졌습니다"),
        );
        check_said(
            10_000,
            8_000,
            Some("10 s → 8 s, 20 % less time"),
            Some("10초 → 8초, 시간이 20% 줄었습니다"),
        );
        check_said(
            8_000,
            10_000,
            Some("8 s → 10 s, 25 % more time"),
            Some("8초 → 10초, 시간이 25% 늘었습니다"),
        );
        check_said(10_000, 9_950, None, None);
        check_said(10_000, 10_000, None, None);
        check_said(0, 10_000, None, None);
    }

    #[test]
    fn large_factors_have_two_digits() {
        let said = |factor| times(Language::En, factor);
        assert_eq!(said(12.4), "12");
        assert_eq!(said(100.0), "100");
        assert_eq!(said(1_333.3), "1300");
    }

    fn edited(state: State, script: &str) -> State {
        let mut state = after(state, [Action::Edited(script.into())]);
        run(&mut state);
        state
    }

    /// The ends of the earlier run and of the axis in seconds, as long as the moment lasts.
    fn seconds(state: &State) -> Option<(u64, u64)> {
        let moment = state.moment.as_ref()?;
        let ends = (moment.before.run.trace().end, moment.axis_end);
        Some((
            ends.0.as_nanos() / 1_000_000_000,
            ends.1.as_nanos() / 1_000_000_000,
        ))
    }

    #[test]
    fn several_edits_are_compared_with_the_run_before_the_first() {
        let first = edited(ran(state()), "a: cpu 20\n");
        assert_eq!(seconds(&first), Some((4, 20)));
        let second = edited(first, "a: cpu 2\n");
        assert_eq!(seconds(&second), Some((4, 20)));
        let settled = after(second, [Action::MomentEnded]);
        assert_eq!(seconds(&settled), None);
        assert_eq!(seconds(&edited(settled, "a: cpu 3\n")), Some((2, 3)));
    }

    #[test]
    fn an_edit_without_effect_and_one_that_is_undone_have_no_moment() {
        let script = state().script.clone();
        let comment = edited(ran(state()), &format!("{script}# a comment\n"));
        assert_eq!(seconds(&comment), None);
        let undone = edited(edited(ran(state()), "a: cpu 9\n"), &script);
        assert_eq!((seconds(&undone), undone.total_change), (None, None));
    }

    #[test]
    fn a_drag_is_one_moment_however_long_it_takes() {
        let dragging = after(ran(state()), [Action::Dragging(true)]);
        let dragged = edited(dragging, "a: cpu 9\n");
        let held = after(dragged, [Action::MomentEnded]);
        assert_eq!(seconds(&held), Some((4, 9)));
        let released = after(held, [Action::Dragging(false), Action::MomentEnded]);
        assert_eq!(seconds(&released), None);
    }

    #[test]
    fn another_script_is_not_compared_but_the_change_of_a_lesson_is() {
        let lesson = Lesson::all().next().expect("there are 25").to_change();
        let mut opened = after(ran(state()), [Action::LessonOpened(lesson)]);
        run(&mut opened);
        assert_eq!((seconds(&opened), opened.total_change), (None, None));
        let told = after(opened, [Action::PredictionSkipped]);
        let mut tried = after(told, [Action::ChangeTried]);
        run(&mut tried);
        assert!(tried.moment.is_some());
    }

    #[test]
    fn the_total_of_a_run_that_was_cut_off_is_not_compared() {
        let cut_off = edited(ran(state()), "until 2s\na: cpu 9\n");
        assert_eq!(cut_off.total_change, None);
        assert!(cut_off.moment.is_some());
    }

    #[test]
    fn a_zoom_ends_the_moment() {
        let zoomed = after(edited(ran(state()), "a: cpu 9\n"), [Action::Zoomed(0.5)]);
        assert_eq!(seconds(&zoomed), None);
    }
}
