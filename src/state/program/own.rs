//! The reader's own program: the script's program that was made the reader's, a draft, or Python
//! that was pasted over the script.

use std::rc::Rc;

use super::Side;
use crate::state::drafts::{Draft, ReplacedBy, ScriptOrigin};
use crate::state::effect::Effect;
use crate::state::lessons::Lesson;
use crate::state::{Phase, Sheet, State, lessons};

impl State {
    /// Makes this text the reader's program. The earlier one becomes a draft.
    pub(in crate::state) fn own_program(&mut self, text: Rc<str>) {
        self.put_program_aside(ReplacedBy::Python);
        self.close_program();
        // A lesson about another program.
        self.lesson = self.lesson.filter(|lesson| !lesson.is_program());
        let program = self.program_mut();
        program.side = Side::Python;
        program.own = Some(text);
        program.is_brought = false;
        program.number += 1;
        program.requests = Rc::default();
        program.is_live = false;
        program.output = None;
        program.drawn = None;
    }

    /// Shows the program of a link, which waits for a click.
    pub(crate) fn open_linked_program(&mut self, text: Rc<str>, requests: Rc<str>) -> Vec<Effect> {
        let effects = self.abandon_program();
        let is_readers = self.program.own.as_ref() == Some(&text) && !self.program.is_brought;
        self.own_program(text.clone());
        self.put_aside(text, ScriptOrigin::Link, ReplacedBy::Unknown);
        let program = self.program_mut();
        program.requests = requests;
        program.is_brought = !is_readers;
        self.lesson = None;
        // On a phone the script is below the chart.
        self.sheet = Sheet::Up;
        effects
    }

    /// Returns to the program of the script. The reader's own becomes a draft.
    pub(in crate::state) fn leave_own_program(&mut self, replaced_by: ReplacedBy) -> Vec<Effect> {
        self.put_program_aside(replaced_by);
        self.close_program();
        let program = self.program_mut();
        (program.own, program.output, program.drawn) = (None, None, None);
        program.is_brought = false;
        self.abandon_program()
    }

    pub(in crate::state) fn put_program_aside(&mut self, replaced_by: ReplacedBy) {
        let made = self.program.made.as_ref();
        let made = made.and_then(|made| made.program.as_ref().ok());
        let is_made = |own: &Rc<str>| made.is_some_and(|made| made.text == **own);
        // The script's program can be had again.
        if let Some(text) = self.program.own.clone().filter(|own| !is_made(own)) {
            let origin = if self.program.is_brought {
                ScriptOrigin::Link
            } else {
                ScriptOrigin::Reader
            };
            self.put_aside(text, origin, replaced_by);
        }
    }

    /// The text that the open lesson is about: the script, or the reader's program.
    pub(crate) fn text_of(&self, lesson: Lesson) -> &Rc<str> {
        let own = self.program.own.as_ref();
        own.filter(|_| lesson.is_program()).unwrap_or(&self.script)
    }

    /// The text was pasted over the script, which comes back.
    pub(super) fn run_script_as_python(&mut self) -> Vec<Effect> {
        let text = self.script.clone();
        self.own_program(text.clone());
        let before = self.shown.as_ref().map(|shown| shown.script.clone());
        if let Some(before) = before.filter(|before| *before != text) {
            let origin = if lessons::is_ours(&before) {
                ScriptOrigin::Page
            } else {
                ScriptOrigin::Reader
            };
            self.replace_script(before, origin, ReplacedBy::Python);
        }
        let program = self.program_mut();
        program.side = Side::Python;
        program.is_live = true;
        self.run_program()
    }

    /// Whether the script is no script but Python.
    pub(crate) fn is_script_python(&self) -> bool {
        self.phase == Phase::Faulty && self.embedded.is_none() && looks_like_python(&self.script)
    }

    /// A draft that is a Python program opens on the Python side.
    pub(in crate::state) fn open_draft_program(&mut self, draft: &Draft) -> bool {
        let is_program = self.embedded.is_none()
            && looks_like_python(&draft.text)
            && script::parse(&draft.text).workload.is_none();
        if is_program {
            self.own_program(draft.text.clone());
            self.program_mut().is_brought = draft.origin == ScriptOrigin::Link;
        }
        is_program
    }
}

/// Whether a text that is no script is Python: it imports modules, or defines functions that await
/// or sleep as Python's do.
pub(super) fn looks_like_python(text: &str) -> bool {
    let mut has_function = false;
    let mut has_call = false;
    for line in text.lines() {
        let code = line.trim();
        let imports = code.strip_prefix("import ").or_else(|| {
            let rest = code.strip_prefix("from ")?;
            rest.contains(" import ").then_some(rest)
        });
        if imports.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_')) {
            return true;
        }
        let define = code
            .strip_prefix("async ")
            .unwrap_or(code)
            .starts_with("def ");
        has_function |= define && code.contains('(') && code.contains("):");
        has_call |= ["await asyncio.", "asyncio.run(", "time.sleep(", "print("]
            .iter()
            .any(|call| code.contains(call));
    }
    has_function && has_call
}
