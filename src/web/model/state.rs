//! What the page shows.
//!
//! Plain Rust: no browser, no clock. What follows from a change (a run, a
//! repainted editor, something stored) is seen by comparing states, in
//! the root component.

use std::rc::Rc;

use super::action::Wish;
use super::choices::Choices;
use super::drafts::{Drafts, ScriptOrigin, WallTime};
use super::embedded::Embedded;
use super::insight::Insight;
use super::lessons::{Lesson, Shelf};
use super::opened::Opened;
use super::proof::Proof;
use super::shown::{Bar, Checked, Shown};
use super::speed::Speed;
use super::tour::Tour;
use crate::language::Language;
use crate::link::Shared;
use crate::protocol::{Reached, RunId};
use crate::scene::By;
use crate::time::SimTime;

/// Everything the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct State {
    pub(in crate::web) script: Rc<str>,
    /// Where the script came from; the reader's from their first edit on.
    pub(in crate::web) origin: ScriptOrigin,
    /// The time of day in full seconds; the root component sets it before each action.
    pub(in crate::web) now: WallTime,
    /// The run of the script as it now stands.
    pub(in crate::web) run: RunId,
    pub(in crate::web) phase: Phase,
    /// What the parser said of the last script that was answered for.
    pub(in crate::web) checked: Rc<Checked>,
    /// The last run that came to an end; of an older text while phases pass.
    pub(in crate::web) shown: Option<Rc<Shown>>,
    pub(in crate::web) cursor: Cursor,
    pub(in crate::web) playing: bool,
    pub(in crate::web) speed: Speed,
    pub(in crate::web) by: By,
    pub(in crate::web) view: View,
    pub(in crate::web) pointed: Pointed,
    pub(in crate::web) settings: Choices,
    pub(in crate::web) dialog: Option<Dialog>,
    pub(in crate::web) notice: Option<Notice>,
    pub(in crate::web) shelf: Shelf,
    pub(in crate::web) lesson: Option<Lesson>,
    /// How to undo the lesson's suggested change.
    pub(in crate::web) before_change: Option<BeforeChange>,
    /// Scripts that something else replaced.
    pub(in crate::web) drafts: Drafts,
    /// Whether all drafts are in storage.
    pub(in crate::web) drafts_saving: Saving,
    /// A newer text that another tab has saved.
    pub(in crate::web) elsewhere: Option<Rc<str>>,
    pub(in crate::web) saving: Saving,
    /// On a phone: the script's sheet is up.
    pub(in crate::web) sheet: Sheet,
    pub(in crate::web) folds: Folds,
    /// The first line of the table that is shown.
    pub(in crate::web) table_first: usize,
    /// Where the page itself is, without a fragment.
    pub(in crate::web) address: Rc<str>,
    /// What was last copied, and whether the browser let it.
    pub(in crate::web) copied: Option<(Wish, bool)>,
    /// The last file that was asked for could not be made.
    pub(in crate::web) file_failed: bool,
    pub(in crate::web) insight: Rc<Insight>,
    pub(in crate::web) python: Python,
    pub(in crate::web) tour: Tour,
    /// In another page, and how.
    pub(in crate::web) embedded: Option<Embedded>,
    pub(in crate::web) proof: Rc<Proof>,
    /// A trace from a file, which is what is shown.
    pub(in crate::web) opened: Option<Opened>,
}

/// What has been pasted, and what the reader knows of its libraries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Python {
    pub(in crate::web) text: String,
    pub(in crate::web) library: String,
}

/// What a lesson's suggested change replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct BeforeChange {
    pub(in crate::web) lesson: Lesson,
    pub(in crate::web) script: Rc<str>,
    pub(in crate::web) origin: ScriptOrigin,
}

/// Where the run of the current script is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) enum Phase {
    /// Asked for; ends with the first answer.
    Asked,
    /// Takes longer than a moment.
    Running(Reached),
    /// The script has errors; what is shown is older.
    Faulty,
    /// What is shown belongs to the script.
    Settled,
    /// The reader stopped it.
    Cancelled,
    /// The simulator broke, with its own words.
    Broke(String),
}

impl Phase {
    /// For style sheets and for whoever drives the page.
    pub(in crate::web) fn name(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Running(_) => "running",
            Self::Faulty => "faulty",
            Self::Settled => "settled",
            Self::Cancelled => "cancelled",
            Self::Broke(_) => "broke",
        }
    }
}

/// A place in the log: everything before record number `records` has happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Cursor {
    pub(in crate::web) at: SimTime,
    pub(in crate::web) records: usize,
}

/// Which part of the chart is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::web) struct View {
    /// The stretch of time; `None` fits the whole run, also a longer one.
    pub(in crate::web) window: Option<(SimTime, SimTime)>,
    /// The height of a row; `None` is what fits all of them.
    pub(in crate::web) pitch_px: Option<f64>,
    /// The first row is so many pixels above the upper edge.
    pub(in crate::web) scroll_px: f64,
}

/// What the reader points at, in the chart or in the script.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::web) struct Pointed {
    pub(in crate::web) hovered: Option<Bar>,
    pub(in crate::web) selected: Option<Bar>,
    /// The script's line with the cursor, from 1, while the editor has the focus.
    pub(in crate::web) cursor_line: Option<u32>,
    /// The one under the pointer.
    pub(in crate::web) hovered_line: Option<u32>,
    /// The one that was asked for in an answer, until the editor has the focus again.
    pub(in crate::web) asked_line: Option<u32>,
}

impl Pointed {
    /// The line whose bars are lit.
    pub(in crate::web) fn line(&self) -> Option<u32> {
        self.hovered_line.or(self.asked_line).or(self.cursor_line)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Dialog {
    Lessons,
    Share,
    Help,
    Python,
    Drafts,
}

/// A line above the chart that the reader should see once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) enum Notice {
    /// The address held something that could not be opened.
    BadLink(crate::link::LinkError),
    /// Simulating in the page, as no worker starts here.
    Workerless,
    /// The page crashed on this script again and again; it was not run.
    SafeMode,
    /// The script is stored, but there is no room for what it replaced.
    DraftsNotStored,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) enum Saving {
    #[default]
    Kept,
    Refused,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) enum Sheet {
    #[default]
    Down,
    Up,
}

/// What is made only while it is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Folds {
    pub(in crate::web) by_task: bool,
    pub(in crate::web) legend: bool,
    pub(in crate::web) table: bool,
}

impl State {
    pub(in crate::web) fn new(script: Rc<str>, settings: Choices) -> Self {
        Self {
            script,
            origin: ScriptOrigin::default(),
            now: WallTime::default(),
            run: RunId::default(),
            phase: Phase::Asked,
            checked: Rc::default(),
            shown: None,
            cursor: Cursor::default(),
            playing: false,
            speed: Speed::default(),
            by: By::default(),
            view: View::default(),
            pointed: Pointed::default(),
            settings,
            dialog: None,
            notice: None,
            shelf: Shelf::now(),
            lesson: None,
            before_change: None,
            drafts: Drafts::default(),
            drafts_saving: Saving::default(),
            elsewhere: None,
            saving: Saving::default(),
            sheet: Sheet::default(),
            folds: Folds::default(),
            table_first: 0,
            address: "".into(),
            copied: None,
            file_failed: false,
            insight: Rc::default(),
            python: Python::default(),
            tour: Tour::default(),
            embedded: None,
            proof: Rc::default(),
            opened: None,
        }
    }

    /// What is known of the script belongs to the script as it stands.
    pub(in crate::web) fn is_fresh(&self) -> bool {
        matches!(self.phase, Phase::Settled | Phase::Faulty)
    }

    /// The chart is of an older text.
    pub(in crate::web) fn is_stale(&self) -> bool {
        self.phase == Phase::Faulty && self.opened.is_none()
    }

    /// What a link to this holds.
    pub(in crate::web) fn shared(&self) -> Shared {
        Shared {
            script: self.script.to_string(),
            at_ns: Some(self.cursor.at.as_nanos()),
            by_thread: self.by == By::Threads,
            language: Some(self.language().tag().to_owned()),
        }
    }

    pub(in crate::web) fn language(&self) -> Language {
        self.settings.language
    }
}
