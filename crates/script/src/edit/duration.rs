//! The text of a duration that is dragged: in the editor, or at the edge of a bar.

use crate::fragment::parse_quantity;
use model::limits::DURATION_MAX;
use model::time::SimDuration;

/// Decimal places that are kept of a number, e.g. 0.000001.
const PLACES: usize = 6;

/// Decimal places of a second that are a whole nanosecond.
const PLACES_OF_SECONDS: usize = 9;

/// Makes a duration of a script longer or shorter by so many steps; its unit stays. A step is 1 %
/// of the next power of ten, e.g. 0.1 for `3s` and 10 for `500ms`.
pub fn nudge_duration(text: &str, steps: i32) -> Option<String> {
    let quantity = parse_quantity(text).ok()?;
    let scale = 10_u128.pow(PLACES as u32);
    let unit = u128::from(quantity.unit.nanos());
    let scaled = |nanos: u64| u128::from(nanos) * scale / unit;
    let value = scaled(quantity.nanos);
    // No step is finer than a nanosecond: a script can hold nothing finer.
    let finest = (scale / unit).max(1);
    let step = (10_u128.pow(value.max(1).ilog10()) / 10).max(finest);
    let change = step * u128::from(steps.unsigned_abs());
    let moved = if steps < 0 {
        value.saturating_sub(change)
    } else {
        value + change
    };
    let moved = moved.min(scaled(DURATION_MAX.as_nanos())) / step * step;
    let (before, behind) = (quantity.number.start, quantity.number.end);
    Some(format!(
        "{}{}{}",
        text.get(..before as usize)?,
        decimal_text(moved, PLACES),
        text.get(behind as usize..)?,
    ))
}

/// The duration, rounded to 0.1 %: in its largest fitting unit, or in seconds without a unit.
pub(super) fn write_like(has_unit: bool, duration: SimDuration) -> String {
    let nanos = duration.min(DURATION_MAX).as_nanos();
    let step = 10_u64.pow(nanos.checked_ilog10().unwrap_or(0).saturating_sub(2));
    let rounded = SimDuration::from_nanos((nanos + step / 2) / step * step);
    if has_unit {
        rounded.to_string()
    } else {
        decimal_text(rounded.as_nanos().into(), PLACES_OF_SECONDS)
    }
}

/// A number with so many decimal places, without the zeros at its end.
fn decimal_text(value: u128, places: usize) -> String {
    let scale = 10_u128.pow(places as u32);
    let fraction = format!("{:0places$}", value % scale);
    match fraction.trim_end_matches('0') {
        "" => (value / scale).to_string(),
        digits => format!("{}.{digits}", value / scale),
    }
}
