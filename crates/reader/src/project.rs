//! A program of several modules: which of them an entry module needs, in the order of their imports.
//!
//! The caller supplies the texts ([`ModuleSource`]), so that this crate reads no files. Names are
//! resolved across modules by [`super::translate`].

use std::collections::{BTreeMap, BTreeSet};

use model::limits::SCRIPT_BYTES_MAX;

use super::comments::StatedFacts;
use super::note::{Note, NoteKind};
use super::parser;
use super::translate::ParsedModule;
use super::tree::{Stmt, StmtKind};
use super::{Options, Reading, finish_program, problem_note};

/// Modules of one project.
pub const MODULES_MAX: usize = 2_000;
/// Names that are asked for. Most imports are of libraries and of names inside modules.
const NAMES_MAX: usize = 100_000;
/// Bytes of all modules together.
pub const PROJECT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Dots in the name of a module.
const PARTS_MAX: usize = 32;
/// Bits of a line number inside its module; a text has at most [`SCRIPT_BYTES_MAX`] lines. The bits
/// above are the number of the module, so that each line of a project has its own number.
const LINE_BITS: u32 = 20;

/// The text of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleText {
    /// The file for messages, e.g. `app/db.py`.
    pub file: String,
    pub text: String,
    /// Whether it is the `__init__.py` of a package.
    pub is_package: bool,
}

/// The source of modules, such as a folder.
pub trait ModuleSource {
    /// The module of this dotted name, e.g. `app.db`; `None` if the project has none.
    fn module(&mut self, name: &str) -> Option<ModuleText>;
}

/// A map from names to texts.
impl ModuleSource for BTreeMap<String, ModuleText> {
    fn module(&mut self, name: &str) -> Option<ModuleText> {
        self.get(name).cloned()
    }
}

/// Imports the program of these modules and all that they import. `app` is a variable of the first
/// entry, or a function that makes the application, e.g. `create_app`.
pub fn read_project(
    source: &mut dyn ModuleSource,
    entries: &[String],
    app: Option<&str>,
    options: &Options,
) -> Reading {
    let mut loader = Loader {
        source,
        modules: Vec::new(),
        known: BTreeSet::new(),
        count: 0,
        bytes: 0,
        notes: Vec::new(),
    };
    for entry in entries {
        loader.load(entry);
    }
    let Loader {
        modules, mut notes, ..
    } = loader;
    let mut stated = StatedFacts::default();
    let mut parsed = Vec::new();
    for (index, module) in modules.iter().enumerate() {
        let first_line = line_at(index, 1);
        let (body, problems) = parser::parse(&module.text.text, first_line);
        stated.extend(StatedFacts::of(&module.text.text, first_line));
        notes.extend(problems.into_iter().map(problem_note));
        parsed.push(ParsedModule {
            name: module.name.clone(),
            is_package: module.text.is_package,
            is_entry: entries.contains(&module.name),
            body,
        });
    }
    let app = app.map(str::to_owned).zip(entries.first().cloned());
    let mut program = super::translate::translate(&parsed, stated, app, options);
    program.notes.extend(notes);
    program.files = modules.into_iter().map(|module| module.text.file).collect();
    finish_program(program, options)
}

/// The number of a line of a module.
fn line_at(module: usize, line: u32) -> u32 {
    ((module as u32) << LINE_BITS) + line
}

/// The module and the line of a number; the inverse of [`line_at`].
pub(super) fn place_of(line: u32) -> (usize, u32) {
    ((line >> LINE_BITS) as usize, line & ((1 << LINE_BITS) - 1))
}

struct LoadedModule {
    name: String,
    text: ModuleText,
}

struct Loader<'s> {
    source: &'s mut dyn ModuleSource,
    /// Each after the modules that it imports, unless they import it, too.
    modules: Vec<LoadedModule>,
    /// All names that were asked for.
    known: BTreeSet<String>,
    /// Modules that were opened; those in a circle of imports are not among `modules` yet.
    count: usize,
    bytes: usize,
    notes: Vec<Note>,
}

/// A module whose imports are being loaded.
struct OpenModule {
    loaded: LoadedModule,
    imports: std::vec::IntoIter<String>,
}

impl Loader<'_> {
    /// Loads a module and its imports, without recursion: a chain of imports may be long.
    fn load(&mut self, entry: &str) {
        let mut open: Vec<OpenModule> = self.open_module(entry).into_iter().collect();
        while let Some(last) = open.last_mut() {
            match last.imports.next() {
                Some(name) => open.extend(self.open_module(&name)),
                None => {
                    let done = open.pop().map(|done| done.loaded);
                    self.modules.extend(done);
                }
            }
        }
    }

    fn open_module(&mut self, name: &str) -> Option<OpenModule> {
        if !self.known.insert(name.to_owned()) {
            return None;
        }
        // The limit is on names that exist; each of them may name some that do not.
        let is_full = self.count >= MODULES_MAX
            || self.bytes >= PROJECT_BYTES_MAX
            || self.known.len() > NAMES_MAX;
        let text = if is_full {
            None
        } else {
            self.source.module(name)
        };
        if is_full {
            self.note_too_much();
        }
        let mut text = text?;
        if text.text.len() > SCRIPT_BYTES_MAX {
            self.note_too_much();
            text.text.clear();
        }
        self.bytes += text.text.len();
        self.count += 1;
        let (body, _) = parser::parse(&text.text, 1);
        let mut found = Vec::new();
        imports_of(&body, name, text.is_package, &mut found);
        let loaded = LoadedModule {
            name: name.to_owned(),
            text,
        };
        Some(OpenModule {
            loaded,
            imports: found.into_iter(),
        })
    }

    fn note_too_much(&mut self) {
        let note = Note {
            line: 1,
            kind: NoteKind::TooMuch,
        };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// The names of all modules that the statements import, also inside functions.
fn imports_of(body: &[Stmt], module: &str, is_package: bool, found: &mut Vec<String>) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Import(names) => {
                for alias in names {
                    with_parents(&alias.path, found);
                }
            }
            StmtKind::ImportFrom {
                module: from,
                names,
            } => {
                let base = absolute_name(from, module, is_package);
                with_parents(&base, found);
                for alias in names {
                    if alias.path != "*" {
                        found.push(joined(&base, &alias.path));
                    }
                }
            }
            StmtKind::Def(def) => imports_of(&def.body, module, is_package, found),
            StmtKind::Class(class) => imports_of(&class.body, module, is_package, found),
            StmtKind::If { arms, orelse } => {
                for arm in arms {
                    imports_of(&arm.body, module, is_package, found);
                }
                imports_of(orelse, module, is_package, found);
            }
            StmtKind::Try(tried) => {
                imports_of(&tried.body, module, is_package, found);
                for handler in &tried.handlers {
                    imports_of(&handler.body, module, is_package, found);
                }
                imports_of(&tried.orelse, module, is_package, found);
                imports_of(&tried.finally, module, is_package, found);
            }
            StmtKind::With { body, .. } => imports_of(body, module, is_package, found),
            StmtKind::For(looped) => {
                imports_of(&looped.body, module, is_package, found);
                imports_of(&looped.orelse, module, is_package, found);
            }
            StmtKind::While { body, orelse, .. } => {
                imports_of(body, module, is_package, found);
                imports_of(orelse, module, is_package, found);
            }
            StmtKind::Match { cases, .. } => {
                for case in cases {
                    imports_of(&case.body, module, is_package, found);
                }
            }
            // No other statement has a body.
            _ => {}
        }
    }
}

/// `a`, `a.b` and `a.b.c` for `a.b.c`: importing a module imports its packages.
fn with_parents(name: &str, found: &mut Vec<String>) {
    // A hostile name of many parts would have as many parents, each as long.
    if name.matches('.').count() > PARTS_MAX {
        return;
    }
    for (at, _) in name.match_indices('.') {
        found.push(name[..at].to_owned());
    }
    if !name.is_empty() {
        found.push(name.to_owned());
    }
}

pub(super) fn joined(base: &str, name: &str) -> String {
    if base.is_empty() {
        name.to_owned()
    } else {
        format!("{base}.{name}")
    }
}

/// The full name of an imported module, e.g. `app.db` for `..db` in `app.api.users`.
pub(super) fn absolute_name(from: &str, module: &str, is_package: bool) -> String {
    let name = from.trim_start_matches('.');
    let dots = from.len() - name.len();
    if dots == 0 {
        return name.to_owned();
    }
    // One dot is the package of the module, which is the module itself for an `__init__.py`.
    let up = dots - usize::from(is_package);
    let mut base: Vec<&str> = module.split('.').collect();
    base.truncate(base.len().saturating_sub(up));
    let base = base.join(".");
    if name.is_empty() {
        base
    } else {
        joined(&base, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_imports_are_resolved_from_their_package() {
        let check = |from, module, is_package, expected: &str| {
            assert_eq!(absolute_name(from, module, is_package), expected, "{from}");
        };
        check("app.db", "x", false, "app.db");
        check(".db", "app.main", false, "app.db");
        check("..db", "app.api.users", false, "app.db");
        check(".", "app.api.users", false, "app.api");
        check(".users", "app.api", true, "app.api.users");
        check("....db", "app.main", false, "db");
    }

    #[test]
    fn each_line_of_a_project_has_its_own_number() {
        assert_eq!(place_of(line_at(0, 7)), (0, 7));
        assert_eq!(place_of(line_at(1_999, 200_000)), (1_999, 200_000));
    }
}
