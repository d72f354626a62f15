//! The runs of the reader's program: how one starts, ends and reaches the chart.

use std::rc::Rc;

use super::ProgramPhase;
use crate::protocol::real_run::{ProgramEvent, ProgramMark};
use crate::state::State;
use crate::state::effect::Effect;
use crate::state::shown::Shown;

impl State {
    pub(super) fn run_program(&mut self) -> Vec<Effect> {
        let Some(own) = self.program.own.clone() else {
            return Vec::new();
        };
        let program = self.program_mut();
        program.run = program.run.next();
        program.asked = own;
        program.marks = Rc::default();
        program.phase = ProgramPhase::Asked;
        let requests = program.requests.clone();
        vec![Effect::RunProgram(program.asked.clone(), requests)]
    }

    /// The run has come further or has failed.
    pub(super) fn program_came(&mut self, event: ProgramEvent) -> Vec<Effect> {
        self.program_mut().phase = match event {
            ProgramEvent::Loading(..) | ProgramEvent::Waiting | ProgramEvent::Running => {
                ProgramPhase::UnderWay
            }
            _ => ProgramPhase::Idle,
        };
        // A result has been passed on with its texts.
        if event == ProgramEvent::Ran {
            return Vec::new();
        }
        vec![Effect::TellProgram(event)]
    }

    /// The trace of the run is ready for the chart.
    pub(super) fn program_drawn(&mut self, shown: Rc<Shown>) {
        let program = self.program_mut();
        // The findings may come before the trace, which takes time to prepare.
        if program.found != program.run {
            program.findings = None;
            program.margin = Rc::default();
        }
        program.drawn = Some((program.asked.clone(), shown));
        self.show_program();
        self.judge_lesson();
        self.judge_goal();
    }

    /// The last run of the program, with its text.
    pub(in crate::state) fn drawn_program(&self) -> Option<(Rc<str>, Rc<Shown>)> {
        self.program.drawn.clone()
    }

    pub(super) fn cancel_program(&mut self) -> Vec<Effect> {
        let mut effects = self.abandon_program();
        let said = ProgramEvent::Failed("cancelled".to_owned());
        effects.push(Effect::TellProgram(said));
        effects
    }

    /// Ends a run without a word.
    pub(super) fn abandon_program(&mut self) -> Vec<Effect> {
        let program = self.program_mut();
        let before = std::mem::take(&mut program.phase);
        // Its late answers count no more.
        program.run = program.run.next();
        program.is_live &= before == ProgramPhase::Idle;
        vec![Effect::CancelProgram]
    }

    /// The program that shows the run has crashed or was not loaded.
    pub(in crate::state) fn lose_program(&mut self) {
        if self.program.phase != ProgramPhase::Idle || self.program.output.is_some() {
            let program = self.program_mut();
            (program.phase, program.output) = (ProgramPhase::Idle, None);
        }
    }

    /// The errors of the program in the editor.
    pub(crate) fn program_marks(&self) -> Rc<[ProgramMark]> {
        let program = &self.program;
        match &program.own {
            Some(own) if *own == program.asked => program.marks.clone(),
            _ => Rc::default(),
        }
    }
}
