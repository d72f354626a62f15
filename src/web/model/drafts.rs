//! Texts that something replaced (a lesson, a link, another tab), so that
//! nothing a reader wrote is lost. Where they are stored is decided elsewhere.

use std::rc::Rc;

use super::lessons;

/// The last few of them, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Drafts(Vec<Rc<str>>);

/// Older ones give way.
const KEPT_MAX: usize = 5;

impl Drafts {
    /// Puts a text aside. What we wrote ourselves can be had again anyway.
    pub(in crate::web) fn keep(&mut self, text: &Rc<str>) {
        if text.trim().is_empty() || lessons::is_ours(text) {
            return;
        }
        self.0.retain(|kept| kept != text);
        self.0.push(text.clone());
        if self.0.len() > KEPT_MAX {
            self.0.remove(0);
        }
    }

    /// The newest, which is a draft no longer.
    pub(in crate::web) fn take(&mut self) -> Option<Rc<str>> {
        self.0.pop()
    }

    pub(in crate::web) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each text behind its length, so that it may hold anything.
    pub(in crate::web) fn written(&self) -> String {
        let each = self.0.iter();
        each.map(|text| format!("{}\n{text}", text.len())).collect()
    }

    /// What does not look as [`written`](Self::written) ends the list.
    pub(in crate::web) fn read(mut written: &str) -> Self {
        let mut drafts = Self::default();
        while let Some((length, rest)) = written.split_once('\n') {
            let Some((text, others)) = length
                .parse()
                .ok()
                .and_then(|length| rest.split_at_checked(length))
            else {
                break;
            };
            drafts.keep(&text.into());
            written = others;
        }
        drafts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drafts(texts: &[&str]) -> Drafts {
        let mut drafts = Drafts::default();
        for text in texts {
            drafts.keep(&(*text).into());
        }
        drafts
    }

    #[test]
    fn the_newest_comes_back_first_and_no_text_twice() {
        let mut drafts = drafts(&["a", "b", "a"]);
        assert_eq!(drafts.take().as_deref(), Some("a"));
        assert_eq!(drafts.take().as_deref(), Some("b"));
        assert!(drafts.is_empty());
    }

    #[test]
    fn only_what_a_reader_wrote_is_kept_and_not_for_ever() {
        assert!(drafts(&["", " \n", lessons::FIRST_SCRIPT.en()]).is_empty());
        let many = drafts(&["1", "2", "3", "4", "5", "6"]);
        assert_eq!(many, drafts(&["2", "3", "4", "5", "6"]));
    }

    #[test]
    fn any_text_survives_being_written() {
        let kept = drafts(&["파스타: cpu 3초\n", "3\nabc", "\u{0}"]);
        assert_eq!(Drafts::read(&kept.written()), kept);
    }

    #[test]
    fn a_damaged_list_gives_what_is_still_whole() {
        assert_eq!(Drafts::read("1\na99\nb"), drafts(&["a"]));
        assert_eq!(Drafts::read("1\n가"), Drafts::default());
        assert_eq!(Drafts::read("noise"), Drafts::default());
    }
}
