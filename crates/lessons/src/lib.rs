//! The lessons: 25 classic experiments as scripts with texts.
//!
//! They are embedded, so that the command line has them offline; the page loads them as one file.
//! `tests/lessons.rs` simulates them and checks their claims.
//!
//! # The format
//!
//! `crates/lessons/course/NN[v]-slug.loop` is an ordinary script. The variants of lesson `NN` share the slug
//! and differ in the letter `v`. The comment at the top, up to the first blank line, has the texts,
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
//! - `try`, `edit` and `then` are in the variant that the reader changes. `edit` has the words to
//!   replace and the new ones. `then` has the claims that hold afterwards, as after `expect`,
//!   separated by `;`.

use std::fmt;
use std::sync::OnceLock;

use texts::Language;

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
    /// The script without the comment at the top.
    pub script: &'static str,
}

impl Variant {
    pub fn name(&self, language: Language) -> &str {
        self.name.of(language)
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

/// All lessons, by number.
pub fn all() -> &'static [Lesson] {
    static LESSONS: OnceLock<Vec<Lesson>> = OnceLock::new();
    // Tests parse the same embedded files, so this never fails.
    LESSONS.get_or_init(|| {
        let pictures = include_str!("../pictures.txt");
        read_lessons(FILES, pictures).expect("the embedded lessons are well formed")
    })
}

/// Separates the values of packed lessons.
const SEPARATOR: char = '\u{1e}';

type Values = std::str::Split<'static, char>;

/// The lessons from one text, packed by `tools/page/seal.mjs`: the values of all lessons in the order
/// in which `unpack` takes them. The page has no parser of lesson files, which is larger.
pub fn read_all(packed: &'static str) -> Option<Vec<Lesson>> {
    let mut values = packed.split(SEPARATOR);
    let mut lessons = Vec::new();
    while let Some(slug) = values.next().filter(|slug| !slug.is_empty()) {
        let number = lessons.len() as u32 + 1;
        lessons.push(unpack(number, slug, &mut values)?);
    }
    (!lessons.is_empty()).then_some(lessons)
}

fn unpack(number: u32, slug: &'static str, values: &mut Values) -> Option<Lesson> {
    let group = unpack_optional(values)?;
    let title = unpack_prose(values)?;
    let question = Question {
        text: unpack_prose(values)?,
        subject: values.next()?,
        answers: unpack_all(values, |values| {
            Some(OfferedAnswer {
                value: values.next()?,
                wrong: unpack_optional(values)?,
            })
        })?,
    };
    let text = unpack_prose(values)?;
    let picture = split_picture(values.next()?);
    let change = SuggestedChange {
        text: unpack_prose(values)?,
        variant: values.next()?.parse().ok()?,
        from: values.next()?,
        to: values.next()?,
        claims: split_claims(values.next()?),
    };
    let variants = unpack_all(values, |values| {
        Some(Variant {
            file: values.next()?,
            name: unpack_prose(values)?,
            note: unpack_prose(values)?,
            script: values.next()?,
        })
    })?;
    Some(Lesson {
        number,
        slug,
        group,
        title,
        question,
        text,
        picture,
        variants,
        change,
    })
}

/// A list: its length, then its elements.
fn unpack_all<T>(values: &mut Values, unpack: impl Fn(&mut Values) -> Option<T>) -> Option<Vec<T>> {
    let count: usize = values.next()?.parse().ok()?;
    (0..count).map(|_| unpack(values)).collect()
}

fn unpack_prose(values: &mut Values) -> Option<Prose> {
    Some(Prose {
        en: values.next()?,
        ko: values.next()?,
    })
}

/// An optional text, which is empty if there is none.
fn unpack_optional(values: &mut Values) -> Option<Option<Prose>> {
    let prose = unpack_prose(values)?;
    Some(Some(prose).filter(|prose| !prose.en.is_empty()))
}

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
    file!("07b-one-ten-a-hundred.loop"),
    file!("07c-one-ten-a-hundred.loop"),
    file!("08a-three-pings.loop"),
    file!("08b-three-pings.loop"),
    file!("08c-three-pings.loop"),
    file!("09a-a-hundred-pings.loop"),
    file!("09b-a-hundred-pings.loop"),
    file!("09c-a-hundred-pings.loop"),
    file!("10-the-forty-first.loop"),
    file!("11-the-staircase.loop"),
    file!("12a-the-fifth-sleeps.loop"),
    file!("12b-the-fifth-sleeps.loop"),
    file!("13a-a-sync-sdk.loop"),
    file!("13b-a-sync-sdk.loop"),
    file!("13c-a-sync-sdk.loop"),
    file!("14a-heavy-cpu.loop"),
    file!("14b-heavy-cpu.loop"),
    file!("14c-heavy-cpu.loop"),
    file!("15a-the-job-queue.loop"),
    file!("15b-the-job-queue.loop"),
    file!("16-a-service-of-its-own.loop"),
    file!("17a-a-sync-dependency.loop"),
    file!("17b-a-sync-dependency.loop"),
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
];

/// The reason why a file is not a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Malformed {
    file: &'static str,
    why: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.why)
    }
}

/// Parses the files. Those of a lesson are neighbours, because the list is sorted.
fn read_lessons(files: &[LessonFile], pictures: &'static str) -> Result<Vec<Lesson>, Malformed> {
    let mut lessons: Vec<Lesson> = Vec::new();
    let mut rest = files;
    while let Some((first, _)) = rest.first() {
        let (number, slug) = parse_file_name(first)?;
        let count = rest
            .iter()
            .take_while(|(file, _)| parse_file_name(file) == Ok((number, slug)))
            .count();
        let (variants, others) = rest.split_at(count);
        lessons.push(read_lesson(number, slug, variants, pictures)?);
        rest = others;
    }
    Ok(lessons)
}

/// The number and the slug in a file name: `02c-busy-hands.loop` → 2, `busy-hands`.
fn parse_file_name(file: &'static str) -> Result<(u32, &'static str), Malformed> {
    let stem = file.strip_suffix(".loop").unwrap_or(file);
    let parts = stem.split_once('-').and_then(|(place, slug)| {
        let digits = place.trim_end_matches(|c: char| c.is_ascii_lowercase());
        Some((digits.parse().ok()?, slug))
    });
    parts.ok_or_else(|| malformed(file, "is not named as in `02c-busy-hands.loop`"))
}

fn read_lesson(
    number: u32,
    slug: &'static str,
    files: &[LessonFile],
    pictures: &'static str,
) -> Result<Lesson, Malformed> {
    let mut group = None;
    let mut title = None;
    let mut question = None;
    let mut text = None;
    let mut change = None;
    let mut variants = Vec::new();
    for &(file, content) in files {
        let (mut header, script) = LessonHeader::read_header(file, content)?;
        if variants.is_empty() {
            if header.has_field("group") {
                group = Some(header.take_prose("group")?);
            }
            title = Some(header.take_prose("title")?);
            question = Some(header.take_question()?);
            text = Some(header.take_prose("text")?);
        }
        let name = match files.len() {
            // The only variant needs no name of its own.
            1 => title.unwrap_or_default(),
            _ => header.take_prose("name")?,
        };
        let note = header.take_prose("note")?;
        if header.has_field("try") && change.is_none() {
            // The fields of a second change would be left over and fail in `finish`.
            change = Some(header.take_change(variants.len())?);
        }
        header.expect_end()?;
        variants.push(Variant {
            file,
            name,
            note,
            script,
        });
    }
    let missing = |what| move || malformed(files[0].0, what);
    Ok(Lesson {
        number,
        slug,
        group,
        title: title.unwrap_or_default(),
        question: question.ok_or_else(missing("has no question"))?,
        text: text.unwrap_or_default(),
        picture: read_picture(slug, pictures).unwrap_or_default(),
        variants,
        change: change.ok_or_else(missing("has nothing to try in any variant"))?,
    })
}

/// The paths in the line of a lesson: `gather|c|M0 2h100v4H0z|w|M0 10h50v1H0z`.
fn read_picture(slug: &str, pictures: &'static str) -> Option<Vec<(&'static str, &'static str)>> {
    let mut lines = pictures.lines();
    let paths = lines.find_map(|line| line.strip_prefix(slug)?.strip_prefix('|'))?;
    Some(split_picture(paths))
}

fn split_picture(paths: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut parts = paths.split('|');
    let mut paths = Vec::new();
    while let (Some(class), Some(path)) = (parts.next(), parts.next()) {
        paths.push((class, path));
    }
    paths
}

/// The fields at the top of a file. Reading a field removes it.
struct LessonHeader {
    file: &'static str,
    fields: Vec<(&'static str, String)>,
}

impl LessonHeader {
    /// Parses the header. Also returns the script below it.
    fn read_header(
        file: &'static str,
        content: &'static str,
    ) -> Result<(Self, &'static str), Malformed> {
        let (top, script) = content
            .split_once("\n\n")
            .ok_or_else(|| malformed(file, "has no blank line below its text"))?;
        let mut fields: Vec<(&str, String)> = Vec::new();
        for line in top.lines() {
            if let (Some(more), Some((_, words))) = (line.strip_prefix("#   "), fields.last_mut()) {
                words.push(' ');
                words.push_str(more.trim());
            } else if let Some((name, words)) = parse_field(line) {
                fields.push((name, words.to_owned()));
            } else {
                return Err(malformed(file, format!("`{line}` is no field of its text")));
            }
        }
        Ok((Self { file, fields }, script))
    }

    fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|(found, _)| *found == name)
    }

    fn take_field(&mut self, name: &str) -> Result<&'static str, Malformed> {
        let index = self.fields.iter().position(|(found, _)| *found == name);
        let index = index.ok_or_else(|| malformed(self.file, format!("has no `{name}`")))?;
        // Leaked on purpose: the embedded lessons live as long as the program.
        Ok(self.fields.remove(index).1.leak())
    }

    fn take_prose(&mut self, name: &str) -> Result<Prose, Malformed> {
        Ok(Prose {
            en: self.take_field(name)?,
            ko: self.take_field(&format!("{name}.ko"))?,
        })
    }

    fn take_question(&mut self) -> Result<Question, Malformed> {
        let text = self.take_prose("question")?;
        let subject = if self.has_field("asks") {
            self.take_field("asks")?
        } else {
            "total"
        };
        let mut answers = Vec::new();
        for value in self.take_field("answers")?.split("; ") {
            let wrong = ["wrong ", value].concat();
            let wrong = if self.has_field(&wrong) {
                Some(self.take_prose(&wrong)?)
            } else {
                None
            };
            answers.push(OfferedAnswer { value, wrong });
        }
        Ok(Question {
            text,
            subject,
            answers,
        })
    }

    fn take_change(&mut self, variant: usize) -> Result<SuggestedChange, Malformed> {
        let text = self.take_prose("try")?;
        let edit = self.take_field("edit")?;
        let no_arrow = || malformed(self.file, format!("the edit `{edit}` has no `=>`"));
        let (from, to) = edit.split_once(" => ").ok_or_else(no_arrow)?;
        let claims = split_claims(self.take_field("then")?);
        Ok(SuggestedChange {
            text,
            variant,
            from,
            to,
            claims,
        })
    }

    /// Checks that no field is left over: such a field is misspelt or in the wrong variant.
    fn expect_end(self) -> Result<(), Malformed> {
        match self.fields.first() {
            Some((name, _)) => Err(malformed(self.file, format!("has no use for `{name}`"))),
            None => Ok(()),
        }
    }
}

/// Parses a line: `# title: Pasta and toast` → `title`, `Pasta and toast`.
fn parse_field(line: &str) -> Option<(&str, &str)> {
    let (name, words) = line.strip_prefix("# ")?.split_once(": ")?;
    // Otherwise a sentence with a colon would be a field.
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ". ".contains(c);
    let is_name = name.chars().all(is_part);
    is_name.then_some((name, words.trim()))
}

fn malformed(file: &'static str, why: impl Into<String>) -> Malformed {
    Malformed {
        file,
        why: why.into(),
    }
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

    /// The values of a lesson, as `tools/page/seal.mjs` packs them.
    fn pack(lesson: &Lesson) -> Vec<String> {
        let both = |prose: Prose| [prose.en, prose.ko].map(str::to_owned);
        let optional = |prose: Option<Prose>| both(prose.unwrap_or_default());
        let one = |value: &str| [value.to_owned()];
        let Question {
            text,
            subject,
            answers,
        } = &lesson.question;
        let paths = lesson.picture.iter();
        let paths: Vec<_> = paths.flat_map(|&(class, path)| [class, path]).collect();
        let change = &lesson.change;
        let mut values: Vec<String> = Vec::new();
        values.extend(one(lesson.slug));
        values.extend(optional(lesson.group));
        values.extend(both(lesson.title));
        values.extend(both(*text));
        values.extend([(*subject).to_owned(), answers.len().to_string()]);
        for answer in answers {
            values.extend(one(answer.value));
            values.extend(optional(answer.wrong));
        }
        values.extend(both(lesson.text));
        values.extend(one(&paths.join("|")));
        values.extend(both(change.text));
        values.extend([change.variant.to_string()]);
        values.extend([change.from, change.to].map(str::to_owned));
        values.extend([change.claims.join("; "), lesson.variants.len().to_string()]);
        for variant in &lesson.variants {
            values.extend(one(variant.file));
            values.extend(both(variant.name));
            values.extend(both(variant.note));
            values.extend(one(variant.script));
        }
        values
    }

    #[test]
    fn packed_lessons_are_the_same() {
        let values: Vec<_> = all().iter().flat_map(pack).collect();
        let packed = values.join(&SEPARATOR.to_string());
        assert_eq!(read_all(packed.leak()).as_deref(), Some(all()));
        assert!(read_all("").is_none());
        assert!(read_all("<!doctype html>").is_none());
    }

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
