//! An exported program with the map from its lines and functions to the script.
//!
//! `verify` needs the map to record a trace. The program itself has no instrumentation.

use crate::export::python::body::FunctionWriter;
use crate::export::python::text::PythonText;
use model::workload::{SegmentId, TaskIndex};

/// A program in Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonProgram {
    pub source: String,
    /// Lines, from 1, that come from a segment; ascending.
    pub lines: Vec<(u32, SegmentId)>,
    /// Lines whose comment names a line of the script: both lines, from 1; ascending.
    pub script_lines: Vec<(u32, u32)>,
    /// The functions that come from the script, by name.
    pub functions: Vec<(String, FunctionOrigin)>,
}

/// The part of the script that a function comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionOrigin {
    Task(TaskIndex),
    /// The body of a `thread:`, `executor:` or `process:` block.
    Part {
        of: TaskIndex,
        segment: SegmentId,
    },
}

impl PythonProgram {
    pub(super) fn of(text: PythonText, functions: FunctionWriter<'_>) -> Self {
        let count = functions.workload().tasks.len() as u32;
        let tasks = (0..count).map(TaskIndex);
        let tasks = tasks.map(|task| {
            (
                functions.names.task(task).to_owned(),
                FunctionOrigin::Task(task),
            )
        });
        let parts = functions.parts.iter();
        let parts = parts.map(|(name, of, segment)| {
            let (of, segment) = (*of, *segment);
            (name.clone(), FunctionOrigin::Part { of, segment })
        });
        let functions = tasks.chain(parts).collect();
        let script_lines = text.script_lines().to_vec();
        let (source, lines) = text.into_parts();
        Self {
            source,
            lines,
            script_lines,
            functions,
        }
    }
}
