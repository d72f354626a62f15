//! The Python package, as files inside this program: `python/loopscope` of a clone.

// `PACKAGE`, written by build.rs.
include!(concat!(env!("OUT_DIR"), "/python_package.rs"));

/// The files with their paths in a folder, e.g. `python/loopscope/watcher.py`, and their texts.
pub(super) fn package_files(folder: &str) -> impl Iterator<Item = (String, &'static str)> {
    PACKAGE
        .iter()
        .map(move |&(name, text)| (format!("{folder}/{name}"), text))
}
