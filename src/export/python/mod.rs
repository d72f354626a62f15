//! Writing Python: the parts that all exporters to Python share.
//!
//! - [`names`]: Python identifiers for the names of a script.
//! - [`text`]: indented lines, literals, comments with the script's line.
//! - [`body`]: the segments of a task as statements; [`nesting`]: deeply nested blocks.
//! - [`letters`]: letters that Python 3.11 does not allow.
//!
//! Leaves starting the tasks to each exporter.

pub(super) mod body;
mod letters;
pub(super) mod names;
mod nesting;
pub(super) mod text;
