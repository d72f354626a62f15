//! One draft: the text, where it came from, what replaced it, and when.

use std::rc::Rc;

/// Where a script came from.
///
/// The order decides when one text is in two lists: the later origin of this enum wins, so that
/// a text which the reader wrote stays theirs even if a link brings the same text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ScriptOrigin {
    /// The first script, or a lesson's. It can be opened again, so it is never a draft.
    #[default]
    Page,
    /// An exercise, as it was generated.
    Exercise,
    /// A share link, as it was opened.
    Link,
    /// The part of a stored list of drafts that could not be read.
    Damaged,
    /// The reader's, written in another tab.
    OtherTab,
    /// The reader's: typed or changed in this tab, or stored by an earlier visit.
    Reader,
}

/// Which limit a draft counts against. A group never pushes out another group's drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DraftGroup {
    /// Written by the reader in this tab.
    Written,
    /// Found in storage: of another tab, or damaged.
    Found,
    /// Brought by links and exercises. Any web page can open links, so this group is the first
    /// to go when storage is full.
    Brought,
}

impl ScriptOrigin {
    const ALL: [Self; 6] = [
        Self::Page,
        Self::Exercise,
        Self::Link,
        Self::Damaged,
        Self::OtherTab,
        Self::Reader,
    ];

    /// `None` for a text that is not kept as a draft.
    pub(crate) fn group(self) -> Option<DraftGroup> {
        match self {
            Self::Page => None,
            Self::Exercise | Self::Link => Some(DraftGroup::Brought),
            Self::Damaged | Self::OtherTab => Some(DraftGroup::Found),
            Self::Reader => Some(DraftGroup::Written),
        }
    }

    /// The word in storage.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Exercise => "exercise",
            Self::Link => "link",
            Self::Damaged => "damaged",
            Self::OtherTab => "tab",
            Self::Reader => "reader",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.word() == word)
    }
}

/// The reason why the text was replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ReplacedBy {
    /// Not known, or nothing: a link's text is kept as soon as it is opened.
    #[default]
    Unknown,
    /// The lesson with this number.
    Lesson(u32),
    /// The change that a lesson suggests, or its undoing.
    LessonChange,
    Exercise,
    Link,
    /// A change that a finding or a sweep offers.
    Fix,
    /// A script made from a Python program.
    Python,
    OtherTab,
    /// A draft that was opened.
    Draft,
}

impl ReplacedBy {
    /// All variants but the lessons, with their words in storage.
    const PLAIN: [(&'static str, Self); 8] = [
        ("-", Self::Unknown),
        ("change", Self::LessonChange),
        ("exercise", Self::Exercise),
        ("link", Self::Link),
        ("fix", Self::Fix),
        ("python", Self::Python),
        ("tab", Self::OtherTab),
        ("draft", Self::Draft),
    ];
    const LESSON: &'static str = "lesson-";

    /// The word in storage, e.g. `lesson-3`.
    pub(super) fn word(self) -> String {
        if let Self::Lesson(number) = self {
            return format!("{}{number}", Self::LESSON);
        }
        let found = Self::PLAIN.iter().find(|(_, plain)| *plain == self);
        found.map_or("-", |(word, _)| *word).to_owned()
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word.strip_prefix(Self::LESSON) {
            Some(number) => number.parse().ok().map(Self::Lesson),
            None => {
                let found = Self::PLAIN.iter().find(|(plain, _)| *plain == word);
                found.map(|(_, replaced_by)| *replaced_by)
            }
        }
    }
}

/// The time of day by the reader's clock, in milliseconds since 1970 began; zero where it is
/// not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WallTime(pub(crate) u64);

impl WallTime {
    pub(super) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Whole minutes from then to now; none for a clock that was set back meanwhile. `None`
    /// where the time is not known.
    pub(crate) fn minutes_until(self, now: Self) -> Option<u64> {
        const MINUTE_MS: u64 = 60_000;
        (self != Self::default()).then(|| now.0.saturating_sub(self.0) / MINUTE_MS)
    }
}

/// A script that was put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) text: Rc<str>,
    pub(crate) origin: ScriptOrigin,
    pub(crate) replaced_by: ReplacedBy,
    pub(crate) at: WallTime,
}

impl Draft {
    /// The first line that is not blank.
    pub(crate) fn first_line(&self) -> &str {
        let mut lines = self.text.lines().map(str::trim);
        lines.find(|line| !line.is_empty()).unwrap_or_default()
    }

    pub(crate) fn group(&self) -> Option<DraftGroup> {
        self.origin.group()
    }

    /// Older drafts first. A total order, so that two tabs that merge the same drafts agree.
    pub(super) fn is_before(&self, other: &Self) -> bool {
        (self.at, &self.text) < (other.at, &other.text)
    }

    /// Of two drafts of one text, whether this is the one to keep.
    pub(super) fn outranks(&self, other: &Self) -> bool {
        let rank = |draft: &Self| (draft.origin, draft.at, draft.replaced_by);
        rank(self) > rank(other)
    }
}
