//! The reader of lesson files; their format is in the header of the crate.

use std::fmt;

use crate::{
    Lesson, LessonFile, OfferedAnswer, PROGRAM_ENDING, Prose, Question, SuggestedChange, Variant,
    split_claims, split_picture,
};

/// The reason why a file is not a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    file: &'static str,
    why: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.why)
    }
}

/// Parses the files. Those of a lesson are neighbours, because the list is sorted.
pub(crate) fn read_lessons(
    files: &[LessonFile],
    pictures: &'static str,
) -> Result<Vec<Lesson>, Malformed> {
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

/// The file name without its ending: `02c-busy-hands.loop` → `02c-busy-hands`.
fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The number and the slug in a file name: `02c-busy-hands.loop` → 2, `busy-hands`.
fn parse_file_name(file: &'static str) -> Result<(u32, &'static str), Malformed> {
    let parts = stem(file).split_once('-').and_then(|(place, slug)| {
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
    let mut variants: Vec<Variant> = Vec::new();
    let is_form = |file: &str| {
        let of = [stem(file), ".loop"].concat();
        file.ends_with(PROGRAM_ENDING) && files.iter().any(|(script, _)| *script == of)
    };
    let count = files.iter().filter(|(file, _)| !is_form(file)).count();
    for &(file, content) in files {
        if let (Some(variant), true) = (variants.last_mut(), is_form(file)) {
            // The list is sorted, so the script of the same variant is just before.
            variant.python = Some(content);
            continue;
        }
        let (mut header, script) = LessonHeader::read_header(file, content)?;
        if variants.is_empty() {
            if header.has_field("group") {
                group = Some(header.take_prose("group")?);
            }
            title = Some(header.take_prose("title")?);
            question = Some(header.take_question()?);
            text = Some(header.take_prose("text")?);
        }
        let name = match count {
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
            python: None,
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
