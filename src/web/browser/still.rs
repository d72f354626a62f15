//! A part of the page that is made anew only when something changes that it shows:
//! while a run plays, the cursor moves at every frame, and most of the page does not.

use std::rc::Rc;

use yew::prelude::*;

use super::tree::Maker;
use crate::web::model::action::Action;
use crate::web::model::state::State;
use crate::web::view;
use crate::web::view::node;

#[derive(Properties)]
pub(super) struct Props {
    pub(super) which: node::Still,
    pub(super) state: Rc<State>,
    pub(super) on_action: Callback<Action>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.state, &other.state);
        let same_part = a.by == b.by
            && a.view.window == b.view.window
            && a.pointed.selected == b.pointed.selected;
        let own = match self.which {
            node::Still::Result => a.script == b.script,
            node::Still::Now => a.cursor == b.cursor,
            node::Still::Folds => same_part && a.table_first == b.table_first,
            node::Still::Insight => same_part && a.script == b.script,
        };
        own && self.which == other.which
            && a.shown == b.shown
            && a.settings == b.settings
            && a.is_stale() == b.is_stale()
            && a.folds == b.folds
            && Rc::ptr_eq(&a.insight, &b.insight)
            && Rc::ptr_eq(&a.proof, &b.proof)
    }
}

pub(super) struct Still;

impl Component for Still {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props {
            which,
            state,
            on_action,
        } = ctx.props();
        let Some(shown) = &state.shown else {
            return Html::default();
        };
        let maker = Maker {
            on_action,
            living: &|_| Html::default(),
        };
        maker.node(view::still(*which, state, shown))
    }
}
