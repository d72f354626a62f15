//! Numbers with a fraction, as text.
//!
//! The standard library's formatting handles every size and precision, which would add 8 KB to
//! the download.

/// Rounds to `places` decimal places.
pub(crate) fn with_places(value: f64, places: usize) -> String {
    let scale = 10_u64.pow(places as u32);
    let scaled = (value.abs() * scale as f64).round() as u64;
    let sign = if value < 0.0 && scaled > 0 { "-" } else { "" };
    let (whole, fraction) = (scaled / scale, scaled % scale);
    match places {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{fraction:0places$}"),
    }
}

/// A length in a picture: at most three decimal places, without trailing zeros.
pub(crate) fn measure(value: f64) -> String {
    let text = with_places(value, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(value: f64, places: usize, expected: &str) {
        assert_eq!(with_places(value, places), expected);
    }

    #[test]
    fn places_are_kept_and_the_last_is_rounded() {
        check(0.0, 2, "0.00");
        check(1.5, 2, "1.50");
        check(1.006, 2, "1.01");
        check(0.999, 2, "1.00");
        check(99.6, 0, "100");
        check(-0.25, 1, "-0.3");
        check(-0.001, 2, "0.00");
    }

    #[test]
    fn measures_are_short() {
        for (value, expected) in [
            (0.0, "0"),
            (10.0, "10"),
            (0.7, "0.7"),
            (-12.25, "-12.25"),
            (1.0 / 3.0, "0.333"),
        ] {
            assert_eq!(measure(value), expected);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_it_was(value in -1e6..1e6) {
            let read: f64 = measure(value).parse().expect("a number");
            prop_assert!((read - value).abs() <= 0.000_5 + 1e-9);
        }
    }
}
