use super::*;
use crate::parse;
use crate::vocabulary::{SettingWord, Verb};
use model::time::SimDuration;
use model::workload::{ResourceIndex, Workload};

#[track_caller]
fn check(text: &str, edit: impl Fn(&EditableScript) -> Option<Vec<Edit>>, expected: &str) {
    let edits = edit(&EditableScript::parse(text)).expect("the edit finds its place");
    assert_eq!(apply_edits(text, &edits), expected);
}

#[track_caller]
fn check_none(text: &str, edit: impl Fn(&EditableScript) -> Option<Vec<Edit>>) {
    assert_eq!(edit(&EditableScript::parse(text)), None, "{text}");
}

fn one(edit: Option<Edit>) -> Option<Vec<Edit>> {
    Some(vec![edit?])
}

#[track_caller]
fn check_setting(text: &str, setting: SettingWord, value: &str, expected: &str) {
    check(
        text,
        |script| Some(vec![script.set(setting, value)]),
        expected,
    );
}

#[test]
fn a_setting_that_is_there_is_rewritten_in_place() {
    use SettingWord::*;
    check_setting(
        "a: cpu 1\ncores 2  # small\n",
        Cores,
        "8",
        "a: cpu 1\ncores 8  # small\n",
    );
    check_setting("GIL on\n", Gil, "off", "gil off\n");
    check_setting("Pool 4\na: cpu 1\n", Pool, "40", "pool 40\na: cpu 1\n");
    check_setting("a: cpu 1\npool   4", Pool, "40", "a: cpu 1\npool 40");
    check_setting(
        "a: cpu 1\r\nPOOL 4\r\n",
        Pool,
        "40",
        "a: cpu 1\r\npool 40\r\n",
    );
    check_setting(
        "  a: cpu 1\n  pool 4#x\n",
        Pool,
        "40",
        "  a: cpu 1\n  pool 40#x\n",
    );
    check_setting(
        "\u{feff}pool 4\na: cpu 1\n",
        Pool,
        "5",
        "\u{feff}pool 5\na: cpu 1\n",
    );
    check_setting("switch 5밀리초\n", Switch, "2ms", "switch 2ms\n");
    check_setting("python 3.9\n", Python, "3.11", "python 3.11\n");
}

#[test]
fn a_setting_with_a_mistake_is_rewritten_too() {
    check_setting(
        "pool\na: cpu 1\n",
        SettingWord::Pool,
        "4",
        "pool 4\na: cpu 1\n",
    );
    check_setting("Jobs many 3\n", SettingWord::Jobs, "4", "jobs 4\n");
    check_setting(
        "executor (cpu 1)\n",
        SettingWord::Executor,
        "4",
        "executor 4\nexecutor (cpu 1)\n",
    );
}

#[test]
fn a_missing_setting_goes_behind_the_opening_comment() {
    use SettingWord::*;
    check_setting(
        "# two\n\na: cpu 1\n",
        Pool,
        "4",
        "# two\n\npool 4\n\na: cpu 1\n",
    );
    check_setting("pool 4\na: cpu 1", Cores, "1", "cores 1\npool 4\na: cpu 1");
    check_setting("", Cores, "1", "cores 1\n");
    check_setting("# none", Cores, "1", "# none\ncores 1\n");
    check_setting("# one\n\n", Cores, "1", "# one\n\ncores 1\n");
    check_setting("a: cpu 1\r\n", Cores, "1", "cores 1\r\n\r\na: cpu 1\r\n");
    check_setting("  a: cpu 1\n", Cores, "1", "  cores 1\n\n  a: cpu 1\n");
    check_setting(
        "\u{feff}a: cpu 1\n",
        Cores,
        "1",
        "\u{feff}cores 1\n\na: cpu 1\n",
    );
}

#[test]
fn a_task_of_the_same_name_is_left_alone() {
    let (text, expected) = ("cores: cpu 1\n", "cores 2\n\ncores: cpu 1\n");
    check_setting(text, SettingWord::Cores, "2", expected);
}

#[test]
fn the_first_run_gets_its_number() {
    let set = |script: &EditableScript| one(script.set_run_count(5));
    check(
        "a: await 1\nrun a at 2s\n",
        set,
        "a: await 1\nrun 5 a at 2s\n",
    );
    check(
        "a: await 1\nRun 3 a, 2 a\nrun a\n",
        set,
        "a: await 1\nRun 5 a, 2 a\nrun a\n",
    );
    check_none("a: await 1\n", set);
}

#[test]
fn a_queue_gets_its_size() {
    let set = |script: &EditableScript| one(script.set_resource_size(ResourceIndex(1), 9));
    check(
        "lock m\nqueue q  # jobs\n",
        set,
        "lock m\nqueue q 9  # jobs\n",
    );
    check("lock m\nsemaphore s 2", set, "lock m\nsemaphore s 9");
    check_none("queue q\nlock m\n", set);
}

const ID: SegmentId = SegmentId(1);

#[track_caller]
fn check_duration(segment: &str, expected: &str) {
    let text = |segment: &str| format!("a: cpu 1 -> {segment} -> cpu 2\n");
    let duration = SimDuration::from_millis(1_500);
    let set = |script: &EditableScript| one(script.set_duration(ID, duration));
    check(&text(segment), set, &text(expected));
}

#[test]
fn a_duration_is_replaced_whole() {
    check_duration("await 3 \"x\"", "await 1.5s \"x\"");
    check_duration("Block 3 분", "Block 1.5s");
    check_duration("[cpu 1..3s]", "[cpu 1.5s]");
    check_duration("cpu ~ 20ms", "cpu 1.5s");
    check_duration("await asyncio.sleep(1..2s)", "await asyncio.sleep(1.5s)");
    check_duration("timeout 5 (cpu 1)", "timeout 1.5s (cpu 1)");
}

#[test]
fn a_dragged_duration_is_written_as_the_old_one_was() {
    let drag = |millis| {
        move |script: &EditableScript| {
            one(script.drag_duration(ID, SimDuration::from_millis(millis)))
        }
    };
    check("a: yield -> cpu 4\n", drag(2_345), "a: yield -> cpu 2.35\n");
    check(
        "a: yield -> cpu 4s\n",
        drag(2_345),
        "a: yield -> cpu 2.35s\n",
    );
    check(
        "a: yield -> cpu 400ms\n",
        drag(90),
        "a: yield -> cpu 90ms\n",
    );
    check(
        "a: yield -> cpu 1h\n",
        drag(u64::MAX / 2_000_000),
        "a: yield -> cpu 24h\n",
    );
    check_none("a: yield -> cpu 1..2s\n", drag(90));
}

#[test]
fn the_first_duration_of_a_line_is_found() {
    let set = |script: &EditableScript| one(script.set_duration_on_line(2, SimDuration::SECOND));
    check(
        "a:\n  timeout 9: CPU 3 -> await 4\n",
        set,
        "a:\n  timeout 9: CPU 1s -> await 4\n",
    );
    check_none("a:\n  yield\n  cpu 1\n", set);
}

#[track_caller]
fn check_nudge(text: &str, steps: i32, expected: &str) {
    assert_eq!(nudge_duration(text, steps).as_deref(), Some(expected));
}

#[test]
fn a_step_suits_the_size_of_the_number_and_the_unit_stays() {
    check_nudge("3", 1, "3.1");
    check_nudge("3s", -1, "2.9s");
    check_nudge("500ms", 2, "520ms");
    check_nudge("150ms", 1, "160ms");
    check_nudge("1.25s", 1, "1.3s");
    check_nudge("10초", 1, "11초");
    check_nudge("0", 1, "0.000001");
    check_nudge("2", -50, "0");
}

#[test]
fn a_nudged_duration_is_one_of_the_language() {
    check_nudge("7ns", 1, "8ns");
    check_nudge("0.5us", -1, "0.49us");
    check_nudge("24h", 1, "24h");
    check_nudge("80_000_000_000_000ns", 1, "81000000000000ns");
    check_nudge("86_400_000_000_000ns", 9, "86000000000000ns");
    check_nudge("3s", i32::MIN, "0s");
}

#[test]
fn a_text_without_a_duration_cannot_be_nudged() {
    assert_eq!(nudge_duration("", 1), None);
    assert_eq!(nudge_duration("s", 1), None);
    assert_eq!(nudge_duration("99999999999999999999999999", 1), None);
}

#[test]
fn a_keyword_is_replaced_in_every_spelling() {
    let to = |verb| move |script: &EditableScript| one(script.set_verb(ID, verb));
    let task = |segment: &str| format!("a: yield -> {segment}\ndef f: cpu 1\n");
    check(&task("Thread f"), to(Verb::Process), &task("process f"));
    check(
        &task("thread: cpu 1"),
        to(Verb::Process),
        &task("process: cpu 1"),
    );
    check(
        &task("block 3초 \"x\""),
        to(Verb::Await),
        &task("await 3초 \"x\""),
    );
    check(
        &task("time.sleep(1..2)"),
        to(Verb::Await),
        &task("await 1..2s"),
    );
    check(
        &task("await sleep(.5)"),
        to(Verb::Block),
        &task("block 0.5s"),
    );
}

#[test]
fn a_task_becomes_a_coroutine() {
    let make = |script: &EditableScript| one(script.make_async(TaskIndex(1)));
    check(
        "a: yield\nDef f(): cpu 1\n",
        make,
        "a: yield\nasync Def f(): cpu 1\n",
    );
    check_none("a: yield\nb: yield\n", make);
}

#[test]
fn a_segment_is_wrapped_as_it_is_written() {
    let wrap = |script: &EditableScript| one(script.wrap(ID, Verb::Process));
    check(
        "a: yield -> [CPU 3초]\n",
        wrap,
        "a: yield -> [process (CPU 3초)]\n",
    );
    check_none("a: yield -> group (yield)\n", wrap);
}

#[test]
fn a_segment_is_followed_by_another() {
    let follow = |script: &EditableScript| one(script.follow_with(ID, "yield"));
    check(
        "a: yield -> repeat 2 (yield)\n",
        |script| one(script.follow_with(SegmentId(2), "yield")),
        "a: yield -> repeat 2 (yield -> yield)\n",
    );
    check(
        "a:\n  yield\n  [cpu 1ms]  # x\n",
        follow,
        "a:\n  yield\n  [cpu 1ms] -> yield  # x\n",
    );
    check_none("a: yield -> group (yield)\n", follow);
}

#[test]
fn a_keyword_is_changed_with_its_label() {
    let label = |label: Option<&'static str>| {
        move |script: &EditableScript| script.set_verb_and_label(ID, Verb::Await, label)
    };
    let text = "a: yield -> [block 3s  \"requests\"]  # x\n";
    check(
        text,
        label(Some("a \"b\"")),
        "a: yield -> [await 3s \"a \\\"b\\\"\"]  # x\n",
    );
    check(text, label(None), "a: yield -> [await 3s]  # x\n");
    check(
        "a: yield -> block 3\n",
        label(Some("x")),
        "a: yield -> await 3\n",
    );
    check(
        "a: yield -> time.sleep(3)\n",
        label(None),
        "a: yield -> await 3s\n",
    );
}

#[test]
fn an_offloaded_segment_is_inlined_with_its_parenthesis() {
    let inline = |script: &EditableScript| one(script.inline(ID));
    check(
        "a: yield -> thread (cpu 1ms ) -> yield\n",
        inline,
        "a: yield -> cpu 1ms -> yield\n",
    );
    check(
        "a: yield -> thread: ([cpu 1ms])\n",
        inline,
        "a: yield -> cpu 1ms\n",
    );
    check(
        "a:\n  yield\n  thread: cpu 1ms\n",
        inline,
        "a:\n  yield\n  cpu 1ms\n",
    );
    check(
        "a:\n  yield\n  thread:\n    cpu 1  # x\n  yield\n",
        inline,
        "a:\n  yield\n  cpu 1  # x\n  yield\n",
    );
    check_none("a: yield -> thread (cpu 1 -> cpu 2)\n", inline);
    check_none("a: yield -> thread f\ndef f: cpu 1\n", inline);
}

#[test]
fn a_block_is_replaced_whole() {
    let replace =
        |script: &EditableScript| one(script.replace_with_block(ID, "gather 3 b".to_owned()));
    check(
        "a: yield -> repeat 3 (call b) -> yield\n",
        replace,
        "a: yield -> gather 3 b -> yield\n",
    );
    check(
        "a:\n  yield\n  repeat 3:\n    call b\n",
        replace,
        "a:\n  yield\n  gather 3 b\n",
    );
}

#[test]
fn a_segment_is_added_in_the_layout_of_its_task() {
    let append = |script: &EditableScript| one(script.append(TaskIndex(0), "wait b"));
    check(
        "a: spawn b -> [yield]  # x\n",
        append,
        "a: spawn b -> [yield -> wait b]  # x\n",
    );
    check(
        "a: yield ->\n  yield\n",
        append,
        "a: yield ->\n  yield -> wait b\n",
    );
    check(
        "a:\n\tyield\n\tyield  # x\n\nb: yield\n",
        append,
        "a:\n\tyield\n\tyield  # x\n\twait b\n\nb: yield\n",
    );
    check("a:\r\n  yield\r\n", append, "a:\r\n  yield\r\n  wait b\r\n");
    check("a:\n  yield", append, "a:\n  yield\n  wait b");
    check(
        "a:\n  yield\n  yield -> yield\n",
        append,
        "a:\n  yield\n  yield -> yield\n  wait b\n",
    );
    check_none("a:\n  group: yield\n", append);
}

#[test]
fn a_handle_is_named_once() {
    let name = |script: &EditableScript| one(script.name_handle(ID, "h"));
    check(
        "a: yield -> spawn b()\nb: yield\n",
        name,
        "a: yield -> spawn b() as h\nb: yield\n",
    );
    check_none("a: yield -> spawn b as c\nb: yield\n", name);
}

#[test]
fn a_with_gets_another_resource() {
    let set = |script: &EditableScript| one(script.set_resource(ID, "n"));
    check(
        "a: yield -> WITH m (yield)\n",
        set,
        "a: yield -> WITH n (yield)\n",
    );
}

const HOIST: fn(&EditableScript) -> Option<Vec<Edit>> = |script| script.hoist_first(ID);

#[test]
fn the_first_segment_of_a_line_is_moved_before_its_with() {
    check(
        "a: yield -> with m (await 1s \"x\" -> cpu 1)\n",
        HOIST,
        "a: yield -> await 1s \"x\" -> with m (cpu 1)\n",
    );
    check(
        "a:\n  yield\n  async with m: await 1; cpu 1  # x\n",
        HOIST,
        "a:\n  yield\n  await 1\n  async with m: cpu 1  # x\n",
    );
    check(
        "a: yield -> [with m ([await 1] -> [cpu 1 -> cpu 2])]\n",
        HOIST,
        "a: yield -> [await 1 -> with m ([cpu 1 -> cpu 2])]\n",
    );
    check(
        "a: yield -> with m ([await 1 -> cpu 1])\n",
        HOIST,
        "a: yield -> await 1 -> with m ([cpu 1])\n",
    );
    check(
        "a: yield -> with m (await 1 -> group (yield))\n",
        HOIST,
        "a: yield -> await 1 -> with m (group (yield))\n",
    );
    check_none("a: yield -> with m (await 1)\n", HOIST);
    check_none("a: yield -> with m (group (yield) -> cpu 1)\n", HOIST);
}

#[test]
fn the_first_line_of_a_block_is_moved_before_its_with() {
    check(
        "a:\n  yield\n  async with m:  # held\n    # slow\n    await 1  # db\n    # fast\n    cpu 1\n",
        HOIST,
        "a:\n  yield\n  await 1  # db\n  async with m:  # held\n    # slow\n    # fast\n    cpu 1\n",
    );
    check(
        "a:\r\n  yield\r\n  with m:\r\n    await 1\r\n    cpu 1\r\n",
        HOIST,
        "a:\r\n  yield\r\n  await 1\r\n  with m:\r\n    cpu 1\r\n",
    );
    check(
        "a:\n  yield\n  with m:\n    await 1 -> cpu 1\n",
        HOIST,
        "a:\n  yield\n  await 1\n  with m:\n    cpu 1\n",
    );
    check(
        "a:\n  yield\n  with m:\n    await 1 ->\n    cpu 1\n",
        HOIST,
        "a:\n  yield\n  await 1\n  with m:\n    cpu 1\n",
    );
    check_none(
        "a:\n  yield\n  with m:\n    await 1 ->\n      cpu 1\n",
        HOIST,
    );
}

#[test]
fn segments_are_counted_as_in_the_workload() {
    let text = "lock m\nqueue q\na: try (cpu 1) except (cpu 2 -> [repeat 2 (cpu 3)]) finally (yield)\nb:\n  timeout 3:\n    with m: put q\n  else:\n    thread: cpu 1 -> cpu 2\n  async with m:\n    yield\n";
    let workload: Workload = parse(text).workload.expect("no errors");
    let script = EditableScript::parse(text);
    for (index, place) in workload.places.iter().enumerate() {
        let step = script
            .step_of_segment(SegmentId(index as u32))
            .expect("it is counted");
        assert_eq!((step.span.start, step.span.end), (place.start, place.end));
    }
    assert!(
        script
            .step_of_segment(SegmentId(workload.places.len() as u32))
            .is_none()
    );
}
