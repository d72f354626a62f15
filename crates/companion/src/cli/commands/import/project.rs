//! The files of a Python project: which of them are its entries, and the text of each module.
//!
//! Nothing is executed, nothing above the project's folder is read, and links are followed only to
//! files in it. The number and the size of files are limited.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::cli::failure::Failure;
use model::limits::SCRIPT_BYTES_MAX;
use reader::{ModuleSource, ModuleText};

/// Files and folders that are looked at in search of modules.
const ENTRIES_MAX: usize = 50_000;
/// Folders inside folders.
const DEPTH_MAX: usize = 32;
/// Folders that hold no code of the program: other people's, tests, and builds. Names that begin with a
/// dot are skipped, too.
const SKIPPED: [&str; 14] = [
    "__pycache__",
    "alembic",
    "build",
    "dist",
    "docs",
    "env",
    "examples",
    "migrations",
    "node_modules",
    "site-packages",
    "test",
    "tests",
    "venv",
    "virtualenv",
];
/// Calls that make an application. A module with one is an entry.
const APPLICATIONS: [&str; 6] = [
    "FastAPI(",
    "Starlette(",
    "Flask(",
    "Celery(",
    "web.Application(",
    "Litestar(",
];

/// What `import` reads.
#[derive(Debug)]
pub(super) enum ProjectInput {
    /// One file.
    File,
    Project {
        entries: Vec<String>,
        /// The variable or function after the colon of `app.main:app`.
        app: Option<String>,
        source: FolderSource,
    },
}

impl ProjectInput {
    /// A folder, a module such as `app.main:app` or `app.main`, or else a file.
    pub(super) fn of(input: &Path) -> Result<Self, Failure> {
        if input.is_dir() {
            return Self::of_folder(input);
        }
        let Some(text) = input.to_str().filter(|_| !input.exists()) else {
            return Ok(Self::File);
        };
        let (module, app) = match text.split_once(':') {
            Some((module, app)) if is_dotted(app) => (module, Some(app.to_owned())),
            Some(_) => return Ok(Self::File),
            None => (text, None),
        };
        let mut source = FolderSource::new(Path::new("."))?;
        let entry = if module.ends_with(".py") && app.is_some() {
            // `app/main.py:app`, which uvicorn does not take, means the module of that file.
            source.add_entry(Path::new(module))
        } else {
            is_dotted(module).then(|| module.to_owned())
        };
        match entry.filter(|entry| source.module(entry).is_some()) {
            Some(entry) => Ok(Self::Project {
                entries: vec![entry],
                app,
                source,
            }),
            None if app.is_some() => Err(Failure::NoModule {
                module: module.to_owned(),
            }),
            // A name without a colon is that of a file.
            None => Ok(Self::File),
        }
    }

    fn of_folder(folder: &Path) -> Result<Self, Failure> {
        let mut source = FolderSource::new(folder)?;
        let files = python_files(folder)?;
        let makes_application = |file: &&PathBuf| {
            source
                .text_of(file)
                .is_some_and(|text| APPLICATIONS.iter().any(|call| text.contains(call)))
        };
        let mut chosen: Vec<&PathBuf> = files.iter().filter(makes_application).collect();
        // Without an application, every module may be a program.
        if chosen.is_empty() {
            chosen = files.iter().collect();
        }
        let chosen: Vec<PathBuf> = chosen.into_iter().cloned().collect();
        let entries = chosen.iter().filter_map(|file| source.add_entry(file));
        let entries: Vec<String> = entries.collect();
        Ok(Self::Project {
            entries,
            app: None,
            source,
        })
    }
}

fn is_dotted(name: &str) -> bool {
    let is_word =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    name.split('.').all(is_word)
}

/// The modules below a folder.
#[derive(Debug)]
pub(super) struct FolderSource {
    /// Without links; modules outside of it are not read.
    root: PathBuf,
    /// Folders in which absolute imports are looked up, as in `sys.path`.
    paths: Vec<PathBuf>,
}

impl FolderSource {
    fn new(folder: &Path) -> Result<Self, Failure> {
        let root = folder.canonicalize().map_err(|error| Failure::Read {
            path: folder.to_owned(),
            error,
        })?;
        let paths = vec![root.clone(), root.join("src")];
        Ok(Self { root, paths })
    }

    /// The name of a module, and the folder in which its imports are looked up: the first one above
    /// its package.
    fn add_entry(&mut self, file: &Path) -> Option<String> {
        let file = file.canonicalize().ok()?;
        let mut folder = file.parent()?.to_owned();
        while folder != self.root && folder.join("__init__.py").is_file() {
            folder = folder.parent()?.to_owned();
        }
        // A package that is itself the project is imported by its name.
        let name = module_name(file.strip_prefix(&folder).ok()?)?;
        if !self.paths.contains(&folder) {
            self.paths.push(folder);
        }
        Some(name)
    }

    fn text_of(&self, file: &Path) -> Option<String> {
        let real = file.canonicalize().ok()?;
        // Not a device or a pipe, and nothing that a link brings in from elsewhere.
        if !real.starts_with(&self.root) || !real.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        // One byte more than allowed, so that the reader says that the module is too large.
        let most = SCRIPT_BYTES_MAX as u64 + 1;
        File::open(real)
            .ok()?
            .take(most)
            .read_to_end(&mut bytes)
            .ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl ModuleSource for FolderSource {
    fn module(&mut self, name: &str) -> Option<ModuleText> {
        let own: PathBuf = name.split('.').collect();
        // The package that is the project's folder, e.g. `app.db` in the folder `app`.
        let package = self
            .root
            .file_name()
            .and_then(OsStr::to_str)
            .unwrap_or_default();
        let inside = match name.strip_prefix(package) {
            Some("") => Some(PathBuf::new()),
            Some(rest) => rest.strip_prefix('.').map(|rest| rest.split('.').collect()),
            None => None,
        };
        let places = self.paths.iter().map(|path| path.join(&own));
        let places = places.chain(inside.map(|inside| self.root.join(inside)));
        for place in places {
            for (file, is_package) in [
                (place.join("__init__.py"), true),
                (place.with_extension("py"), false),
            ] {
                if let Some(text) = self.text_of(&file) {
                    let shown = file.strip_prefix(&self.root).unwrap_or(&file);
                    return Some(ModuleText {
                        file: shown.display().to_string().replace('\\', "/"),
                        text,
                        is_package,
                    });
                }
            }
        }
        None
    }
}

/// `app.db` for `app/db.py`, and `app` for `app/__init__.py`.
fn module_name(file: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in file.with_extension("").components() {
        let Component::Normal(part) = part else {
            return None;
        };
        parts.push(part.to_str()?.to_owned());
    }
    if parts.last().is_some_and(|last| last == "__init__") {
        parts.pop();
    }
    (!parts.is_empty() && parts.iter().all(|part| is_dotted(part))).then(|| parts.join("."))
}

/// The Python files below a folder, in the order of their paths. Links are not followed.
fn python_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = BTreeSet::new();
    let mut open = vec![(folder.to_owned(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = open.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            // A folder inside that cannot be read has no modules.
            Err(_) if depth > 0 => continue,
            Err(error) => {
                return Err(Failure::Read {
                    path: folder,
                    error,
                });
            }
        };
        for entry in entries.flatten() {
            seen += 1;
            if seen > ENTRIES_MAX {
                return Err(Failure::FolderTooLarge {
                    path: folder,
                    most: ENTRIES_MAX,
                });
            }
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() && depth < DEPTH_MAX {
                let skipped = name.starts_with('.') || SKIPPED.contains(&&*name);
                open.extend((!skipped).then_some((path, depth + 1)));
            } else if kind.is_file() && is_program(&name) {
                found.insert(path);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Whether a file is a module of the program, not a test of it.
fn is_program(name: &str) -> bool {
    let is_test = name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py";
    name.ends_with(".py") && !is_test && name != "setup.py"
}
