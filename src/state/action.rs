//! The actions: all events that change the page's state.

use std::rc::Rc;

use super::choices::Theme;
use super::course::LessonAddress;
use super::download::File;
use super::drafts::Drafts;
use super::embedded::EmbedSettings;
use super::insight::{AnalysisAction, Failure};
use super::lessons::{Lesson, Shelf};
use super::parsed::ParsedScript;
use super::program::ProgramAction;
use super::shown::{Bar, Shown};
use super::tour::Tour;
use super::{Dialog, Sheet, View};
use crate::protocol::RequestId;
use crate::protocol::analysis::{AnalysisRequest, AnalysisResponse};
use crate::protocol::panel::{PanelAction, PanelControl};
use crate::protocol::python::{PythonRequest, PythonResponse};
use crate::protocol::real_run::RealRunResponse;
use crate::protocol::simulation::Reached;
use chart::scene::By;
use formats::link::{LinkError, Shared};
use model::time::SimTime;
use script::vocabulary::SettingWord;
use texts::Language;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// The figures of a lab.
    Numbers,
    ByTask,
    Legend,
    Table,
}

/// A control that the reader fills in, chooses or opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Scrub,
    /// Its value is an index of [`Speed::ALL`](super::speed::Speed::ALL).
    Speed,
    /// A numeric setting of the script.
    Setting {
        setting: SettingWord,
        max: u64,
    },
    /// A setting of the script that is chosen from a list.
    Choice(SettingWord),
    /// Its value is not empty while the section is open.
    Fold(Fold),
    /// The range of a sweep.
    Vary,
    Python,
    Library,
    /// A guess in text.
    Guess,
    /// One end of a drawn bar.
    Bar {
        row: usize,
        is_end: bool,
    },
}

/// Positions of the scrubber.
pub(crate) const SCRUB_STEPS: u64 = 10_000;

/// A text that the reader can copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CopySource {
    /// The report of a crash.
    Report,
    Link,
    EmbedCode,
    EmbedFrame,
    Markdown,
}

impl CopySource {
    /// The id of the field whose text is copied.
    pub(crate) fn field(self) -> Option<&'static str> {
        match self {
            Self::Link => Some("share-link"),
            Self::EmbedCode => Some("share-embed"),
            Self::EmbedFrame => Some("share-frame"),
            Self::Markdown => Some("share-markdown"),
            Self::Report => None,
        }
    }
}

/// An event on the page.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The reader has typed this text over a script; the number is [`State::replacements`] of that
    /// script.
    ///
    /// [`State::replacements`]: super::State::replacements
    Typed(Rc<str>, u32),
    /// A drag in the chart has changed the script.
    Edited(Rc<str>),
    /// Apply the fix of the problem with this index.
    Fixed(usize),
    /// A field has this value now.
    Filled(Field, String),
    /// Format the script.
    Formatted,
    /// The lessons have been loaded, or could not be.
    LessonsCame(Shelf),
    LessonOpened(Lesson),
    LessonClosed,
    /// The address names this lesson.
    LessonNamed(LessonAddress),
    /// The browser went back to the address before the lessons.
    LessonsLeft,
    /// The reader chose the answer with this index.
    Predicted(usize),
    PredictionSkipped,
    /// Apply the lesson's suggested change, or undo it.
    ChangeTried,
    ChangeUndone,
    /// Open the draft with this text.
    DraftOpened(Rc<str>),
    /// Storage holds these drafts, e.g. from another tab.
    DraftsFound(Drafts),
    /// Another tab has saved this text.
    SavedElsewhere(Rc<str>),
    /// Open the text that the other tab has saved, or dismiss it.
    OpenedElsewhere,
    LeftElsewhere,
    LinkOpened(Result<Shared, LinkError>),
    /// The host page asks for these settings.
    HostSettings(Box<EmbedSettings>),
    /// Back to the script of the host page.
    ScriptReset,

    Progressed(RequestId, Reached),
    /// The trace has arrived and is being prepared.
    Simulated(RequestId),
    WasFaulty(RequestId, Rc<ParsedScript>),
    Ran(RequestId, Rc<ParsedScript>, Rc<Shown>),
    Crashed(String),
    WentWorkerless,
    Cancelled,
    RunAgain,

    PlayToggled,
    /// Real seconds that passed while playing.
    Ticked(f64),
    MovedTo(SimTime),
    /// Move the cursor by this number of records; negative is back.
    Stepped(i64),

    RowsChosen(By),
    /// Laying out the chosen rows takes longer than a moment.
    RowsAwaited,
    RowsCancelled,
    Viewed(View),
    /// Zoom by this factor around the middle; a factor below one zooms in.
    Zoomed(f64),
    Hovered(Option<Bar>),
    Selected(Option<Bar>),
    LineEntered(Option<u32>),
    LineHovered(Option<u32>),
    /// The reader has begun or ended to drag a bar or a number of the script.
    Dragging(bool),
    /// The reader has seen the difference that an edit made.
    MomentEnded,

    LanguageChosen(Language),
    ThemeChosen(Theme),
    SystemTurned {
        dark: bool,
    },
    Opened(Dialog),
    Closed,
    NoticeDismissed,
    SheetMoved(Sheet),
    TableTurned(usize),
    Analysis(AnalysisAction),
    /// Show the exercises, wherever the reader is on the page.
    PractiseAsked,
    AnalysisAnswered(AnalysisRequest, Result<AnalysisResponse, Failure>),
    PythonAnswered(PythonRequest, Result<PythonResponse, Failure>),
    Program(ProgramAction),
    /// An action in a panel.
    PanelActed(PanelAction),
    /// A control of the panel of real runs was used; it has this value.
    PanelControlUsed(PanelControl, String),
    /// The response to it, or the reason why there is none.
    RealRunAnswered(Result<RealRunResponse, Failure>),
    /// Open the file with this name as a trace.
    TraceGiven(Rc<str>),
    /// The file holds no trace.
    TraceRefused,
    OpeningCancelled,
    /// A trace from a file has been prepared.
    TraceOpened(Rc<str>, Rc<Shown>),
    /// Leave the foremost overlay.
    Escaped,
    /// The reader asks for a copy of this text.
    CopyAsked(CopySource),
    /// The text was copied, or the browser refused.
    Copied(CopySource, bool),
    /// The reader asks for this file.
    DownloadAsked(File),
    FileMade(Result<(), Failure>),
    FileCancelled,
    TourMoved(Tour),
}
