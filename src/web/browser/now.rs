//! Everybody at the cursor: who runs, who is ready in which order, who waits
//! for what and until when, how busy the pools are.

use std::rc::Rc;

use yew::prelude::*;

use crate::language::{Language, Text};
use crate::order::sort_by_number;
use crate::replay::Standing;
use crate::scene::{Kind, Words};
use crate::trace::{InstanceId, LaneKind, Role, State};
use crate::web::model::bars;
use crate::web::model::sentences;
use crate::web::model::shown::{Bar, Shown};
use crate::web::model::state::Cursor;
use crate::web::model::words;
use crate::workload::Machine;

pub(super) struct Props {
    pub(super) shown: Rc<Shown>,
    pub(super) cursor: Cursor,
    pub(super) language: Language,
}

/// More names than this are a number.
const NAMES_MAX: usize = 8;

type Placed = (InstanceId, Standing);

/// Everybody, sorted by what they are at.
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
        let by_coming = |placed: &mut Vec<Placed>| {
            sort_by_number(placed, |(_, standing)| standing.record as u64)
        };
        by_coming(&mut scene.ready);
        by_coming(&mut scene.waiting);
        for pool in &mut scene.pools {
            by_coming(&mut pool.queue);
        }
        scene
    }

    fn place(&mut self, shown: &Shown, id: InstanceId, standing: Standing) {
        let lane = shown.trace.lane(standing.lane).map(|lane| lane.kind);
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
            // Its part, with a place of its own, tells more.
            State::Offloaded if shown.trace.instance(id).role == Role::Handler => {}
            _ => self.waiting.push((id, standing)),
        }
    }
}

pub(super) fn now_panel(props: &Props) -> Html {
    let Props {
        shown,
        cursor,
        language,
    } = props;
    let language = *language;
    let scene = Scene::at(shown, *cursor);
    let teller = Teller {
        shown,
        language,
        cursor: *cursor,
    };
    html! {
        <section class="card now" aria-label={words::NOW.of(language)}>
            <div>
                <h2 class="minor">{ words::NOW_RUNNING.of(language) }</h2>
                { teller.pills(&scene.on_loop, words::IDLE) }
            </div>
            <div>
                <h2 class="minor">{ words::NOW_READY.of(language) }{ count(scene.ready.len()) }</h2>
                { teller.pills(&scene.ready, words::NOBODY) }
            </div>
            <div class="waiting">
                <h2 class="minor">{ words::NOW_WAITING.of(language) }{ count(scene.waiting.len()) }</h2>
                { teller.waits(&scene.waiting) }
            </div>
            { for POOLS.iter().zip(&scene.pools).filter_map(|(&(kind, name), pool)| teller.pool(kind, name, pool)) }
        </section>
    }
}

fn count(many: usize) -> Html {
    match many {
        0 | 1 => Html::default(),
        many => html! { <small>{ " " }{ many }</small> },
    }
}

struct Teller<'a> {
    shown: &'a Shown,
    language: Language,
    cursor: Cursor,
}

impl Teller<'_> {
    fn pills(&self, all: &[Placed], nobody: Text) -> Html {
        if all.is_empty() {
            return html! { <span class="none">{ nobody.of(self.language) }</span> };
        }
        let rest = all.len().saturating_sub(NAMES_MAX);
        html! {
            <ol class="pills">
                { for all.iter().take(NAMES_MAX).map(|(id, standing)| self.pill(*id, standing)) }
                { self.rest(rest) }
            </ol>
        }
    }

    fn rest(&self, rest: usize) -> Html {
        match rest {
            0 => Html::default(),
            rest => html! { <li class="none">{ sentences::more(self.language, rest) }</li> },
        }
    }

    fn kind(&self, standing: &Standing) -> Option<Kind> {
        let lane = self.shown.trace.lane(standing.lane);
        Kind::of(standing.state, lane.map(|lane| lane.kind))
    }

    fn pill(&self, id: InstanceId, standing: &Standing) -> Html {
        let class = match self.kind(standing) {
            Some(Kind::Running) => Some("run"),
            Some(Kind::BlockingLoop) => Some("block"),
            Some(Kind::BlockingThread) => Some("thread"),
            _ => None,
        };
        let why = self.what(id, standing).unwrap_or_default();
        html! {
            <li class={classes!("pill", class)} title={why}>
                { bars::name(self.shown, id) }
                if let Some(until) = self.until(id, standing.state) { <small>{ " · " }{ until }</small> }
            </li>
        }
    }

    /// Who waits for what, and until when, where that is known.
    fn waits(&self, all: &[Placed]) -> Html {
        if all.is_empty() {
            return html! { <span class="none">{ words::NOBODY.of(self.language) }</span> };
        }
        let wait = |(id, standing): &Placed| {
            html! {
                <li>
                    <b>{ bars::name(self.shown, *id) }</b>
                    <span>{ self.what(*id, standing).unwrap_or_default() }</span>
                    <small>{ self.until(*id, standing.state).unwrap_or_default() }</small>
                </li>
            }
        };
        html! {
            <ol class="waits">
                { for all.iter().take(NAMES_MAX).map(wait) }
                { self.rest(all.len().saturating_sub(NAMES_MAX)) }
            </ol>
        }
    }

    /// What it is at, as the script says it; the legend's words where it does not.
    fn what(&self, id: InstanceId, standing: &Standing) -> Option<String> {
        let kind = self.kind(standing)?;
        let end = self.shown.until(id, self.cursor.at);
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

    /// When waiting for others ends is not known at that instant.
    fn until(&self, id: InstanceId, state: State) -> Option<String> {
        let ends_by_itself = matches!(state, State::Running | State::Blocking | State::Awaiting);
        let until = self
            .shown
            .until(id, self.cursor.at)
            .filter(|_| ends_by_itself)?;
        Some(sentences::until(self.language, until))
    }

    /// A pool that nobody ever used is not worth a place.
    fn pool(&self, kind: LaneKind, name: Text, pool: &Pool) -> Option<Html> {
        let used = self.shown.trace.lanes.iter().any(|lane| lane.kind == kind);
        if !used && pool.queue.is_empty() {
            return None;
        }
        let all = capacity(&self.shown.workload.machine, kind);
        Some(html! {
            <div>
                <h2 class="minor">{ name.of(self.language) }<small>{ format!(" {} / {all}", pool.busy.len()) }</small></h2>
                { meter(pool.busy.len(), all) }
                { self.pills(&pool.busy, words::IDLE) }
                if !pool.queue.is_empty() {
                    <h3 class="queued">{ words::QUEUED.of(self.language) }<small>{ " " }{ pool.queue.len() }</small></h3>
                    { self.pills(&pool.queue, words::NOBODY) }
                }
            </div>
        })
    }
}

/// How full a pool is, beside the figures that say it.
fn meter(busy: usize, all: u32) -> Html {
    let part = (busy as f64 / f64::from(all.max(1)) * 100.0).min(100.0);
    html! {
        <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="meter-all" width="100" height="4" />
            <rect class="meter-busy" width={part.to_string()} height="4" />
        </svg>
    }
}
