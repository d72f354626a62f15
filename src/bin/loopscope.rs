//! The companion: the command line and the local server.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    loopscope::native::cli::main()
}

/// The companion needs files and a terminal; a browser has neither.
#[cfg(target_arch = "wasm32")]
fn main() {}
