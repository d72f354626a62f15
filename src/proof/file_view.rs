//! The view of a trace from a file: the file chooser, and the findings of the opened trace.

use super::file::{Findings, OpenedTrace, TraceFile};
use super::words;
use crate::protocol::panel::{Event, PanelControl, PanelElement, PanelNode, el, marked};
use texts::{Language, Text};

pub(super) fn view(file: &TraceFile, language: Language) -> PanelNode {
    let said = match file {
        TraceFile::None => PanelNode::NOTHING,
        TraceFile::Reading(name) => el("p.none")
            .set("role", "status")
            .kid(marked(&words::reading(language, name)))
            .into(),
        TraceFile::Failed(name, error) => el("div.trouble")
            .set("role", "alert")
            .set("data-code", "file")
            .kid(el("p.bad").kid(marked(&words::not_opened(language, name))))
            .kid(el("p").kid(marked(&error.message(language))))
            .into(),
        TraceFile::Open(open) => opened(open, language).into(),
    };
    el("section.trace-file")
        .label(words::OPEN_A_TRACE.of(language))
        .kid(el("h3").text(words::OPEN_A_TRACE.of(language)))
        .kid(el("p.hint").kid(marked(words::WHICH_TRACES.of(language))))
        .kid(chooser(language))
        .kid(said)
        .into()
}

fn chooser(language: Language) -> PanelElement {
    el("input#trace-file")
        .set("type", "file")
        .set("accept", ".json,application/json")
        .label(words::OPEN_A_TRACE.of(language))
        .on_use(Event::Change, PanelControl::File)
}

fn opened(open: &OpenedTrace, language: Language) -> PanelElement {
    let left_out =
        (open.left_out > 0).then(|| el("p.hint").text(words::left_out(language, open.left_out)));
    let hint = |text: Text| el("p.hint").text(text.of(language)).into();
    let findings = match &open.findings {
        Findings::Said(node) => node.clone(),
        // The chart shows the trace before its analysis ends.
        Findings::Due(_) => hint(words::LOOKING),
        Findings::None if open.is_ours => hint(words::TOO_LONG),
        Findings::None => hint(words::NO_SCRIPT),
    };
    el("div.opened")
        .kid(
            el("p.lead")
                .set("role", "status")
                .kid(marked(&words::opened(language, &open.name))),
        )
        .kid(left_out)
        .kid(findings)
}

#[cfg(test)]
mod tests {
    use super::super::file::read;
    use super::super::file::tests::{VIZTRACER, ours};
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], language: Language, has: &[&str]) {
        let (mut file, _) = read("run.json".to_owned(), bytes);
        file.look(language);
        let html = view(&file, language).html();
        for text in has {
            assert!(html.contains(text), "no {text} in {html}");
        }
    }

    #[test]
    fn an_opened_trace_is_named_with_its_findings() {
        let has = [
            "The chart shows <code>run.json</code>.",
            "data-code=\"blocking_on_loop\"",
        ];
        check(&ours(), Language::En, &has);
        check(&ours(), Language::Ko, &["run.json", "data-code"]);
        check(VIZTRACER, Language::En, &[words::NO_SCRIPT.en()]);
    }

    #[test]
    fn a_broken_file_is_said_with_its_place_and_a_remedy() {
        let has = ["role=\"alert\"", "run.json", "line 1 column"];
        check(b"{\"traceEvents\": [", Language::En, &has);
        check(
            b"{\"a\": 1}",
            Language::En,
            &["<code>loopscope verify --trace</code> or VizTracer</p>"],
        );
        check(b"{\"a\": 1}", Language::Ko, &["여세요"]);
    }
}
