//! The lines of the chart that belong to the lines of an editor.

use std::rc::Rc;

use crate::protocol::python::WrittenProgram;

/// The lines of the chart that belong to the lines of an editor.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::browser) enum ChartLines {
    /// The same lines.
    Same,
    /// Those of the script that the program was made of: pairs of a line of the program and one of
    /// the script.
    Of(Rc<WrittenProgram>),
    /// The chart is of another text.
    None,
}

impl ChartLines {
    /// The chart's line of a line of the editor.
    pub(super) fn of_editor(&self, line: u32) -> Option<u32> {
        match self {
            Self::Same => Some(line),
            Self::Of(program) => {
                let mut pairs = program.lines.iter();
                pairs.find(|(own, _)| *own == line).map(|(_, of)| *of)
            }
            Self::None => None,
        }
    }

    /// The editor's lines of a line of the chart.
    pub(in crate::browser) fn in_editor(&self, line: u32) -> Vec<u32> {
        match self {
            Self::Same => vec![line],
            Self::Of(program) => {
                let pairs = program.lines.iter().filter(|(_, of)| *of == line);
                pairs.map(|(own, _)| *own).collect()
            }
            Self::None => Vec::new(),
        }
    }
}
