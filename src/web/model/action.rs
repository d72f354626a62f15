//! Everything that can happen on the page.

use std::rc::Rc;

use super::choices::Theme;
use super::download::File;
use super::drafts::Drafts;
use super::embedded::Wishes;
use super::insight::Look;
use super::lessons::{Lesson, Shelf};
use super::shown::{Bar, Checked, Shown};
use super::state::{Dialog, Sheet, View};
use super::tour::Tour;
use crate::language::Language;
use crate::link::{LinkError, Shared};
use crate::protocol::{Reached, RunId};
use crate::scene::By;
use crate::time::SimTime;
use crate::web::insight::question::{Answer, Deed, Question};
use crate::web::proof::message::{Hand, Said};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Fold {
    ByTask,
    Legend,
    Table,
}

/// Something that the reader fills in, chooses or opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Field {
    Scrub,
    /// Holds the place of a speed in [`Speed::ALL`].
    Speed,
    /// A setting of the script that is a number.
    Setting {
        keyword: &'static str,
        max: u64,
    },
    Gil,
    /// Holds something while it is open.
    Fold(Fold),
    /// The range of a sweep.
    Vary,
    Python,
    Library,
    /// A guess that is written.
    Guess,
    /// An end of a drawn bar.
    Bar {
        row: usize,
        is_end: bool,
    },
}

/// Positions of the scrubber.
pub(in crate::web) const SCRUB_STEPS: u64 = 10_000;

/// What only the browser can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Wish {
    CopyReport,
    CopyLink,
    CopyEmbed,
    CopyFrame,
    CopyMarkdown,
    Download(File),
}

impl Wish {
    /// The id of the field whose text is to be copied.
    pub(in crate::web) fn field(self) -> Option<&'static str> {
        match self {
            Self::CopyLink => Some("share-link"),
            Self::CopyEmbed => Some("share-embed"),
            Self::CopyFrame => Some("share-frame"),
            Self::CopyMarkdown => Some("share-markdown"),
            Self::CopyReport | Self::Download(_) => None,
        }
    }
}

/// Everything that can happen.
#[derive(Clone, Debug)]
pub(in crate::web) enum Action {
    Edited(Rc<str>),
    /// The fix of the problem at this place of the list.
    Fixed(usize),
    /// What a field now holds.
    Filled(Field, String),
    /// Into the one layout.
    Formatted,
    /// The lessons are there, or cannot be had.
    LessonsCame(Shelf),
    LessonOpened(Lesson),
    LessonClosed,
    /// The lesson's suggested change, into the script and out again.
    ChangeTried,
    ChangeUndone,
    /// The draft of this text becomes the script.
    DraftOpened(Rc<str>),
    /// Drafts that are in storage, e.g. of another tab.
    DraftsFound(Drafts),
    /// Another tab has saved this.
    SavedElsewhere(Rc<str>),
    /// Open what the other tab has saved, or leave it.
    OpenedElsewhere,
    LeftElsewhere,
    LinkOpened(Result<Shared, LinkError>),
    /// The page around this one asks for something.
    Granted(Box<Wishes>),

    Progressed(RunId, Reached),
    WasFaulty(RunId, Rc<Checked>),
    Ran(RunId, Rc<Checked>, Rc<Shown>),
    Broke(String),
    WentWorkerless,
    Cancelled,
    RunAgain,

    PlayToggled,
    /// So many real seconds went by while playing.
    Ticked(f64),
    MovedTo(SimTime),
    /// So many records on, or back.
    Stepped(i64),

    RowsChosen(By),
    Viewed(View),
    /// By this factor around the middle: below one is nearer.
    Zoomed(f64),
    Hovered(Option<Bar>),
    Selected(Option<Bar>),
    LineEntered(Option<u32>),
    LineHovered(Option<u32>),

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
    Looked(Look),
    Answered(Question, Option<Answer>),
    /// Done in an answer.
    Told(Deed),
    /// Done in the pane of real runs, and what the control held.
    Handed(Hand, String),
    /// What comes of it; nothing where that broke down.
    Proved(Option<Said>),
    /// A trace from a file, made ready.
    TraceOpened(Rc<str>, Rc<Shown>),
    /// Out of whatever can be left.
    Escaped,
    /// Carried out by whoever has a browser.
    Wished(Wish),
    Copied(Wish, bool),
    FileMade(bool),
    TourMoved(Tour),
}
