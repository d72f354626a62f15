//! Turns each file of `languages/` into an entry of the table from which
//! `src/language/mod.rs` defines its enum. Whether a file is complete is checked by
//! `engine/tests/languages`.

mod file;

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use file::File;

// Cargo reads instructions from standard output.
#[allow(clippy::print_stdout)]
fn main() {
    println!("cargo:rerun-if-changed=languages");
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    let files = read_files(&folder.join("languages"));
    fs::write(out.join("languages.rs"), write_table(&files)).expect("cargo's own folder");
}

fn read_files(folder: &Path) -> Vec<File> {
    let entries = fs::read_dir(folder).expect("`engine/languages` is a folder");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.sort();
    paths.iter().map(|path| read_file(path)).collect()
}

/// Reads a file, or fails the build with the line of the error.
fn read_file(path: &Path) -> File {
    let tag = path.file_stem().and_then(|stem| stem.to_str());
    let tag = tag.unwrap_or_else(|| panic!("`{}` is not named by a language tag", path.display()));
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{error}"));
    file::parse(tag, &text).unwrap_or_else(|(line, problem)| {
        panic!("{}:{line}: {problem}", path.display());
    })
}

/// The table, e.g. `languages! { Ja "ja" "日本語" [("Share", "", "共有")] }`.
fn write_table(files: &[File]) -> String {
    let mut text = String::from("languages! {\n");
    for file in files {
        let pairs: Vec<_> = file.translations().collect();
        writeln!(
            text,
            "{} {:?} {:?} {pairs:?}",
            variant(&file.tag),
            file.tag,
            file.name
        )
        .expect("writing to a string never fails");
    }
    text.push_str("}\n");
    text
}

/// The enum variant of a tag, e.g. `PtBr` for `pt-BR`.
fn variant(tag: &str) -> String {
    let mut name = String::new();
    for part in tag.split('-') {
        let (first, rest) = part.split_at(1);
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(&rest.to_ascii_lowercase());
    }
    name
}
