//! Scripts for the points of a sweep: the text with another value.

use analysis::sweep::{Parameter, Target};
use model::time::SimDuration;
use script::vocabulary::SettingWord;
use script::{Edit, EditableScript, apply_edits};

/// The script with these values, e.g. with `pool 20` for `pool 10..40`; `None` if the text has no
/// place for one of them.
pub(super) fn varied(text: &str, values: &[(&Parameter, u64)]) -> Option<String> {
    let script = EditableScript::parse(text);
    // All edits are made on the same text: a new `pool 20` moves the lines below it.
    let edits = values
        .iter()
        .map(|&(parameter, value)| edit(&script, parameter, value));
    let mut edits: Vec<Edit> = edits.collect::<Option<_>>()?;
    // One parameter twice: the later value counts.
    if let [one, other] = edits.as_slice()
        && one.span == other.span
        && !one.span.range().is_empty()
    {
        edits.remove(0);
    }
    let varied = apply_edits(text, &edits);
    // The reader opens this script, so it must run.
    script::parse(&varied).workload.is_some().then_some(varied)
}

fn edit(script: &EditableScript<'_>, parameter: &Parameter, value: u64) -> Option<Edit> {
    let set = |setting| Some(script.set(setting, &parameter.shown(value)));
    match parameter.target {
        Target::Requests => script.set_run_count(value),
        Target::Cores => set(SettingWord::Cores),
        Target::Pool => set(SettingWord::Pool),
        Target::Executor => set(SettingWord::Executor),
        Target::Processes => set(SettingWord::Processes),
        Target::Jobs => set(SettingWord::Jobs),
        Target::Servers => set(SettingWord::Servers),
        Target::Switch => set(SettingWord::Switch),
        Target::Line(line) => script.set_duration_on_line(line, SimDuration::from_nanos(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str =
        "cores 2\npool 4\n\n# 파스타\ndef a:\n    block 1.5s \"x\"\n    cpu 1..2s\n\nrun 3 a\n";

    #[track_caller]
    fn check(vary: &str, value: u64, line: &str) {
        let workload = script::parse(SCRIPT).workload.expect("no errors");
        let parameter = Parameter::parse(vary, &workload).expect("a range");
        let text = varied(SCRIPT, &[(&parameter, value)]).expect("there is a place");
        assert!(text.lines().any(|each| each == line), "{text}");
        let expected = {
            let mut workload = workload.clone();
            parameter.target.set(&mut workload, value);
            sim::simulate(&workload)
        };
        let given = sim::simulate(&script::parse(&text).workload.expect("it runs"));
        assert_eq!(given.end, expected.end, "{text}");
    }

    #[test]
    fn a_point_is_a_script_with_its_value() {
        check("run 1..9", 7, "run 7 a");
        check("cores 1..9", 8, "cores 8");
        check("pool 1..9", 1, "pool 1");
        check("servers 1..9", 2, "servers 2");
        check("switch 1ms..9ms", 5_000_000, "switch 5ms");
        check("line 6 1s..9s", 7_000_000_000, "    block 7s \"x\"");
        check("line 7 1s..9s", 7_000_000_000, "    cpu 7s");
    }

    /// Neither `pool` nor `cores` is in the script, so both are new lines above the third.
    #[test]
    fn a_new_line_for_one_value_does_not_move_the_line_of_the_other() {
        let script = "def a:\n    block 2s\n    block 3s\n\nrun 3 a\n";
        let workload = script::parse(script).workload.expect("no errors");
        let parse = |vary: &str| Parameter::parse(vary, &workload).expect("a range");
        let check = |first: (&str, u64), second: (&str, u64), expected: &str| {
            let (one, other) = (parse(first.0), parse(second.0));
            let text = varied(script, &[(&one, first.1), (&other, second.1)]);
            assert_eq!(text.as_deref(), Some(expected));
        };
        check(
            ("pool 1..4", 2),
            ("line 3 1s..9s", 7_000_000_000),
            "pool 2\n\ndef a:\n    block 2s\n    block 7s\n\nrun 3 a\n",
        );
        check(
            ("pool 1..4", 2),
            ("cores 1..9", 8),
            "pool 2\n\ncores 8\n\ndef a:\n    block 2s\n    block 3s\n\nrun 3 a\n",
        );
    }
}
