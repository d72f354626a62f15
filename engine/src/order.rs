//! Putting things in order by a number, equal ones staying as they were.
//!
//! One sort for every type: the standard library's is compiled again for each,
//! four kilobytes a time, and a visitor downloads all of them.

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
