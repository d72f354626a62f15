//! The companion's entry point.

fn main() -> std::process::ExitCode {
    loopscope::cli::main()
}
