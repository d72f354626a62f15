//! The open side of the script's card, and the chart that belongs to it: the script's run, or the
//! last run of the reader's program.

use std::rc::Rc;

use super::Side;
use crate::state::State;
use crate::state::insight::Tab;

impl State {
    /// Whether the Python side is open. In a lab it shows the program that the lab was given.
    pub(crate) fn is_python_side(&self) -> bool {
        let is_open = self.program.side == Side::Python;
        is_open && (self.embedded.is_none() || self.program.own.is_some())
    }

    /// The program in the editor, if it is not that of the script.
    pub(crate) fn shown_program(&self) -> Option<&Rc<str>> {
        let own = self.program.own.as_ref();
        own.filter(|_| self.is_python_side())
    }

    /// Whether the lines on the chart are those of the reader's program.
    pub(crate) fn has_lines_of_program(&self) -> bool {
        let shown = self
            .opened
            .as_ref()
            .and_then(|opened| opened.program.as_ref());
        shown.is_some() && shown == self.program.own.as_ref()
    }

    /// Whether the chart shows a run of the reader's program, or of an older text of it.
    pub(crate) fn shows_program(&self) -> bool {
        let opened = self.opened.as_ref();
        opened.is_some_and(|opened| opened.program.is_some())
    }

    pub(in crate::state) fn choose_side(&mut self, side: Side) {
        // The editor loses the focus before the tab gets the click.
        self.pointed.asked_line = self.program.last_line.filter(|_| side != self.program.side);
        self.close_program();
        self.program_mut().side = side;
        self.bring_form();
        self.show_program();
    }

    /// Shows the last run of the reader's program, if its side is open.
    pub(super) fn show_program(&mut self) {
        if self.program.side == Side::Script || self.program.own.is_none() {
            return;
        }
        if let Some((text, shown)) = self.program.drawn.clone() {
            if !matches!(self.insight.tab, Tab::Numbers) {
                Rc::make_mut(&mut self.insight).tab = Tab::Findings;
            }
            self.open_program(text, shown);
        }
    }

    /// Returns to the script's chart, if that of the program is shown.
    pub(super) fn close_program(&mut self) {
        if self.shows_program() {
            self.close_trace();
        }
    }

    /// Opens the script's side: the script is about to change. The program stays.
    pub(in crate::state) fn leave_program(&mut self) {
        if self.program.own.is_some() {
            self.open_script_side();
        }
    }

    pub(in crate::state) fn open_script_side(&mut self) {
        if self.program.side != Side::Script {
            self.program_mut().side = Side::Script;
        }
    }
}
