//! How far a long command is: one line on a terminal, written over and gone at the end.
//!
//! Nothing is written where standard error is no terminal. An interrupt ends the
//! command by its signal, as any; nothing is half written.

use std::io::Write;

use super::console::Console;

pub(super) struct Progress<'a> {
    /// `None` where nobody looks.
    out: Option<&'a mut dyn Write>,
    total: usize,
    shown: Option<usize>,
}

/// To the beginning of the line, and nothing behind it.
const ERASED: &str = "\r\x1b[K";

impl<'a> Progress<'a> {
    pub(super) fn new(console: &'a mut Console, total: usize) -> Self {
        let watched = console.style.watched;
        Self {
            out: watched.then_some(&mut *console.err),
            total,
            shown: None,
        }
    }

    pub(super) fn show(&mut self, done: usize) {
        let Some(out) = self.out.as_mut().filter(|_| self.shown != Some(done)) else {
            return;
        };
        // A terminal that is gone misses nothing.
        let _ = write!(out, "{ERASED}{done}/{}", self.total);
        let _ = out.flush();
        self.shown = Some(done);
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let (Some(out), Some(_)) = (&mut self.out, self.shown) {
            let _ = write!(out, "{ERASED}");
            let _ = out.flush();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::console::Style;
    use super::*;

    #[track_caller]
    fn check(watched: bool, expected: &str) {
        let mut err = Vec::new();
        let mut console = Console {
            input: &mut std::io::empty(),
            out: &mut std::io::sink(),
            err: &mut err,
            style: Style {
                watched,
                ..Style::default()
            },
        };
        let mut progress = Progress::new(&mut console, 3);
        [1, 1, 3].into_iter().for_each(|done| progress.show(done));
        drop(progress);
        assert_eq!(String::from_utf8_lossy(&err), expected);
    }

    #[test]
    fn a_terminal_sees_each_step_once_and_a_clean_line_at_the_end() {
        check(true, "\r\x1b[K1/3\r\x1b[K3/3\r\x1b[K");
    }

    #[test]
    fn a_file_sees_nothing() {
        check(false, "");
    }
}
