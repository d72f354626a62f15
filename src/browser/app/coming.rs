//! How the page comes: part by part, and seen as a whole.

use std::rc::Rc;

use yew::prelude::*;

use super::{App, Message};
use crate::browser::clock::{Frame, put_off};
use crate::browser::{dom, still};
use crate::state::Phase;
use crate::state::shown;

/// What the page begins with, each in a task of its own: it may be one of many in a course's
/// page, or on a slow machine.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Coming {
    #[default]
    Reading,
    Drawing,
    Running,
    /// Until something has come of the run, or it is known to take its time.
    Waiting,
    /// Until every card is made and the chart has been measured,
    Making,
    /// and painted.
    Painting,
    /// Nothing is in front of it any more.
    There,
    /// In a frame: what the first picture does not need may come.
    Seen,
}

impl Coming {
    /// Whether there is a first view.
    pub(super) fn is_drawn(self) -> bool {
        !matches!(self, Self::Reading | Self::Drawing)
    }

    pub(super) fn is_uncovered(self) -> bool {
        matches!(self, Self::There | Self::Seen)
    }
}

impl App {
    pub(super) fn put_off_the_rest(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        put_off(move || link.send_message(Message::WentOn));
    }

    /// Whether the page is to be rendered.
    pub(super) fn go_on(&mut self, ctx: &Context<Self>) -> bool {
        match self.coming {
            Coming::Reading => {
                let checked = shown::check(&self.state.script).0;
                Rc::make_mut(&mut self.state).checked = checked;
                self.coming = Coming::Drawing;
                self.put_off_the_rest(ctx);
                false
            }
            Coming::Drawing => {
                self.coming = Coming::Running;
                self.put_off_the_rest(ctx);
                true
            }
            Coming::Running => {
                self.coming = Coming::Waiting;
                let is_to_run = self.state.phase == Phase::Asked;
                if !(is_to_run && self.client.run(self.state.run, &self.state.script)) {
                    self.finish(ctx);
                }
                false
            }
            Coming::Making => {
                self.coming = Coming::Painting;
                self.put_off_the_rest(ctx);
                false
            }
            Coming::Painting => {
                match still::are_made() {
                    true => self.uncover(ctx),
                    false => self.put_off_the_rest(ctx),
                }
                false
            }
            Coming::There => {
                self.coming = Coming::Seen;
                self.settle(ctx);
                true
            }
            Coming::Waiting | Coming::Seen => false,
        }
    }

    /// What there was to see before goes, and its picture is in the next frame.
    fn uncover(&mut self, ctx: &Context<Self>) {
        dom::uncover();
        self.coming = Coming::There;
        let link = ctx.link().clone();
        Frame::next(move |_| put_off(move || link.send_message(Message::WentOn))).forget();
    }

    /// Once the parts that are under way are made, all of it is shown.
    pub(super) fn finish(&mut self, ctx: &Context<Self>) {
        if self.coming == Coming::Waiting {
            self.coming = Coming::Making;
            self.put_off_the_rest(ctx);
        }
    }
}
