//! Cooperative long-running work: futures that yield after every slice of small steps.
//!
//! A slice is a number of steps, never a time, so the work does the same wherever it
//! runs. No waker is involved: the driver polls again, and decides how long it pauses
//! in between. The page lets the browser run between two polls; the command line and
//! tests use [`block_on`].

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Small steps (records, spans, pieces or instances) in a slice. They take under a
/// millisecond, so the page stays responsive at 60 frames a second.
pub const SLICE_ITEMS: usize = 4_096;

/// A boxed future, compiled once for all of its callers.
pub type BoxedWork<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Yields to the driver once.
pub async fn yield_now() {
    let mut has_yielded = false;
    poll_fn(|_| {
        if std::mem::replace(&mut has_yielded, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Calls `act` with each item and yields after every slice.
pub async fn for_each<T>(items: impl IntoIterator<Item = T>, mut act: impl FnMut(T)) {
    let mut items = items.into_iter();
    while run_slice(&mut items, &mut act) {
        yield_now().await;
    }
}

/// Runs one slice. Returns false when no items are left.
fn run_slice<T>(items: &mut impl Iterator<Item = T>, act: &mut impl FnMut(T)) -> bool {
    for _ in 0..SLICE_ITEMS {
        match items.next() {
            Some(item) => act(item),
            None => return false,
        }
    }
    true
}

/// Like `vec![item; count]`, but yields after every slice: filling a long vector takes
/// milliseconds too.
pub async fn filled_vec<T: Copy>(item: T, count: usize) -> Vec<T> {
    let mut filled = Vec::with_capacity(count);
    while filled.len() < count {
        let more = (count - filled.len()).min(SLICE_ITEMS);
        filled.resize(filled.len() + more, item);
        yield_now().await;
    }
    filled
}

/// Polls the work until it is done.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return done;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often the work yields before it is done.
    fn count_yields(work: impl Future) -> usize {
        let mut work = pin!(work);
        let mut context = Context::from_waker(Waker::noop());
        (0..)
            .find(|_| work.as_mut().poll(&mut context).is_ready())
            .expect("the work ends")
    }

    #[test]
    fn every_item_is_visited_once_and_in_order() {
        let mut visited = Vec::new();
        block_on(for_each(0..3 * SLICE_ITEMS + 5, |item| visited.push(item)));
        assert!(visited.into_iter().eq(0..3 * SLICE_ITEMS + 5));
    }

    #[test]
    fn work_yields_after_every_slice() {
        assert_eq!(count_yields(for_each(0..SLICE_ITEMS - 1, |_| ())), 0);
        assert_eq!(count_yields(for_each(0..10 * SLICE_ITEMS - 1, |_| ())), 9);
        assert_eq!(count_yields(filled_vec(7, 10 * SLICE_ITEMS)), 10);
    }

    #[test]
    fn a_filled_vector_has_the_requested_length() {
        for count in [0, 1, SLICE_ITEMS, SLICE_ITEMS + 1] {
            assert_eq!(block_on(filled_vec(7, count)), vec![7; count]);
        }
    }
}
