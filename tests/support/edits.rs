//! Checks of edits of a script: each changes the thing that it names, and nothing else.

use model::time::SimDuration;
use model::workload::{
    Body, Executor, Gil, Length, Machine, PythonVersion, ResourceIndex, ResourceKind, Segment,
    SegmentId, SegmentKind, TaskIndex, TaskKind, Work, Workload,
};
use script::vocabulary::{SETTINGS, SettingWord, Verb, spelling};
use script::{Edit, EditableScript, apply_edits};

use super::text::{comments, without_places};

/// A value that no generated script has.
const DURATION: SimDuration = SimDuration::from_millis(70);

/// A valid script, and everything that is compared with it after an edit.
struct Before<'t> {
    text: &'t str,
    workload: Workload,
    script: EditableScript<'t>,
}

/// Makes every edit that the script has a place for.
pub(crate) fn check_edits(text: &str) {
    let before = Before {
        text,
        workload: script::parse(text).workload.expect("the script is valid"),
        script: EditableScript::parse(text),
    };
    check_settings(&before);
    check_runs_and_resources(&before);
    check_segments(&before);
    check_tasks(&before);
}

impl Before<'_> {
    /// After the edits the script has this workload, and its comments.
    #[track_caller]
    fn check(&self, edits: &[Edit], expected: Workload) -> String {
        let edited = apply_edits(self.text, edits);
        let parsed = script::parse(&edited);
        let Some(workload) = parsed.workload else {
            panic!("{}\n→\n{edited}\n{:?}", self.text, parsed.diagnostics);
        };
        let (found, expected) = (without_ids(workload), without_ids(expected));
        assert_eq!(found, expected, "{}\n→\n{edited}", self.text);
        assert_eq!(comments(&edited), comments(self.text), "{edited}");
        edited
    }

    /// The workload with another segment, which `change` makes of the old one.
    fn with_segment(&self, id: SegmentId, change: impl Fn(&mut Segment)) -> Workload {
        let mut workload = self.workload.clone();
        for task in &mut workload.tasks {
            each_mut(&mut task.body, &mut |segment| {
                if segment.id == id {
                    change(segment);
                }
            });
        }
        workload
    }
}

fn check_settings(before: &Before) {
    for &(setting, _) in SETTINGS {
        let value = match setting {
            SettingWord::Gil => "off",
            // Only what is valid with the other of the two.
            SettingWord::Eager if before.workload.machine.python == PythonVersion::V311 => "off",
            SettingWord::Eager => "on",
            SettingWord::Python if before.workload.machine.eager => "3.12",
            SettingWord::Switch | SettingWord::Until => "70ms",
            SettingWord::Python => "3.11",
            _ => "7",
        };
        let edit = before.script.set(setting, value);
        let mut expected = before.workload.clone();
        set(&mut expected.machine, setting, value);
        let edited = before.check(&[edit], expected);
        let again = EditableScript::parse(&edited).set(setting, value);
        let word = spelling(SETTINGS, setting);
        assert_eq!(apply_edits(&edited, [&again]), edited, "{word} is found");
    }
}

fn set(machine: &mut Machine, setting: SettingWord, value: &str) {
    match setting {
        SettingWord::Cores => machine.cores = 7,
        SettingWord::Gil => machine.gil = Gil::Off,
        SettingWord::Switch => machine.switch = DURATION,
        SettingWord::Pool => machine.pool = 7,
        SettingWord::Executor => machine.executor = Some(7),
        SettingWord::Processes => machine.processes = Some(7),
        SettingWord::Jobs => machine.jobs = 7,
        SettingWord::Prefetch => machine.prefetch = 7,
        SettingWord::Servers => machine.servers = 7,
        SettingWord::Seed => machine.seed = 7,
        SettingWord::Until => machine.until = Some(DURATION),
        SettingWord::Python => {
            machine.python = PythonVersion::from_name(value).expect("a version");
        }
        SettingWord::Eager => machine.eager = value == "on",
    }
}

fn check_runs_and_resources(before: &Before) {
    // Without a `run` line there is none whose number could be set.
    if let Some(edit) = before.script.set_run_count(7) {
        let mut expected = before.workload.clone();
        expected.runs[0].count = 7;
        before.check(&[edit], expected);
    }
    for (index, resource) in before.workload.resources.iter().enumerate() {
        let edit = before
            .script
            .set_resource_size(ResourceIndex(index as u32), 7);
        let kind = match resource.kind {
            ResourceKind::Queue { .. } => ResourceKind::Queue { capacity: Some(7) },
            ResourceKind::Semaphore { .. } => ResourceKind::Semaphore { permits: 7 },
            ResourceKind::Pool { timeout, .. } => ResourceKind::Pool {
                permits: 7,
                timeout,
            },
            _ => {
                assert_eq!(edit, None);
                continue;
            }
        };
        let mut expected = before.workload.clone();
        expected.resources[index].kind = kind;
        before.check(&[edit.expect("it has a size")], expected);
    }
}

fn check_segments(before: &Before) {
    for task in &before.workload.tasks {
        let is_async = task.kind == TaskKind::Async;
        check_body(before, &task.body, is_async);
    }
}

fn check_body(before: &Before, body: &Body, is_async: bool) {
    for segment in body {
        check_duration(before, segment);
        check_verb(before, segment);
        check_wrap(before, segment, is_async);
        check_hoist(before, segment);
        let is_async = is_async && !matches!(segment.kind, SegmentKind::Offload { .. });
        for inner in segment.kind.bodies() {
            check_body(before, inner, is_async);
        }
    }
}

fn check_duration(before: &Before, segment: &Segment) {
    let id = segment.id;
    let expected = || {
        before.with_segment(id, |segment| {
            if let Some(length) = length_mut(&mut segment.kind) {
                *length = Length::Fixed(DURATION);
            }
        })
    };
    let length = length_mut(&mut segment.kind.clone()).copied();
    let edit = before.script.set_duration(id, DURATION);
    assert_eq!(edit.is_some(), length.is_some());
    if let Some(edit) = edit {
        before.check(&[edit], expected());
    }
    let dragged = before.script.drag_duration(id, DURATION);
    assert!(dragged.is_some() || !matches!(length, Some(Length::Fixed(_))));
    if let Some(edit) = dragged {
        before.check(&[edit], expected());
    }
}

fn length_mut(kind: &mut SegmentKind) -> Option<&mut Length> {
    match kind {
        SegmentKind::Cpu { length, .. }
        | SegmentKind::Await { length, .. }
        | SegmentKind::Block { length, .. }
        | SegmentKind::Timeout { after: length, .. }
        | SegmentKind::WaitFor { after: length, .. } => Some(length),
        _ => None,
    }
}

fn check_verb(before: &Before, segment: &Segment) {
    let verb = match segment.kind {
        SegmentKind::Cpu { .. } => Verb::Block,
        SegmentKind::Block { .. } => Verb::Cpu,
        _ => return,
    };
    let edit = before.script.set_verb(segment.id, verb);
    let expected = before.with_segment(segment.id, |segment| {
        segment.kind = match segment.kind.clone() {
            SegmentKind::Cpu { length, label } => SegmentKind::Block { length, label },
            SegmentKind::Block { length, label } => SegmentKind::Cpu { length, label },
            other => other,
        };
    });
    before.check(&[edit.expect("it has a keyword")], expected);
}

fn check_wrap(before: &Before, segment: &Segment, is_async: bool) {
    if !is_async || !matches!(segment.kind, SegmentKind::Cpu { .. }) {
        return;
    }
    let edit = before.script.wrap(segment.id, Verb::Process);
    let expected = before.with_segment(segment.id, |segment| {
        segment.kind = SegmentKind::Offload {
            to: Executor::Process,
            work: Work::Body(vec![segment.clone()]),
        };
    });
    let wrapped = before.check(&[edit.expect("it holds no block")], expected);
    let inline = EditableScript::parse(&wrapped).inline(segment.id);
    let inline = inline.expect("it holds one segment");
    assert_eq!(apply_edits(&wrapped, [&inline]), before.text);
}

fn check_hoist(before: &Before, segment: &Segment) {
    let SegmentKind::With { body, .. } = &segment.kind else {
        return;
    };
    // Other segments may need the resource that is held.
    let [first, _, ..] = &body[..] else { return };
    if !matches!(first.kind, SegmentKind::Await { .. }) {
        return;
    }
    let Some(edits) = before.script.hoist_first(segment.id) else {
        return;
    };
    let mut expected = before.workload.clone();
    for task in &mut expected.tasks {
        each_body_mut(&mut task.body, &mut |body| {
            let Some(at) = body.iter().position(|each| each.id == segment.id) else {
                return;
            };
            if let SegmentKind::With { body: held, .. } = &mut body[at].kind {
                let moved = held.remove(0);
                body.insert(at, moved);
            }
        });
    }
    before.check(&edits, expected);
}

fn check_tasks(before: &Before) {
    for (index, task) in before.workload.tasks.iter().enumerate() {
        let index = TaskIndex(index as u32);
        if let Some(edit) = before.script.append(index, "cpu 70ms") {
            let mut expected = before.workload.clone();
            let kind = SegmentKind::Cpu {
                length: Length::Fixed(DURATION),
                label: None,
            };
            let id = SegmentId(0);
            expected.tasks[index.0 as usize]
                .body
                .push(Segment { id, kind });
            before.check(&[edit], expected);
        }
        let edit = before.script.make_async(index);
        assert_eq!(edit.is_some(), task.kind == TaskKind::Sync);
        // Those that hand the function to a thread refuse a coroutine.
        let edited = edit.map(|edit| apply_edits(before.text, [&edit]));
        if let Some(workload) = edited.and_then(|edited| script::parse(&edited).workload) {
            assert_eq!(workload.task(index).kind, TaskKind::Async);
        }
    }
}

fn each_mut(body: &mut Body, change: &mut impl FnMut(&mut Segment)) {
    for segment in body {
        for inner in segment.kind.bodies_mut() {
            each_mut(inner, change);
        }
        change(segment);
    }
}

fn each_body_mut(body: &mut Body, change: &mut impl FnMut(&mut Body)) {
    for segment in &mut *body {
        for inner in segment.kind.bodies_mut() {
            each_body_mut(inner, change);
        }
    }
    change(body);
}

/// Segments are numbered by their place in the text, which an edit may change.
fn without_ids(workload: Workload) -> Workload {
    let mut workload = without_places(workload);
    for task in &mut workload.tasks {
        each_mut(&mut task.body, &mut |segment| segment.id = SegmentId(0));
    }
    workload
}
