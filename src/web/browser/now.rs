//! Everybody at the cursor: who runs, who is ready in which order, who waits
//! for what and until when, how busy the pools are.

use std::rc::Rc;

use yew::prelude::*;

use crate::language::{Language, Text};
use crate::replay::Standing;
use crate::scene::{By, Kind, Words};
use crate::trace::{InstanceId, LaneKind, Role, State};
use crate::web::model::sentences;
use crate::web::model::shown::Shown;
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

/// Everybody, sorted by what they are at.
#[derive(Default)]
struct Scene {
    on_loop: Vec<(InstanceId, Standing)>,
    ready: Vec<(InstanceId, Standing)>,
    waiting: Vec<(InstanceId, Standing)>,
    pools: [Pool; 4],
}

#[derive(Default)]
struct Pool {
    busy: Vec<(InstanceId, Standing)>,
    queued: usize,
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
        scene.ready.sort_by_key(|(_, standing)| standing.record);
        scene.waiting.sort_by_key(|(_, standing)| standing.record);
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
            self.pools[index].queued += 1;
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
                <h3>{ words::NOW_RUNNING.of(language) }</h3>
                { teller.pills(&scene.on_loop, words::IDLE) }
            </div>
            <div>
                <h3>{ words::NOW_READY.of(language) }{ count(scene.ready.len()) }</h3>
                { teller.pills(&scene.ready, words::NOBODY) }
            </div>
            <div>
                <h3>{ words::NOW_WAITING.of(language) }{ count(scene.waiting.len()) }</h3>
                { teller.pills(&scene.waiting, words::NOBODY) }
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
    fn pills(&self, all: &[(InstanceId, Standing)], nobody: Text) -> Html {
        if all.is_empty() {
            return html! { <span class="none">{ nobody.of(self.language) }</span> };
        }
        let rest = all.len().saturating_sub(NAMES_MAX);
        html! {
            <ol class="pills">
                { for all.iter().take(NAMES_MAX).map(|(id, standing)| self.pill(*id, standing)) }
                { if rest > 0 { html! { <li class="none">{ sentences::more(self.language, rest) }</li> } } else { Html::default() } }
            </ol>
        }
    }

    fn pill(&self, id: InstanceId, standing: &Standing) -> Html {
        let name = self.shown.timeline(By::Tasks).labels().instance(id);
        let lane = self.shown.trace.lane(standing.lane).map(|lane| lane.kind);
        let kind = Kind::of(standing.state, lane);
        let class = match kind {
            Some(Kind::Running) => Some("run"),
            Some(Kind::BlockingLoop) => Some("block"),
            Some(Kind::BlockingThread) => Some("thread"),
            _ => None,
        };
        let why = kind
            .filter(|kind| *kind != Kind::Ready)
            .map(|kind| Words(self.language).kind(kind));
        let until = self
            .shown
            .until(id, self.cursor.at)
            .filter(|_| self.ends_by_itself(standing.state));
        let until = until.map(|until| sentences::until(self.language, until));
        html! {
            <li class={classes!("pill", class)} title={why.unwrap_or_default()}>
                { name }
                if let Some(until) = until { <small>{ " · " }{ until }</small> }
            </li>
        }
    }

    /// When waiting for others ends is not known at that instant.
    fn ends_by_itself(&self, state: State) -> bool {
        matches!(state, State::Running | State::Blocking | State::Awaiting)
    }

    /// A pool that nobody ever used is not worth a place.
    fn pool(&self, kind: LaneKind, name: Text, pool: &Pool) -> Option<Html> {
        let used = self.shown.trace.lanes.iter().any(|lane| lane.kind == kind);
        if !used && pool.queued == 0 {
            return None;
        }
        let all = capacity(&self.shown.workload.machine, kind);
        Some(html! {
            <div>
                <h3>
                    { name.of(self.language) }
                    <small>{ format!(" {} / {all}", pool.busy.len()) }</small>
                    if pool.queued > 0 { <small class="queued">{ format!(" · {} {}", pool.queued, words::QUEUED.of(self.language)) }</small> }
                </h3>
                { self.pills(&pool.busy, words::IDLE) }
            </div>
        })
    }
}
