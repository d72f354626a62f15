//! The lessons: 25 classic experiments as scripts with texts, and two about the real FastAPI.
//!
//! They are embedded, so that the command line has them offline; the page loads them as one file.
//! `tests/lessons.rs` simulates them and checks their claims.
//!
//! # The format
//!
//! `crates/lessons/course/NN[v]-slug.loop` is an ordinary script. The variants of lesson `NN` share the slug
//! and differ in the letter `v`. `NN[v]-slug.py` beside it is its Python form, where that teaches
//! better than the exported script, e.g. a FastAPI app; it has no texts. A lesson about something
//! that the model of a script leaves out is a program: its files end in `.py` and have the texts. The comment at the top, up to the first blank line, has the texts,
//! one field per line:
//!
//! ```text
//! # group: The kitchen
//! # title: Pasta and toast
//! # title.ko: 파스타와 토스트
//! # question: How long does it take until both dishes are ready?
//! # answers: 5s; 8s; 10s
//! # wrong 10s: 10 s adds up every wait.
//! # text: Both dishes only have to be waited for, and while one waits
//! #   the other goes on.
//! # text.ko: …
//! # name: Toast for 6 s
//! # name.ko: 토스트 6초
//! # note: A slower toast still finishes before the pasta.
//! # try: Let the toast take 10 s: the total is 10 s.
//! # try.ko: …
//! # edit: await 6s => await 10s
//! # then: total 10s; order make_pasta, make_toast
//! ```
//!
//! - `# FIELD: words`. A line that begins with `#` and three spaces continues the field above.
//!   `.ko` is the Korean text.
//! - `title`, `question`, `answers`, `wrong` and `text` are in the first variant and belong to the
//!   lesson. `group` is the title of the group that begins with the lesson.
//! - Exactly one of `answers` is right, in each variant: the claim `total ANSWER` holds there, or
//!   with `# asks: hello done` the claim `hello done ANSWER`. `wrong ANSWER` explains an answer
//!   where it is wrong.
//! - `name` and `note` belong to the variant. `note` says in one sentence why its result is so. A
//!   lesson with one variant has no `name`.
//! - The claims of a program are about its run. A request has the name of its handler.
//! - `try`, `edit` and `then` are in the variant that the reader changes. `edit` has the words to
//!   replace and the new ones. `then` has the claims that hold afterwards, as after `expect`,
//!   separated by `;`.

mod file;
mod packed;

use std::sync::OnceLock;

use texts::Language;

use self::file::read_lessons;
pub use self::packed::read_all;

/// The ending of files with Python programs.
const PROGRAM_ENDING: &str = ".py";

/// An experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Counts from 1, in the order of the course.
    pub number: u32,
    /// The name in links, e.g. `pasta-and-toast`.
    pub slug: &'static str,
    /// The title of the group that begins with this lesson.
    group: Option<Prose>,
    title: Prose,
    pub question: Question,
    text: Prose,
    /// The chart of the first variant as SVG paths, each with its class; `tests/lessons.rs` draws it.
    pub picture: Vec<(&'static str, &'static str)>,
    /// At least one; the first is shown first.
    pub variants: Vec<Variant>,
    pub change: SuggestedChange,
}

impl Lesson {
    pub fn group(&self, language: Language) -> Option<&str> {
        self.group.as_ref().map(|group| group.of(language))
    }

    pub fn title(&self, language: Language) -> &str {
        self.title.of(language)
    }

    /// Whether it is about Python programs, and no scripts.
    pub fn is_program(&self) -> bool {
        self.variants.first().is_some_and(Variant::is_program)
    }

    /// The explanation of the experiment.
    pub fn text(&self, language: Language) -> &str {
        self.text.of(language)
    }

    /// The suggested change, in words.
    pub fn try_this(&self, language: Language) -> &str {
        self.change.text.of(language)
    }
}

/// A question about the run, to be answered before it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    text: Prose,
    /// The subject of the claims, e.g. `total` or `hello done`.
    subject: &'static str,
    pub answers: Vec<OfferedAnswer>,
}

impl Question {
    pub fn text(&self, language: Language) -> &str {
        self.text.of(language)
    }

    /// The claim that holds if this answer is right. An answer may be rounded: 40 s is right for
    /// 40.02 s.
    pub fn claim(&self, answer: &OfferedAnswer) -> String {
        [self.subject, " ", answer.value, " ± 1%"].concat()
    }
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedAnswer {
    /// A duration as in a script, e.g. `8s`.
    pub value: &'static str,
    wrong: Option<Prose>,
}

impl OfferedAnswer {
    /// The explanation of the answer where it is wrong.
    pub fn wrong(&self, language: Language) -> Option<&str> {
        self.wrong.as_ref().map(|wrong| wrong.of(language))
    }
}

/// One of the scripts of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The file in `crates/lessons/course/`.
    pub file: &'static str,
    name: Prose,
    note: Prose,
    /// The script without the comment at the top; the program, if [`Variant::is_program`].
    pub script: &'static str,
    /// The Python form of the script that was written by hand; the others are exported.
    pub python: Option<&'static str>,
}

impl Variant {
    pub fn name(&self, language: Language) -> &str {
        self.name.of(language)
    }

    /// Whether it is a Python program, and no script.
    pub fn is_program(&self) -> bool {
        self.file.ends_with(PROGRAM_ENDING)
    }

    /// Why the result is as it is, in one sentence.
    pub fn note(&self, language: Language) -> &str {
        self.note.of(language)
    }

    /// The script without its expectations, which give the answer away.
    pub fn program(&self) -> &'static str {
        match self.script.find("\n\nexpect ") {
            Some(end) => &self.script[..=end],
            None => self.script,
        }
    }
}

/// A suggested change of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedChange {
    text: Prose,
    /// The index of the variant that it changes.
    pub variant: usize,
    /// The words to replace, e.g. `await 6s`. They occur once in the script.
    pub from: &'static str,
    /// The new words.
    pub to: &'static str,
    /// The claims that hold afterwards, e.g. `total 10s`.
    pub claims: Vec<String>,
}

impl SuggestedChange {
    /// The script after the edit alone.
    pub fn edit(&self, script: &str) -> String {
        script.replacen(self.from, self.to, 1)
    }

    /// The script after the change. Its own expectations are replaced by the change's claims.
    pub fn apply(&self, script: &str) -> String {
        let edited = self.edit(script);
        let program = edited
            .lines()
            // They describe the script before the change.
            .filter(|line| !line.starts_with("expect "))
            .collect::<Vec<_>>()
            .join("\n");
        let mut text = program.trim_end().to_owned() + "\n\n";
        for claim in &self.claims {
            text.push_str(&format!("expect {claim}\n"));
        }
        text
    }
}

/// A text in every language that lessons have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Prose {
    en: &'static str,
    ko: &'static str,
}

impl Prose {
    fn of(self, language: Language) -> &'static str {
        match language {
            Language::Ko => self.ko,
            // Lessons are not in the catalogues of other languages (docs/languages.md).
            _ => self.en,
        }
    }
}

/// The lessons whose variants are scripts: all but the last ones.
pub fn with_scripts() -> &'static [Lesson] {
    let count = all().partition_point(|lesson| !lesson.is_program());
    &all()[..count]
}

/// All lessons, by number.
pub fn all() -> &'static [Lesson] {
    static LESSONS: OnceLock<Vec<Lesson>> = OnceLock::new();
    // Tests parse the same embedded files, so this never fails.
    LESSONS.get_or_init(|| {
        let pictures = include_str!("../pictures.txt");
        read_lessons(FILES, pictures).expect("the embedded lessons are well formed")
    })
}

/// The claims of a change: `total 3s; toast done 3s`.
fn split_claims(claims: &str) -> Vec<String> {
    claims.split("; ").map(str::to_owned).collect()
}

/// The lesson with this slug.
pub fn find(slug: &str) -> Option<&'static Lesson> {
    all().iter().find(|lesson| lesson.slug == slug)
}

/// The name and the text of a file.
type LessonFile = (&'static str, &'static str);

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../course/", $name)))
    };
}

/// All files of `crates/lessons/course/`, sorted by name.
const FILES: &[LessonFile] = &[
    file!("01a-pasta-and-toast.loop"),
    file!("01b-pasta-and-toast.loop"),
    file!("02a-busy-hands.loop"),
    file!("02b-busy-hands.loop"),
    file!("02c-busy-hands.loop"),
    file!("02d-busy-hands.loop"),
    file!("02e-busy-hands.loop"),
    file!("03a-two-pieces-of-cpu.loop"),
    file!("03b-two-pieces-of-cpu.loop"),
    file!("04a-two-cooks.loop"),
    file!("04b-two-cooks.loop"),
    file!("05-life-of-a-task.loop"),
    file!("06a-three-requests.loop"),
    file!("06b-three-requests.loop"),
    file!("07a-one-ten-a-hundred.loop"),
    file!("07a-one-ten-a-hundred.py"),
    file!("07b-one-ten-a-hundred.loop"),
    file!("07b-one-ten-a-hundred.py"),
    file!("07c-one-ten-a-hundred.loop"),
    file!("07c-one-ten-a-hundred.py"),
    file!("08a-three-pings.loop"),
    file!("08a-three-pings.py"),
    file!("08b-three-pings.loop"),
    file!("08b-three-pings.py"),
    file!("08c-three-pings.loop"),
    file!("08c-three-pings.py"),
    file!("09a-a-hundred-pings.loop"),
    file!("09a-a-hundred-pings.py"),
    file!("09b-a-hundred-pings.loop"),
    file!("09b-a-hundred-pings.py"),
    file!("09c-a-hundred-pings.loop"),
    file!("09c-a-hundred-pings.py"),
    file!("10-the-forty-first.loop"),
    file!("10-the-forty-first.py"),
    file!("11-the-staircase.loop"),
    file!("11-the-staircase.py"),
    file!("12a-the-fifth-sleeps.loop"),
    file!("12a-the-fifth-sleeps.py"),
    file!("12b-the-fifth-sleeps.loop"),
    file!("12b-the-fifth-sleeps.py"),
    file!("13a-a-sync-sdk.loop"),
    file!("13a-a-sync-sdk.py"),
    file!("13b-a-sync-sdk.loop"),
    file!("13b-a-sync-sdk.py"),
    file!("13c-a-sync-sdk.loop"),
    file!("13c-a-sync-sdk.py"),
    file!("14a-heavy-cpu.loop"),
    file!("14a-heavy-cpu.py"),
    file!("14b-heavy-cpu.loop"),
    file!("14b-heavy-cpu.py"),
    file!("14c-heavy-cpu.loop"),
    file!("14c-heavy-cpu.py"),
    file!("15a-the-job-queue.loop"),
    file!("15a-the-job-queue.py"),
    file!("15b-the-job-queue.loop"),
    file!("15b-the-job-queue.py"),
    file!("16-a-service-of-its-own.loop"),
    file!("17a-a-sync-dependency.loop"),
    file!("17a-a-sync-dependency.py"),
    file!("17b-a-sync-dependency.loop"),
    file!("17b-a-sync-dependency.py"),
    file!("18a-gather.loop"),
    file!("18b-gather.loop"),
    file!("19a-producer-and-consumer.loop"),
    file!("19b-producer-and-consumer.loop"),
    file!("20-a-semaphore.loop"),
    file!("21a-timeouts.loop"),
    file!("21b-timeouts.loop"),
    file!("21c-timeouts.loop"),
    file!("22a-a-task-group.loop"),
    file!("22b-a-task-group.loop"),
    file!("23a-the-gil.loop"),
    file!("23b-the-gil.loop"),
    file!("23c-the-gil.loop"),
    file!("23d-the-gil.loop"),
    file!("24a-io-and-cpu-together.loop"),
    file!("24b-io-and-cpu-together.loop"),
    file!("25a-several-servers.loop"),
    file!("25b-several-servers.loop"),
    file!("26a-a-return-annotation.py"),
    file!("26b-a-return-annotation.py"),
    file!("27a-the-way-out.py"),
    file!("27b-the-way-out.py"),
];

/// The paths of a picture, each with its class: `c|M0 2h9z|w|M0 9h3z`.
fn split_picture(paths: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut parts = paths.split('|');
    let mut paths = Vec::new();
    while let (Some(class), Some(path)) = (parts.next(), parts.next()) {
        paths.push((class, path));
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "\
# title: Toast
# title.ko: 토스트
# question: How long?
# question.ko: 얼마나 걸릴까요?
# answers: 2s; 2.5s
# wrong 2.5s: Too long.
# wrong 2.5s.ko: 너무 깁니다.
# text: It takes
#   2 s.
# text.ko: 2초입니다.
# name: One
# name.ko: 하나
# note: It waits.
# note.ko: 기다립니다.

toast: await 2
";
    const SECOND: &str = "\
# name: Two
# name.ko: 둘
# note: Both wait.
# note.ko: 함께 기다립니다.
# try: Make it 3.
# try.ko: 3으로.
# edit: await 2 => await 3
# then: total 3s; toast done 3s

# Two of them.
toast: await 2

run 2 toast

expect total 2s
";

    fn toast() -> Lesson {
        let files = [("01a-toast.loop", FIRST), ("01b-toast.loop", SECOND)];
        let lessons = read_lessons(&files, "toast|w|M0 0h9|c|M9 0h1\n");
        lessons.expect("well formed").remove(0)
    }

    #[test]
    fn fields_go_on_over_lines_and_belong_where_they_stand() {
        let lesson = toast();
        assert_eq!((lesson.number, lesson.slug), (1, "toast"));
        assert_eq!(lesson.text(Language::En), "It takes 2 s.");
        assert_eq!(lesson.text(Language::Ko), "2초입니다.");
        assert_eq!(lesson.variants[1].name(Language::Ko), "둘");
        assert_eq!(lesson.variants[0].script, "toast: await 2\n");
        assert_eq!(lesson.variants[1].note(Language::En), "Both wait.");
        assert_eq!(lesson.change.variant, 1);
        assert_eq!(lesson.picture, [("w", "M0 0h9"), ("c", "M9 0h1")]);
    }

    #[test]
    fn an_answer_is_a_claim_with_an_explanation_where_it_is_wrong() {
        let question = toast().question;
        let answers = question.answers.iter();
        let said: Vec<_> = answers
            .map(|answer| (question.claim(answer), answer.wrong(Language::En)))
            .collect();
        let expected = [
            ("total 2s ± 1%".to_owned(), None),
            ("total 2.5s ± 1%".to_owned(), Some("Too long.")),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn the_program_has_no_expectations() {
        let program = toast().variants[1].program();
        assert_eq!(program, "# Two of them.\ntoast: await 2\n\nrun 2 toast\n");
    }

    #[test]
    fn a_change_brings_its_own_claims() {
        let lesson = toast();
        assert_eq!(
            lesson.change.apply(lesson.variants[1].script),
            "# Two of them.\ntoast: await 3\n\nrun 2 toast\n\n\
             expect total 3s\nexpect toast done 3s\n"
        );
    }

    #[test]
    fn a_program_beside_a_script_is_its_python_form() {
        let files = [
            ("01a-toast.loop", FIRST),
            ("01b-toast.loop", SECOND),
            ("01b-toast.py", "import asyncio\n"),
        ];
        let lesson = read_lessons(&files, "").expect("well formed").remove(0);
        assert!(!lesson.is_program());
        let forms: Vec<_> = lesson.variants.iter().map(|each| each.python).collect();
        assert_eq!(forms, [None, Some("import asyncio\n")]);
        // A lesson of its own has its texts.
        let own = read_lessons(&[("02-toast.py", FIRST)], "");
        let message = own.map_err(|error| error.to_string());
        assert_eq!(
            message.err().as_deref(),
            Some("02-toast.py: has no use for `name`")
        );
    }

    #[test]
    fn the_lessons_about_programs_are_the_last_ones() {
        let programs = &all()[with_scripts().len()..];
        assert!(programs.len() >= 2 && programs.iter().all(Lesson::is_program));
        let variants = programs.iter().flat_map(|lesson| &lesson.variants);
        assert!(variants.into_iter().all(Variant::is_program));
    }

    #[track_caller]
    fn check_malformed(file: &'static str, content: &'static str, why: &str) {
        let message = read_lessons(&[(file, content)], "").map_err(|error| error.to_string());
        assert_eq!(message.err().as_deref(), Some(why));
    }

    #[test]
    fn what_is_missing_or_misspelt_is_named() {
        check_malformed(
            "toast.loop",
            FIRST,
            "toast.loop: is not named as in `02c-busy-hands.loop`",
        );
        check_malformed(
            "01-toast.loop",
            "# title: Toast\n\ntoast: await 2",
            "01-toast.loop: has no `title.ko`",
        );
        check_malformed(
            "01-toast.loop",
            "toast: await 2",
            "01-toast.loop: has no blank line below its text",
        );
        check_malformed(
            "01-toast.loop",
            "# Toast.\n\ntoast: await 2",
            "01-toast.loop: `# Toast.` is no field of its text",
        );
        check_malformed(
            "01-toast.loop",
            FIRST,
            "01-toast.loop: has no use for `name`",
        );
    }
}
