//! The open lesson and variant, and the page's first script.
//!
//! The lessons and their texts are in [`lessons`]; the page loads them after its first
//! chart.

use std::sync::OnceLock;

use lessons::Variant;
use texts::{Language, Text, text};

static BROUGHT: OnceLock<Vec<lessons::Lesson>> = OnceLock::new();

/// The loading state of the lessons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// Loading, or not requested yet.
    #[default]
    Awaited,
    Filled,
    /// They could not be loaded.
    Lacking,
}

impl Shelf {
    pub(crate) fn now() -> Self {
        match brought() {
            [] => Self::Awaited,
            _ => Self::Filled,
        }
    }

    /// Reads the lessons from the text of their files.
    pub(crate) fn fill(text: Option<String>) -> Self {
        // Leaked on purpose: the lessons live as long as the page.
        let lessons = text.and_then(|text| lessons::read_all(text.leak()));
        match lessons.map(|lessons| BROUGHT.set(lessons)) {
            Some(_) => Self::Filled,
            None => Self::Lacking,
        }
    }
}

fn brought() -> &'static [lessons::Lesson] {
    #[cfg(test)]
    if BROUGHT.get().is_none() {
        return lessons::all();
    }
    BROUGHT.get().map_or(&[], Vec::as_slice)
}

/// One script of one lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lesson {
    /// The index in the gallery.
    pub(crate) index: usize,
    pub(crate) variant: usize,
}

impl Lesson {
    /// The first script of each lesson.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..brought().len()).map(|index| Self { index, variant: 0 })
    }

    pub(crate) fn text(self) -> &'static lessons::Lesson {
        &brought()[self.index]
    }

    pub(crate) fn variant(self) -> &'static Variant {
        &self.text().variants[self.variant]
    }

    /// Without the expectations, which give the answer away. The program, if the lesson is about one.
    pub(crate) fn script(self) -> &'static str {
        self.variant().program()
    }

    /// Whether it is about a Python program, and opens on the Python side.
    pub(crate) fn is_program(self) -> bool {
        self.variant().is_program()
    }

    /// All variants of its lesson.
    pub(crate) fn siblings(self) -> impl Iterator<Item = Self> {
        (0..self.text().variants.len()).map(move |variant| Self { variant, ..self })
    }

    /// The first variant of the lesson `places` further on, if there is one.
    pub(crate) fn beside(self, places: isize) -> Option<Self> {
        let index = self.index.checked_add_signed(places)?;
        (index < brought().len()).then_some(Self { index, variant: 0 })
    }

    /// The variant to which the suggested change applies.
    pub(crate) fn to_change(self) -> Self {
        Self {
            variant: self.text().change.variant,
            ..self
        }
    }

    /// `script` with the suggested change; the lesson's own script if `script` no longer holds the
    /// text to replace.
    pub(crate) fn changed(self, script: &str) -> String {
        let change = &self.text().change;
        let is_ready = self == self.to_change() && script.contains(change.from);
        change.edit(if is_ready {
            script
        } else {
            self.to_change().script()
        })
    }
}

/// Whether a text is one of the page's own, so that no draft of it is needed.
pub(crate) fn is_ours(script: &str) -> bool {
    let is_of = |lesson: Lesson| {
        lesson
            .siblings()
            .any(|variant| variant.script() == script || variant.variant().python == Some(script))
            || lesson.changed(lesson.to_change().script()) == script
    };
    Language::ALL
        .iter()
        .any(|&language| FIRST_SCRIPT.of(language) == script)
        || Lesson::all().any(is_of)
}

/// The script that the page opens with.
pub(crate) const FIRST_SCRIPT: Text = text!(
    "\
# three orders and a report on one server
async def order:
    await 1s \"asyncpg\"
    block 3s \"requests.get\"
    await 2s

def report:
    block 3s \"psycopg2\"

run 3 order
run report

# try: await instead of block
expect total 6s
"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_leads_from_the_lessons_script_to_another() {
        for lesson in Lesson::all().map(Lesson::to_change) {
            let changed = lesson.changed(lesson.script());
            assert_ne!(changed, lesson.script(), "{}", lesson.text().slug);
            assert!(is_ours(&changed));
        }
    }

    #[test]
    fn a_change_keeps_what_the_reader_has_written_around_it() {
        let lesson = Lesson::all().next().expect("there are 25").to_change();
        let mine = format!("# mine\n{}", lesson.script());
        assert!(lesson.changed(&mine).starts_with("# mine\n"));
        assert!(!lesson.changed("a: cpu 1\n").contains("a: cpu 1"));
    }
}
