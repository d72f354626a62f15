//! The parts that all exporters to Python share.
//!
//! - [`names`]: Python identifiers for the names of a script.
//! - [`text`]: indented lines, literals, comments with line numbers of the script.
//! - [`body`]: the functions of the tasks. [`segment`]: a segment as statements. [`nesting`]:
//!   functions for deep blocks.
//! - [`letters`]: letters that are newer than Python 3.11.
//!
//! Each exporter decides how the tasks are started.

pub(super) mod body;
mod letters;
pub(super) mod names;
mod nesting;
mod segment;
pub(super) mod text;
