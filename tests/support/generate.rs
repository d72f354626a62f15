//! Random workloads from a seed.
//!
//! Durations come from a few values, so that ties are frequent. The bodies of the tasks are left
//! to [`super::bodies`].

use model::time::SimDuration;
use model::workload::{
    Arrivals, Body, Gil, Machine, Place, PythonVersion, Resource, ResourceKind, Run, SegmentKind,
    Task, TaskIndex, TaskKind, Workload,
};

use super::bodies::TaskGenerator;
use super::layout::lay_out;
use super::rng::Rng;
use super::taste::{Taste, Theme};

/// The sets of durations, in milliseconds; a program uses one.
const LENGTHS: &[&[u64]] = &[
    &[0, 1],
    &[1],
    &[1, 2],
    &[0, 1, 1, 2, 3],
    &[0, 1, 1, 2, 2, 3, 5],
];

/// The features that a generated program may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    OneLoop,
    /// Also threads, processes, jobs, servers and random lengths.
    Everything,
}

/// The workload and the text of this seed, with all features of a single loop.
pub(crate) fn workload(seed: u64) -> (Workload, String) {
    generate(seed, Reach::OneLoop)
}

/// The workload and the text of this seed, with all features of the language.
pub(crate) fn anything(seed: u64) -> (Workload, String) {
    generate(seed, Reach::Everything)
}

fn generate(seed: u64, reach: Reach) -> (Workload, String) {
    let mut rng = Rng::new(seed);
    let theme = Theme::new(&mut rng);
    let resources = resources(&mut rng, theme);
    let count = match theme {
        Theme::Anything => rng.between(1, 7),
        _ => rng.between(2, 4),
    };
    let taste = Taste::new(&mut rng, theme);
    let lengths = rng.pick(LENGTHS);
    let mut generator = TaskGenerator {
        tasks: vec![None; count],
        costs: vec![0; count],
        blocks: Vec::new(),
        resources: &resources,
        rng: &mut rng,
        taste,
        lengths,
        prints: 0,
        burst: if theme == Theme::Permits { 50 } else { 20 },
        reach,
    };
    // From the last task to the first, so that the costs of later tasks are known.
    for index in (0..count).rev() {
        generator.add_task(index);
    }
    let mut tasks: Vec<Task> = generator.tasks.into_iter().flatten().collect();
    let blocks: Vec<Task> = generator.blocks.into_iter().flatten().collect();
    let runs = runs(&mut rng, &tasks, theme, reach);
    tasks.extend(blocks);
    let machine = match reach {
        Reach::OneLoop => Machine::default(),
        Reach::Everything => machine(&mut rng),
    };
    let mut workload = Workload {
        machine,
        tasks,
        resources,
        runs,
        ..Workload::default()
    };
    if workload.machine.python < PythonVersion::V313 {
        leave_queues_open(&mut workload);
    }
    let text = lay_out(&mut workload);
    (workload, text)
}

/// For versions of Python without `Queue.shutdown`.
pub(crate) fn leave_queues_open(workload: &mut Workload) {
    fn in_body(body: &mut Body) {
        for segment in body {
            if matches!(segment.kind, SegmentKind::Shutdown { .. }) {
                segment.kind = SegmentKind::Yield;
            }
            segment.kind.bodies_mut().for_each(in_body);
        }
    }
    let tasks = workload.tasks.iter_mut();
    tasks.for_each(|task| in_body(&mut task.body));
}

fn resources(rng: &mut Rng, theme: Theme) -> Vec<Resource> {
    let kinds = [
        ("q", ResourceKind::Queue { capacity: None }),
        (
            "p",
            ResourceKind::Queue {
                capacity: Some(1 + rng.below(2) as u32),
            },
        ),
        (
            "s",
            ResourceKind::Semaphore {
                permits: match theme {
                    // Tasks that wait, so that releases meet them.
                    Theme::Permits => rng.below(2) as u32,
                    _ => rng.below(4) as u32,
                },
            },
        ),
        ("m", ResourceKind::Lock),
        ("e", ResourceKind::Event),
        ("c", ResourceKind::Condition),
    ];
    // One bit per kind.
    let declared = match theme {
        // Each subset is equally likely.
        Theme::Anything | Theme::Groups | Theme::Limits => rng.below(1 << kinds.len()),
        Theme::Queues => rng.between(1, 3),
        Theme::Permits => 1 << 2,
        Theme::Notifications => 1 << 5,
    };
    kinds
        .into_iter()
        .enumerate()
        .filter(|(bit, _)| declared & (1 << bit) != 0)
        .map(|(_, (name, kind))| Resource {
            name: name.to_owned(),
            kind,
            place: Place::default(),
        })
        .collect()
}

fn runs(rng: &mut Rng, tasks: &[Task], theme: Theme, reach: Reach) -> Vec<Run> {
    let (fewest, counts): (usize, &[u64]) = match theme {
        Theme::Permits | Theme::Notifications => (3, &[2, 3, 4]),
        _ => (1, &[1, 1, 1, 2, 3, 4]),
    };
    let lines = rng.between(fewest, 4);
    (0..lines)
        .map(|line| {
            let index = if line == 0 { 0 } else { rng.below(tasks.len()) };
            // A `def` task that arrives runs on the thread pool, i.e. outside the loop.
            let handler = tasks[index].kind == TaskKind::Sync && reach == Reach::OneLoop;
            Run {
                task: TaskIndex(if handler { 0 } else { index as u32 }),
                count: rng.pick(counts),
                arrivals: arrivals(rng),
                place: Place::default(),
            }
        })
        .collect()
}

fn arrivals(rng: &mut Rng) -> Arrivals {
    match rng.below(10) {
        0..=6 => Arrivals::Together {
            at: SimDuration::ZERO,
        },
        7 | 8 => Arrivals::Together {
            at: millis(rng.pick(&[1, 2, 3])),
        },
        _ => Arrivals::Every {
            start: millis(rng.pick(&[0, 0, 1])),
            gap: millis(rng.pick(&[1, 2])),
        },
    }
}

fn machine(rng: &mut Rng) -> Machine {
    let python = rng.pick(&PythonVersion::ALL);
    Machine {
        cores: rng.pick(&[1, 1, 2, 3]),
        gil: rng.pick(&[Gil::On, Gil::On, Gil::Off]),
        switch: millis(rng.pick(&[1, 5])),
        pool: rng.pick(&[1, 2, 40]),
        executor: rng.pick(&[None, Some(1), Some(2)]),
        processes: rng.pick(&[None, Some(1), Some(2)]),
        jobs: rng.pick(&[1, 2, 3]),
        prefetch: rng.pick(&[0, 1, 4]),
        servers: rng.pick(&[1, 1, 1, 2]),
        seed: rng.next() % 100,
        until: rng.pick(&[None, None, None, Some(millis(7))]),
        costs: model::workload::Costs::default(),
        python,
        eager: python >= PythonVersion::V312 && rng.chance(30),
    }
}

pub(super) fn millis(count: u64) -> SimDuration {
    SimDuration::from_millis(count)
}
