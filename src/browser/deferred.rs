//! A deferred part of the page: rendered in a task of its own, and again only when something that
//! it shows changes. During playback the cursor moves in every frame, but most parts stay the same.

use std::cell::Cell;
use std::rc::Rc;

use yew::prelude::*;

use super::clock::put_off;
use super::glide::Places;
use super::tree::Maker;
use crate::state::State;
use crate::state::action::Action;
use crate::view;
use crate::view::node;

#[derive(Properties)]
pub(super) struct DeferredProps {
    pub(super) which: node::DeferredPart,
    pub(super) state: Rc<State>,
    pub(super) on_action: Callback<Action>,
}

impl PartialEq for DeferredProps {
    // Yew renders the component again only if its props differ.
    fn eq(&self, other: &Self) -> bool {
        self.which == other.which && are_alike(self.which, &self.state, &other.state)
    }
}

/// Whether this part looks the same in both states. E.g. only `Now` depends on the cursor.
fn are_alike(which: node::DeferredPart, a: &State, b: &State) -> bool {
    let same_part = || {
        // Panning moves the window in every frame, and only the open table depends on it.
        (a.view.window == b.view.window || !a.folds.table)
            && a.by == b.by
            && a.pointed.selected == b.pointed.selected
    };
    // Comparing pointers suffices: the reducer copies shared parts before it changes them.
    let same_run = || {
        a.shown == b.shown
            && a.total_change == b.total_change
            && a.is_stale() == b.is_stale()
            && a.folds == b.folds
            && Rc::ptr_eq(&a.insight, &b.insight)
            && Rc::ptr_eq(&a.proof, &b.proof)
    };
    a.settings == b.settings
        && match which {
            node::DeferredPart::Header => a.dialog == b.dialog && a.tour == b.tour,
            node::DeferredPart::Settings => Rc::ptr_eq(&a.checked, &b.checked),
            node::DeferredPart::WholePage => {
                a.script == b.script
                    && a.program == b.program
                    && a.by == b.by
                    && a.embedded == b.embedded
                    && a.is_covered() == b.is_covered()
            }
            node::DeferredPart::Result => {
                a.script == b.script && a.opened == b.opened && same_run()
            }
            node::DeferredPart::Now => a.cursor == b.cursor && same_run(),
            node::DeferredPart::Folds => {
                same_part() && a.table_first == b.table_first && same_run()
            }
            node::DeferredPart::Insight => {
                let findings = |state: &State| state.program.findings.as_ref().map(Rc::as_ptr);
                same_part()
                    && a.script == b.script
                    && a.opened == b.opened
                    && a.table_first == b.table_first
                    && findings(a) == findings(b)
                    && same_run()
            }
        }
}

thread_local! {
    /// The number of parts that are not rendered completely.
    static UNRENDERED: Cell<usize> = const { Cell::new(0) };
}

/// Whether all parts are rendered completely. A rendering can take Yew several tasks.
pub(super) fn are_made() -> bool {
    UNRENDERED.get() == 0
}

/// Counts a part in [`UNRENDERED`] until dropped.
struct Unrendered;

impl Unrendered {
    fn new() -> Self {
        UNRENDERED.set(UNRENDERED.get() + 1);
        Self
    }
}

impl Drop for Unrendered {
    fn drop(&mut self) {
        UNRENDERED.set(UNRENDERED.get() - 1);
    }
}

pub(super) struct DeferredCard {
    /// The task for the first rendering has run; before that the part is empty.
    is_due: bool,
    /// Set until the part is rendered completely.
    behind: Option<Unrendered>,
    /// The places of the instances before the next rendering.
    places: Option<Places>,
}

/// The task for the first rendering runs.
pub(super) struct Due;

impl Component for DeferredCard {
    type Message = Due;
    type Properties = DeferredProps;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        put_off(move || link.send_message(Due));
        Self {
            is_due: false,
            behind: Some(Unrendered::new()),
            places: None,
        }
    }

    fn update(&mut self, _: &Context<Self>, Due: Due) -> bool {
        self.is_due = true;
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &DeferredProps) -> bool {
        // Incomplete until Yew has rendered the new props.
        self.behind.get_or_insert_with(Unrendered::new);
        if ctx.props().which == node::DeferredPart::Now && self.places.is_none() {
            self.places = Places::now();
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _first: bool) {
        if self.is_due {
            self.behind = None;
        }
        if let Some(places) = self.places.take() {
            places.glide();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let DeferredProps {
            which,
            state,
            on_action,
        } = ctx.props();
        // An empty part first, so that the frame of the page appears after one short task.
        if !self.is_due {
            return Html::default();
        }
        let maker = Maker {
            on_action,
            component: &|_| Html::default(),
        };
        maker.node(view::deferred(*which, state))
    }
}
