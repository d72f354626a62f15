//! Requests to the program that proves scripts on the page's own Python, runs them for real
//! through a companion, and opens traces.

use serde::{Deserialize, Serialize};

use super::analysis::LineCost;
use super::panel::{PanelControl, PanelNode};
use super::{Program, RequestId};
use chart::scene::Kind;
use chart::scene::ghost::{Ghosts, OverlaySpan};
use formats::import::Source;
use formats::program::ProgramSource;
use model::time::SimTime;
use model::workload::TaskIndex;
use texts::Language;

/// The prover, the client of a companion, and the reader of traces.
#[derive(Debug)]
pub(crate) enum RealRunner {}

impl Program for RealRunner {
    const NAME: &'static str = "proof";
    type Request = RealRunRequest;
    type Response = RealRunResponse;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RealRunRequest {
    /// The state of the page has changed.
    PageChanged(PageSnapshot),
    /// The reader used a control of the panel, which has this value.
    ControlUsed(PanelControl, String),
    /// Open the attached file as a trace.
    OpenTrace,
    /// An event of a run on the page's Python: its number and two attached values, as `runFor` of
    /// `www/python/client.js` tells them.
    PythonTold(PythonRun, u32),
    /// The Python program of this run, in this language, has come to this point.
    Program(RequestId, Language, ProgramEvent),
}

/// The number of a run on the page's own Python.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PythonRun(pub(crate) u32);

impl PythonRun {
    /// The events in [`RealRunRequest::PythonTold`].
    pub(crate) const PROGRESS: u32 = 0;
    pub(crate) const STARTED: u32 = 1;
    pub(crate) const ANSWERED: u32 = 2;
    pub(crate) const WAITS: u32 = 4;
}

/// How far the run of a Python program in the page is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ProgramEvent {
    /// Python is being downloaded: bytes so far, and in all. Once they are equal, it starts.
    Loading(u32, u32),
    /// Python proves the script first.
    Waiting,
    Running,
    /// The result and the trace are attached, as JSON.
    Ran,
    /// Python has no result: the code of `www/python/client.js`, e.g. `offline`.
    Failed(String),
    /// The page's language has changed.
    Translated,
}

/// An error in a line of the program, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProgramMark {
    pub(crate) line: u32,
    pub(crate) text: String,
}

/// The part of the page's state that the panel needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageSnapshot {
    pub(crate) script: String,
    /// The chart shows a trace from a file.
    pub(crate) is_opened: bool,
    /// The script has no errors.
    pub(crate) is_sound: bool,
    pub(crate) language: Language,
    pub(crate) dark: bool,
    /// The origin of the page, e.g. `https://example.org`.
    pub(crate) origin: String,
    /// A companion serves the page.
    pub(crate) is_served: bool,
    /// The companion's token, which the page got for the code of the printed address.
    pub(crate) token: String,
    /// The code was used before or has expired.
    pub(crate) is_spent: bool,
    /// Python is loaded, so a run downloads nothing.
    pub(crate) has_python: bool,
}

/// Some responses come long after their request, e.g. the progress of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum RealRunResponse {
    Panel(PanelNode),
    /// The measured overlay of a script.
    Overlay(MeasuredOverlay),
    /// Run this program on the page's own Python, and load that before if need be.
    RunPython {
        run: PythonRun,
        program: String,
        /// Options of `python/loopscope/embedded.py`, as JSON.
        options: String,
    },
    /// End the download or the run that goes on.
    CancelPython,
    /// The page must open the panel's tab and scroll to its error.
    ShowError,
    /// A trace from a file. Its chunks are attached.
    TraceOpened {
        name: String,
        source: Source,
        /// Of a Python program: its lines and names.
        program: Option<Box<ProgramSource>>,
        /// The run in the page that made the trace.
        run: Option<RequestId>,
    },
    /// What the program of this run printed, and its errors.
    ProgramOutput {
        run: RequestId,
        panel: PanelNode,
        marks: Vec<ProgramMark>,
    },
    /// The findings about the program, and the time that each line cost other tasks.
    ProgramFindings {
        run: RequestId,
        panel: PanelNode,
        margin: Vec<LineCost>,
    },
}

/// The measured overlay: the bars of all instances, in nanoseconds of the script.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct MeasuredOverlay {
    pub(crate) script: String,
    end_ns: u64,
    rows: Vec<InstanceRow>,
}

/// Task, number and spans of an instance. A span has its start, its end and the index of its
/// kind in [`Kind::ALL`], e.g. `(0, 5_000_000, 1)`.
type InstanceRow = (u32, u32, Vec<(u64, u64, u8)>);

impl MeasuredOverlay {
    pub(crate) fn new(script: String, ghosts: &Ghosts) -> Self {
        let stretch = |stretch: &OverlaySpan| {
            let (start, end) = (stretch.start.as_nanos(), stretch.end.as_nanos());
            // Page and worker are from one build, so the index means the same kind in both.
            (start, end, stretch.kind as u8)
        };
        let rows = ghosts.rows.iter().map(|((task, number), stretches)| {
            let stretches = stretches.iter().map(stretch).collect();
            (task.0, *number, stretches)
        });
        Self {
            script,
            end_ns: ghosts.end.as_nanos(),
            rows: rows.collect(),
        }
    }

    pub(crate) fn ghosts(&self) -> Ghosts {
        let stretch = |&(start, end, kind): &(u64, u64, u8)| {
            Some(OverlaySpan {
                start: SimTime::from_nanos(start),
                end: SimTime::from_nanos(end),
                kind: *Kind::ALL.get(usize::from(kind))?,
            })
        };
        let rows = self.rows.iter().map(|(task, number, stretches)| {
            let stretches = stretches.iter().filter_map(stretch).collect();
            ((TaskIndex(*task), *number), stretches)
        });
        Ghosts {
            rows: rows.collect(),
            end: SimTime::from_nanos(self.end_ns),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ghosts_survive_the_trip() {
        let stretch = |start, end, kind| OverlaySpan {
            start: SimTime::from_nanos(start),
            end: SimTime::from_nanos(end),
            kind,
        };
        let ghosts = Ghosts {
            rows: vec![
                (
                    (TaskIndex(1), 2),
                    vec![stretch(0, 5, Kind::Running), stretch(5, 9, Kind::Offloaded)],
                ),
                ((TaskIndex(0), 1), Vec::new()),
            ],
            end: SimTime::from_nanos(9),
        };
        let measured = MeasuredOverlay::new("a: cpu 1".to_owned(), &ghosts);
        assert_eq!(measured.ghosts(), ghosts);
    }
}
