//! The phases of startup, from parsing the script to showing the complete page.

use std::rc::Rc;

use yew::prelude::*;

use super::{App, Message};
use crate::browser::clock::{put_off, request_animation_frame};
use crate::browser::{deferred, dom};
use crate::state::Phase;
use crate::state::parsed::ParsedScript;

/// The phases of startup. Each runs in a browser task of its own, so that startup does not block
/// a course page with many labs or a slow machine.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum StartupPhase {
    /// Parses the script.
    #[default]
    Reading,
    /// Renders the first view.
    Drawing,
    /// Starts the run.
    Running,
    /// Waits for the run's result, or for the client to classify the run as long.
    Waiting,
    /// Waits for one more task, in which Yew creates the cards and the chart measures its width.
    Making,
    /// Waits until every card is rendered.
    Painting,
    /// The boot screen is removed.
    There,
    /// The page has been painted in a frame. Everything that the first picture does not need can
    /// load, e.g. the editor bundle.
    Seen,
}

impl StartupPhase {
    /// Whether the first view is rendered.
    pub(super) fn is_drawn(self) -> bool {
        !matches!(self, Self::Reading | Self::Drawing)
    }

    /// Whether the boot screen is removed.
    pub(super) fn is_uncovered(self) -> bool {
        matches!(self, Self::There | Self::Seen)
    }
}

impl App {
    /// Schedules the next phase in a task of its own.
    pub(super) fn put_off_the_rest(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        put_off(move || link.send_message(Message::StartupStepDue));
    }

    /// Runs the current phase. Returns whether the page needs to be rendered.
    pub(super) fn go_on(&mut self, ctx: &Context<Self>) -> bool {
        match self.startup {
            StartupPhase::Reading => {
                let checked = ParsedScript::of(&self.state.script);
                Rc::make_mut(&mut self.state).checked = checked;
                self.startup = StartupPhase::Drawing;
                self.put_off_the_rest(ctx);
                false
            }
            StartupPhase::Drawing => {
                self.startup = StartupPhase::Running;
                self.put_off_the_rest(ctx);
                true
            }
            StartupPhase::Running => {
                self.startup = StartupPhase::Waiting;
                let is_to_run = self.state.phase == Phase::Asked;
                // A short run has answered by now: `rendered` continues once its chart is there. A
                // long run must not delay the page.
                if !(is_to_run && self.client.run(self.state.run, &self.state.script)) {
                    self.finish(ctx);
                }
                false
            }
            StartupPhase::Making => {
                self.startup = StartupPhase::Painting;
                self.put_off_the_rest(ctx);
                false
            }
            StartupPhase::Painting => {
                // A rendering can take Yew several tasks, so this polls.
                if deferred::are_made() {
                    self.uncover(ctx);
                } else {
                    self.put_off_the_rest(ctx);
                }
                false
            }
            StartupPhase::There => {
                self.startup = StartupPhase::Seen;
                dom::announce_seen();
                self.settle(ctx);
                if self.state.course.awaited.is_some() {
                    self.bring_lessons(ctx);
                }
                true
            }
            StartupPhase::Waiting | StartupPhase::Seen => false,
        }
    }

    /// Removes the boot screen, and enters the last phase after the next frame.
    fn uncover(&mut self, ctx: &Context<Self>) {
        dom::uncover();
        self.startup = StartupPhase::There;
        let link = ctx.link().clone();
        // The frame's callback runs before painting, so the message is sent from a later task.
        let frame = request_animation_frame(move |_| {
            put_off(move || link.send_message(Message::StartupStepDue));
        });
        // Dropping it would cancel the request.
        std::mem::forget(frame);
    }

    /// Continues startup once a result is known or will take long. Does nothing in other phases.
    pub(super) fn finish(&mut self, ctx: &Context<Self>) {
        if self.startup == StartupPhase::Waiting {
            self.startup = StartupPhase::Making;
            self.put_off_the_rest(ctx);
        }
    }
}
