//! The build script: puts files into the companion, as constants: the Python package, and the
//! built page.
//!
//! The Python package is `python/loopscope` of a clone; a package from a registry contains a copy
//! of it in `python/` (`make package`).
//!
//! A package from a registry contains the built page in `dist/` (`make package`), but not its
//! sources. In a clone the page is built first; the feature `with-page` requests it, and
//! `LOOPSCOPE_PAGE` names its folder if that is not `dist/` at the root of the clone.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(page_inside)");
    // The page's source: a clone has it, but `Cargo.toml` does not include it in packages.
    let is_packaged = !Path::new("../../index.html").exists();
    let package = if is_packaged {
        "python"
    } else {
        "../../python/loopscope"
    };
    put_package_inside(Path::new(package))
        .map_err(|error| format!("there is no Python package in `{package}` ({error})"))?;
    if is_packaged || env::var_os("CARGO_FEATURE_WITH_PAGE").is_some() {
        println!("cargo::rustc-cfg=page_inside");
        println!("cargo::rerun-if-env-changed=LOOPSCOPE_PAGE");
        let usual = if is_packaged { "dist" } else { "../../dist" };
        let place = env::var("LOOPSCOPE_PAGE").unwrap_or_else(|_| usual.to_owned());
        println!("cargo::rerun-if-changed={place}");
        put_inside(Path::new(&place)).map_err(|error| {
            format!("there is no built page in `{place}` ({error}); run `make page`")
        })?;
    }
    Ok(())
}

/// Writes `PACKAGE`, which src/verify/package.rs includes: name and text of each file, e.g.
/// `stand_ins/table.py`.
fn put_package_inside(folder: &Path) -> io::Result<()> {
    let folder = folder.canonicalize()?;
    let mut files = Vec::new();
    list_package(&folder, "", &mut files)?;
    files.sort_unstable();
    let mut list = String::from("const PACKAGE: &[(&str, &str)] = &[\n");
    for name in &files {
        let path = folder.join(name);
        // The files one by one: the folder itself changes whenever Python caches what it compiled.
        println!("cargo::rerun-if-changed={}", path.display());
        let _ = writeln!(list, "    ({name:?}, include_str!({path:?})),");
    }
    list.push_str("];\n");
    write_constants("python_package.rs", &list)
}

fn list_package(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            if !name.ends_with("__pycache__") {
                list_package(&entry.path(), &format!("{name}/"), files)?;
            }
        } else if name.ends_with(".py") || name.ends_with(".txt") {
            files.push(name);
        }
    }
    Ok(())
}

fn list_files(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list_files(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

fn write_constants(name: &str, text: &str) -> io::Result<()> {
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(PathBuf::from(out).join(name), text)
}

/// Writes `NAMES_AND_BYTES`, which src/serve/page.rs includes.
fn put_inside(folder: &Path) -> io::Result<()> {
    // `include_bytes!` resolves relative paths from the file that contains it, which is in OUT_DIR.
    let folder = folder.canonicalize()?;
    let mut list = String::from("pub(super) const NAMES_AND_BYTES: &[(&str, &[u8])] = &[\n");
    for name in names(&folder)? {
        let path = folder.join(&name);
        let _ = writeln!(list, "    ({name:?}, include_bytes!({path:?})),");
    }
    list.push_str("];\n");
    write_constants("page_inside.rs", &list)
}

/// The names of the page's files, e.g. `index.html` and `embed/v1/embed.js`, sorted.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    list_files(folder, "", &mut names)?;
    if !names.iter().any(|name| name == "index.html") {
        return Err(io::Error::new(io::ErrorKind::NotFound, "no index.html"));
    }
    // The order of `read_dir` differs between machines, and a build must be reproducible.
    names.sort_unstable();
    Ok(names)
}
