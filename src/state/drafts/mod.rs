//! The drafts: scripts that something else replaced, so that no text of the reader's is lost.
//!
//! Pure: callers pass the time, and `browser/storage.rs` stores the list. Opening a draft does
//! not remove it; only the limits of its group do.

mod draft;
mod stored;

pub(crate) use self::draft::{Draft, DraftGroup, ReplacedBy, ScriptOrigin, WallTime};
use super::lessons;

/// Drafts of different texts, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drafts(Vec<Draft>);

/// How much of a group is kept. The newest draft of a group is kept whatever its length.
struct DraftLimits {
    texts: usize,
    bytes: usize,
}

impl DraftGroup {
    /// All groups together, with the script, are under 2 MiB: browsers store 5 MiB for a site,
    /// and some count two bytes for each character.
    fn limits(self) -> DraftLimits {
        match self {
            // There are 25 lessons: an edit in each of them leaves room for what was before.
            Self::Written => DraftLimits {
                texts: 30,
                bytes: 1 << 20,
            },
            // Tabs that are edited in turn put the same script aside repeatedly.
            Self::Found => DraftLimits {
                texts: 5,
                bytes: 1 << 18,
            },
            // The links themselves still exist.
            Self::Brought => DraftLimits {
                texts: 5,
                bytes: 1 << 18,
            },
        }
    }
}

impl Drafts {
    /// Puts a text aside as the newest draft. Blank texts and the page's own are not kept.
    pub(crate) fn keep(&mut self, mut draft: Draft) {
        let is_worth_it = draft.group().is_some() && !lessons::is_ours(&draft.text);
        if !is_worth_it {
            return;
        }
        // Drafts of one second stay in their order, also if the clock is set back.
        if let Some(newest) = self.0.last() {
            draft.at = draft.at.max(newest.at.next());
        }
        self.add(draft);
        self.limit();
    }

    /// Adds the drafts of another list, such as another tab's. The order of merging makes no
    /// difference to the outcome.
    pub(crate) fn merge(&mut self, others: Self) {
        others.0.into_iter().for_each(|draft| self.add(draft));
        self.limit();
    }

    fn add(&mut self, draft: Draft) {
        if draft.text.trim().is_empty() {
            return;
        }
        if let Some(index) = self.0.iter().position(|kept| kept.text == draft.text) {
            if !draft.outranks(&self.0[index]) {
                return;
            }
            self.0.remove(index);
        }
        let index = self.0.partition_point(|kept| kept.is_before(&draft));
        self.0.insert(index, draft);
    }

    /// Drops the oldest drafts of each group that is over its limits.
    fn limit(&mut self) {
        let mut used = [(0, 0); 3];
        self.0.reverse();
        self.0.retain(|draft| {
            let Some(group) = draft.group() else {
                return false;
            };
            let (texts, bytes) = &mut used[group as usize];
            *texts += 1;
            *bytes += draft.text.len();
            let limits = group.limits();
            *texts == 1 || (*texts <= limits.texts && *bytes <= limits.bytes)
        });
        self.0.reverse();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn find(&self, text: &str) -> Option<&Draft> {
        self.0.iter().find(|draft| *draft.text == *text)
    }

    /// All but the draft of this text, the newest first.
    pub(crate) fn other_than(&self, text: &str) -> impl Iterator<Item = &Draft> {
        let others = self.0.iter().filter(move |draft| *draft.text != *text);
        others.rev()
    }

    /// For a storage that has no room for all of them.
    pub(crate) fn without_brought(&self) -> Self {
        let kept = self.0.iter();
        let kept = kept.filter(|draft| draft.group() != Some(DraftGroup::Brought));
        Self(kept.cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str, origin: ScriptOrigin, at: u64) -> Draft {
        Draft {
            text: text.into(),
            origin,
            replaced_by: ReplacedBy::Unknown,
            at: WallTime(at),
        }
    }

    fn drafts(all: impl IntoIterator<Item = Draft>) -> Drafts {
        let mut drafts = Drafts::default();
        all.into_iter().for_each(|draft| drafts.keep(draft));
        drafts
    }

    /// The newest first, e.g. `link:b reader:a`.
    fn listed(drafts: &Drafts) -> String {
        let all = drafts.other_than("");
        let all = all.map(|draft| format!("{}:{}", draft.origin.word(), draft.text));
        all.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn links_do_not_push_your_scripts_out() {
        let mut drafts = drafts([draft("mine", ScriptOrigin::Reader, 1)]);
        for link in 0..100 {
            drafts.keep(draft(&format!("theirs{link}"), ScriptOrigin::Link, 2));
        }
        assert_eq!(
            listed(&drafts),
            "link:theirs99 link:theirs98 link:theirs97 link:theirs96 link:theirs95 reader:mine"
        );
    }

    #[test]
    fn an_edit_in_every_lesson_does_not_push_out_what_was_before() {
        let mut drafts = drafts([draft("mine", ScriptOrigin::Reader, 1)]);
        for lesson in lessons::Lesson::all() {
            let edited = format!("# mine\n{}", lesson.script());
            drafts.keep(draft(&edited, ScriptOrigin::Reader, 2));
        }
        assert!(drafts.find("mine").is_some());
    }

    #[test]
    fn the_oldest_of_a_group_gives_way_and_its_newest_stays_whatever_its_length() {
        let many = (0..31).map(|index| draft(&index.to_string(), ScriptOrigin::Reader, index));
        let many = drafts(many);
        assert!(many.find("0").is_none() && many.find("1").is_some());
        let long = "long ".repeat(1 << 18);
        let long = drafts([
            draft("a", ScriptOrigin::Reader, 1),
            draft("b", ScriptOrigin::OtherTab, 1),
            draft(&long, ScriptOrigin::Reader, 2),
        ]);
        let lengths: Vec<usize> = long.other_than("").map(|draft| draft.text.len()).collect();
        assert_eq!(lengths, [5 << 18, 1]);
    }

    #[test]
    fn a_text_is_listed_once_where_it_was_kept_last() {
        let kept = ["a", "b", "a"].map(|text| draft(text, ScriptOrigin::Reader, 7));
        assert_eq!(listed(&drafts(kept)), "reader:a reader:b");
    }

    #[test]
    fn a_link_to_your_own_script_does_not_take_it_from_you() {
        let kept = drafts([
            draft("mine", ScriptOrigin::Reader, 1),
            draft("mine", ScriptOrigin::Link, 2),
        ]);
        assert_eq!(listed(&kept), "reader:mine");
    }

    #[test]
    fn blank_texts_and_the_pages_own_are_no_drafts() {
        let first = lessons::FIRST_SCRIPT.en();
        let lesson = lessons::Lesson::all().next().expect("there are 25");
        let kept = drafts([
            draft(" \n", ScriptOrigin::Reader, 1),
            draft(first, ScriptOrigin::Reader, 1),
            draft(lesson.script(), ScriptOrigin::Reader, 1),
            draft("a: cpu 1", ScriptOrigin::Page, 1),
        ]);
        assert!(kept.is_empty(), "{}", listed(&kept));
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_change_the_order() {
        let kept = drafts([
            draft("first", ScriptOrigin::Reader, 1_000),
            draft("second", ScriptOrigin::Reader, 10),
        ]);
        assert_eq!(listed(&kept), "reader:second reader:first");
    }

    #[test]
    fn tabs_that_merge_each_others_drafts_get_one_list() {
        let one = drafts((0..20).map(|n| draft(&format!("one{n}"), ScriptOrigin::Reader, 2 * n)));
        let two =
            drafts((0..20).map(|n| draft(&format!("two{n}"), ScriptOrigin::Reader, 2 * n + 1)));
        let merged = |mut a: Drafts, b: &Drafts| {
            a.merge(b.clone());
            a
        };
        let here = merged(one.clone(), &two);
        let there = merged(two, &one);
        assert_eq!(here, there);
        assert_eq!(merged(here.clone(), &there), here);
    }

    #[test]
    fn without_room_what_links_brought_goes_first() {
        let kept = drafts([
            draft("mine", ScriptOrigin::Reader, 1),
            draft("theirs", ScriptOrigin::Link, 2),
            draft("tab", ScriptOrigin::OtherTab, 3),
        ]);
        assert_eq!(listed(&kept.without_brought()), "tab:tab reader:mine");
    }

    #[test]
    fn a_draft_is_told_by_its_first_line_and_its_age() {
        let indented = draft("\n   \n  # mine\na: cpu 1\n", ScriptOrigin::Reader, 60_000);
        assert_eq!(indented.first_line(), "# mine");
        assert_eq!(indented.at.minutes_until(WallTime(240_500)), Some(3));
        assert_eq!(indented.at.minutes_until(WallTime(0)), Some(0));
        assert_eq!(WallTime::default().minutes_until(WallTime(1)), None);
    }
}
