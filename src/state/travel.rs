//! Moving in time: the cursor, steps of the log, playback, and the visible interval.

use super::{Cursor, State, View};
use chart::scene::viewport::WINDOW_MIN_NS;
use model::time::SimTime;

impl State {
    pub(super) fn end(&self) -> SimTime {
        self.shown
            .as_ref()
            .map_or(SimTime::ZERO, |shown| shown.run.trace().end)
    }

    /// Moves the cursor to an instant, after all events of it. At the start of the run it is
    /// before the first event, so that a learner can step through the events of 0 s, too.
    pub(super) fn move_to(&mut self, time: SimTime) {
        let at = time.min(self.end());
        let records = match &self.shown {
            Some(shown) if at > SimTime::ZERO => shown.records_until(at),
            _ => 0,
        };
        self.cursor = Cursor { at, records };
    }

    pub(super) fn step(&mut self, records: i64) {
        let Some(shown) = &self.shown else { return };
        self.playing = false;
        let to = (self.cursor.records as i64)
            .saturating_add(records)
            .clamp(0, shown.run.trace().log.len() as i64);
        self.cursor = Cursor {
            at: shown.time_after(to as usize),
            records: to as usize,
        };
    }

    pub(super) fn zoom(&mut self, factor: f64) {
        let end = self.end().as_nanos();
        let (start, stop) = self.view.window.map_or((0, end), |(start, stop)| {
            (start.as_nanos(), stop.as_nanos())
        });
        let length = (((stop - start) as f64 * factor) as u64).max(WINDOW_MIN_NS);
        if length >= end {
            self.view = View::default();
            return;
        }
        let cursor = self.cursor.at.as_nanos();
        // Around the cursor, unless it is still at the start.
        let middle = if cursor > 0 && (start..=stop).contains(&cursor) {
            cursor
        } else {
            start.midpoint(stop)
        };
        let start = middle.saturating_sub(length / 2).min(end - length);
        self.view.window = Some((
            SimTime::from_nanos(start),
            SimTime::from_nanos(start + length),
        ));
    }

    pub(super) fn toggle_play(&mut self) {
        if !self.playing && self.cursor.at >= self.end() {
            self.move_to(SimTime::ZERO);
        }
        self.playing = !self.playing && self.shown.is_some();
    }

    pub(super) fn tick(&mut self, seconds: f64) {
        let end = self.end();
        // Rounded up: in a run of a few nanoseconds a frame is shorter than one.
        let passed = (self.speed.rate(end.as_nanos()) * seconds).ceil();
        self.move_to(SimTime::from_nanos(
            self.cursor.at.as_nanos().saturating_add(passed as u64),
        ));
        self.playing = self.cursor.at < end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::action::Action;
    use crate::state::trial::{after, ran, state};

    #[test]
    fn as_many_steps_back_as_on_end_at_the_same_place() {
        let start = after(ran(state()), [Action::MovedTo(SimTime::ZERO)]);
        let on = after(start.clone(), (0..5).map(|_| Action::Stepped(1)));
        assert_ne!(on.cursor, start.cursor);
        let there = on.cursor;
        let back = after(on, (0..3).map(|_| Action::Stepped(-1)));
        let again = after(back, (0..3).map(|_| Action::Stepped(1)));
        assert_eq!(again.cursor, there);
    }

    #[test]
    fn playing_stops_at_the_end_and_starts_over() {
        let playing = after(ran(state()), [Action::PlayToggled, Action::Ticked(1e6)]);
        assert!(!playing.playing);
        assert_eq!(playing.cursor.at, playing.end());
        let again = after(playing, [Action::PlayToggled]);
        assert!(again.playing);
        assert_eq!(again.cursor.at, SimTime::ZERO);
    }

    #[test]
    fn a_run_begins_before_its_first_event() {
        let start = ran(state());
        assert_eq!(start.cursor, Cursor::default());
        let on = after(start.clone(), [Action::Stepped(1)]);
        assert_eq!((on.cursor.at, on.cursor.records), (SimTime::ZERO, 1));
        let back = after(on, [Action::MovedTo(SimTime::ZERO)]);
        assert_eq!(back.cursor, start.cursor);
    }

    /// Checks how many ticks of a tenth of a second the whole run takes.
    #[track_caller]
    fn check_ticks(script: &str, expected: usize) {
        let edited = after(state(), [Action::Edited(script.into())]);
        let mut state = after(ran(edited), [Action::PlayToggled]);
        let mut ticks = 0;
        while state.playing && ticks < 1_000 {
            state = after(state, [Action::Ticked(0.1)]);
            ticks += 1;
        }
        assert_eq!(ticks, expected, "{script}");
    }

    #[test]
    fn every_run_is_played_in_ten_seconds() {
        check_ticks("a: cpu 7ns\n", 7);
        check_ticks("a: cpu 21us\n", 100);
        check_ticks("a: await 20s\n", 100);
        check_ticks("a: await 20h\n", 100);
    }

    #[test]
    fn zooming_in_and_out_again_shows_everything() {
        let zoomed = after(ran(state()), [Action::Zoomed(0.5)]);
        assert!(zoomed.view.window.is_some());
        let out = after(zoomed, [Action::Zoomed(2.0), Action::Zoomed(2.0)]);
        assert_eq!(out.view, View::default());
    }
}
