//! A small DEFLATE decompressor (RFC 1951) with a bound on the output.
//!
//! Reads the output of any compressor. It reads codes bit by bit, which is fast enough for the
//! few kilobytes of a link. Invalid input gives an error, never a panic.

/// Reasons why the content cannot be decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InflateError {
    Damaged,
    /// The content exceeds the bound. No more memory than the bound was used.
    TooLong,
}

/// The longest code in the format, in bits.
const CODE_BITS_MAX: usize = 15;
const LITERALS: usize = 288;
const DISTANCES: usize = 30;
const END_OF_BLOCK: usize = 256;

/// The number of extra bits of each length symbol.
pub(super) const LENGTH_BITS: [u8; 29] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
/// The smallest length of each symbol.
pub(super) const LENGTHS: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];

/// The smallest distance of a distance symbol, and its number of extra bits: 4 → (5, 1).
pub(super) fn distance_base(symbol: usize) -> (usize, u32) {
    let bits = (symbol / 2).saturating_sub(1) as u32;
    match symbol {
        0..2 => (symbol + 1, 0),
        _ => (((2 + symbol % 2) << bits) + 1, bits),
    }
}

/// The order in which a dynamic block stores the lengths of its code-length codes.
const LENGTH_ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// Decompresses at most `most` bytes.
pub(super) fn inflate(bytes: &[u8], most: usize) -> Result<Vec<u8>, InflateError> {
    let mut bits = BitReader { bytes, at: 0 };
    let mut out = Vec::new();
    loop {
        let last = bits.read_bits(1)? == 1;
        match bits.read_bits(2)? {
            0 => inflate_stored(&mut bits, &mut out, most)?,
            1 => inflate_coded(&mut bits, &mut out, most, &PrefixCodes::fixed_codes())?,
            2 => {
                let codes = PrefixCodes::read(&mut bits)?;
                inflate_coded(&mut bits, &mut out, most, &codes)?;
            }
            _ => return Err(InflateError::Damaged),
        }
        if last {
            return Ok(out);
        }
    }
}

/// A bit stream; the lowest bit of each byte comes first.
struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl BitReader<'_> {
    fn read_bits(&mut self, count: u32) -> Result<usize, InflateError> {
        let mut value = 0;
        for place in 0..count {
            let byte = *self.bytes.get(self.at / 8).ok_or(InflateError::Damaged)?;
            value |= usize::from(byte >> (self.at % 8) & 1) << place;
            self.at += 1;
        }
        Ok(value)
    }

    fn skip_to_byte(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }
}

fn inflate_stored(
    bits: &mut BitReader<'_>,
    out: &mut Vec<u8>,
    most: usize,
) -> Result<(), InflateError> {
    bits.skip_to_byte();
    let length = bits.read_bits(16)?;
    // The format stores the length a second time, inverted.
    if bits.read_bits(16)? != !length & 0xffff {
        return Err(InflateError::Damaged);
    }
    for _ in 0..length {
        let byte = bits.read_bits(8)? as u8;
        push_byte(out, byte, most)?;
    }
    Ok(())
}

fn inflate_coded(
    bits: &mut BitReader<'_>,
    out: &mut Vec<u8>,
    most: usize,
    codes: &PrefixCodes,
) -> Result<(), InflateError> {
    loop {
        let symbol = codes.literals.read(bits)?;
        if symbol < END_OF_BLOCK {
            push_byte(out, symbol as u8, most)?;
            continue;
        }
        if symbol == END_OF_BLOCK {
            return Ok(());
        }
        let kind = symbol - END_OF_BLOCK - 1;
        let least = *LENGTHS.get(kind).ok_or(InflateError::Damaged)?;
        let length = usize::from(least) + bits.read_bits(u32::from(LENGTH_BITS[kind]))?;
        let kind = codes.distances.read(bits)?;
        if kind >= DISTANCES {
            return Err(InflateError::Damaged);
        }
        let (least, more) = distance_base(kind);
        let back = least + bits.read_bits(more)?;
        let from = out.len().checked_sub(back).ok_or(InflateError::Damaged)?;
        // Byte by byte, because a match may overlap its own output: distance 1 repeats a byte.
        for place in from..from + length {
            let byte = out[place];
            push_byte(out, byte, most)?;
        }
    }
}

fn push_byte(out: &mut Vec<u8>, byte: u8, most: usize) -> Result<(), InflateError> {
    if out.len() >= most {
        return Err(InflateError::TooLong);
    }
    out.push(byte);
    Ok(())
}

struct PrefixCodes {
    literals: PrefixCode,
    distances: PrefixCode,
}

impl PrefixCodes {
    fn fixed_codes() -> Self {
        let mut lengths = [8; LITERALS];
        lengths[144..256].fill(9);
        lengths[256..280].fill(7);
        Self {
            literals: PrefixCode::new(&lengths),
            distances: PrefixCode::new(&[5; DISTANCES]),
        }
    }

    /// Reads the codes of a dynamic block.
    fn read(bits: &mut BitReader<'_>) -> Result<Self, InflateError> {
        let literals = bits.read_bits(5)? + 257;
        let distances = bits.read_bits(5)? + 1;
        let count = bits.read_bits(4)? + 4;
        let mut lengths = [0; 19];
        for &place in &LENGTH_ORDER[..count] {
            lengths[place] = bits.read_bits(3)? as u8;
        }
        let code = PrefixCode::new(&lengths);
        let mut lengths: Vec<u8> = Vec::new();
        while lengths.len() < literals + distances {
            // 16 repeats the last length; 17 and 18 are runs of zeros.
            let (length, times) = match code.read(bits)? {
                16 => (
                    *lengths.last().ok_or(InflateError::Damaged)?,
                    3 + bits.read_bits(2)?,
                ),
                17 => (0, 3 + bits.read_bits(3)?),
                18 => (0, 11 + bits.read_bits(7)?),
                length => (length as u8, 1),
            };
            lengths.resize(lengths.len() + times, length);
        }
        if lengths.len() > literals + distances {
            return Err(InflateError::Damaged);
        }
        Ok(Self {
            literals: PrefixCode::new(&lengths[..literals]),
            distances: PrefixCode::new(&lengths[literals..]),
        })
    }
}

/// A canonical prefix code: the symbols in the order of their codes.
struct PrefixCode {
    /// The number of symbols of each code length.
    counts: [usize; CODE_BITS_MAX + 1],
    symbols: Vec<usize>,
}

impl PrefixCode {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; CODE_BITS_MAX + 1];
        let mut symbols = Vec::new();
        for (length, count) in counts.iter_mut().enumerate().skip(1) {
            let of_length = (0..lengths.len()).filter(|&at| usize::from(lengths[at]) == length);
            let before = symbols.len();
            symbols.extend(of_length);
            *count = symbols.len() - before;
        }
        Self { counts, symbols }
    }

    fn read(&self, bits: &mut BitReader<'_>) -> Result<usize, InflateError> {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in &self.counts[1..] {
            code = code << 1 | bits.read_bits(1)?;
            if code < first + count {
                // In an oversubscribed code, `code` may be below the first code of its length.
                let place = (index + code)
                    .checked_sub(first)
                    .ok_or(InflateError::Damaged)?;
                return self
                    .symbols
                    .get(place)
                    .copied()
                    .ok_or(InflateError::Damaged);
            }
            index += count;
            first = (first + count) << 1;
        }
        Err(InflateError::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use miniz_oxide::deflate::compress_to_vec;
    use miniz_oxide::inflate::decompress_to_vec_with_limit;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_another_deflated_is_inflated(content in prop::collection::vec(0_u8..6, 0..4000), level in 0_u8..10) {
            prop_assert_eq!(inflate(&compress_to_vec(&content, level), 4000), Ok(content));
        }

        /// Random bytes are an error, or both implementations agree.
        #[test]
        fn noise_is_survived(noise in prop::collection::vec(any::<u8>(), 0..200)) {
            if let (Ok(ours), Ok(theirs)) = (inflate(&noise, 1 << 16), decompress_to_vec_with_limit(&noise, 1 << 16)) {
                prop_assert_eq!(ours, theirs);
            }
        }
    }
}
