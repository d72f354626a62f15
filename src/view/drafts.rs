//! The list of drafts: the reader's own first, then those of links and exercises.

use super::node::{Element, Node, el};
use crate::state::action::Action;
use crate::state::drafts::{Draft, DraftGroup};
use crate::state::sentences;
use crate::state::words;
use crate::state::{Dialog, Saving, State};
use texts::Text;

/// Characters; wider than any screen. A script may be a single line of 256 KiB.
const LINE_CHARS_MAX: usize = 200;

/// The button that opens the list, if it holds a text besides the script.
pub(super) fn button(state: &State) -> Option<Element> {
    let mut others = state.drafts.other_than(&state.script);
    others.next().map(|_| {
        el("button#drafts.ghost.small")
            .set("aria-haspopup", "dialog")
            .text(words::DRAFTS.of(state.language()))
            .on_click(Action::Opened(Dialog::Drafts))
    })
}

pub(super) fn list(state: &State) -> Node {
    let language = state.language();
    let is_brought = |draft: &Draft| draft.group() == Some(DraftGroup::Brought);
    let all = || state.drafts.other_than(&state.script);
    let (brought, own) = all().partition(|draft| is_brought(draft));
    let not_stored = || el("p.bad").text(words::DRAFTS_NOT_STORED.of(language));
    Node::Several(vec![
        el("p.lead").text(words::DRAFTS_INTRO.of(language)).into(),
        (state.drafts_saving == Saving::Refused)
            .then(not_stored)
            .into(),
        group(state, words::DRAFTS_WRITTEN, own),
        group(state, words::DRAFTS_BROUGHT, brought),
    ])
}

fn group(state: &State, title: Text, drafts: Vec<&Draft>) -> Node {
    if drafts.is_empty() {
        return Node::NOTHING;
    }
    let language = state.language();
    let rows = drafts.into_iter().map(|draft| row(state, draft));
    Node::Several(vec![
        el("h3").text(title.of(language)).into(),
        el("ul.drafts").kids(rows).into(),
    ])
}

fn row(state: &State, draft: &Draft) -> Node {
    let language = state.language();
    let line: String = draft.first_line().chars().take(LINE_CHARS_MAX).collect();
    let button = el("button.draft")
        .kid(el("code").text(line))
        .kid(el("span").text(sentences::draft(language, draft, state.now)))
        .on_click(Action::DraftOpened(draft.text.clone()));
    el("li").kid(button).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::unmarked;
    use crate::state::drafts::{ReplacedBy, ScriptOrigin};
    use crate::state::trial::state;
    use texts::Language;

    const ORIGINS: [ScriptOrigin; 5] = [
        ScriptOrigin::Reader,
        ScriptOrigin::OtherTab,
        ScriptOrigin::Damaged,
        ScriptOrigin::Link,
        ScriptOrigin::Exercise,
    ];
    const REPLACED_BY: [ReplacedBy; 8] = [
        ReplacedBy::Lesson(3),
        ReplacedBy::LessonChange,
        ReplacedBy::Exercise,
        ReplacedBy::Link,
        ReplacedBy::Fix,
        ReplacedBy::Python,
        ReplacedBy::OtherTab,
        ReplacedBy::Draft,
    ];

    /// The list after these texts were put aside, as HTML.
    fn html(texts: &[(&'static str, ScriptOrigin)]) -> String {
        let mut state = state();
        for (text, origin) in texts {
            state.put_aside((*text).into(), *origin, ReplacedBy::Unknown);
        }
        list(&state).html()
    }

    #[test]
    fn what_you_wrote_comes_before_what_links_brought() {
        let html = html(&[
            ("old: cpu 1", ScriptOrigin::Reader),
            ("mine: cpu 1", ScriptOrigin::Reader),
            ("theirs: cpu 1", ScriptOrigin::Link),
        ]);
        let at = |text: &str| html.find(text).expect("it is there");
        assert!(at(words::DRAFTS_WRITTEN.en()) < at("mine: cpu 1"));
        assert!(at("mine: cpu 1") < at("old: cpu 1"));
        assert!(at("old: cpu 1") < at(words::DRAFTS_BROUGHT.en()));
        assert!(at(words::DRAFTS_BROUGHT.en()) < at("theirs: cpu 1"));
    }

    #[test]
    fn the_script_itself_is_not_among_its_drafts() {
        let mut state = state();
        state.put_aside(state.script.clone(), ScriptOrigin::Reader, ReplacedBy::Link);
        assert!(button(&state).is_none());
        state.put_aside("old: cpu 1".into(), ScriptOrigin::Reader, ReplacedBy::Link);
        assert!(button(&state).is_some());
        assert!(!list(&state).html().contains("a: cpu 1 -&gt; await 2"));
    }

    #[test]
    fn a_hostile_draft_is_text() {
        let html = html(&[("<img onerror=x>: cpu 1", ScriptOrigin::Link)]);
        assert!(!html.contains("<img"), "{html}");
    }

    #[test]
    fn every_word_of_the_list_is_in_a_catalogue() {
        let mut state = state();
        state.settings.language = Language::Marked;
        state.drafts_saving = Saving::Refused;
        let origins = ORIGINS.map(|origin| (origin, ReplacedBy::Unknown));
        let reasons = REPLACED_BY.map(|reason| (ScriptOrigin::Reader, reason));
        for (index, (origin, reason)) in origins.into_iter().chain(reasons).enumerate() {
            state.put_aside(format!("a{index}: cpu 1\n\n").into(), origin, reason);
        }
        let left = unmarked::unmarked(&list(&state), "");
        assert!(left.is_empty(), "{}", left.join("\n"));
        let left = button(&state).map(|button| unmarked::unmarked(&button.into(), ""));
        assert_eq!(left, Some(Vec::new()));
    }
}
