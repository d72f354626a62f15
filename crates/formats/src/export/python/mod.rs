//! Python text: what every exporter to Python shares.
//!
//! - [`names`]: a Python identifier for everything the script names.
//! - [`text`]: indented lines, literals, comments that name the script's line.
//! - [`body`]: the segments of a task as statements; [`nesting`]: those of deep blocks.
//! - [`letters`]: what Python 3.11 does not know of Unicode.
//!
//! How the tasks are started is decided by each exporter.

pub(super) mod body;
mod letters;
pub(super) mod names;
mod nesting;
pub(super) mod text;
