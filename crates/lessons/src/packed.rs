//! The packed form of the lessons, for the page: it has no parser of lesson files, which is larger.

use crate::{
    Lesson, OfferedAnswer, Prose, Question, SuggestedChange, Variant, split_claims, split_picture,
};

/// Separates the values of packed lessons.
const SEPARATOR: char = '\u{1e}';

type Values = std::str::Split<'static, char>;

/// The lessons from one text, packed by `tools/page/seal.mjs`: the values of all lessons in the order
/// in which `unpack` takes them.
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
            python: Some(values.next()?).filter(|program| !program.is_empty()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::all;

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
            values.extend(one(variant.python.unwrap_or_default()));
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
}
