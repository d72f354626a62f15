//! The state of the page.
//!
//! Plain Rust, without browser or clock. The consequences of a change, e.g. a run or a stored
//! script, are [`super::effect`]s.

use std::rc::Rc;

use super::action::CopySource;
use super::choices::Choices;
use super::course::Course;
use super::download::Download;
use super::drafts::{Drafts, ScriptOrigin, WallTime};
use super::embedded::Embedded;
use super::insight::Insight;
use super::lessons::{Lesson, Shelf};
use super::moment::{Moment, TotalChange};
use super::opened::Opened;
use super::parsed::ParsedScript;
use super::program::Program;
use super::proof::Proof;
use super::python::Python;
use super::shown::{Bar, Shown};
use super::speed::Speed;
use super::tour::Tour;
use crate::protocol::RequestId;
use crate::protocol::simulation::Reached;
use chart::scene::By;
use formats::link::Shared;
use model::time::SimTime;
use texts::Language;

/// Everything the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) script: Rc<str>,
    /// How many scripts were put aside for another one. A text that was typed over one of them
    /// comes too late.
    pub(crate) replacements: u32,
    /// The origin of the script; `Reader` from the reader's first edit on.
    pub(crate) origin: ScriptOrigin,
    /// The time of day in full seconds; the root component sets it before each action.
    pub(crate) now: WallTime,
    /// The run of the current script.
    pub(crate) run: RequestId,
    pub(crate) phase: Phase,
    /// The parser's results for the last script that a worker answered for.
    pub(crate) checked: Rc<ParsedScript>,
    /// The last completed run; it belongs to an older text while `phase` says so.
    pub(crate) shown: Option<Rc<Shown>>,
    /// The comparison with the run before the last edit, as long as it is drawn.
    pub(crate) moment: Option<Moment>,
    /// How the last edit changed the total; until the next result.
    pub(crate) total_change: Option<TotalChange>,
    /// The script was replaced as a whole, so its run is not compared with the one before.
    pub(crate) is_other_script: bool,
    /// A bar or a number of the script is being dragged.
    pub(crate) is_dragging: bool,
    pub(crate) cursor: Cursor,
    pub(crate) playing: bool,
    pub(crate) speed: Speed,
    pub(crate) by: By,
    /// The rows of the chosen grouping are being laid out.
    pub(crate) awaits_rows: bool,
    pub(crate) view: View,
    pub(crate) pointed: Pointed,
    pub(crate) settings: Choices,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) notice: Option<Notice>,
    pub(crate) shelf: Shelf,
    pub(crate) lesson: Option<Lesson>,
    pub(crate) course: Course,
    /// The data to undo the lesson's suggested change.
    pub(crate) before_change: Option<BeforeChange>,
    /// Scripts that were replaced.
    pub(crate) drafts: Drafts,
    /// Whether all drafts are in storage.
    pub(crate) drafts_saving: Saving,
    /// A newer text that another tab has saved.
    pub(crate) elsewhere: Option<Rc<str>>,
    pub(crate) saving: Saving,
    /// On a phone: whether the script's sheet is up.
    pub(crate) sheet: Sheet,
    pub(crate) folds: Folds,
    /// The first line of the table page that is shown.
    pub(crate) table_first: usize,
    /// The address of the page, without a fragment.
    pub(crate) address: Rc<str>,
    /// The last copy, and whether the browser allowed it.
    pub(crate) copied: Option<(CopySource, bool)>,
    pub(crate) download: Download,
    pub(crate) insight: Rc<Insight>,
    pub(crate) python: Python,
    pub(crate) program: Rc<Program>,
    pub(crate) tour: Tour,
    /// The settings of an embedded page; `None` for a page of its own.
    pub(crate) embedded: Option<Embedded>,
    pub(crate) proof: Rc<Proof>,
    /// A trace from a file, shown instead of the script's run.
    pub(crate) opened: Option<Opened>,
    /// The name of the file that is being opened.
    pub(crate) opening: Option<Rc<str>>,
}

/// The script that a lesson's suggested change replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BeforeChange {
    pub(crate) lesson: Lesson,
    pub(crate) script: Rc<str>,
    pub(crate) origin: ScriptOrigin,
}

/// The progress of the current script's run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Requested; the first response ends this phase.
    Asked,
    /// Still running after the first moment.
    Running(Reached),
    /// Simulated; deriving the results of a long trace also takes more than a moment.
    Preparing,
    /// The script has errors; the chart shows an older run.
    Faulty,
    /// The chart shows the run of the script.
    Settled,
    /// The reader stopped it.
    Cancelled,
    /// The simulator crashed with this message.
    Crashed(String),
}

impl Phase {
    /// The run takes longer than a moment.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self, Self::Running(_) | Self::Preparing)
    }

    /// For style sheets and for programs that drive the page.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Running(_) | Self::Preparing => "running",
            Self::Faulty => "faulty",
            Self::Settled => "settled",
            Self::Cancelled => "cancelled",
            Self::Crashed(_) => "broke",
        }
    }
}

/// A position in the log: the first `records` records have happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) at: SimTime,
    pub(crate) records: usize,
}

/// The visible part of the chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct View {
    /// The visible interval; `None` fits the whole run, also after it becomes longer.
    pub(crate) window: Option<(SimTime, SimTime)>,
    /// The height of a row; `None` fits all rows.
    pub(crate) pitch_px: Option<f64>,
    /// How far the first row lies above the upper edge, in pixels.
    pub(crate) scroll_px: f64,
}

/// The reader's focus, in the chart or in the script.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Pointed {
    pub(crate) hovered: Option<Bar>,
    pub(crate) selected: Option<Bar>,
    /// The script's line with the cursor, from 1, while the editor has the focus.
    pub(crate) cursor_line: Option<u32>,
    /// The line under the pointer.
    pub(crate) hovered_line: Option<u32>,
    /// The line that the reader clicked in an answer, until the editor has the focus again.
    pub(crate) asked_line: Option<u32>,
    /// Escape has hidden the tooltip of the hovered bar.
    pub(crate) is_tip_hidden: bool,
}

impl Pointed {
    /// The bar with a tooltip.
    pub(crate) fn tip(&self) -> Option<Bar> {
        self.hovered.filter(|_| !self.is_tip_hidden)
    }

    /// The line whose bars are highlighted.
    pub(crate) fn line(&self) -> Option<u32> {
        self.hovered_line.or(self.asked_line).or(self.cursor_line)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    Lessons,
    Share,
    Help,
    CheatSheet,
    Python,
    Drafts,
}

/// A message above the chart that the reader should see once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The address held a link that could not be opened.
    BadLink(formats::link::LinkError),
    /// The address names this lesson, which does not exist.
    NoSuchLesson(Rc<str>),
    /// The address names a lesson, and the lessons could not be loaded.
    NoLessons,
    /// The simulation runs in the page, because no worker starts in this browser.
    Workerless,
    /// The page crashed repeatedly on this script, or the browser ended it; the script was not run.
    SafeMode,
    /// The script is stored, but storage has no room for the drafts.
    DraftsNotStored,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Saving {
    #[default]
    Kept,
    Refused,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sheet {
    #[default]
    Down,
    Up,
}

/// Sections whose content is built only while they are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folds {
    pub(crate) numbers: bool,
    pub(crate) by_task: bool,
    pub(crate) legend: bool,
    pub(crate) table: bool,
}

impl State {
    pub(crate) fn new(script: Rc<str>, settings: Choices) -> Self {
        Self {
            script,
            replacements: 0,
            origin: ScriptOrigin::default(),
            now: WallTime::default(),
            run: RequestId::default(),
            phase: Phase::Asked,
            checked: Rc::default(),
            shown: None,
            moment: None,
            total_change: None,
            is_other_script: false,
            is_dragging: false,
            cursor: Cursor::default(),
            playing: false,
            speed: Speed::default(),
            by: By::default(),
            awaits_rows: false,
            view: View::default(),
            pointed: Pointed::default(),
            settings,
            dialog: None,
            notice: None,
            shelf: Shelf::now(),
            lesson: None,
            course: Course::default(),
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
            download: Download::default(),
            insight: Rc::default(),
            python: Python::default(),
            program: Rc::default(),
            tour: Tour::default(),
            embedded: None,
            proof: Rc::default(),
            opened: None,
            opening: None,
        }
    }

    /// Whether the results belong to the current script.
    pub(crate) fn is_fresh(&self) -> bool {
        matches!(self.phase, Phase::Settled | Phase::Faulty)
    }

    /// Whether the chart shows an older text.
    pub(crate) fn is_stale(&self) -> bool {
        self.phase == Phase::Faulty && self.opened.is_none()
    }

    /// The content of a share link to this state.
    pub(crate) fn shared(&self) -> Shared {
        let own = self.shown_program();
        let requests = own.and(Some(&*self.program.requests));
        // The chart of a program comes with its run.
        let script = own.map_or(&*self.script, |_| "");
        Shared {
            script: script.to_owned(),
            at_ns: own.is_none().then(|| self.cursor.at.as_nanos()),
            by_thread: self.by == By::Threads,
            language: Some(self.language().tag().to_owned()),
            program: self
                .is_python_side()
                .then(|| own.map_or("", |own| &**own).to_owned()),
            requests: requests.filter(|text| !text.is_empty()).map(str::to_owned),
        }
    }

    pub(crate) fn language(&self) -> Language {
        self.settings.language
    }
}
