//! The companion's entry point.

fn main() {}
