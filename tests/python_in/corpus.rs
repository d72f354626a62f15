//! The parser compared with CPython's `ast`, over the standard library of the installed `python3`.
//!
//! The long test also reads every installed module: tests of the compiler, packages, old code.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use reader::outline;

/// Files with names that differ: CPython normalises them to NFKC (`ｗｉｄｔｈ` → `width`), we do not.
const OTHER_NAMES: [&str; 2] = ["test_traceback.py", "test_unicode_identifiers.py"];
/// Files that one Python process reads.
const BATCH: usize = 100;

#[test]
fn the_standard_library_is_read_as_cpython_reads_it() {
    let files = files_of(
        "asyncio concurrent email http json logging unittest xml",
        false,
    );
    assert!(files.len() > 100, "only {} files", files.len());
    let compared = compare(&files);
    assert!(compared > 100, "only {compared} compared");
}

#[test]
#[ignore = "takes minutes; `make test-long` runs it"]
fn all_installed_python_is_read_as_cpython_reads_it() {
    let files = files_of("", true);
    let compared = compare(&files);
    assert!(compared > 1_000, "only {compared} compared");
}

/// The files at the top of the standard library and in these folders of it; or all files.
fn files_of(folders: &str, everything: bool) -> Vec<PathBuf> {
    let library = standard_library();
    let mut found = Vec::new();
    collect(&library, everything, &mut found);
    for folder in folders.split_whitespace() {
        collect(&library.join(folder), true, &mut found);
    }
    found.sort();
    found
}

fn standard_library() -> PathBuf {
    let ask = "import sysconfig; print(sysconfig.get_paths()['stdlib'])";
    let answer = Command::new(interpreter()).args(["-c", ask]).output();
    let answer = answer.expect("Python starts").stdout;
    PathBuf::from(String::from_utf8_lossy(&answer).trim())
}

fn interpreter() -> String {
    std::env::var("LOOPSCOPE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn collect(folder: &Path, deep: bool, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && deep {
            collect(&path, deep, found);
        }
        if path.extension().is_some_and(|end| end == "py") {
            found.push(path);
        }
    }
}

/// Compares the files that CPython can read and that are UTF-8, and returns their number.
fn compare(files: &[PathBuf]) -> usize {
    let mut differing = Vec::new();
    let mut compared = 0;
    for files in files.chunks(BATCH) {
        for (path, theirs) in files.iter().zip(theirs(files)) {
            let Ok(text) = fs::read_to_string(path) else {
                continue;
            };
            // `outline.py` prints `?` for a file that CPython refuses.
            if theirs == "?" || OTHER_NAMES.iter().any(|name| path.ends_with(name)) {
                continue;
            }
            compared += 1;
            let ours = outline(&text);
            if ours != theirs {
                let lines = ours.lines().zip(theirs.lines());
                let first = lines.into_iter().find(|(ours, theirs)| ours != theirs);
                differing.push((
                    path.clone(),
                    first.map(|(a, b)| (a.to_owned(), b.to_owned())),
                ));
            }
        }
    }
    let shown = &differing[..differing.len().min(5)];
    assert!(
        differing.is_empty(),
        "{} of {compared} files differ: {shown:#?}",
        differing.len()
    );
    compared
}

fn theirs(files: &[PathBuf]) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/outline.py");
    let mut python = Command::new(interpreter())
        // Python warns about old code when it parses it.
        .arg("-W")
        .arg("ignore")
        .arg(script)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut input = python.stdin.take().expect("stdin is a pipe");
    for file in files {
        writeln!(input, "{}", file.display()).expect("Python reads the names");
    }
    // The end of its input ends the script.
    drop(input);
    let output = python.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "outline.py failed");
    let text = String::from_utf8(output.stdout).expect("outlines are UTF-8");
    // Outlines contain line feeds, so NUL ends each of them.
    text.split_terminator('\0').map(str::to_owned).collect()
}
