//! The instants of a log, each with the number of its first record.
//!
//! Instants are stored in blocks: the first of a block in full, each later one as an offset of
//! 6 bytes. The instants of 40 million records, each at an instant of its own, take 240 MB
//! instead of 640 MB with 16 bytes each. The records themselves are in `log`.

use crate::time::SimTime;

/// Instants in a block: large enough that the header of a block does not matter, small enough
/// that growing a block copies little.
const INSTANTS_PER_BLOCK: usize = 1 << 13;

/// An instant and the number of its first record.
pub(crate) type Instant = (SimTime, u32);

/// All instants of a log, ascending in time and in number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Instants {
    blocks: Vec<InstantBlock>,
    last: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq)]
struct InstantBlock {
    /// How many instants are in the blocks before this one.
    begin: usize,
    first: Instant,
    /// For each instant after the first, the nanoseconds since the first.
    nanos: Vec<u32>,
    /// For each instant after the first, the records since the first.
    records: Vec<u16>,
}

impl Instants {
    /// Adds an instant, which must be later than all others.
    pub(super) fn push(&mut self, (at, number): Instant) {
        let is_added = match self.blocks.last_mut() {
            Some(block) => block.push((at, number)).is_some(),
            None => false,
        };
        if !is_added {
            let begin = self.len();
            if let Some(full) = self.blocks.last_mut() {
                full.nanos.shrink_to_fit();
                full.records.shrink_to_fit();
            }
            self.blocks.push(InstantBlock {
                begin,
                first: (at, number),
                nanos: Vec::new(),
                records: Vec::new(),
            });
        }
        self.last = Some((at, number));
    }

    pub(super) fn len(&self) -> usize {
        self.blocks
            .last()
            .map_or(0, |block| block.begin + block.len())
    }

    pub(super) fn last(&self) -> Option<Instant> {
        self.last
    }

    /// The instant with this index.
    pub(super) fn get(&self, index: usize) -> Option<Instant> {
        let block = self.blocks.partition_point(|block| block.begin <= index);
        let block = self.blocks.get(block.checked_sub(1)?)?;
        block.get(index - block.begin)
    }

    /// The instants from this index on.
    pub(super) fn iter_from(&self, index: usize) -> impl Iterator<Item = Instant> + '_ {
        let block = self.blocks.partition_point(|block| block.begin <= index);
        let block = block.saturating_sub(1);
        let begin = self.blocks.get(block).map_or(0, |block| block.begin);
        let instants = self.blocks[block..].iter().flat_map(InstantBlock::iter);
        instants.skip(index - begin)
    }

    /// How many instants come before the first for which `is_after` is true. It must be true for
    /// all later ones too.
    pub(super) fn count_until(&self, is_after: impl Fn(Instant) -> bool) -> usize {
        let block = self.blocks.partition_point(|block| !is_after(block.first));
        let Some(block) = block.checked_sub(1).map(|block| &self.blocks[block]) else {
            return 0;
        };
        let (mut low, mut high) = (1, block.len());
        while low < high {
            let middle = low.midpoint(high);
            if block.get(middle).is_some_and(&is_after) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        block.begin + low
    }
}

impl InstantBlock {
    fn len(&self) -> usize {
        1 + self.nanos.len()
    }

    /// `None` if the block is full or the offset too large.
    fn push(&mut self, (at, number): Instant) -> Option<()> {
        let nanos = u32::try_from(at.since(self.first.0).as_nanos()).ok()?;
        let records = u16::try_from(number - self.first.1).ok()?;
        (self.len() < INSTANTS_PER_BLOCK).then(|| {
            self.nanos.push(nanos);
            self.records.push(records);
        })
    }

    fn get(&self, index: usize) -> Option<Instant> {
        let Some(offset) = index.checked_sub(1) else {
            return Some(self.first);
        };
        let (at, number) = self.first;
        let nanos = u64::from(*self.nanos.get(offset)?);
        let records = u32::from(*self.records.get(offset)?);
        Some((SimTime::from_nanos(at.as_nanos() + nanos), number + records))
    }

    fn iter(&self) -> impl Iterator<Item = Instant> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks instants with these distances in time and in records, in turn.
    #[track_caller]
    fn check(nanos: &[u64], records: &[u32]) {
        let (mut at, mut number) = (0, 0);
        let pushed: Vec<Instant> = (0..3 * INSTANTS_PER_BLOCK + 5)
            .map(|index| {
                let instant = (SimTime::from_nanos(at), number);
                at += nanos[index % nanos.len()];
                number += records[index % records.len()];
                instant
            })
            .collect();
        let mut instants = Instants::default();
        pushed.iter().for_each(|instant| instants.push(*instant));
        assert_eq!(instants.len(), pushed.len());
        assert_eq!(instants.last(), pushed.last().copied());
        assert!(instants.iter_from(0).eq(pushed.iter().copied()));
        for index in [
            0,
            1,
            INSTANTS_PER_BLOCK - 1,
            INSTANTS_PER_BLOCK,
            INSTANTS_PER_BLOCK + 1,
            2 * INSTANTS_PER_BLOCK + 7,
            pushed.len() - 1,
        ] {
            assert_eq!(instants.get(index), Some(pushed[index]), "{index}");
            assert!(
                instants
                    .iter_from(index)
                    .eq(pushed[index..].iter().copied())
            );
            let (time, number) = pushed[index];
            assert_eq!(instants.count_until(|(at, _)| at >= time), index);
            assert_eq!(instants.count_until(|(_, first)| first > number), index + 1);
        }
        assert_eq!(instants.get(pushed.len()), None);
        assert_eq!(instants.iter_from(pushed.len()).next(), None);
    }

    #[test]
    fn instants_at_any_distance_are_read_back() {
        check(&[1], &[1]);
        check(&[1, 5_000_000_000, 3], &[2]);
        check(&[u64::from(u32::MAX), 1], &[1, 70_000]);
        check(&[10_000_000_000], &[1]);
    }

    #[test]
    fn an_empty_log_has_no_instants() {
        let instants = Instants::default();
        assert_eq!(
            (instants.len(), instants.last(), instants.get(0)),
            (0, None, None)
        );
        assert_eq!(instants.iter_from(0).next(), None);
        assert_eq!(instants.count_until(|_| true), 0);
    }
}
