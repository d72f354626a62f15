//! Long work that can be laid down for a while: whoever drives it may do something
//! else between two slices.
//!
//! A slice is a number of small steps, never a time, so that the work does the same
//! wherever it runs. The work is a future that nobody wakes: it is driven by asking
//! again. How long to wait in between is the driver's business.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Small steps (records, spans, pieces, instances) in a slice: under a millisecond.
pub const SLICE: usize = 4_096;

/// Work whose type is forgotten, so that it is compiled once for all who drive it.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Lays the work down once.
pub async fn pause() {
    let mut is_paused = false;
    poll_fn(|_| match std::mem::replace(&mut is_paused, true) {
        false => Poll::Pending,
        true => Poll::Ready(()),
    })
    .await;
}

/// Does something with each of many items, a slice at a time.
pub async fn each<T>(items: impl IntoIterator<Item = T>, mut act: impl FnMut(T)) {
    let mut items = items.into_iter();
    while slice_of(&mut items, &mut act) {
        pause().await;
    }
}

/// False when nothing is left.
fn slice_of<T>(items: &mut impl Iterator<Item = T>, act: &mut impl FnMut(T)) -> bool {
    for _ in 0..SLICE {
        match items.next() {
            Some(item) => act(item),
            None => return false,
        }
    }
    true
}

/// So many equal items: a long vector costs time too.
pub async fn repeated<T: Copy>(item: T, count: usize) -> Vec<T> {
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let more = (count - all.len()).min(SLICE);
        all.resize(all.len() + more, item);
        pause().await;
    }
    all
}

/// Does all of the work in one go.
pub fn whole<T>(work: impl Future<Output = T>) -> T {
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

    /// How often work is laid down before it is done.
    fn pauses(work: impl Future) -> usize {
        let mut work = pin!(work);
        let mut context = Context::from_waker(Waker::noop());
        (0..)
            .find(|_| work.as_mut().poll(&mut context).is_ready())
            .expect("it ends")
    }

    #[test]
    fn each_item_is_met_once_and_in_order() {
        let mut met = Vec::new();
        whole(each(0..3 * SLICE + 5, |item| met.push(item)));
        assert!(met.into_iter().eq(0..3 * SLICE + 5));
    }

    #[test]
    fn work_is_laid_down_after_every_slice() {
        assert_eq!(pauses(each(0..SLICE - 1, |_| ())), 0);
        assert_eq!(pauses(each(0..10 * SLICE - 1, |_| ())), 9);
        assert_eq!(pauses(repeated(7, 10 * SLICE)), 10);
    }

    #[test]
    fn what_is_repeated_is_as_long_as_asked() {
        for count in [0, 1, SLICE, SLICE + 1] {
            assert_eq!(whole(repeated(7, count)), vec![7; count]);
        }
    }
}
