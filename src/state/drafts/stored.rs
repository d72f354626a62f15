//! The drafts as stored text, in this format and in the first one.
//!
//! A draft is a line with its origin, what replaced it, when, and the length of its text in
//! bytes; then the text, which may hold anything:
//!
//! ```text
//! reader lesson-3 1764474000000 9
//! a: cpu 1
//! ```

use super::{Draft, Drafts, ReplacedBy, ScriptOrigin, WallTime};

/// Later than any clock says; a damaged number would keep its draft the newest for ever.
const TIME_MAX_MS: u64 = 1 << 53;

impl Drafts {
    pub(crate) fn to_stored(&self) -> String {
        let mut stored = String::new();
        for draft in &self.0 {
            let (origin, replaced_by) = (draft.origin.word(), draft.replaced_by.word());
            let (at, length) = (draft.at.0, draft.text.len());
            stored += &format!("{origin} {replaced_by} {at} {length}\n{}", draft.text);
        }
        stored
    }

    /// A part that cannot be read ends the list, and is kept as a draft itself.
    pub(crate) fn from_stored(stored: &str) -> Self {
        Self::from_parts(stored, first_draft)
    }

    /// The first format: each text behind its length. It did not tell the reader's texts from
    /// those of links, so all count as the reader's.
    pub(crate) fn from_stored_v1(stored: &str) -> Self {
        Self::from_parts(stored, first_text_v1)
    }

    fn from_parts(mut stored: &str, first: fn(&str) -> Option<(Draft, &str)>) -> Self {
        let mut drafts = Self::default();
        while !stored.is_empty() {
            let (draft, rest) = first(stored).unwrap_or_else(|| (damaged(stored), ""));
            drafts.add(draft);
            stored = rest;
        }
        drafts.limit();
        drafts
    }
}

fn first_draft(stored: &str) -> Option<(Draft, &str)> {
    let (head, rest) = stored.split_once('\n')?;
    let mut words = head.split(' ');
    let origin = ScriptOrigin::from_word(words.next()?)?;
    let replaced_by = ReplacedBy::from_word(words.next()?)?;
    let at = words.next()?.parse().ok().filter(|at| *at < TIME_MAX_MS)?;
    let length = words.next()?.parse().ok()?;
    let (text, rest) = rest.split_at_checked(length)?;
    let draft = Draft {
        text: text.into(),
        origin,
        replaced_by,
        at: WallTime(at),
    };
    Some((draft, rest))
}

fn first_text_v1(stored: &str) -> Option<(Draft, &str)> {
    let (length, rest) = stored.split_once('\n')?;
    let (text, rest) = rest.split_at_checked(length.parse().ok()?)?;
    Some((of_unknown_time(text, ScriptOrigin::Reader), rest))
}

fn damaged(rest: &str) -> Draft {
    of_unknown_time(rest, ScriptOrigin::Damaged)
}

fn of_unknown_time(text: &str, origin: ScriptOrigin) -> Draft {
    Draft {
        text: text.into(),
        origin,
        replaced_by: ReplacedBy::default(),
        at: WallTime::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `origin:text` of each draft, the newest first.
    #[track_caller]
    fn check(drafts: &Drafts, expected: &[&str]) {
        let found = drafts.other_than("");
        let found = found.map(|draft| format!("{}:{}", draft.origin.word(), draft.text));
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn any_text_survives_being_stored() {
        let texts = ["파스타: cpu 3초\n", "reader - 3 1\nabc", "\u{0}", "a\r\nb"];
        let replaced_by = [
            ReplacedBy::Lesson(25),
            ReplacedBy::Unknown,
            ReplacedBy::Python,
            ReplacedBy::Draft,
        ];
        let mut drafts = Drafts::default();
        for (index, text) in texts.into_iter().enumerate() {
            drafts.keep(Draft {
                text: text.into(),
                origin: ScriptOrigin::Reader,
                replaced_by: replaced_by[index],
                at: WallTime(1_764_474_000_000),
            });
        }
        assert_eq!(Drafts::from_stored(&drafts.to_stored()), drafts);
    }

    #[test]
    fn what_an_earlier_version_stored_is_read_as_yours() {
        let old = Drafts::from_stored_v1("2\na\n13\n파스타: c\n");
        check(&old, &["reader:파스타: c\n", "reader:a\n"]);
        assert_eq!(Drafts::from_stored(&old.to_stored()), old);
    }

    #[test]
    fn of_a_damaged_list_the_whole_drafts_are_read_and_the_rest_is_kept_as_one() {
        check(
            &Drafts::from_stored("link - 7 1\nareader - 8 99\nb"),
            &["link:a", "damaged:reader - 8 99\nb"],
        );
        check(&Drafts::from_stored("noise"), &["damaged:noise"]);
        check(&Drafts::from_stored("\n"), &[]);
        for damaged in [
            "reader - 7 1\n가",
            "reader - 99999999999999999 1\na",
            "reader lesson-x 7 1\na",
            "stranger - 7 1\na",
        ] {
            check(
                &Drafts::from_stored(damaged),
                &[&format!("damaged:{damaged}")],
            );
        }
        check(
            &Drafts::from_stored_v1("1\na99\nb"),
            &["reader:a", "damaged:99\nb"],
        );
    }
}
