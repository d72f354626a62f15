//! Whether the built page gets inside of the companion.
//!
//! A package from a registry brings it along (`make package`) and nothing to build it with;
//! a clone builds it first, and asks for it by the feature `with-page`.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(page_inside)");
    let is_packaged = !Path::new("tools/page-inside.mjs").exists();
    if is_packaged || env::var_os("CARGO_FEATURE_WITH_PAGE").is_some() {
        println!("cargo::rustc-cfg=page_inside");
    }
}
