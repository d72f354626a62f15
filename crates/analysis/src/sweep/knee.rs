//! The knee of a sweep: the point from which on a metric grows quickly, or hardly falls any more.

/// The least depth of a knee, as a part of the metric's range: 15 %. A straight line with some noise
/// has none.
const DEPTH: (i128, i128) = (15, 100);

/// The index of the point that is farthest below the straight line from the first point to the last;
/// the first one of equals. E.g. 1 for 1, 1, 2, 3: up to there more requests cost nothing.
///
/// Points count as equally far apart, because a wide range is geometric.
pub fn knee(values: &[u64]) -> Option<usize> {
    let last = values.len().checked_sub(1).filter(|last| *last >= 2)? as i128;
    let at = |index: usize| i128::from(values[index]);
    let (first, end) = (at(0), at(values.len() - 1));
    let (least, most) = (values.iter().min()?, values.iter().max()?);
    let range = i128::from(*most) - i128::from(*least);
    // Everything times `last`, so that the line needs no division.
    let depth = |index: usize| first * last + (end - first) * index as i128 - at(index) * last;
    let deepest = (1..values.len() - 1)
        .rev()
        .max_by_key(|index| depth(*index))?;
    let (part, whole) = DEPTH;
    (depth(deepest) * whole >= range * last * part && range > 0).then_some(deepest)
}

#[cfg(test)]
mod tests {
    use super::knee;

    #[track_caller]
    fn check(values: &[u64], expected: Option<usize>) {
        assert_eq!(knee(values), expected, "{values:?}");
    }

    #[test]
    fn where_a_metric_begins_to_grow_is_a_knee() {
        check(&[1, 1, 2, 2, 3], Some(1));
        check(&[10, 10, 10, 10, 50, 200], Some(3));
    }

    #[test]
    fn where_a_metric_hardly_falls_any_more_is_a_knee() {
        check(&[100, 50, 20, 15, 12, 10], Some(2));
    }

    #[test]
    fn a_line_or_a_constant_has_no_knee() {
        check(&[1, 2, 3, 4, 5], None);
        check(&[5, 5, 5, 5], None);
        check(&[1, 9], None);
        check(&[], None);
        check(&[100, 203, 299, 401], None);
    }

    #[test]
    fn the_largest_times_do_not_overflow() {
        check(&[1, 1, u64::MAX], Some(1));
    }
}
