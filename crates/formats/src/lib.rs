//! Files and links: results, traces and programs that Loopscope writes, and traces and links
//! that it reads; the report of a verification, which the companion writes and the page reads; and
//! the comparison of a script with CPython, by its exported program and the trace of that.
//!
//! Opening files is left to the companion and the page: everything here maps text or bytes
//! to values and back.

pub mod export;
pub mod import;
pub mod link;
pub mod program;
pub mod proof;
pub mod report;
pub mod verification;
