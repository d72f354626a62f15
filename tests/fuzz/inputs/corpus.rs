//! The corpus, and other texts of the repository for mutation.

use std::fs;
use std::path::PathBuf;

use super::Input;
use crate::checks::Kind;

/// The inputs to mutate, indexed by kind in the order of `Kind::ALL`.
#[derive(Debug)]
pub(super) struct Bases(Vec<Vec<Vec<u8>>>);

impl Bases {
    pub(super) fn new(corpus: &[Input]) -> Self {
        let mut all = vec![Vec::new(); Kind::ALL.len()];
        for input in corpus {
            all[input.kind as usize].push(input.bytes.clone());
        }
        let variants = lessons::with_scripts()
            .iter()
            .flat_map(|lesson| &lesson.variants);
        for variant in variants {
            all[Kind::Script as usize].push(variant.script.as_bytes().to_vec());
        }
        for case in include_str!("../../python_in/cases/asyncio.txt")
            .split("=== ")
            .chain(include_str!("../../python_in/cases/pools.txt").split("=== "))
            .chain(include_str!("../../python_in/cases/handlers.txt").split("=== "))
        {
            // A case is a title, the Python text and the expected script.
            let python = case.split("--- the script").next().unwrap_or_default();
            let (_, python) = python.split_once('\n').unwrap_or_default();
            all[Kind::Python as usize].push(python.as_bytes().to_vec());
        }
        all[Kind::Script as usize].push(include_bytes!("../../scripts/everything.loop").to_vec());
        all[Kind::Trace as usize].push(include_bytes!("../../traces/viztracer.json").to_vec());
        Self(all)
    }

    /// The inputs of a kind; not empty if its corpus has a file.
    pub(super) fn of(&self, kind: Kind) -> &[Vec<u8>] {
        &self.0[kind as usize]
    }
}

/// The files of `corpus/KIND/`, sorted by name.
pub(super) fn files() -> Vec<Input> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let mut inputs = Vec::new();
    for kind in Kind::ALL {
        let Ok(folder) = fs::read_dir(root.join(kind.name())) else {
            continue;
        };
        let mut paths: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).collect();
        // The order of `read_dir` differs between file systems, and inputs are numbered.
        paths.sort();
        for path in paths {
            let bytes = fs::read(&path).expect("a file of the corpus can be read");
            inputs.push(Input { kind, bytes });
        }
    }
    inputs
}
