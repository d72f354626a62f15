//! A small DEFLATE compressor (RFC 1951): one block with the fixed code, and back-references.
//!
//! For texts of a few kilobytes. A dynamic code would make long links a tenth shorter, but cost
//! more bytes than that in the page's program.

use super::inflate::{LENGTH_BITS, LENGTHS, distance_base};

/// The greatest distance of a back-reference in the format, in bytes.
const WINDOW: usize = 32 * 1024;
/// The least length of a back-reference in the format.
const SHORTEST: usize = 3;
/// The greatest length of a back-reference in the format.
const LONGEST: usize = 258;
/// Earlier places to compare for each position. It bounds the time on repetitive input.
const TRIES_MAX: usize = 64;
const HASH_BITS: u32 = 12;
const NOWHERE: u32 = u32::MAX;

pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut bits = BitWriter::default();
    // One bit for the last block, two for the fixed code.
    bits.write_bits(0b011, 3);
    let mut places = Places::new(bytes);
    let mut at = 0;
    while at < bytes.len() {
        let found = places.longest_match(at).filter(|&(length, _)| {
            // Lazy matching: if the next byte begins a longer match, this byte is a literal.
            let next = places.longest_match(at + 1);
            next.is_none_or(|(longer, _)| longer <= length)
        });
        let length = match found {
            Some((length, back)) => {
                bits.write_match(length, back);
                length
            }
            None => {
                bits.write_literal(usize::from(bytes[at]));
                1
            }
        };
        (at..at + length).for_each(|place| places.add_place(place));
        at += length;
    }
    // The symbol for the end of the block.
    bits.write_literal(256);
    bits.finish()
}

/// Earlier places of each hash of three bytes, in chains.
struct Places<'a> {
    bytes: &'a [u8],
    /// By hash: the latest place.
    last: Vec<u32>,
    /// By place: the previous place with the same hash.
    before: Vec<u32>,
}

impl<'a> Places<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            last: vec![NOWHERE; 1 << HASH_BITS],
            before: vec![NOWHERE; bytes.len()],
        }
    }

    fn hash_at(&self, at: usize) -> Option<usize> {
        let [a, b, c] = *self.bytes.get(at..)?.first_chunk()?;
        // Fibonacci hashing: the multiplier is 2³² divided by the golden ratio.
        let mixed = u32::from_le_bytes([a, b, c, 0]).wrapping_mul(0x9e37_79b1);
        Some((mixed >> (32 - HASH_BITS)) as usize)
    }

    /// Adds a place, so that later positions can refer to it.
    fn add_place(&mut self, at: usize) {
        if let Some(hash) = self.hash_at(at) {
            self.before[at] = self.last[hash];
            self.last[hash] = at as u32;
        }
    }

    /// The longest match for the bytes at `at`: its length, and its distance backwards.
    fn longest_match(&self, at: usize) -> Option<(usize, usize)> {
        let mut best = None;
        let mut place = self.last[self.hash_at(at)?];
        for _ in 0..TRIES_MAX {
            if place == NOWHERE || at - place as usize > WINDOW {
                break;
            }
            let length = self.match_length(place as usize, at);
            if length >= SHORTEST && best.is_none_or(|(longest, _)| length > longest) {
                best = Some((length, at - place as usize));
            }
            if length == LONGEST {
                break;
            }
            place = self.before[place as usize];
        }
        best
    }

    fn match_length(&self, place: usize, at: usize) -> usize {
        let pairs = self.bytes[place..].iter().zip(&self.bytes[at..]);
        pairs
            .take(LONGEST)
            .take_while(|(earlier, now)| earlier == now)
            .count()
    }
}

/// A bit stream; the lowest bit of each byte comes first.
#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    pending: u32,
    count: u32,
}

impl BitWriter {
    fn write_bits(&mut self, value: usize, count: u32) {
        self.pending |= (value as u32) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.pending as u8);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    /// Writes a prefix code. Unlike numbers, codes begin with their highest bit.
    fn write_code(&mut self, code: usize, count: u32) {
        self.write_bits(code.reverse_bits() >> (usize::BITS - count), count);
    }

    /// Writes a symbol in the fixed code of RFC 1951, section 3.2.6.
    fn write_literal(&mut self, symbol: usize) {
        match symbol {
            0..144 => self.write_code(0x30 + symbol, 8),
            144..256 => self.write_code(0x190 + symbol - 144, 9),
            256..280 => self.write_code(symbol - 256, 7),
            _ => self.write_code(0xc0 + symbol - 280, 8),
        }
    }

    fn write_match(&mut self, length: usize, back: usize) {
        let kind = LENGTHS.partition_point(|&least| usize::from(least) <= length) - 1;
        self.write_literal(257 + kind);
        self.write_bits(
            length - usize::from(LENGTHS[kind]),
            u32::from(LENGTH_BITS[kind]),
        );
        let kind = (0..30)
            .rfind(|&kind| distance_base(kind).0 <= back)
            .unwrap_or(0);
        let (least, more) = distance_base(kind);
        self.write_code(kind, 5);
        self.write_bits(back - least, more);
    }

    fn finish(mut self) -> Vec<u8> {
        // Seven zero bits complete the last byte. If it is complete already, they stay pending.
        self.write_bits(0, 7);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::super::inflate::inflate;
    use super::*;
    use miniz_oxide::inflate::decompress_to_vec;
    use proptest::prelude::*;

    #[test]
    fn repetitions_are_found() {
        let text = "async def order: await 1s\n".repeat(1000);
        assert!(deflate(text.as_bytes()).len() < 300);
    }

    proptest! {
        #[test]
        fn others_inflate_it_too(content in prop::collection::vec(0_u8..5, 0..3000)) {
            let deflated = deflate(&content);
            prop_assert_eq!(inflate(&deflated, 3000), Ok(content.clone()));
            prop_assert_eq!(decompress_to_vec(&deflated).ok(), Some(content));
        }

        #[test]
        fn any_bytes_come_back(content in prop::collection::vec(any::<u8>(), 0..600)) {
            prop_assert_eq!(decompress_to_vec(&deflate(&content)).ok(), Some(content));
        }
    }
}
