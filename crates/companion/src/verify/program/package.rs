//! The Python package, as files inside this program: `python/loopscope` of a clone.

// `PACKAGE`, written by build.rs.
include!(concat!(env!("OUT_DIR"), "/python_package.rs"));
