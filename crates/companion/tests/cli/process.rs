//! Runs the binary with a time limit.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_loopscope");

/// The time limit of one command, generous for a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The binary in an empty environment: no locale, no colours, no terminal.
pub(crate) fn loopscope(folder: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.current_dir(folder).env_clear();
    command
}

/// The machine's Python, as the user of these tests has it. Programs need it, and nothing else from
/// the environment.
pub(crate) fn python() -> &'static str {
    static PYTHON: OnceLock<String> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let named = std::env::var("LOOPSCOPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        // The program itself, because a version manager's `python3` needs more of the environment.
        let output = Command::new(&named)
            .args(["-c", "import sys; print(sys.executable)"])
            .output()
            .unwrap_or_else(|error| panic!("`{named}` does not start ({error}); install Python 3.11 or newer, or name one in LOOPSCOPE_PYTHON"));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    })
}

/// Runs the command to its end with `input` as its standard input.
#[track_caller]
pub(crate) fn finish(mut command: Command, input: Vec<u8>) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    // Writing fails if the command exits without reading its input.
    let feeding = thread::spawn(move || drop(stdin.write_all(&input)));
    // Both pipes are read in threads: a process blocks on a full pipe.
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let status = wait(&mut child);
    feeding.join().expect("feeding never panics");
    Output {
        status,
        stdout: stdout.join().expect("reading never panics"),
        stderr: stderr.join().expect("reading never panics"),
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        }
        bytes
    })
}

#[track_caller]
fn wait(child: &mut Child) -> std::process::ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().expect("a child can be ended");
            panic!("it ran for more than {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(2));
    }
}
