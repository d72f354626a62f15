//! The examples in the help texts run without an error.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process::{finish, loopscope};
use crate::transcript::empty_folder;

/// The lines of a help text that are commands.
fn examples(help: &str) -> Vec<String> {
    let commands = help.lines().map(str::trim);
    let example = |line: &&str| line.starts_with("loopscope ");
    commands.filter(example).map(str::to_owned).collect()
}

/// The script in the help text, from `pasta.loop:` to the end of its indentation.
fn first_script(help: &str) -> String {
    let lines = help
        .lines()
        .skip_while(|line| !line.contains("pasta.loop:"));
    let script = lines.skip(1).take_while(|line| line.starts_with("  "));
    script.map(|line| format!("{}\n", line.trim())).collect()
}

fn help(arguments: &[&str], folder: &Path) -> String {
    let mut command = loopscope(folder);
    command.args(arguments).arg("--help");
    let output = finish(command, Vec::new());
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("help is text")
}

/// The commands that the help text lists, e.g. `run`.
fn commands(help: &str) -> Vec<String> {
    let lines = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"));
    let listed = lines.skip(1).take_while(|line| !line.is_empty());
    listed
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| Some(line.split_whitespace().next()?.to_owned()))
        .collect()
}

#[test]
fn every_help_has_an_example_that_runs() {
    let folder = empty_folder("help");
    let overview = help(&[], &folder);
    // The examples call the binary by its name.
    let path = std::env::join_paths([Path::new(crate::process::BINARY)
        .parent()
        .expect("a folder")]);
    let path = path.expect("a path without colons");
    let mut helps = vec![overview.clone()];
    for command in commands(&overview) {
        helps.push(help(&[&command], &folder));
    }
    assert!(helps.len() > 5, "the commands are listed:\n{overview}");
    for help in helps {
        let examples = examples(&help);
        assert!(!examples.is_empty(), "no example:\n{help}");
        // Real runs and Python depend on the machine, or never end, and `page` needs a build with the
        // page; other tests cover them, e.g. crates/companion/tests/verify.
        for example in examples.iter().filter(|example| !is_real(example)) {
            fs::write(folder.join("pasta.loop"), first_script(&overview))
                .expect("it can be written");
            fs::write(folder.join("app.py"), "import time\ntime.sleep(1)\n")
                .expect("it can be written");
            fs::create_dir_all(folder.join("app")).expect("it can be made");
            let module = "import time\ndef app():\n    time.sleep(1)\napp()\n";
            fs::write(folder.join("app/main.py"), module).expect("it can be written");
            let mut shell = Command::new("/bin/sh");
            shell
                .args(["-c", example])
                .current_dir(&folder)
                .env("PATH", &path)
                .env("LOOPSCOPE_PYTHON", crate::process::python());
            let output = finish(shell, Vec::new());
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{example}\n{said}");
        }
    }
}

fn is_real(example: &str) -> bool {
    let real = [
        "loopscope verify",
        "loopscope serve",
        "loopscope setup",
        "loopscope calibrate",
        "loopscope doctor",
        "loopscope prove",
        "loopscope run app.py",
        "loopscope page",
    ];
    // FastAPI is not installed everywhere.
    let needs_fastapi = example.ends_with("--python");
    needs_fastapi || real.iter().any(|command| example.starts_with(command))
}

#[test]
fn help_fits_a_terminal_of_80_columns() {
    let folder = empty_folder("help_width");
    let overview = help(&[], &folder);
    for command in commands(&overview) {
        for language in ["en", "ko"] {
            let text = help(&[&command, "--lang", language], &folder);
            for line in text.lines() {
                assert!(
                    unicode_width::UnicodeWidthStr::width(line) <= 80,
                    "{command}: {line}"
                );
            }
        }
    }
}
