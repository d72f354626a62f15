//! All instances at the cursor: running, ready in their order, waiting with reason and end, and
//! the load of the pools.

use super::node::{Element, Node, el};
use crate::state::bars;
use crate::state::number::measure;
use crate::state::sentences;
use crate::state::shown::{Bar, Shown};
use crate::state::words;
use crate::state::{Cursor, State as PageState};
use chart::scene::{Kind, Words};
use model::replay::InstanceState;
use model::time::SimTime;
use model::trace::{InstanceId, LaneKind, Role, State};
use model::workload::Machine;
use texts::{Language, Text};

/// Names per state; further instances are only counted.
const NAMES_MAX: usize = 8;

type Placed = (InstanceId, InstanceState);

/// All instances, grouped by state.
#[derive(Default)]
struct Scene {
    on_loop: Vec<Placed>,
    ready: Vec<Placed>,
    waiting: Vec<Placed>,
    pools: [Pool; 4],
}

#[derive(Default)]
struct Pool {
    busy: Vec<Placed>,
    queue: Vec<Placed>,
}

const POOLS: [(LaneKind, Text); 4] = [
    (LaneKind::PoolThread, words::POOL_NAME),
    (LaneKind::ExecutorThread, words::EXECUTOR_NAME),
    (LaneKind::ProcessWorker, words::PROCESS_NAME),
    (LaneKind::JobWorker, words::JOB_NAME),
];

fn capacity(machine: &Machine, kind: LaneKind) -> u32 {
    match kind {
        LaneKind::Loop => machine.servers,
        LaneKind::PoolThread => machine.pool.saturating_mul(machine.servers),
        LaneKind::ExecutorThread => machine.executor_threads().saturating_mul(machine.servers),
        LaneKind::ProcessWorker => machine.process_workers(),
        LaneKind::JobWorker => machine.jobs,
    }
}

fn queued_for(state: State) -> Option<LaneKind> {
    match state {
        State::QueuedToken => Some(LaneKind::PoolThread),
        State::QueuedExecutor => Some(LaneKind::ExecutorThread),
        State::QueuedProcess => Some(LaneKind::ProcessWorker),
        State::QueuedJob => Some(LaneKind::JobWorker),
        _ => None,
    }
}

impl Scene {
    fn at(shown: &Shown, cursor: Cursor) -> Self {
        let mut scene = Self::default();
        for (id, standing) in shown.replay(cursor.records).alive() {
            scene.place(shown, id, *standing);
        }
        by_coming(&mut scene.ready);
        by_coming(&mut scene.waiting);
        for pool in &mut scene.pools {
            by_coming(&mut pool.queue);
        }
        scene
    }

    fn place(&mut self, shown: &Shown, id: InstanceId, standing: InstanceState) {
        let lane = shown.run.trace().lane(standing.lane).map(|lane| lane.kind);
        let pool = |kind: LaneKind| POOLS.iter().position(|&(each, _)| each == kind);
        if standing.state.holds_lane() {
            match lane.and_then(pool) {
                Some(index) => self.pools[index].busy.push((id, standing)),
                None => self.on_loop.push((id, standing)),
            }
            return;
        }
        if let Some(index) = queued_for(standing.state).and_then(pool) {
            self.pools[index].queue.push((id, standing));
            return;
        }
        match standing.state {
            State::Ready => self.ready.push((id, standing)),
            // Its part is listed instead, because it knows its own segment.
            State::Offloaded if shown.run.trace().instance(id).role == Role::Handler => {}
            _ => self.waiting.push((id, standing)),
        }
    }
}

/// Sorts the instances that are named by arrival; the others are only counted.
fn by_coming(placed: &mut [Placed]) {
    for place in 0..NAMES_MAX.min(placed.len()) {
        let rest = place..placed.len();
        if let Some(next) = rest.min_by_key(|&each| placed[each].1.record) {
            placed.swap(place, next);
        }
    }
}

pub(super) fn now(state: &PageState, shown: &Shown) -> Element {
    let language = state.language();
    let scene = Scene::at(shown, state.cursor);
    let teller = Teller { shown, language };
    let head = |word: Text, many: usize| {
        let count = (many > 1).then(|| el("small").text(format!(" {many}")));
        el("h2.minor").text(word.of(language)).kid(count)
    };
    let running = el("div")
        .kid(head(words::NOW_RUNNING, 0))
        .kid(teller.pills(&scene.on_loop, words::IDLE));
    let ready = el("div")
        .kid(head(words::NOW_READY, scene.ready.len()))
        .kid(teller.pills(&scene.ready, words::NO_INSTANCE));
    let waiting = el("div.waiting")
        .kid(head(words::NOW_WAITING, scene.waiting.len()))
        .kid(teller.waits(&scene.waiting));
    let pools = POOLS.iter().zip(&scene.pools);
    el("section.now")
        .label(words::NOW.of(language))
        // It scrolls inside itself.
        .set("tabindex", "0")
        .kid(running)
        .kid(ready)
        .kid(waiting)
        .kids(pools.map(|(&(kind, name), pool)| teller.pool(kind, name, pool).into()))
}

struct Teller<'a> {
    shown: &'a Shown,
    language: Language,
}

impl Teller<'_> {
    fn pills(&self, all: &[Placed], none: Text) -> Element {
        if all.is_empty() {
            return el("span.none").text(none.of(self.language));
        }
        let pills = all.iter().take(NAMES_MAX);
        el("ol.pills")
            .kids(pills.map(|(id, standing)| self.pill(*id, standing)))
            .kid(self.rest(all.len()))
    }

    fn rest(&self, all: usize) -> Option<Element> {
        let rest = all.saturating_sub(NAMES_MAX);
        (rest > 0).then(|| el("li.none").text(sentences::more(self.language, rest)))
    }

    fn kind(&self, standing: &InstanceState) -> Option<Kind> {
        let lane = self.shown.run.trace().lane(standing.lane);
        Kind::of(standing.state, lane.map(|lane| lane.kind))
    }

    fn pill(&self, id: InstanceId, standing: &InstanceState) -> Node {
        let class = match self.kind(standing) {
            Some(Kind::Running) => "pill run",
            Some(Kind::BlockingLoop) => "pill block",
            Some(Kind::BlockingThread) => "pill thread",
            _ => "pill",
        };
        let until = self.until(id, standing);
        el("li")
            .set("class", class)
            .set("data-instance", id.0.to_string())
            .set("title", self.what(id, standing).unwrap_or_default())
            .text(bars::name(self.shown, id))
            .kid(until.map(|until| el("small").text(format!(" · {until}"))))
            .into()
    }

    /// The waiting instances, each with its reason and, if known, its end.
    fn waits(&self, all: &[Placed]) -> Element {
        if all.is_empty() {
            return el("span.none").text(words::NO_INSTANCE.of(self.language));
        }
        let wait = |(id, standing): &Placed| {
            let what = self.what(*id, standing).unwrap_or_default();
            let until = self.until(*id, standing).unwrap_or_default();
            el("li")
                .set("data-instance", id.0.to_string())
                .kid(el("b").text(bars::name(self.shown, *id)))
                .kid(el("span").text(what))
                .kid(el("small").text(until))
                .into()
        };
        el("ol.waits")
            .kids(all.iter().take(NAMES_MAX).map(wait))
            .kid(self.rest(all.len()))
    }

    /// The segment as written in the script; the legend's words if there is none.
    fn what(&self, id: InstanceId, standing: &InstanceState) -> Option<String> {
        let kind = self.kind(standing)?;
        let written = self.shown.written_wait(standing.segment);
        let end = match written {
            Some(length) => Some(standing.since + length),
            None => self.end(id, standing),
        };
        let bar = Bar {
            start: standing.since,
            end: end.unwrap_or(standing.since),
            instance: id,
            segment: standing.segment,
            lane: standing.lane,
            state: standing.state,
            kind,
        };
        let phrase = bars::phrase(self.language, self.shown, &bar);
        Some(phrase.unwrap_or_else(|| Words(self.language).kind(kind).to_owned()))
    }

    /// The end of the state, not of one that the instance enters later at this instant.
    fn end(&self, id: InstanceId, standing: &InstanceState) -> Option<SimTime> {
        let (state, segment) = (standing.state, standing.segment);
        let span = self.shown.span_entered(id, state, segment, standing.since);
        span.map(|span| span.end)
    }

    /// The end of a wait for other instances is not known at that instant.
    fn until(&self, id: InstanceId, standing: &InstanceState) -> Option<String> {
        let ends_by_itself = matches!(
            standing.state,
            State::Running | State::Blocking | State::Awaiting
        );
        let until = self.end(id, standing).filter(|_| ends_by_itself)?;
        Some(sentences::until(self.language, until))
    }

    /// A pool that the run never uses is not shown.
    fn pool(&self, kind: LaneKind, name: Text, pool: &Pool) -> Option<Element> {
        let used = self
            .shown
            .run
            .trace()
            .lanes
            .iter()
            .any(|lane| lane.kind == kind);
        if !used && pool.queue.is_empty() {
            return None;
        }
        let all = capacity(&self.shown.run.workload().machine, kind);
        let busy = pool.busy.len();
        let head = el("h2.minor")
            .text(name.of(self.language))
            .kid(el("small").text(format!(" {busy} / {all}")));
        let panel = el("div")
            .kid(head)
            .kid(meter(busy, all))
            .kid(self.pills(&pool.busy, words::IDLE));
        if pool.queue.is_empty() {
            return Some(panel);
        }
        let queued = el("h3.queued")
            .text(words::QUEUED.of(self.language))
            .kid(el("small").text(format!(" {}", pool.queue.len())));
        Some(
            panel
                .kid(queued)
                .kid(self.pills(&pool.queue, words::NO_INSTANCE)),
        )
    }
}

/// The load of a pool, as a bar beside its figures.
fn meter(busy: usize, all: u32) -> Element {
    let part = (busy as f64 / f64::from(all.max(1)) * 100.0).min(100.0);
    let strip = |class: &'static str, width: String| {
        el("rect")
            .set("class", class)
            .set("width", width)
            .set("height", "4")
    };
    el("svg.meter")
        .set("viewBox", "0 0 100 4")
        .set("preserveAspectRatio", "none")
        .state("aria-hidden", true)
        .kid(strip("meter-all", "100".to_owned()))
        .kid(strip("meter-busy", measure(part)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::simulate;

    /// The waiting instances after so many records, each with its reason and end.
    #[track_caller]
    fn check_waiting(script: &str, records: usize, expected: &[&str]) {
        let workload = script::parse(script).workload.expect("no errors");
        let trace = simulate(&workload);
        let shown = Shown::new(script.into(), workload.into(), trace);
        let cursor = Cursor {
            at: shown.time_after(records),
            records,
        };
        let teller = Teller {
            shown: &shown,
            language: Language::En,
        };
        let waiting = Scene::at(&shown, cursor).waiting;
        let said = waiting.iter().map(|(id, standing)| {
            let name = bars::name(&shown, *id);
            let what = teller.what(*id, standing).unwrap_or_default();
            let until = teller.until(*id, standing).unwrap_or_default();
            format!("{name}: {what}, {until}")
        });
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }

    const ORDERS: &str =
        "async def order:\n    await 1s\n    block 3s\n    await 2s\nrun 3 order\n";

    /// At 1 s three awaits end, one record each. Those whose record comes later still await 1 s.
    #[test]
    fn a_wait_is_as_written_also_where_much_happens_at_once() {
        let awaiting = |number: u32| format!("order {number}: await 1s, until 1 s");
        let all: Vec<String> = (1..=3).map(awaiting).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        check_waiting(ORDERS, 6, &all);
        check_waiting(ORDERS, 7, &all[1..]);
        check_waiting(ORDERS, 8, &all[2..]);
    }

    #[test]
    fn a_wait_that_is_cut_short_is_as_written() {
        check_waiting("a: timeout 2s (await 5s)\n", 2, &["a: await 5s, until 2 s"]);
    }
}
