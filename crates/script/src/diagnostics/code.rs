//! The codes of diagnostics.

use super::Problem;
use crate::diagnostic::Severity;

/// The stable name of a diagnostic, e.g. `L201`. Only its entry makes it.
///
/// The first digit is the group: L0 the text, L1 the shape, L2 values, L3 names, L4 the meaning,
/// L5 warnings. A number is never used again for another diagnostic, since people search for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub(super) &'static str);

impl Code {
    /// The codes of all entries, by group.
    pub fn all() -> impl Iterator<Item = Self> {
        let entries = Problem::EXPLANATIONS.iter().copied().flatten();
        entries.map(|(code, _)| *code)
    }

    /// The code of a name in upper or lower case, e.g. `l201`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|code| code.0.eq_ignore_ascii_case(name))
    }

    pub const fn as_str(self) -> &'static str {
        self.0
    }

    pub const fn severity(self) -> Severity {
        match self.0.as_bytes() {
            [b'L', b'5', ..] => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Its digits as a number, e.g. `L201` → 201.
    pub(crate) fn number(self) -> u64 {
        let digits = self.0.bytes().filter(u8::is_ascii_digit);
        digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Code;

    #[test]
    fn no_two_diagnostics_share_a_code() {
        let distinct: BTreeSet<_> = Code::all().collect();
        assert_eq!(distinct.len(), Code::all().count());
    }

    #[test]
    fn a_code_is_a_letter_and_three_digits() {
        for code in Code::all() {
            assert_eq!(format!("L{:03}", code.number()), code.as_str());
        }
    }
}
