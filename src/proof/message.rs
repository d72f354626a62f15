//! What the page and this program say to each other.

use serde::{Deserialize, Serialize};

use crate::view::node::Node;
use chart::scene::Kind;
use chart::scene::ghost::{Ghosts, OverlaySpan};
use formats::import::Source;
use model::time::SimTime;
use model::workload::TaskIndex;
use texts::Language;

/// What the page tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Asked {
    /// The page as it stands; again when that changes.
    Page(Page),
    /// What the reader did in the panel, and what the control held.
    Handed(Hand, String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) script: String,
    /// A trace from a file is on the chart.
    pub(crate) is_opened: bool,
    /// It has no errors.
    pub(crate) is_sound: bool,
    pub(crate) language: Language,
    /// Where the page is from: `https://example.org`.
    pub(crate) origin: String,
    /// A companion serves it.
    pub(crate) is_served: bool,
    /// The companion's, for the code of the address that it printed.
    pub(crate) token: String,
    /// That code was used before, or was too old.
    pub(crate) is_spent: bool,
}

/// A control of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Hand {
    Runtime,
    Scale,
    Runs,
    Tolerance,
    Start,
    Cancel,
    /// The companion's address, as it is typed.
    Address,
    Connect,
    /// What was copied; nothing where the browser refused.
    Copied,
    /// A file has been chosen; it comes by itself.
    File,
}

/// What this program tells.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Said {
    Panel(Node),
    /// What was measured of this script, to be drawn behind it.
    Ghosts(Measured),
    /// What was said last is to be seen, wherever the reader is on the page.
    Look,
    /// A trace from a file, whose bytes follow with the message.
    Opened {
        name: String,
        source: Source,
    },
}

/// The stretches of everybody's bars, in nanoseconds of the script.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) script: String,
    end_ns: u64,
    rows: Vec<Row>,
}

/// Task, number, and their stretches: from when to when, and the kind's place in the legend.
type Row = (u32, u32, Vec<(u64, u64, u8)>);

impl Measured {
    pub(crate) fn new(script: String, ghosts: &Ghosts) -> Self {
        let stretch = |stretch: &OverlaySpan| {
            let (start, end) = (stretch.start.as_nanos(), stretch.end.as_nanos());
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
        let measured = Measured::new("a: cpu 1".to_owned(), &ghosts);
        assert_eq!(measured.ghosts(), ghosts);
    }
}
