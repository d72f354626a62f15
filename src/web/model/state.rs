//! What the page shows, and how each action changes it.
//!
//! Plain Rust: no browser, no clock. What follows from a change (a run, a
//! repainted editor, something stored) is seen by comparing states, in
//! the root component.

use std::rc::Rc;

use super::declare::with_setting;
use super::download::File;
use super::drafts::Drafts;
use super::insight::{Insight, Look};
use super::lessons::Lesson;
use super::shown::{Bar, Checked, Shown};
use super::table;
use crate::language::Language;
use crate::link::Shared;
use crate::protocol::{Reached, RunId};
use crate::scene::By;
use crate::scene::viewport::WINDOW_MIN_NS;
use crate::script;
use crate::time::SimTime;
use crate::web::insight::question::{Answer, Deed, Question};

/// Everything the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct State {
    pub(in crate::web) script: Rc<str>,
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
    pub(in crate::web) lesson: Option<Lesson>,
    /// The text before the lesson's suggested change, and of which script it was.
    pub(in crate::web) before_change: Option<(Lesson, Rc<str>)>,
    /// What the reader had written before something else replaced it.
    pub(in crate::web) drafts: Drafts,
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
}

/// What has been pasted, and what the reader knows of its libraries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Python {
    pub(in crate::web) text: String,
    pub(in crate::web) library: String,
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

/// How many times slower or faster than real the playing goes, as a fraction
/// of the whole run per second where that is more useful than a factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) enum Speed {
    Quarter,
    Half,
    #[default]
    Real,
    Double,
    Fourfold,
    /// The whole run in ten seconds, however long it is.
    InTenSeconds,
}

impl Speed {
    pub(in crate::web) const ALL: [Self; 6] = [
        Self::Quarter,
        Self::Half,
        Self::Real,
        Self::Double,
        Self::Fourfold,
        Self::InTenSeconds,
    ];

    pub(in crate::web) fn name(self, language: Language) -> &'static str {
        match self {
            Self::Quarter => "¼×",
            Self::Half => "½×",
            Self::Real => "1×",
            Self::Double => "2×",
            Self::Fourfold => "4×",
            Self::InTenSeconds => super::words::IN_TEN_SECONDS.of(language),
        }
    }

    /// Nanoseconds of simulated time for each real second.
    pub(in crate::web) fn rate(self, total_ns: u64) -> f64 {
        const SECOND: f64 = 1e9;
        match self {
            Self::Quarter => SECOND / 4.0,
            Self::Half => SECOND / 2.0,
            Self::Real => SECOND,
            Self::Double => SECOND * 2.0,
            Self::Fourfold => SECOND * 4.0,
            Self::InTenSeconds => total_ns as f64 / 10.0,
        }
    }
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// As it is stored.
    pub(in crate::web) fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(in crate::web) fn from_word(word: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.word() == word)
    }

    pub(in crate::web) fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// What the reader chose about the page itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Choices {
    pub(in crate::web) language: Language,
    pub(in crate::web) theme: Theme,
    /// What `Auto` comes to on this system.
    pub(in crate::web) system_dark: bool,
}

impl Choices {
    pub(in crate::web) fn dark(self) -> bool {
        match self.theme {
            Theme::Auto => self.system_dark,
            Theme::Light => false,
            Theme::Dark => true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Dialog {
    Lessons,
    Share,
    Help,
    Python,
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
    Download(File),
}

impl Wish {
    /// The id of the field whose text is to be copied.
    pub(in crate::web) fn field(self) -> Option<&'static str> {
        match self {
            Self::CopyLink => Some("share-link"),
            Self::CopyEmbed => Some("share-embed"),
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
    LessonOpened(Lesson),
    LessonClosed,
    /// The lesson's suggested change, into the script and out again.
    ChangeTried,
    ChangeUndone,
    /// The reader wants the replaced text back.
    Restored,
    /// Another tab has saved this.
    SavedElsewhere(Rc<str>),
    /// Open what the other tab has saved, or leave it.
    OpenedElsewhere,
    LeftElsewhere,
    LinkOpened(Result<Shared, crate::link::LinkError>),

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
    Saved(Saving),
    SheetMoved(Sheet),
    TableTurned(usize),
    Looked(Look),
    Answered(Question, Option<Answer>),
    /// Done in an answer.
    Told(Deed),
    /// Carried out by whoever has a browser.
    Wished(Wish),
    Copied(Wish, bool),
    FileMade(bool),
}

impl State {
    pub(in crate::web) fn new(script: Rc<str>, settings: Choices) -> Self {
        Self {
            script,
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
            lesson: None,
            before_change: None,
            drafts: Drafts::default(),
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
        }
    }

    /// What is known of the script belongs to the script as it stands.
    pub(in crate::web) fn is_fresh(&self) -> bool {
        matches!(self.phase, Phase::Settled | Phase::Faulty)
    }

    /// The chart is of an older text.
    pub(in crate::web) fn is_stale(&self) -> bool {
        self.phase == Phase::Faulty
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

    pub(in crate::web) fn reduce(&mut self, action: Action) {
        match action {
            Action::Edited(text) => self.rewrite(text),
            Action::Fixed(index) => self.fix(index),
            Action::Filled(field, value) => self.fill(field, &value),
            Action::Formatted => self.format(),
            Action::LessonOpened(lesson) => self.open_lesson(lesson),
            Action::LessonClosed => self.lesson = None,
            Action::ChangeTried => self.try_change(),
            Action::ChangeUndone => self.undo_change(),
            Action::Restored => self.restore(),
            Action::SavedElsewhere(text) => self.elsewhere = (text != self.script).then_some(text),
            Action::OpenedElsewhere => {
                if let Some(text) = self.elsewhere.take() {
                    self.replace_script(text);
                }
            }
            Action::LeftElsewhere => {
                if let Some(text) = self.elsewhere.take() {
                    self.drafts.keep(&text);
                }
            }
            Action::LinkOpened(content) => self.open_link(content),

            Action::Progressed(run, reached) if run == self.run => {
                self.phase = Phase::Running(reached)
            }
            Action::WasFaulty(run, checked) if run == self.run => {
                self.checked = checked;
                self.phase = Phase::Faulty;
            }
            Action::Ran(run, checked, shown) if run == self.run => self.show(checked, shown),
            // Of a run that was replaced meanwhile.
            Action::Progressed(..) | Action::WasFaulty(..) | Action::Ran(..) => {}
            Action::Broke(message) => self.phase = Phase::Broke(message),
            Action::WentWorkerless => self.notice = Some(Notice::Workerless),
            Action::Cancelled => self.phase = Phase::Cancelled,
            Action::RunAgain => self.ask(),

            Action::PlayToggled => self.toggle_play(),
            Action::Ticked(seconds) => self.tick(seconds),
            Action::MovedTo(time) => self.move_to(time),
            Action::Stepped(records) => self.step(records),

            Action::RowsChosen(by) => {
                self.by = by;
                self.view.scroll_px = 0.0;
            }
            Action::Viewed(view) => self.view = view,
            Action::Zoomed(factor) => self.zoom(factor),
            Action::Hovered(bar) => self.pointed.hovered = bar,
            Action::Selected(bar) => self.select(bar),
            Action::LineEntered(line) => {
                self.pointed.cursor_line = line;
                self.pointed.asked_line = self.pointed.asked_line.filter(|_| line.is_none());
            }
            Action::LineHovered(line) => self.pointed.hovered_line = line,

            Action::LanguageChosen(language) => self.settings.language = language,
            Action::ThemeChosen(theme) => self.settings.theme = theme,
            Action::SystemTurned { dark } => self.settings.system_dark = dark,
            Action::Opened(dialog) => {
                self.dialog = Some(dialog);
                self.copied = None;
                self.file_failed = false;
            }
            Action::Closed => self.dialog = None,
            Action::NoticeDismissed => self.notice = None,
            Action::Saved(saving) => self.saving = saving,
            Action::SheetMoved(sheet) => self.sheet = sheet,
            Action::TableTurned(first) => self.table_first = first,
            Action::Looked(look) => self.look(look),
            Action::Answered(question, answer) => {
                Rc::make_mut(&mut self.insight).answered(question, answer);
            }
            Action::Told(Deed::Rewrite(script)) => self.replace_script_by_fix(script.into()),
            Action::Told(Deed::Exercise(script)) => self.replace_script(script.into()),
            Action::Told(Deed::At(at_ns)) => self.move_to(SimTime::from_nanos(at_ns)),
            Action::Told(Deed::Line(line)) => self.pointed.asked_line = Some(line),
            Action::Wished(_) => {}
            Action::Copied(wish, well) => self.copied = Some((wish, well)),
            Action::FileMade(well) => self.file_failed = !well,
        }
    }

    /// What the reader had comes back by the button for it.
    fn replace_script_by_fix(&mut self, text: Rc<str>) {
        self.drafts.keep(&self.script);
        self.rewrite(text);
        self.dialog = None;
    }

    fn fix(&mut self, index: usize) {
        let diagnostics = self.checked.clone();
        if let Some(found) = diagnostics
            .diagnostics
            .get(index)
            .filter(|_| self.is_fresh())
        {
            let fixed = script::apply_fixes(&self.script, std::slice::from_ref(found), false);
            self.rewrite(fixed.into());
        }
    }

    /// What makes no sense changes nothing: the field then shows what was before.
    fn fill(&mut self, field: Field, value: &str) {
        match field {
            Field::Scrub => {
                let steps: u64 = value.parse().unwrap_or(0);
                let at = u128::from(self.end().as_nanos()) * u128::from(steps);
                self.move_to(SimTime::from_nanos((at / u128::from(SCRUB_STEPS)) as u64));
            }
            Field::Speed => {
                let place = value.parse().ok();
                let speed = place.and_then(|place: usize| Speed::ALL.get(place));
                self.speed = speed.copied().unwrap_or_default();
            }
            Field::Setting { keyword, max } => {
                // While a field is empty it says nothing.
                if let Some(number) = whole(value).filter(|&number| number >= 1) {
                    let number = number.min(max).to_string();
                    self.rewrite(with_setting(&self.script, keyword, &number).into());
                }
            }
            Field::Gil => self.rewrite(with_setting(&self.script, "gil", value).into()),
            Field::Fold(fold) => self.unfold(fold, !value.is_empty()),
            Field::Guess => Rc::make_mut(&mut self.insight).guess.text = value.to_owned(),
            Field::Bar { row, is_end } => self.draw(row, is_end, value.parse().unwrap_or(0)),
            Field::Python => self.python.text = value.to_owned(),
            Field::Library => self.python.library = value.to_owned(),
            Field::Vary => Rc::make_mut(&mut self.insight).vary = value.to_owned(),
        }
    }

    fn unfold(&mut self, fold: Fold, is_open: bool) {
        match fold {
            Fold::ByTask => self.folds.by_task = is_open,
            Fold::Legend => self.folds.legend = is_open,
            Fold::Table => {
                self.folds.table = is_open;
                self.turn_to_selected();
            }
        }
    }

    fn select(&mut self, bar: Option<Bar>) {
        self.pointed.selected = bar;
        self.turn_to_selected();
    }

    /// The table, while it is open, shows the page that the selected bar is on.
    fn turn_to_selected(&mut self) {
        let Some(shown) = self.shown.as_ref().filter(|_| self.folds.table) else {
            return;
        };
        let window = self.view.window;
        let page = |bar: Bar| table::page_of(&shown.timeline(self.by), window, &bar);
        if let Some(first) = self.pointed.selected.and_then(page) {
            self.table_first = first;
        }
    }

    fn rewrite(&mut self, text: Rc<str>) {
        if text != self.script {
            self.script = text;
            self.leave_sweep();
            self.leave_guess();
            self.ask();
        }
    }

    fn format(&mut self) {
        // A script with errors has no layout yet; its errors are on screen.
        if let Ok(text) = crate::script::format(&self.script) {
            self.rewrite(text.into());
        }
    }

    fn ask(&mut self) {
        self.run = self.run.next();
        self.phase = Phase::Asked;
    }

    fn open_lesson(&mut self, lesson: Lesson) {
        self.replace_script(lesson.script().into());
        self.lesson = Some(lesson);
        self.dialog = None;
        // Its words stand beside the script.
        self.sheet = Sheet::Up;
    }

    /// Another script altogether; what the reader wrote can be brought back.
    fn replace_script(&mut self, text: Rc<str>) {
        if text != self.script {
            self.drafts.keep(&self.script);
        }
        self.rewrite(text);
        self.lesson = None;
        self.before_change = None;
        self.cursor = Cursor::default();
        self.playing = false;
        self.view = View::default();
        self.pointed = Pointed::default();
    }

    /// The text that is replaced by this comes back by the same button.
    fn restore(&mut self) {
        if let Some(text) = self.drafts.take() {
            self.replace_script(text);
        }
    }

    fn try_change(&mut self) {
        let Some(lesson) = self.lesson else { return };
        let before = self.script.clone();
        self.drafts.keep(&before);
        self.rewrite(lesson.changed(&before).into());
        self.lesson = Some(lesson.to_change());
        self.before_change = Some((lesson, before));
    }

    fn undo_change(&mut self) {
        if let Some((lesson, before)) = self.before_change.take() {
            self.drafts.keep(&self.script);
            self.rewrite(before);
            self.lesson = Some(lesson);
        }
    }

    fn open_link(&mut self, content: Result<Shared, crate::link::LinkError>) {
        let shared = match content {
            Ok(shared) => shared,
            Err(error) => return self.notice = Some(Notice::BadLink(error)),
        };
        self.replace_script(shared.script.into());
        self.by = if shared.by_thread {
            By::Threads
        } else {
            By::Tasks
        };
        if let Some(language) = shared.language.as_deref().and_then(Language::from_tag) {
            self.settings.language = language;
        }
        self.cursor.at = SimTime::from_nanos(shared.at_ns.unwrap_or_default());
    }

    fn show(&mut self, checked: Rc<Checked>, shown: Rc<Shown>) {
        let first = self.shown.is_none();
        let at = match self.cursor.at {
            SimTime::ZERO if first => shown.telling_moment(),
            at => at,
        };
        self.checked = checked;
        self.shown = Some(shown);
        self.phase = Phase::Settled;
        self.pointed.hovered = None;
        self.pointed.selected = None;
        self.move_to(at);
    }

    fn end(&self) -> SimTime {
        self.shown
            .as_ref()
            .map_or(SimTime::ZERO, |shown| shown.trace.end)
    }

    fn move_to(&mut self, time: SimTime) {
        let at = time.min(self.end());
        let records = self
            .shown
            .as_ref()
            .map_or(0, |shown| shown.records_until(at));
        self.cursor = Cursor { at, records };
    }

    fn step(&mut self, records: i64) {
        let Some(shown) = &self.shown else { return };
        self.playing = false;
        let to = (self.cursor.records as i64)
            .saturating_add(records)
            .clamp(0, shown.trace.log.len() as i64);
        self.cursor = Cursor {
            at: shown.time_after(to as usize),
            records: to as usize,
        };
    }

    fn zoom(&mut self, factor: f64) {
        let end = self.end().as_nanos();
        let (start, stop) = self.view.window.map_or((0, end), |(start, stop)| {
            (start.as_nanos(), stop.as_nanos())
        });
        let length = (((stop - start) as f64 * factor) as u64).max(WINDOW_MIN_NS);
        if length >= end {
            self.view = View::default();
            return;
        }
        let cursor = self.cursor.at.as_nanos();
        let middle = if (start..=stop).contains(&cursor) {
            cursor
        } else {
            start.midpoint(stop)
        };
        let start = middle.saturating_sub(length / 2).min(end - length);
        self.view.window = Some((
            SimTime::from_nanos(start),
            SimTime::from_nanos(start + length),
        ));
    }

    fn toggle_play(&mut self) {
        if !self.playing && self.cursor.at >= self.end() {
            self.move_to(SimTime::ZERO);
        }
        self.playing = !self.playing && self.shown.is_some();
    }

    fn tick(&mut self, seconds: f64) {
        let end = self.end();
        let passed = self.speed.rate(end.as_nanos()) * seconds;
        self.move_to(SimTime::from_nanos(
            self.cursor.at.as_nanos().saturating_add(passed as u64),
        ));
        self.playing = self.cursor.at < end;
    }
}

/// The whole part of what stands in a field for numbers.
fn whole(value: &str) -> Option<u64> {
    value.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::simulate;
    use crate::web::model::shown;

    fn state() -> State {
        State::new("a: cpu 1 -> await 2\nb: cpu 3\n".into(), Choices::default())
    }

    /// The state once its script has been run.
    fn ran(mut state: State) -> State {
        let (checked, workload) = shown::check(&state.script);
        let workload = workload.expect("a script without errors");
        let trace = simulate(&workload);
        let shown = Shown::new(state.script.clone(), workload, trace);
        state.reduce(Action::Ran(state.run, checked, Rc::new(shown)));
        state
    }

    fn after(mut state: State, actions: impl IntoIterator<Item = Action>) -> State {
        actions.into_iter().for_each(|action| state.reduce(action));
        state
    }

    #[test]
    fn an_edit_asks_for_a_run_and_keeps_the_old_chart() {
        let state = after(ran(state()), [Action::Edited("a: cpu 2\n".into())]);
        assert_eq!(state.phase, Phase::Asked);
        assert!(state.shown.is_some());
    }

    #[test]
    fn an_answer_for_an_older_script_is_dropped() {
        let old = state().run;
        let edited = after(state(), [Action::Edited("a: cpu 2\n".into())]);
        let late = Action::Progressed(old, Reached::default());
        let state = after(edited.clone(), [late]);
        assert_eq!(state.phase, edited.phase);
    }

    #[test]
    fn as_many_steps_back_as_on_end_at_the_same_place() {
        let start = after(ran(state()), [Action::MovedTo(SimTime::ZERO)]);
        let on = after(start.clone(), (0..5).map(|_| Action::Stepped(1)));
        assert_ne!(on.cursor, start.cursor);
        let there = on.cursor;
        let back = after(on, (0..3).map(|_| Action::Stepped(-1)));
        let again = after(back, (0..3).map(|_| Action::Stepped(1)));
        assert_eq!(again.cursor, there);
    }

    #[test]
    fn playing_stops_at_the_end_and_starts_over() {
        let playing = after(ran(state()), [Action::PlayToggled, Action::Ticked(1e6)]);
        assert!(!playing.playing);
        assert_eq!(playing.cursor.at, playing.end());
        let again = after(playing, [Action::PlayToggled]);
        assert!(again.playing);
        assert_eq!(again.cursor.at, SimTime::ZERO);
    }

    #[test]
    fn what_a_lesson_replaced_can_be_brought_back() {
        let mine = state().script;
        let lesson = Lesson::all().nth(3).expect("there are 25");
        let opened = after(state(), [Action::LessonOpened(lesson)]);
        assert_ne!(opened.script, mine);
        let back = after(opened, [Action::Restored]);
        assert_eq!(back.script, mine);
    }

    #[test]
    fn a_lessons_change_is_tried_and_undone() {
        let lesson = Lesson::all().next().expect("there are 25").to_change();
        let opened = after(state(), [Action::LessonOpened(lesson)]);
        let before = opened.script.clone();
        let tried = after(opened, [Action::ChangeTried]);
        assert!(tried.script.contains(&lesson.text().change.to));
        let undone = after(tried, [Action::ChangeUndone]);
        assert_eq!(undone.script, before);
        assert_eq!(undone.lesson, Some(lesson));
    }

    #[test]
    fn what_another_tab_saved_is_offered_and_neither_text_is_lost() {
        let mine = state().script;
        let theirs: Rc<str> = "theirs: cpu 1\n".into();
        let offered = after(state(), [Action::SavedElsewhere(theirs.clone())]);
        assert_eq!(offered.script, mine);
        let taken = after(offered.clone(), [Action::OpenedElsewhere]);
        assert_eq!(taken.script, theirs);
        assert_eq!(after(taken, [Action::Restored]).script, mine);
        let left = after(offered, [Action::LeftElsewhere]);
        assert_eq!(left.elsewhere, None);
        assert_eq!(after(left, [Action::Restored]).script, theirs);
    }

    #[test]
    fn the_same_text_saved_by_another_tab_is_no_news() {
        let state = state();
        let same = Action::SavedElsewhere(state.script.clone());
        assert_eq!(after(state, [same]).elsewhere, None);
    }

    #[test]
    fn a_bad_link_is_said_and_changes_nothing_else() {
        let before = state();
        let error = crate::link::LinkError::Damaged;
        let after = after(before.clone(), [Action::LinkOpened(Err(error))]);
        assert_eq!(after.script, before.script);
        assert_eq!(after.notice, Some(Notice::BadLink(error)));
    }

    #[test]
    fn zooming_in_and_out_again_shows_everything() {
        let zoomed = after(ran(state()), [Action::Zoomed(0.5)]);
        assert!(zoomed.view.window.is_some());
        let out = after(zoomed, [Action::Zoomed(2.0), Action::Zoomed(2.0)]);
        assert_eq!(out.view, View::default());
    }
}
