//! Small changes of an input: bytes, words, numbers, lines, and halves of two inputs.

use std::ops::Range;

use crate::rng::Rng;

/// The greatest length. Longer inputs take longer and find no more failures.
const BYTES_MAX: usize = 4_096;
/// Numbers at the limits of types and of the language.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "9",
    "64",
    "65",
    "100",
    "255",
    "256",
    "1000",
    "9999",
    "10000",
    "65535",
    "65536",
    "86400",
    "4294967295",
    "4294967296",
    "4294967297",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "0.1",
    "1e300",
    "-1",
];

/// The input after one to eight changes.
pub(super) fn mutated(base: &[u8], other: &[u8], words: &[&str], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = base.to_vec();
    for _ in 0..rng.between(1, 8) {
        change(&mut bytes, other, words, rng);
        // After each change: copies could double the length eight times.
        bytes.truncate(BYTES_MAX);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], words: &[&str], rng: &mut Rng) {
    let at = rng.below(bytes.len() + 1);
    match rng.below(12) {
        0 => drop(bytes.drain(stretch(bytes, rng))),
        1 => {
            let copied = bytes[stretch(bytes, rng)].to_vec();
            insert(bytes, at, &copied);
        }
        2..=4 => insert(bytes, at, rng.pick(words).as_bytes()),
        5 | 6 => {
            if let Some(digits) = number_from(bytes, at) {
                bytes.splice(digits, rng.pick(NUMBERS).bytes());
            }
        }
        7 => {
            let tail = &other[rng.below(other.len() + 1)..];
            bytes.truncate(at);
            bytes.extend_from_slice(tail);
        }
        8 => {
            let part = other[stretch(other, rng)].to_vec();
            insert(bytes, at, &part);
        }
        9 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.below(8);
            }
        }
        10 => drop(bytes.drain(line(bytes, at))),
        _ => {
            let copied = bytes[line(bytes, at)].to_vec();
            let to = line(bytes, rng.below(bytes.len() + 1)).start;
            insert(bytes, to, &copied);
        }
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// A random range, usually short.
fn stretch(bytes: &[u8], rng: &mut Rng) -> Range<usize> {
    let start = rng.below(bytes.len() + 1);
    let longest = rng.pick(&[2, 8, 64, 1_000]);
    let end = (start + rng.below(longest)).min(bytes.len());
    start..end
}

/// The line around a byte, with its line break.
fn line(bytes: &[u8], at: usize) -> Range<usize> {
    let is_end = |byte: &u8| *byte == b'\n';
    let start = bytes[..at].iter().rposition(is_end);
    let end = bytes[at..].iter().position(is_end);
    start.map_or(0, |start| start + 1)..end.map_or(bytes.len(), |end| at + end + 1)
}

/// The digits of the next number.
fn number_from(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let start = at + bytes[at..].iter().position(u8::is_ascii_digit)?;
    let digits = bytes[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    Some(start..start + digits.count())
}
