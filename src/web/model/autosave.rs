//! When the script is stored while it is edited. The timer is `browser/app/keeping.rs`'s.

/// After so long without a keystroke the script is stored: a pause between two thoughts.
const PAUSE_MS: f64 = 500.0;
/// Also while typing goes on: a crash costs at most so much of it.
const WAIT_MAX_MS: f64 = 2_000.0;

/// How long to wait after an edit, if something has been unsaved for so long.
pub(in crate::web) fn delay_ms(unsaved_for_ms: f64) -> f64 {
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
