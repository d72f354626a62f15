//! Panels: the answers of other programs, as data that the page renders.
//!
//! A panel consists of a few known tags and attributes. Its listeners name what the reader did; the
//! page decides what follows.

use serde::{Deserialize, Serialize};

use crate::markup;

pub(crate) use crate::markup::Event;

pub(crate) type PanelNode = markup::Node<PanelEvent, NoSlot>;
pub(crate) type PanelElement = markup::Element<PanelEvent, NoSlot>;

/// A panel has no components of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoSlot;

/// What the reader did in a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PanelEvent {
    /// Clicked a button with this action.
    Act(PanelAction),
    /// Used a control of the panel *Prove it*; its value follows.
    Use(PanelControl),
}

/// An action that a panel can trigger on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PanelAction {
    /// Replaces the script. The replaced one becomes a draft.
    Rewrite(String),
    /// Replaces the script by an exercise.
    Exercise(String),
    /// Moves the cursor to this time in nanoseconds.
    At(u64),
    /// Highlights the bars of this line.
    Line(u32),
    /// Copies this text.
    Copy(String),
}

/// A control of the panel *Prove it*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PanelControl {
    Runtime,
    Scale,
    Runs,
    Tolerance,
    Start,
    Cancel,
    /// Proves the script on the page's own Python.
    Prove,
    CancelProof,
    /// The field with the companion's address, at each keystroke.
    Address,
    Connect,
    /// The text that was copied; empty if the browser refused to copy.
    Copied,
    /// The file chooser. The file itself follows as another message.
    File,
}

/// An element from its selector: `p.hint`.
pub(crate) fn el(selector: &'static str) -> PanelElement {
    markup::el(selector)
}

/// Prose as elements, see [`markup::prose::marked`].
pub(crate) fn marked(text: &str) -> PanelNode {
    markup::prose::marked(text)
}

impl PanelElement {
    /// A button's action.
    pub(crate) fn on_click(self, action: PanelAction) -> Self {
        self.on(Event::Click, PanelEvent::Act(action))
    }

    pub(crate) fn on_use(self, event: Event, control: PanelControl) -> Self {
        self.on(event, PanelEvent::Use(control))
    }
}
