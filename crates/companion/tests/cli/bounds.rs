//! Absurd input is answered quickly, in bounded memory, with a message of its own.

use std::fs;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::process::{BINARY, finish, loopscope};
use crate::transcript::empty_folder;

/// The address space of the process in KiB: far more than it needs, far less than absurd input
/// could take.
const MEMORY_KIB: u32 = 1_500_000;
/// The time within which a debug build must refuse a script without expanding it.
const QUICK: Duration = Duration::from_secs(10);

#[track_caller]
fn check(name: &str, arguments: &[&str], script: &[u8], code: i32, says: &str) {
    let start = Instant::now();
    let output = run_within(MEMORY_KIB, name, arguments, script);
    let took = start.elapsed();
    let (out, err) = texts(&output);
    assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
    assert!(err.contains(says), "{err}");
    assert!(err.len() < 100_000, "{} bytes of messages", err.len());
    assert!(took < QUICK, "{took:?}");
}

/// Runs the program on this script, saved as `a.loop`, with a limited address space.
#[track_caller]
fn run_within(memory_kib: u32, name: &str, arguments: &[&str], script: &[u8]) -> Output {
    let folder = empty_folder(name);
    fs::write(folder.join("a.loop"), script).expect("the folder can be written");
    // `ulimit` is a shell builtin, so a shell starts the program.
    let line = format!("ulimit -v {memory_kib}; exec \"$0\" \"$@\"");
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", &line, BINARY])
        .args(arguments)
        .current_dir(&folder);
    shell.env_clear();
    finish(shell, Vec::new())
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_million_lines_are_refused() {
    let script = "a: cpu 1\n".repeat(1_000_000);
    let says = "9000000 bytes long; the limit is 262144";
    check(
        "million_lines",
        &["run", "a.loop"],
        script.as_bytes(),
        3,
        says,
    );
    check(
        "million_empty",
        &["check", "a.loop"],
        "\n".repeat(1_000_000).as_bytes(),
        3,
        "long",
    );
}

#[test]
fn many_short_lines_are_refused_by_their_number() {
    // 40 KB, far below the limit on bytes.
    let script = "#\n".repeat(20_000);
    check(
        "many_lines",
        &["check", "a.loop"],
        script.as_bytes(),
        3,
        "20000 lines",
    );
}

#[test]
fn endless_input_is_not_read_to_its_end() {
    check("endless", &["check", "/dev/zero"], b"", 3, "is larger than");
}

#[test]
fn endless_tables_are_not_read_to_their_end() {
    check(
        "endless_merge",
        &["merge", "/dev/zero"],
        b"",
        3,
        "is larger than",
    );
    check(
        "endless_library",
        &["import", "a.loop", "--library", "/dev/zero"],
        b"import time\n",
        3,
        "is larger than",
    );
}

#[test]
fn a_trillion_instances_are_refused() {
    let script = b"a: cpu 1\nrun 1000000000000 a\n";
    check(
        "trillion_runs",
        &["run", "a.loop"],
        script,
        3,
        "1000000000000",
    );
    let script = b"a: await 1\nb: gather 1000000000000 a\nrun b\n";
    check(
        "trillion_gathered",
        &["run", "a.loop"],
        script,
        3,
        "1000000000000",
    );
}

#[test]
fn a_hundred_thousand_mistakes_are_a_hundred() {
    let script = "cpuu 3\n".repeat(9_000);
    check("mistakes", &["run", "a.loop"], script.as_bytes(), 3, "more");
}

#[test]
fn one_endless_line_is_shown_in_part() {
    let script = format!("a: {}cpuu 1\n", "cpu 1 -> ".repeat(20_000));
    check(
        "long_line",
        &["check", "a.loop"],
        script.as_bytes(),
        3,
        "unknown segment `cpuu`",
    );
}

#[test]
fn deep_nesting_is_refused() {
    let script = format!(
        "a: {}cpu 1{}\n",
        "repeat 2 (".repeat(5_000),
        ")".repeat(5_000)
    );
    check("deep", &["run", "a.loop"], script.as_bytes(), 3, "deep");
}

#[test]
fn a_loop_in_which_no_time_passes_is_a_limit() {
    let script = b"a:\n    forever:\n        print \"again\"\n";
    let folder = empty_folder("spinning");
    fs::write(folder.join("a.loop"), script).expect("the folder can be written");
    let mut command = loopscope(&folder);
    command.args(["run", "a.loop"]);
    let output = finish(command, Vec::new());
    let (out, err) = texts(&output);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("a loop that never lets time pass"), "{err}");
    assert!(out.lines().count() < 100, "the output stays short");
}

/// 1 GB of resident memory, and some address space that is mapped and never touched.
const LARGEST_RUN_KIB: u32 = 1_100_000;

/// 40 million records. Storing all their spans took 3.8 GB.
#[test]
fn the_largest_run_takes_less_than_a_gigabyte() {
    let script = b"gil off\nswitch 1us\npool 1000\ndef a: cpu 24h\nrun 1000 a\n";
    let output = run_within(LARGEST_RUN_KIB, "largest", &["run", "a.loop"], script);
    let (out, err) = texts(&output);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(
        out.contains("40000000 state changes are too many for a chart"),
        "{out}"
    );
    assert!(
        out.contains("a     1000     0        1000"),
        "the table is there: {out}"
    );
}

#[test]
fn many_tasks_stay_on_a_page() {
    let folder = empty_folder("many_tasks");
    let tasks: String = (0..2_000)
        .map(|n| format!("task_{n}: await {n}ms\n"))
        .collect();
    fs::write(folder.join("a.loop"), tasks).expect("the folder can be written");
    let mut command = loopscope(&folder);
    command.args(["run", "a.loop"]);
    let output = finish(command, Vec::new());
    let (out, _) = texts(&output);
    assert!(output.status.success());
    assert!(out.lines().count() < 100, "{out}");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let folder = empty_folder("pipe");
    let script = "a: await 1\nrun 20000 a\n";
    fs::write(folder.join("a.loop"), script).expect("the folder can be written");
    let mut shell = Command::new("/bin/sh");
    // A pipe that loses its reader, then a standard output that is closed from the start.
    let line = "\"$0\" run a.loop --format json | head -c 10; \"$0\" check a.loop >&-";
    shell.args(["-c", line, BINARY]).current_dir(&folder);
    let (out, err) = texts(&finish(shell, Vec::new()));
    assert_eq!(out, "{\"schema\":");
    assert!(!err.contains("panicked") && !err.contains("error"), "{err}");
}

#[track_caller]
fn check_full_disk(name: &str, command: &str) {
    let folder = empty_folder(name);
    fs::write(folder.join("a.loop"), "a: await 1\n").expect("the folder can be written");
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", &format!("\"$0\" {command} > /dev/full"), BINARY])
        .current_dir(&folder);
    let output = finish(shell, Vec::new());
    let (_, err) = texts(&output);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(
        err.contains("cannot write to standard output: the disk is full"),
        "{err}"
    );
}

#[test]
fn a_full_disk_is_told() {
    check_full_disk("full", "run a.loop");
}

/// Nobody could open the page: only the address tells the port and the code.
#[test]
fn a_server_that_cannot_print_its_address_ends() {
    check_full_disk("full_serve", "serve");
}

#[test]
fn the_name_of_an_unknown_task_is_printed_without_control_characters() {
    let folder = empty_folder("control");
    fs::write(folder.join("a.loop"), "a: await 1\n").expect("the folder can be written");
    let mut command = loopscope(&folder);
    command.args(["why", "a.loop", "\x1b[31mghost"]);
    let (_, err) = texts(&finish(command, Vec::new()));
    assert!(err.contains("ghost") && !err.contains('\x1b'), "{err:?}");
}

/// The process must die of the signal itself: shells then stop the script that ran it, and report
/// exit code 130.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_by_its_signal() {
    use std::os::unix::process::ExitStatusExt;

    let mut command = loopscope(&empty_folder("interrupt"));
    command.args(["check", "-"]).stdin(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    // The process waits for input that never arrives.
    thread::sleep(Duration::from_millis(300));
    let pid = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status();
    assert!(killed.expect("`kill` is everywhere").success());
    let status = child.wait().expect("a child can be waited for");
    assert_eq!(status.signal(), Some(2));
}
