//! The cheat sheet of the language: its most used words, each with an example and the chart of it.
//!
//! The words, their Python and their sentences are those of [`script::vocabulary`].

use super::answer::Style;
use super::cache::Run;
use super::small_chart::small_chart;
use crate::protocol::panel::{PanelElement, PanelNode, el, marked};
use script::vocabulary::{
    RESOURCES, ResourceWord, SEGMENTS, SETTINGS, STATEMENTS, SettingWord, StatementWord, Verb, Word,
};

/// Scripts of at most two rows, so that all charts have one height.
#[rustfmt::skip]
const WORK: &[(Verb, &str)] = &[
    (Verb::Cpu, "a: cpu 2\nb: cpu 2\n"),
    (Verb::Await, "a: await 2\nb: await 2\n"),
    (Verb::Block, "a: block 2\nb: block 2\n"),
    (Verb::Yield, "a: cpu 1 -> yield -> cpu 1\nb: cpu 2\n"),
];

#[rustfmt::skip]
const TOGETHER: &[(Verb, &str)] = &[
    (Verb::Call, "a: cpu 1 -> call b\nb: await 2\n"),
    (Verb::Spawn, "a: spawn b -> cpu 2\nb: cpu 1\n"),
    (Verb::Wait, "a: spawn b as h -> cpu 1 -> wait h\nb: await 3\n"),
    (Verb::Cancel, "a: spawn b as h -> await 1 -> cancel h\nb: await 3\n"),
    (Verb::Gather, "a: gather b -> cpu 1\nb: await 2\n"),
    (Verb::Timeout, "a:\n    timeout 1s:\n        await 3\n    else:\n        cpu 1\n"),
    (Verb::Repeat, "a: repeat 3 (cpu 1 -> await 1)\n"),
];

#[rustfmt::skip]
const ELSEWHERE: &[(Verb, &str)] = &[
    (Verb::Thread, "a: thread (block 2)\nb: cpu 1 -> await 1\n"),
    (Verb::Process, "a: process (cpu 2)\nb: cpu 2\n"),
    (Verb::Send, "a: cpu 1 -> send b\ndef b: cpu 2\n"),
];

const RUNS: &[(StatementWord, &str)] = &[
    (StatementWord::AsyncDef, "async def a: await 2\nrun 2 a\n"),
    (StatementWord::Def, "def a: block 2\nrun 2 a\n"),
    (StatementWord::Run, "a: cpu 1\nrun 2 a every 2s\n"),
];

const SHARED: &[(ResourceWord, &str)] = &[
    (
        ResourceWord::Lock,
        "lock m\na: with m (await 2)\nb: with m (await 2)\n",
    ),
    (
        ResourceWord::Queue,
        "queue q\na: await 2 -> put q\nb: get q -> cpu 1\n",
    ),
    (
        ResourceWord::Event,
        "event e\na: await 2 -> set e\nb: wait e -> cpu 1\n",
    ),
];

const MACHINE: &[(SettingWord, &str)] = &[
    (SettingWord::Pool, "pool 1\ndef a: block 2\nrun 2 a\n"),
    (
        SettingWord::Cores,
        "cores 1\ngil off\ndef a: cpu 2\nrun 2 a\n",
    ),
];

pub(super) fn view(style: Style) -> PanelNode {
    PanelNode::Several(vec![
        group(SEGMENTS, WORK, style),
        group(SEGMENTS, TOGETHER, style),
        group(SEGMENTS, ELSEWHERE, style),
        group(STATEMENTS, RUNS, style),
        group(RESOURCES, SHARED, style),
        group(SETTINGS, MACHINE, style),
    ])
}

fn group<T: Copy + PartialEq>(
    table: &[(T, Word)],
    examples: &[(T, &'static str)],
    style: Style,
) -> PanelNode {
    let entries = examples.iter().filter_map(|&(meaning, script)| {
        let (_, word) = table.iter().find(|(found, _)| *found == meaning)?;
        Some(entry(word, script, style).into())
    });
    el("ul.cheats").kids(entries).into()
}

/// How to write a word, its Python, what it does; beside it an example and its chart.
fn entry(word: &Word, script: &'static str, style: Style) -> PanelElement {
    let said = el("div")
        .kid(el("code.cheat-form").text(word.form))
        .kid(el("code.cheat-python").text(word.python))
        .kid(el("p").kid(marked(word.doc.of(style.say.0))));
    let chart = Run::of(script).map(|run| {
        let (workload, trace) = (run.analysed.workload(), run.analysed.trace());
        small_chart(workload, trace, trace.end, style)
    });
    let example = el("div").kid(el("pre").text(script.trim_end())).kid(chart);
    el("li").kid(said).kid(example)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::trace::Role;

    /// Every example is without problems, formatted, and has one or two rows.
    #[track_caller]
    fn check<T: Copy + PartialEq>(table: &[(T, Word)], examples: &[(T, &'static str)]) {
        for &(meaning, script) in examples {
            let parsed = script::parse(script);
            assert!(
                parsed.diagnostics.is_empty(),
                "{script}: {:?}",
                parsed.diagnostics
            );
            let run = Run::of(script).expect("it has no errors");
            let instances = run.analysed.trace().instances.iter();
            let rows = instances
                .filter(|instance| instance.role != Role::Part)
                .count();
            assert!((1..=2).contains(&rows), "{script}: {rows} rows");
            let word = table.iter().find(|(found, _)| *found == meaning);
            let word = word.expect("it is in the vocabulary").1.word;
            assert!(script.contains(word), "{script} has no `{word}`");
        }
    }

    #[test]
    fn every_example_shows_its_word_in_two_rows() {
        check(SEGMENTS, WORK);
        check(SEGMENTS, TOGETHER);
        check(SEGMENTS, ELSEWHERE);
        check(STATEMENTS, RUNS);
        check(RESOURCES, SHARED);
        check(SETTINGS, MACHINE);
    }
}
