//! Python text: what every exporter to Python shares.
//!
//! - [`names`]: a Python identifier for everything the script names.
//! - [`text`]: indented lines, literals, comments that name the script's line.
//! - [`body`]: the segments of a task as statements.
//!
//! How the tasks are started is decided by each exporter.

pub(super) mod body;
pub(super) mod names;
pub(super) mod text;
