//! Generates the table of languages from the files in `languages/`.
//!
//! `src/lib.rs` turns the table into the enum `Language`. Whether a file is complete
//! is checked by `tests/languages`.

mod file;

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use file::LanguageFile;

// Cargo listens to what is printed.
#[allow(clippy::print_stdout)]
fn main() {
    println!("cargo:rerun-if-changed=languages");
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    let files = language_files(&folder.join("languages"));
    fs::write(out.join("languages.rs"), write_table(&files)).expect("cargo's own folder");
}

fn language_files(folder: &Path) -> Vec<LanguageFile> {
    let entries = fs::read_dir(folder).expect("`languages` is a folder of this package");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.sort();
    paths.iter().map(|path| read_file(path)).collect()
}

/// Reads one file. A mistake in it ends the build and names the line.
fn read_file(path: &Path) -> LanguageFile {
    let tag = path.file_stem().and_then(|stem| stem.to_str());
    let tag = tag.unwrap_or_else(|| panic!("`{}` is no tag", path.display()));
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{error}"));
    file::parse(tag, &text).unwrap_or_else(|(line, problem)| {
        panic!("{}:{line}: {problem}", path.display());
    })
}

/// Writes e.g. `languages! { Ko "ko" "한국어" [("Share", "공유")] }`.
fn write_table(files: &[LanguageFile]) -> String {
    let mut text = String::from("languages! {\n");
    for file in files {
        let (variant, pairs) = (variant_name(&file.tag), file.translations());
        writeln!(text, "{variant} {:?} {:?} {pairs:?}", file.tag, file.name)
            .expect("a string takes everything");
    }
    text.push_str("}\n");
    text
}

/// The name of the enum variant, e.g. `PtBr` for `pt-BR`.
fn variant_name(tag: &str) -> String {
    let mut name = String::new();
    for part in tag.split('-') {
        let (first, rest) = part.split_at(1);
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(&rest.to_ascii_lowercase());
    }
    name
}
