//! Stable sorting by a number, in one go or yielding between slices.
//!
//! Every type shares one instance of the sort. The standard library's is compiled again
//! for each type, about 4 KB a time, and every visitor downloads all of them.

use crate::cooperative::{self, SLICE_ITEMS};

/// Sorts by a number of each item; items with equal numbers keep their order.
pub fn sort_by_number<T>(items: &mut [T], number: impl Fn(&T) -> u64) {
    if items.is_sorted_by_key(&number) {
        return;
    }
    let mut keys: Vec<SortKey> = items
        .iter()
        .enumerate()
        .map(|(index, item)| (number(item), index as u32))
        .collect();
    sort_keys(&mut keys);
    permute(items, &mut keys);
}

/// The number of an item and its index. No two keys are equal, so an unstable sort of
/// the keys is a stable sort of the items.
type SortKey = (u64, u32);

fn sort_keys(keys: &mut [SortKey]) {
    keys.sort_unstable();
}

/// Moves every item to the position of its key, by swaps along the cycles of the
/// permutation.
fn permute<T>(items: &mut [T], keys: &mut [SortKey]) {
    debug_assert_eq!(items.len(), keys.len(), "one key for each item");
    for first in 0..keys.len() {
        let mut to = first;
        loop {
            let from = keys[to].1 as usize;
            // Marks this position as done: its item now comes from itself.
            keys[to].1 = to as u32;
            if from == first || from == to {
                break;
            }
            items.swap(to, from);
            to = from;
        }
    }
}

/// Sorts numbers and yields regularly: sorts each slice, then merges neighbours.
pub async fn sort_yielding(numbers: &mut Vec<u64>) {
    for part in numbers.chunks_mut(SLICE_ITEMS) {
        part.sort_unstable();
        cooperative::yield_now().await;
    }
    let count = numbers.len();
    if count <= SLICE_ITEMS {
        return;
    }
    let mut merged = cooperative::filled_vec(0, count).await;
    let mut width = SLICE_ITEMS;
    while width < count {
        for start in (0..count).step_by(2 * width) {
            let middle = (start + width).min(count);
            let end = (middle + width).min(count);
            let (mut left, mut right) = (start, middle);
            cooperative::for_each(&mut merged[start..end], |slot| {
                let is_left = right == end || (left < middle && numbers[left] <= numbers[right]);
                let next = if is_left { &mut left } else { &mut right };
                *slot = numbers[*next];
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
    fn equal_items_keep_their_order() {
        let mut words = ["bb", "a", "cc", "d", "aa"];
        sort_by_number(&mut words, |word| word.len() as u64);
        assert_eq!(words, ["a", "d", "bb", "cc", "aa"]);
    }

    #[test]
    fn numbers_are_sorted_across_slices() {
        for count in [
            0,
            1,
            SLICE_ITEMS,
            SLICE_ITEMS + 1,
            2 * SLICE_ITEMS,
            5 * SLICE_ITEMS + 7,
        ] {
            // Knuth's MMIX generator: its period is all of u64.
            let step = |number: &u64| {
                Some(
                    number
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1),
                )
            };
            let mut sorted: Vec<u64> = std::iter::successors(Some(1), step).take(count).collect();
            let mut expected = sorted.clone();
            cooperative::block_on(sort_yielding(&mut sorted));
            expected.sort_unstable();
            assert_eq!(sorted, expected);
        }
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_a_stable_sort(numbers in prop::collection::vec(0_u64..20, 0..60)) {
            let mut sorted: Vec<(u64, usize)> = numbers.into_iter().zip(0..).collect();
            let mut expected = sorted.clone();
            sort_by_number(&mut sorted, |item| item.0);
            expected.sort_by_key(|item| item.0);
            prop_assert_eq!(sorted, expected);
        }
    }
}
