//! A trace made ready to be drawn: rows, their pieces, marks and frozen windows.
//!
//! Built once for a trace; every pan and zoom after that costs what is on
//! screen. Owns what it needs, so that the trace may go.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use crate::order::sort_by_number;
use crate::scene::density::Strips;
use crate::scene::frozen::{self, Window};
use crate::scene::kind::Kind;
use crate::scene::label::Labels;
use crate::scene::mark::{self, Mark, MarkKind};
use crate::scene::piece::{Piece, Pieces, overlay};
use crate::scene::rows::{self, By, Row, Subject, owner};
use crate::time::SimTime;
use crate::trace::{InstanceId, Role, Spans, Trace};
use crate::workload::Workload;

/// What there is to draw.
#[derive(Clone, Debug)]
pub struct Timeline {
    by: By,
    end: SimTime,
    rows: Vec<Row>,
    /// Each row's first track; one more at the end.
    tracks: Vec<u32>,
    pub(super) pieces: Pieces,
    /// By row, then by time.
    marks: Vec<Mark>,
    mark_begins: Vec<u32>,
    windows: Vec<Window>,
    /// Which server each row belongs to, where there are several.
    servers: Option<Vec<u16>>,
    labels: Labels,
    kinds: Vec<Kind>,
    /// Rows merged for the height they were last drawn at.
    strips: Option<Strips>,
}

impl Timeline {
    pub fn new(workload: &Workload, trace: &Trace, spans: &Spans, by: By) -> Self {
        let rows = rows::rows(trace, by);
        let mut tracks = vec![0];
        let mut pieces = Pieces::new();
        let mut push = |row: &[Piece], orphans: &[Piece]| {
            pieces.push_track(row);
            for track in apart(orphans) {
                pieces.push_track(&track);
            }
            tracks.push(pieces.track_count() as u32);
        };
        match by {
            By::Tasks => each_task(trace, spans, &rows, &mut push),
            By::Threads => each_thread(trace, spans, &rows, &mut push),
        }
        pieces.sum_up();
        let (marks, mark_begins) = match by {
            By::Tasks => marks_by_row(trace, &rows),
            By::Threads => (Vec::new(), vec![0; rows.len() + 1]),
        };
        Self {
            by,
            end: trace.end,
            kinds: kinds(&pieces),
            servers: servers(workload, trace, &rows),
            rows,
            tracks,
            pieces,
            marks,
            mark_begins,
            windows: frozen::windows(trace, spans),
            labels: Labels::new(workload, trace),
            strips: None,
        }
    }

    pub fn by(&self) -> By {
        self.by
    }

    /// When the run is over.
    pub fn end(&self) -> SimTime {
        self.end
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The rows among these that a window concerns, in stretches: with several
    /// servers, only those of its own.
    pub(super) fn rows_of(&self, window: &Window, rows: Range<usize>) -> Vec<Range<usize>> {
        let Some(servers) = &self.servers else {
            return vec![rows];
        };
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for row in rows.filter(|&row| servers[row] == window.server) {
            match stretches.last_mut() {
                Some(last) if last.end == row => last.end = row + 1,
                _ => stretches.push(row..row + 1),
            }
        }
        stretches
    }

    /// The kinds that occur, in the order of the legend.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The kinds of marks that occur.
    pub fn mark_kinds(&self) -> Vec<MarkKind> {
        let occurs = |kind: &MarkKind| self.marks.iter().any(|mark| mark.kind == *kind);
        MarkKind::ALL.into_iter().filter(occurs).collect()
    }

    /// A row's pieces in order of time, without its orphans.
    pub fn pieces(&self, row: usize) -> &[Piece] {
        self.pieces.track(self.tracks[row] as usize)
    }

    pub fn marks(&self, row: usize) -> &[Mark] {
        &self.marks[self.mark_begins[row] as usize..self.mark_begins[row + 1] as usize]
    }

    /// All tracks of a row, its own first, then its orphans'.
    pub(super) fn tracks(&self, row: usize) -> Range<usize> {
        self.tracks[row] as usize..self.tracks[row + 1] as usize
    }

    /// The pieces of all tracks of a row, its own first, then its orphans'.
    pub fn tracks_of(&self, row: usize) -> impl Iterator<Item = &[Piece]> + '_ {
        self.tracks(row).map(|track| self.pieces.track(track))
    }

    pub(super) fn piece(&self, number: usize) -> &Piece {
        &self.pieces.all()[number]
    }

    /// Rows in groups of `rows_each`; kept until another size is asked for.
    pub(super) fn strips(&mut self, rows_each: usize) -> &Strips {
        let kept = self.strips.take();
        let strips = kept
            .filter(|strips| strips.rows_each() == rows_each)
            .unwrap_or_else(|| self.merged(rows_each));
        self.strips.insert(strips)
    }

    fn merged(&self, rows_each: usize) -> Strips {
        Strips::new(self.rows.len(), rows_each, |row, found| {
            for track in self.tracks(row) {
                found(self.pieces.track(track));
            }
        })
    }
}

fn each_task(
    trace: &Trace,
    spans: &Spans,
    rows: &[Row],
    push: &mut impl FnMut(&[Piece], &[Piece]),
) {
    let parts = Parts::of(trace);
    let pieces = |id: InstanceId| -> Vec<Piece> {
        let spans = spans.of_instance(id).iter();
        spans.filter_map(|span| Piece::of(span, trace)).collect()
    };
    for row in rows {
        let Subject::Instance(id) = row.subject else {
            continue;
        };
        let own = pieces(id);
        let parts: Vec<Vec<Piece>> = parts.of_instance(id).map(pieces).collect();
        if parts.is_empty() {
            push(&own, &[]);
        } else {
            let parts: Vec<&[Piece]> = parts.iter().map(Vec::as_slice).collect();
            let (row, orphans) = overlay(&own, &parts);
            push(&row, &orphans);
        }
    }
}

fn each_thread(
    trace: &Trace,
    spans: &Spans,
    rows: &[Row],
    push: &mut impl FnMut(&[Piece], &[Piece]),
) {
    let mut by_lane: Vec<Vec<Piece>> = vec![Vec::new(); trace.lanes.len()];
    for span in spans.all().iter().filter(|span| span.state.holds_lane()) {
        if let Some(lane) = by_lane.get_mut(usize::from(span.lane.0)) {
            lane.extend(Piece::of(span, trace));
        }
    }
    for row in rows {
        let Subject::Lane(id) = row.subject else {
            continue;
        };
        let mut pieces = std::mem::take(&mut by_lane[usize::from(id.0)]);
        sort_by_number(&mut pieces, |piece| piece.start.as_nanos());
        // A simulated lane has one holder at a time; measured ones may overlap by a hair.
        let mut tracks = apart(&pieces).into_iter();
        let first = tracks.next().unwrap_or_default();
        let rest: Vec<Piece> = tracks.flatten().collect();
        push(&first, &rest);
    }
}

/// The parts of each owner, in order of creation.
struct Parts {
    by_owner: Vec<(InstanceId, InstanceId)>,
}

impl Parts {
    fn of(trace: &Trace) -> Self {
        let ids = (0..trace.instances.len() as u32).map(InstanceId);
        let parts = ids.filter(|&id| trace.instance(id).role == Role::Part);
        let mut by_owner: Vec<_> = parts.map(|id| (owner(trace, id), id)).collect();
        // They are found in order of creation.
        sort_by_number(&mut by_owner, |(owner, _)| u64::from(owner.0));
        Self { by_owner }
    }

    fn of_instance(&self, id: InstanceId) -> impl Iterator<Item = InstanceId> + '_ {
        let first = self.by_owner.partition_point(|&(owner, _)| owner < id);
        let all = self.by_owner[first..].iter();
        all.take_while(move |&&(owner, _)| owner == id)
            .map(|&(_, part)| part)
    }
}

/// Pieces sorted by start, dealt to as few tracks as keep them from overlapping.
fn apart(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut tracks: Vec<Vec<Piece>> = Vec::new();
    let mut free: BinaryHeap<Reverse<(SimTime, usize)>> = BinaryHeap::new();
    let mut pieces = pieces.to_vec();
    sort_by_number(&mut pieces, |piece| piece.start.as_nanos());
    for piece in pieces {
        let track = match free.peek() {
            Some(&Reverse((end, track))) if end <= piece.start => {
                free.pop();
                track
            }
            _ => {
                tracks.push(Vec::new());
                tracks.len() - 1
            }
        };
        tracks[track].push(piece);
        free.push(Reverse((piece.end, track)));
    }
    tracks
}

fn marks_by_row(trace: &Trace, rows: &[Row]) -> (Vec<Mark>, Vec<u32>) {
    let mut row_of = vec![0_u32; trace.instances.len()];
    for (number, row) in rows.iter().enumerate() {
        if let Subject::Instance(id) = row.subject {
            row_of[id.0 as usize] = number as u32;
        }
    }
    let row = |mark: &Mark| row_of[owner(trace, mark.instance).0 as usize] as usize;
    let mut marks = mark::marks(trace);
    sort_by_number(&mut marks, |mark| row(mark) as u64);
    let mut begins = vec![0_u32; rows.len() + 1];
    for mark in &marks {
        begins[row(mark) + 1] += 1;
    }
    for number in 1..begins.len() {
        begins[number] += begins[number - 1];
    }
    (marks, begins)
}

fn servers(workload: &Workload, trace: &Trace, rows: &[Row]) -> Option<Vec<u16>> {
    let server = |row: &Row| match row.subject {
        Subject::Instance(id) => trace.instance(id).server,
        Subject::Lane(id) => trace.lane(id).map_or(0, |lane| lane.server),
    };
    (workload.machine.servers > 1).then(|| rows.iter().map(server).collect())
}

fn kinds(pieces: &Pieces) -> Vec<Kind> {
    let mut found = [false; Kind::COUNT];
    for piece in pieces.all() {
        found[piece.kind as usize] = true;
    }
    let occurs = |kind: &Kind| found[*kind as usize];
    Kind::ALL.into_iter().filter(occurs).collect()
}
