//! A program without the page, as a plain `cargo build --release` builds it.

#![cfg(not(feature = "with-page"))]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn a_program_without_the_page_says_so_before_its_address_and_names_the_command() {
    // One pipe for both streams, so that their order is known.
    let mut server = Command::new("sh")
        .args(["-c", "exec \"$0\" serve 2>&1"])
        .arg(env!("CARGO_BIN_EXE_loopscope"))
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let out = server.stdout.take().expect("it is piped");
    let mut lines = BufReader::new(out)
        .lines()
        .map(|line| line.expect("it is text"));
    let (first, second) = (lines.next(), lines.next());
    server.kill().expect("it runs");
    server.wait().expect("it ends");
    let (first, second) = (first.expect("a line"), second.expect("another"));
    assert!(
        first.contains("without the page") && first.contains("`make serve`"),
        "{first}"
    );
    assert!(second.starts_with("http://127.0.0.1:"), "{second}");
}
