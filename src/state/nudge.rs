//! Slightly longer or shorter durations, for dragging a number in the editor or a bar's edge.

use model::time::SimDuration;

/// Six decimal places are kept while calculating.
const SCALE: i64 = 1_000_000;

/// Changes a duration as written in a script; its unit stays. A step is 1 % of the next power
/// of ten, e.g. 0.1 for 3 and 10 for 500.
pub(crate) fn nudged(text: &str, steps: i32) -> Option<String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let value = scaled(number)?;
    let magnitude = 10_i64.pow(value.max(1).ilog10());
    let step = (magnitude / 10).max(1);
    let moved = value.saturating_add(step.saturating_mul(i64::from(steps)));
    Some(format!("{}{unit}", written(moved.max(0) / step * step)))
}

/// The duration, rounded to 0.1 %, in the notation of `like`: without a unit if `like` has none.
pub(crate) fn written_like(like: &str, length: SimDuration) -> String {
    let nanos = length.as_nanos();
    let step = 10_u64.pow(nanos.checked_ilog10().unwrap_or(0).saturating_sub(2));
    let rounded = SimDuration::from_nanos((nanos + step / 2) / step * step);
    let bare = like
        .trim()
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == '_');
    if bare {
        written((rounded.as_nanos() / 1_000) as i64)
    } else {
        rounded.to_string()
    }
}

fn scaled(number: &str) -> Option<i64> {
    let number = number.replace('_', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    let whole: i64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let fraction = format!("{fraction:0<6}");
    let fraction: i64 = fraction.get(..6)?.parse().ok()?;
    whole
        .checked_mul(SCALE)?
        .checked_add(fraction)
        .filter(|_| number.len() < 20 && !number.is_empty())
}

fn written(value: i64) -> String {
    let fraction = format!("{:06}", value % SCALE);
    match fraction.trim_end_matches('0') {
        "" => (value / SCALE).to_string(),
        digits => format!("{}.{digits}", value / SCALE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, steps: i32, expected: &str) {
        assert_eq!(nudged(text, steps).as_deref(), Some(expected));
    }

    #[test]
    fn a_step_suits_the_size_of_the_number_and_the_unit_stays() {
        check("3", 1, "3.1");
        check("3s", -1, "2.9s");
        check("500ms", 2, "520ms");
        check("150ms", 1, "160ms");
        check("1.25s", 1, "1.3s");
        check("10초", 1, "11초");
        check("0", 1, "0.000001");
        check("2", -50, "0");
    }

    #[test]
    fn what_is_no_number_is_left_alone() {
        assert_eq!(nudged("", 1), None);
        assert_eq!(nudged("s", 1), None);
        assert_eq!(nudged("99999999999999999999999999", 1), None);
    }

    #[test]
    fn a_length_is_written_as_its_neighbour_was() {
        let length = SimDuration::from_millis(2_345);
        assert_eq!(written_like("4", length), "2.35");
        assert_eq!(written_like("4s", length), "2.35s");
        assert_eq!(written_like("400ms", SimDuration::from_millis(90)), "90ms");
    }
}
