//! The delay of automatic saving. `browser/app/keeping.rs` has the timer.

/// Milliseconds without a keystroke after which the script is stored.
const PAUSE_MS: f64 = 500.0;
/// Milliseconds after which it is stored even during typing: a crash loses at most that much.
const WAIT_MAX_MS: f64 = 2_000.0;

/// The delay from an edit to the next save; `unsaved_for_ms` is the age of the oldest unsaved edit.
pub(crate) fn delay_ms(unsaved_for_ms: f64) -> f64 {
    PAUSE_MS.min((WAIT_MAX_MS - unsaved_for_ms).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_without_a_pause_is_stored_all_the_same() {
        let due = |unsaved_for_ms| unsaved_for_ms + delay_ms(unsaved_for_ms);
        assert_eq!(due(0.0), 500.0);
        assert_eq!(due(1_400.0), 1_900.0);
        assert_eq!(due(1_900.0), 2_000.0);
        assert_eq!(due(5_000.0), 5_000.0);
    }
}
