//! The reports of a verification: text for the terminal, JSON for programs.

mod json;
mod text;
mod words;

pub use json::write_json;
pub use text::text;
pub(super) use words::ReportWords;
