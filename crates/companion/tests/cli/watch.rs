//! `--watch` runs again after each save and ends by Ctrl-C.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::process::{loopscope, python};
use crate::transcript::empty_folder;

/// The time limit of one step, generous for a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A command that watches, with its output line by line.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn begin(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = loopscope(folder);
        let mut child = command
            .args(arguments)
            .env("LOOPSCOPE_PYTHON", python())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let (tell, lines) = channel();
        let streams: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("it is piped")),
            Box::new(child.stderr.take().expect("it is piped")),
        ];
        for stream in streams {
            let tell = tell.clone();
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = tell.send(line);
                }
            });
        }
        Self { child, lines }
    }

    /// Reads until lines with each of these words have come, in any order.
    #[track_caller]
    fn says(&self, words: &[&str]) {
        let mut missing = words.to_vec();
        let mut said = Vec::new();
        while !missing.is_empty() {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    missing.retain(|words| !line.contains(words));
                    said.push(line);
                }
                Err(error) => panic!("{error}: no {missing:?} in {said:#?}"),
            }
        }
    }

    /// Ctrl-C, and the exit code.
    fn interrupt(mut self) -> Option<i32> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a process"), Signal::INT).expect("it runs");
        let status = self.child.wait().expect("it ends");
        status.code()
    }
}

const WAITS: &str = "waiting for changes of";

#[test]
fn a_script_runs_again_when_it_is_saved() {
    let folder = empty_folder("watch_script");
    let script = folder.join("pasta.loop");
    fs::write(&script, "pasta: cpu 3\n").expect("it can be written");
    let watching = Watching::begin(&folder, &["run", "pasta.loop", "--watch"]);
    watching.says(&["3s", WAITS]);
    fs::write(&script, "pasta: cpu 4s -> await 3s\n").expect("it can be written");
    watching.says(&["7s", WAITS]);
    // A mistake ends a run, and not the watch. Many editors replace the file.
    fs::write(folder.join("new"), "pasta: cpuu 3\n").expect("it can be written");
    fs::rename(folder.join("new"), &script).expect("it can be replaced");
    watching.says(&["unknown segment", WAITS]);
    fs::write(&script, "pasta: cpu 9\n").expect("it can be written");
    watching.says(&["9s", WAITS]);
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn files_are_checked_again_when_one_is_saved() {
    let folder = empty_folder("watch_check");
    for name in ["a.loop", "b.loop"] {
        fs::write(folder.join(name), "pasta: cpu 3\n").expect("it can be written");
    }
    let watching = Watching::begin(&folder, &["check", "a.loop", "b.loop", "--watch"]);
    watching.says(&["a.loop: no problems", "b.loop: no problems", WAITS]);
    fs::write(folder.join("b.loop"), "pasta: cpuu 3\n").expect("it can be written");
    watching.says(&["b.loop: 1 error", WAITS]);
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn a_program_runs_again_when_a_module_beside_it_is_saved() {
    let folder = empty_folder("watch_program");
    fs::write(folder.join("app.py"), "import menu\nprint(menu.DISH)\n").expect("it can be written");
    fs::write(folder.join("menu.py"), "DISH = 'pasta'\n").expect("it can be written");
    let watching = Watching::begin(&folder, &["run", "app.py", "--watch"]);
    watching.says(&["pasta", WAITS]);
    fs::write(folder.join("menu.py"), "DISH = 'warm toast'\n").expect("it can be written");
    watching.says(&["warm toast", WAITS]);
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn standard_input_is_not_watched() {
    let folder = empty_folder("watch_input");
    let watching = Watching::begin(&folder, &["run", "-", "--watch"]);
    watching.says(&["`-` cannot be watched; name a file"]);
    let mut child = watching.child;
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
}
