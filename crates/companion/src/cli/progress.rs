//! The progress of a long command, e.g. `12/200`: one line, overwritten, erased at the end.
//!
//! Nothing is written unless standard error is a terminal.

use std::io::Write;

use super::console::Console;

pub(crate) struct Progress<'a> {
    /// `None` if standard error is not a terminal.
    out: Option<&'a mut dyn Write>,
    total: usize,
    shown: Option<usize>,
}

/// Moves the cursor to the start of the line and erases the line.
const ERASED: &str = "\r\x1b[K";

impl<'a> Progress<'a> {
    pub(crate) fn new(console: &'a mut Console, total: usize) -> Self {
        let watched = console.style.watched;
        Self {
            out: watched.then_some(&mut *console.err),
            total,
            shown: None,
        }
    }

    pub(crate) fn show(&mut self, done: usize) {
        let Some(out) = self.out.as_mut().filter(|_| self.shown != Some(done)) else {
            return;
        };
        // Progress is optional, so a failed write does not end the command.
        let _ = write!(out, "{ERASED}{done}/{}", self.total);
        let _ = out.flush();
        self.shown = Some(done);
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        // Without a line shown, erasing could remove other text of the user's terminal.
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
