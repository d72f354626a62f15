//! Everything that needs an operating system: not part of the page.

pub mod png;
