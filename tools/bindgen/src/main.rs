//! The command `wasm-bindgen` as tools/build-page.mjs and Trunk call it.
//!
//! E.g. `wasm-bindgen --target=web --out-dir=DIR --out-name=NAME FILE --no-typescript`.
//!
//! It uses wasm-bindgen's own library. The complete program also runs tests, with a web server and
//! a browser client, which triple the compile time.

use std::env;
use std::error::Error;
use std::path::PathBuf;

use wasm_bindgen_cli_support::Bindgen;

/// tools/build-page.mjs and Trunk compare it with the version of the library in Cargo.lock.
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    // As in the complete program: the module locates its WebAssembly file by itself.
    bindgen.omit_default_module_path(false);
    let mut place = None;
    for argument in env::args().skip(1) {
        match argument.split_once('=').unwrap_or((&argument, "")) {
            ("--version", "") => return print_version(),
            ("--target", "web") => bindgen.web(true).map(drop)?,
            ("--no-typescript", "") => drop(bindgen.typescript(false)),
            ("--out-dir", folder) => place = Some(PathBuf::from(folder)),
            ("--out-name", name) => drop(bindgen.out_name(name)),
            (option, _) if option.starts_with('-') => {
                return Err(format!("`{argument}` is not among the options that the page's build uses; install wasm-bindgen-cli {VERSION} for all of them").into());
            }
            _ => drop(bindgen.input_path(&argument)),
        }
    }
    let place = place.ok_or("name the folder for the module: `--out-dir=DIR`")?;
    Ok(bindgen.generate(place)?)
}

fn print_version() -> Result<(), Box<dyn Error>> {
    use std::io::Write as _;
    Ok(writeln!(std::io::stdout(), "wasm-bindgen {VERSION}")?)
}
