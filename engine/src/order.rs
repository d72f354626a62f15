//! Putting things in order by a number, equal ones staying as they were.
//!
//! One sort for every type: the standard library's is compiled again for each,
//! four kilobytes a time, and a visitor downloads all of them.

use crate::slices::{self, SLICE};

/// Sorts by a number of each item.
pub fn sort_by_number<T>(items: &mut [T], number: impl Fn(&T) -> u64) {
    if items.is_sorted_by_key(&number) {
        return;
    }
    let mut places: Vec<Place> = items
        .iter()
        .enumerate()
        .map(|(place, item)| (number(item), place as u32))
        .collect();
    sort(&mut places);
    arrange(items, &mut places);
}

/// A number, and where its item is; no two are equal.
type Place = (u64, u32);

fn sort(places: &mut [Place]) {
    places.sort_unstable();
}

/// Moves every item to its place, one cycle of exchanges after the other.
fn arrange<T>(items: &mut [T], places: &mut [Place]) {
    for first in 0..places.len() {
        let mut to = first;
        loop {
            let from = places[to].1 as usize;
            places[to].1 = to as u32;
            if from == first || from == to {
                break;
            }
            items.swap(to, from);
            to = from;
        }
    }
}

/// Sorts numbers, a slice at a time: slices first, then neighbours are merged.
pub async fn sort_in_slices(numbers: &mut Vec<u64>) {
    for part in numbers.chunks_mut(SLICE) {
        part.sort_unstable();
        slices::pause().await;
    }
    let count = numbers.len();
    let mut merged = match count {
        0..=SLICE => return,
        _ => slices::repeated(0, count).await,
    };
    let mut width = SLICE;
    while width < count {
        for start in (0..count).step_by(2 * width) {
            let middle = (start + width).min(count);
            let end = (middle + width).min(count);
            let (mut left, mut right) = (start, middle);
            slices::each(&mut merged[start..end], |place| {
                let is_left = right == end || (left < middle && numbers[left] <= numbers[right]);
                let next = if is_left { &mut left } else { &mut right };
                *place = numbers[*next];
                *next += 1;
            })
            .await;
        }
        std::mem::swap(numbers, &mut merged);
        width *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_ones_stay_as_they_were() {
        let mut words = ["bb", "a", "cc", "d", "aa"];
        sort_by_number(&mut words, |word| word.len() as u64);
        assert_eq!(words, ["a", "d", "bb", "cc", "aa"]);
    }

    #[test]
    fn numbers_are_sorted_across_slices() {
        for count in [0, 1, SLICE, SLICE + 1, 2 * SLICE, 5 * SLICE + 7] {
            // A generator of full period.
            let step = |number: &u64| {
                Some(
                    number
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1),
                )
            };
            let mut ours: Vec<u64> = std::iter::successors(Some(1), step).take(count).collect();
            let mut theirs = ours.clone();
            slices::whole(sort_in_slices(&mut ours));
            theirs.sort_unstable();
            assert_eq!(ours, theirs);
        }
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_a_stable_sort(numbers in prop::collection::vec(0_u64..20, 0..60)) {
            let mut ours: Vec<(u64, usize)> = numbers.into_iter().zip(0..).collect();
            let mut theirs = ours.clone();
            sort_by_number(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
