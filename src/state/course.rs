//! The course: the prediction before a lesson's chart, the goal of its change, the reader's
//! progress, and the address of a lesson.
//!
//! The lessons themselves are in [`super::lessons`].

use std::rc::Rc;

use super::drafts::{ReplacedBy, ScriptOrigin};
use super::embedded::judged;
use super::insight::{AnalysisAction, Tab};
use super::lessons::{Lesson, Shelf};
use super::program::{ProgramAction, Side};
use super::{Notice, Phase, Sheet, State};
use model::trace::expectation::Verdict;

/// The state of the open lesson, and of the course as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Course {
    pub(crate) prediction: Prediction,
    /// The index of the right answer for the open variant, once it has run.
    pub(crate) right: Option<usize>,
    /// The verdicts on the goal of the suggested change, for the variant that it changes.
    pub(crate) goal: Vec<Verdict>,
    pub(crate) progress: Progress,
    /// The lesson that the address names, while the lessons are being loaded.
    pub(crate) awaited: Option<LessonAddress>,
    /// The script before the first lesson, for the browser's *Back*.
    before: Option<(Rc<str>, ScriptOrigin)>,
}

/// The reader's prediction of the open lesson's result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Prediction {
    /// Not made yet: the chart is covered.
    #[default]
    Asked,
    /// Made, for this variant: the index of an answer.
    Given {
        answer: usize,
        variant: usize,
    },
    Skipped,
}

/// How far the reader has come in a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    Guessed,
    /// The goal of the change was reached.
    Reached,
}

/// The marks of all lessons, as they are stored: a line for each, e.g. `busy-hands reached`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress(String);

impl Mark {
    const ALL: [(&str, Self); 2] = [("guessed", Self::Guessed), ("reached", Self::Reached)];
}

impl Progress {
    /// Skips lines that are no mark.
    pub(crate) fn from_stored(text: &str) -> Self {
        let mut progress = Self::default();
        progress.merge(text);
        progress
    }

    pub(crate) fn stored(&self) -> &str {
        &self.0
    }

    /// Adds the marks of another tab.
    pub(crate) fn merge(&mut self, stored: &str) {
        for (slug, word) in stored.lines().filter_map(|line| line.split_once(' ')) {
            if let Some(&(_, mark)) = Mark::ALL.iter().find(|(known, _)| *known == word) {
                self.add(slug, mark);
            }
        }
    }

    pub(crate) fn of(&self, slug: &str) -> Option<Mark> {
        let has = |word: &str| {
            let mut lines = self.0.lines();
            lines.any(|line| line.split_once(' ') == Some((slug, word)))
        };
        let mut marks = Mark::ALL.iter().rev();
        marks.find(|(word, _)| has(word)).map(|&(_, mark)| mark)
    }

    fn add(&mut self, slug: &str, mark: Mark) {
        if self.of(slug) < Some(mark) {
            let word = Mark::ALL[mark as usize].0;
            for part in [slug, " ", word, "\n"] {
                self.0.push_str(part);
            }
        }
    }
}

/// The part of an address that names a lesson, e.g. `busy-hands/2` of `#lesson=busy-hands/2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LessonAddress {
    pub(crate) name: Rc<str>,
    /// The script of this tab is the lesson's with the reader's edits, so it stays.
    pub(crate) is_edited: bool,
}

/// Characters of a name. Longer ones name no lesson, and would fill the page with their notice.
const NAME_MAX: usize = 60;

impl LessonAddress {
    pub(crate) const PREFIX: &str = "#lesson=";
    /// After the name, it opens the lesson on the Python side.
    const IN_PYTHON: &str = "/python";

    pub(crate) fn parse(fragment: &str) -> Option<Self> {
        let name = fragment.strip_prefix(Self::PREFIX)?;
        Some(Self {
            name: name.chars().take(NAME_MAX).collect::<String>().into(),
            is_edited: false,
        })
    }
}

impl Lesson {
    /// The lesson with this name, e.g. `busy-hands`, or its variant, e.g. `busy-hands/2`. Either may
    /// end with `/python`.
    fn named(name: &str) -> Option<Self> {
        let name = name.strip_suffix(LessonAddress::IN_PYTHON).unwrap_or(name);
        let (slug, number) = name.split_once('/').unwrap_or((name, "1"));
        let lesson = Self::all().find(|lesson| lesson.text().slug == slug)?;
        let variant = number.parse::<usize>().ok()?.checked_sub(1)?;
        lesson.siblings().nth(variant)
    }

    /// The fragment of its address.
    pub(crate) fn fragment(self) -> String {
        let slug = self.text().slug;
        match self.variant {
            0 => [LessonAddress::PREFIX, slug].concat(),
            index => [LessonAddress::PREFIX, slug, "/", &(index + 1).to_string()].concat(),
        }
    }
}

impl State {
    /// Whether the open lesson awaits the reader's prediction.
    pub(crate) fn is_predicting(&self) -> bool {
        let is_asked = self.lesson.is_some() && self.course.prediction == Prediction::Asked;
        let awaited = self.course.awaited.as_ref();
        is_asked || self.awaits_program() || awaited.is_some_and(|address| !address.is_edited)
    }

    /// Whether the open lesson is about a program that has not run yet.
    fn awaits_program(&self) -> bool {
        let lesson = self.lesson.filter(|lesson| lesson.is_program());
        lesson.is_some() && self.is_python_side() && self.drawn_program().is_none()
    }

    pub(super) fn open_lesson(&mut self, lesson: Lesson) {
        let open = self.lesson.map(|open| open.index);
        // The variants of a lesson share its question.
        let is_told = open == Some(lesson.index) && !self.is_predicting();
        // The reader who goes through the course in Python stays there.
        let is_python = lesson.is_program() || open.is_some() && self.is_python_side();
        let before = (self.script.clone(), self.origin);
        let replaced_by = ReplacedBy::Lesson(lesson.text().number);
        // A run of it that is under way ends without a word.
        self.leave_own_program(replaced_by);
        if lesson.is_program() {
            self.before_change = None;
            self.own_program(lesson.script().into());
        } else {
            self.replace_script(lesson.script().into(), ScriptOrigin::Page, replaced_by);
        }
        self.lesson = Some(lesson);
        let course = &mut self.course;
        course.awaited = None;
        course.right = None;
        if open.is_none() {
            course.before = Some(before);
        }
        if !is_told {
            course.prediction = Prediction::Asked;
        }
        // Its own question covers the chart, too.
        if self.insight.tab == Tab::Guess {
            self.look(AnalysisAction::Tab(Tab::Findings));
        }
        self.dialog = None;
        if is_python {
            self.bring_form();
        } else {
            self.open_script_side();
        }
        self.sheet = Sheet::Down;
        self.judge_lesson();
    }

    /// Opens the lesson that the address names, as soon as the lessons are there.
    pub(super) fn open_named_lesson(&mut self, address: LessonAddress) {
        if self.shelf != Shelf::Filled {
            self.course.awaited = Some(address);
            return;
        }
        match Lesson::named(&address.name) {
            Some(lesson) if address.is_edited => {
                self.lesson = Some(lesson);
                self.course.prediction = Prediction::Skipped;
                self.judge_lesson();
            }
            Some(lesson) => {
                self.open_lesson(lesson);
                if address.name.ends_with(LessonAddress::IN_PYTHON) {
                    self.program_acted(ProgramAction::SideChosen(Side::Python));
                }
            }
            None => self.notice = Some(Notice::NoSuchLesson(address.name)),
        }
    }

    pub(super) fn lessons_came(&mut self, shelf: Shelf) {
        self.shelf = shelf;
        match (self.course.awaited.take(), shelf) {
            (Some(_), Shelf::Lacking) => self.notice = Some(Notice::NoLessons),
            (Some(address), _) => self.open_named_lesson(address),
            (None, _) => {}
        }
    }

    /// The browser went back to the address before the lessons: restores the script.
    pub(super) fn leave_lessons(&mut self) {
        if self.lesson.is_none() {
            return;
        }
        if let Some((script, origin)) = self.course.before.take() {
            self.replace_script(script, origin, ReplacedBy::Unknown);
        }
        self.open_script_side();
        self.close_trace();
        self.lesson = None;
    }

    pub(super) fn predict(&mut self, answer: usize) {
        let Some(lesson) = self.lesson else { return };
        self.course.prediction = Prediction::Given {
            answer,
            variant: lesson.variant,
        };
        self.course.progress.add(lesson.text().slug, Mark::Guessed);
        self.judge_lesson();
    }

    /// Uncovers the chart without a prediction.
    pub(super) fn skip_prediction(&mut self) {
        if self.course.prediction == Prediction::Asked {
            self.course.prediction = Prediction::Skipped;
            self.judge_lesson();
        }
    }

    /// Judges the answers and the goal of the open lesson by the run that is shown.
    pub(super) fn judge_lesson(&mut self) {
        self.course.goal.clear();
        let Some(lesson) = self.lesson else { return };
        let run = if lesson.is_program() {
            self.drawn_program()
        } else {
            let shown = self.shown.clone().filter(|_| self.phase == Phase::Settled);
            shown.map(|shown| (self.script.clone(), shown))
        };
        let Some((of, shown)) = run else { return };
        let (text, language) = (lesson.text(), self.language());
        // An edited script says nothing about the answers.
        if *of == *lesson.script() {
            let answers = text.question.answers.iter();
            let claims: Vec<_> = answers.map(|answer| text.question.claim(answer)).collect();
            let verdicts = judged(&claims, &shown, language);
            self.course.right = verdicts.iter().position(|verdict| verdict.holds);
        }
        if lesson == lesson.to_change() && !self.is_predicting() {
            let goal = judged(&text.change.claims, &shown, language);
            if goal.iter().all(|verdict| verdict.holds) {
                self.course.progress.add(text.slug, Mark::Reached);
            }
            self.course.goal = goal;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::action::Action;
    use crate::state::parsed::ParsedScript;
    use crate::state::shown::Shown;
    use crate::state::trial::{after, ran, state};

    fn lesson(name: &str) -> Lesson {
        Lesson::named(name).expect("it is in the course")
    }

    /// The state after a lesson was opened and has run.
    fn opened(name: &str) -> State {
        ran(after(ran(state()), [Action::LessonOpened(lesson(name))]))
    }

    #[test]
    fn a_lesson_covers_its_chart_until_the_reader_predicts() {
        let asked = opened("pasta-and-toast");
        assert!(asked.is_covered());
        assert!(!asked.script.contains("expect"), "{}", asked.script);
        // 5 s; 8 s; 10 s; 14 s.
        assert_eq!(asked.course.right, Some(1));
        let told = after(asked, [Action::Predicted(2)]);
        assert!(!told.is_covered());
        let progress = &told.course.progress;
        assert_eq!(progress.of("pasta-and-toast"), Some(Mark::Guessed));
    }

    #[test]
    fn the_other_variants_of_a_lesson_are_not_covered_again() {
        let told = after(opened("busy-hands"), [Action::Predicted(0)]);
        let other = ran(after(told, [Action::LessonOpened(lesson("busy-hands/4"))]));
        assert!(!other.is_covered());
        // 8 s; 9 s; 11 s; 14 s.
        assert_eq!(other.course.right, Some(2));
        let next = after(other, [Action::LessonOpened(lesson("gather"))]);
        assert!(next.is_covered());
    }

    #[test]
    fn an_edit_or_a_skip_uncovers_the_chart_and_is_no_prediction() {
        let edit = Action::Edited("a: cpu 1\n".into());
        for uncover in [Action::PredictionSkipped, edit] {
            let state = after(opened("gather"), [uncover]);
            assert!(!state.is_covered());
            assert_eq!(state.course.progress.of("gather"), None);
        }
    }

    #[test]
    fn a_link_closes_the_lesson_and_hides_nothing() {
        let link = Action::LinkOpened(Ok(state().shared()));
        let state = after(opened("gather"), [link]);
        assert!(!state.is_covered());
        assert_eq!(state.lesson, None);
    }

    #[test]
    fn the_goal_is_reached_by_the_readers_own_edit() {
        let told = after(opened("pasta-and-toast/2"), [Action::PredictionSkipped]);
        let holds = |state: &State| {
            let goal = state.course.goal.iter();
            goal.map(|verdict| verdict.holds).collect::<Vec<_>>()
        };
        assert_eq!(holds(&told), [false, false]);
        let mine = told.script.replace("6s", "10s");
        let reached = ran(after(told, [Action::Edited(mine.into())]));
        assert_eq!(holds(&reached), [true, true]);
        let progress = &reached.course.progress;
        assert_eq!(progress.of("pasta-and-toast"), Some(Mark::Reached));
    }

    #[test]
    fn the_goal_belongs_to_the_variant_that_is_changed() {
        let told = after(opened("pasta-and-toast"), [Action::PredictionSkipped]);
        assert!(told.course.goal.is_empty());
    }

    #[track_caller]
    fn check_address(fragment: &str, expected: Option<&str>) {
        let address = LessonAddress::parse(fragment).expect("it names a lesson");
        let state = after(state(), [Action::LessonNamed(address)]);
        let found = state.lesson.map(Lesson::fragment);
        assert_eq!(found.as_deref(), expected);
        let is_said = matches!(state.notice, Some(Notice::NoSuchLesson(_)));
        assert_eq!(is_said, expected.is_none());
    }

    #[test]
    fn an_address_opens_a_lesson_or_a_variant() {
        check_address("#lesson=busy-hands", Some("#lesson=busy-hands"));
        check_address("#lesson=busy-hands/1", Some("#lesson=busy-hands"));
        check_address("#lesson=busy-hands/4", Some("#lesson=busy-hands/4"));
        for unknown in [
            "",
            "nothing",
            "busy-hands/0",
            "busy-hands/6",
            "busy-hands/b",
        ] {
            check_address(&[LessonAddress::PREFIX, unknown].concat(), None);
        }
        assert_eq!(LessonAddress::parse("#v1.abc"), None);
        let long = LessonAddress::parse(&("#lesson=".to_owned() + &"가".repeat(9_000)));
        assert!(long.is_some_and(|address| address.name.chars().count() == NAME_MAX));
    }

    #[test]
    fn a_lesson_of_the_address_covers_the_page_until_the_lessons_come() {
        let address = LessonAddress::parse("#lesson=gather").expect("it names a lesson");
        let mut waiting = state();
        waiting.shelf = Shelf::Awaited;
        let waiting = after(waiting, [Action::LessonNamed(address)]);
        assert!(waiting.is_covered());
        let came = after(waiting.clone(), [Action::LessonsCame(Shelf::Filled)]);
        assert_eq!(came.lesson, Some(lesson("gather")));
        let lacking = after(waiting, [Action::LessonsCame(Shelf::Lacking)]);
        assert!(!lacking.is_covered());
        assert_eq!(lacking.notice, Some(Notice::NoLessons));
    }

    #[test]
    fn a_reload_keeps_what_the_reader_has_changed_in_a_lesson() {
        let address = LessonAddress {
            name: "gather/2".into(),
            is_edited: true,
        };
        let before = ran(state());
        let after = after(before.clone(), [Action::LessonNamed(address)]);
        assert_eq!(after.script, before.script);
        assert_eq!(after.lesson, Some(lesson("gather/2")));
        assert!(!after.is_covered());
    }

    #[test]
    fn the_way_back_out_of_the_lessons_restores_the_script() {
        let mine = ran(after(state(), [Action::Edited("mine: cpu 1\n".into())]));
        let lessons = ["gather", "busy-hands"].map(|name| Action::LessonOpened(lesson(name)));
        let back = after(
            mine.clone(),
            lessons.into_iter().chain([Action::LessonsLeft]),
        );
        assert_eq!((back.script, back.origin), (mine.script, mine.origin));
        assert_eq!(back.lesson, None);
    }

    fn program(action: ProgramAction) -> Action {
        Action::Program(action)
    }

    /// A run of the reader's program, with the records of a script.
    fn run_program(state: State, script: &str) -> State {
        let script: Rc<str> = script.into();
        let workload = ParsedScript::of(&script).workload.clone();
        let workload = workload.expect("no errors");
        let trace = sim::simulate(&workload);
        let shown = Rc::new(Shown::new(script, workload, trace));
        let state = after(state, [program(ProgramAction::RunAsked)]);
        let run = state.program.run;
        after(state, [program(ProgramAction::Drawn(run, shown))])
    }

    fn own(state: &State) -> &str {
        state.program.own.as_deref().expect("the reader's program")
    }

    const AT_ONCE: &str = "def price: block 1s\nrun 120 price\n";
    const CHECKED: &str =
        "async def price:\n    thread: block 1s\n    thread: cpu 0s\nrun 120 price\n";

    #[test]
    fn a_lesson_about_a_program_asks_runs_and_explains() {
        let open = |name| Action::LessonOpened(lesson(name));
        let asked = after(ran(state()), [open("a-return-annotation")]);
        assert!(asked.is_covered() && asked.is_python_side());
        let told = after(asked, [Action::Predicted(2)]);
        // Nothing is known before its run.
        assert!(told.is_covered());
        assert_eq!(told.course.right, None);
        let done = run_program(told, AT_ONCE);
        assert!(!done.is_covered());
        assert_eq!(done.course.right, Some(0));
        // The question is known; the other program has to run first.
        let other = after(done, [open("a-return-annotation/2")]);
        assert!(other.is_covered());
        let given = Prediction::Given {
            answer: 2,
            variant: 0,
        };
        assert_eq!(other.course.prediction, given);
        let other = run_program(other, CHECKED);
        assert!(!other.is_covered());
        assert_eq!(other.course.right, Some(2));
        // The script was there all the time.
        let script = after(other, [program(ProgramAction::SideChosen(Side::Script))]);
        assert!(!script.is_covered() && script.script == ran(state()).script);
    }

    #[test]
    fn the_change_of_a_program_reaches_its_goal_and_is_undone() {
        let open = Action::LessonOpened(lesson("a-return-annotation/2"));
        let before = run_program(after(ran(state()), [open]), CHECKED);
        let is_reached = |state: &State| state.course.goal.iter().all(|verdict| verdict.holds);
        assert!(!is_reached(&before));
        let changed = after(before, [Action::ChangeTried]);
        assert!(own(&changed).contains("response_model=None"));
        let changed = run_program(changed, AT_ONCE);
        assert!(is_reached(&changed));
        let progress = &changed.course.progress;
        assert_eq!(progress.of("a-return-annotation"), Some(Mark::Reached));
        let undone = after(changed, [Action::ChangeUndone]);
        assert_eq!(own(&undone), lesson("a-return-annotation/2").script());
    }

    #[test]
    fn starting_over_brings_the_lessons_program_back() {
        let open = Action::LessonOpened(lesson("the-way-out"));
        let edit = program(ProgramAction::Edited("print(1)\n".into()));
        let over = program(ProgramAction::LeftOwn);
        let state = after(ran(state()), [open, edit, over]);
        assert_eq!(own(&state), lesson("the-way-out").script());
        assert!(state.drafts.find("print(1)\n").is_some());
        // Another program closes the lesson.
        let other = program(ProgramAction::ScriptIsPython);
        assert_eq!(after(state, [other]).lesson, None);
    }

    #[test]
    fn a_lesson_has_its_python_form_on_the_python_side() {
        let python = || program(ProgramAction::SideChosen(Side::Python));
        let text = |state: &State| {
            let made = state.program.made.as_ref();
            let program = made.and_then(|made| made.program.as_ref().ok());
            program
                .map(|program| program.text.clone())
                .unwrap_or_default()
        };
        let told = after(opened("three-pings"), [Action::PredictionSkipped, python()]);
        assert_eq!(told.python_question(), None);
        assert!(text(&told).contains("async def terrible_ping():\n    time.sleep(10)"));
        // Through the course in Python.
        let next = Action::LessonOpened(lesson("three-pings/2"));
        let next = after(told, [next]);
        assert!(next.is_python_side());
        assert!(text(&next).contains("\ndef good_ping():"));
        // Others are exported.
        let other = ran(after(next, [Action::LessonOpened(lesson("gather"))]));
        assert!(other.python_question().is_some());
    }

    #[test]
    fn an_address_opens_a_lesson_in_python() {
        for (fragment, is_python) in [("gather/2/python", true), ("gather/2", false)] {
            let address = LessonAddress::parse(&[LessonAddress::PREFIX, fragment].concat());
            let state = after(state(), [Action::LessonNamed(address.expect("a lesson"))]);
            assert_eq!(state.lesson, Some(lesson("gather/2")));
            assert_eq!(state.is_python_side(), is_python);
        }
    }

    #[test]
    fn progress_never_goes_back() {
        let mut progress = Progress::from_stored("gather reached\nnonsense\nthe-gil guessed\n");
        progress.merge("gather guessed\nthe-gil walked\nbusy-hands guessed\n");
        assert_eq!(progress.of("gather"), Some(Mark::Reached));
        assert_eq!(progress.of("the-gil"), Some(Mark::Guessed));
        assert_eq!(progress.of("busy-hands"), Some(Mark::Guessed));
        assert_eq!(progress.of("the"), None);
        assert_eq!(Progress::from_stored(progress.stored()), progress);
    }
}
