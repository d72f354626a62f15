//! Charts: a trace and a viewport become shapes, and shapes become SVG or text.
//!
//! ```text
//! Trace ─ scene ─▶ shapes ─ paint ─▶ SVG
//!                    └─ the page's canvas
//! ```
//!
//! [`standalone`] does both at once, for files and terminals. Pixels on a screen are left to
//! the page, PNG to the companion.

pub mod paint;
pub mod scene;
pub mod standalone;
