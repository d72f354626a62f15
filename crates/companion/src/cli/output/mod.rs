//! The output of commands, one part in each file: what `run` prints, and files with charts.

pub(super) mod blame;
pub(super) mod deadlock;
pub(super) mod failed;
pub(super) mod findings;
pub(super) mod formula;
pub(super) mod limit;
pub(super) mod load;
pub(super) mod outcome;
pub(super) mod peaks;
pub(super) mod picture;
pub(super) mod printed;
pub(super) mod program;
pub(super) mod table;
pub(super) mod verdicts;
