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
use crate::scene::plan;
use crate::scene::plot::MERGED_PITCH_PX;
use crate::scene::rows::{self, By, Row, Subject, owner};
use crate::scene::strip::rows_each;
use crate::slices::{self, SLICE, Work};
use crate::time::SimTime;
use crate::trace::spans::each_span;
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
    marks: Marks,
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
        slices::whole(Self::in_slices(workload, trace, spans, by))
    }

    /// The same for whoever has other duties.
    pub fn in_slices<'a>(
        workload: &'a Workload,
        trace: &'a Trace,
        spans: &'a Spans,
        by: By,
    ) -> Work<'a, Self> {
        Box::pin(Self::made(workload, trace, spans, by))
    }

    async fn made(workload: &Workload, trace: &Trace, spans: &Spans, by: By) -> Self {
        let rows = rows::rows(trace, by).await;
        let mut tracks = Tracks::new();
        match by {
            By::Tasks => each_task(trace, spans, &rows, &mut tracks).await,
            By::Threads => each_thread(trace, &rows, &mut tracks).await,
        }
        let Tracks { begins, mut pieces } = tracks;
        let kinds = pieces.sum_up().await;
        let marks = match by {
            By::Tasks => Marks::by_row(trace, &rows).await,
            By::Threads => Marks::none(&rows),
        };
        let labels = Labels::new(workload, trace);
        slices::pause().await;
        Self {
            by,
            end: trace.end,
            kinds,
            servers: servers(workload, trace, &rows),
            rows,
            tracks: begins,
            pieces,
            marks,
            windows: frozen::windows(trace, spans).await,
            labels,
            strips: None,
        }
    }

    /// Makes what a first picture of at most this height needs besides.
    pub async fn prepare(&mut self, height_max_px: f64) {
        let pitch_px = plan::pitch(self.rows.len().max(1), height_max_px);
        if pitch_px < MERGED_PITCH_PX {
            self.strips = Some(self.merged(rows_each(pitch_px)).await);
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
    pub fn mark_kinds(&self) -> &[MarkKind] {
        &self.marks.kinds
    }

    /// A row's pieces in order of time, without its orphans.
    pub fn pieces(&self, row: usize) -> &[Piece] {
        self.pieces.track(self.tracks[row] as usize)
    }

    pub fn marks(&self, row: usize) -> &[Mark] {
        self.marks.of_row(row)
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
            .unwrap_or_else(|| slices::whole(self.merged(rows_each)));
        self.strips.insert(strips)
    }

    fn merged(&self, rows_each: usize) -> Work<'_, Strips> {
        let pieces = self.pieces.all().len();
        Box::pin(Strips::new(
            self.rows.len(),
            pieces,
            rows_each,
            |row, found| {
                for track in self.tracks(row) {
                    found(self.pieces.track(track));
                }
            },
        ))
    }
}

/// Rows under construction.
struct Tracks {
    /// Each row's first track; one more at the end.
    begins: Vec<u32>,
    pieces: Pieces,
}

impl Tracks {
    fn new() -> Self {
        Self {
            begins: vec![0],
            pieces: Pieces::new(),
        }
    }

    fn push_row(&mut self, row: &[Piece], orphans: &[Piece]) {
        self.pieces.push_track(row);
        for track in apart(orphans) {
            self.pieces.push_track(&track);
        }
        self.begins.push(self.pieces.track_count() as u32);
    }
}

async fn each_task(trace: &Trace, spans: &Spans, rows: &[Row], tracks: &mut Tracks) {
    let parts = Parts::of(trace);
    tracks.pieces.expect(spans.len());
    let pieces = |id: InstanceId| -> Vec<Piece> {
        let spans = spans.of_instance(id).iter();
        spans.filter_map(|span| Piece::of(span, trace)).collect()
    };
    let mut since_pause = 0;
    for row in rows {
        let Subject::Instance(id) = row.subject else {
            continue;
        };
        let own = pieces(id);
        let parts: Vec<Vec<Piece>> = parts.of_instance(id).map(pieces).collect();
        if parts.is_empty() {
            tracks.push_row(&own, &[]);
        } else {
            let parts: Vec<&[Piece]> = parts.iter().map(Vec::as_slice).collect();
            let (row, orphans) = overlay(&own, &parts);
            tracks.push_row(&row, &orphans);
        }
        since_pause += 1 + own.len() + parts.len();
        if since_pause > SLICE {
            since_pause = 0;
            slices::pause().await;
        }
    }
}

async fn each_thread(trace: &Trace, rows: &[Row], tracks: &mut Tracks) {
    let mut by_lane: Vec<Lane> = trace.lanes.iter().map(|_| Lane::default()).collect();
    // In the order of their ends, which on one thread is that of their starts.
    each_span(trace, &mut |span| {
        if span.state.holds_lane()
            && let Some(lane) = by_lane.get_mut(usize::from(span.lane.0))
            && let Some(piece) = Piece::of(&span, trace)
        {
            lane.push(piece);
        }
    })
    .await;
    tracks.pieces.expect(by_lane.iter().map(Lane::len).sum());
    for row in rows {
        let Subject::Lane(id) = row.subject else {
            continue;
        };
        let lane = std::mem::take(&mut by_lane[usize::from(id.0)]);
        if lane.overlaps {
            // A simulated lane has one holder at a time; measured ones may overlap by a hair.
            let mut apart = apart(&lane.slices.concat()).into_iter();
            let first = apart.next().unwrap_or_default();
            let rest: Vec<Piece> = apart.flatten().collect();
            tracks.push_row(&first, &rest);
        } else {
            // Each is freed once it is copied.
            for slice in lane.slices {
                tracks.pieces.extend_track(&slice);
                slices::pause().await;
            }
            tracks.push_row(&[], &[]);
        }
        slices::pause().await;
    }
}

/// What one thread does, in slices: a vector of a million pieces that grows is moved as a whole.
#[derive(Default)]
struct Lane {
    slices: Vec<Vec<Piece>>,
    overlaps: bool,
}

impl Lane {
    fn push(&mut self, piece: Piece) {
        let last = self.slices.last().and_then(|slice| slice.last());
        self.overlaps |= last.is_some_and(|last| piece.start < last.end);
        match self.slices.last_mut() {
            Some(slice) if slice.len() < SLICE => slice.push(piece),
            _ => self.slices.push(vec![piece]),
        }
    }

    fn len(&self) -> usize {
        self.slices.iter().map(Vec::len).sum()
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

/// By row, then by time.
#[derive(Clone, Debug)]
struct Marks {
    all: Vec<Mark>,
    /// Where each row's begin; one more at the end.
    begins: Vec<u32>,
    kinds: Vec<MarkKind>,
}

impl Marks {
    fn none(rows: &[Row]) -> Self {
        Self {
            all: Vec::new(),
            begins: vec![0; rows.len() + 1],
            kinds: Vec::new(),
        }
    }

    async fn by_row(trace: &Trace, rows: &[Row]) -> Self {
        let mut row_of = vec![0_u32; trace.instances.len()];
        for (number, row) in rows.iter().enumerate() {
            if let Subject::Instance(id) = row.subject {
                row_of[id.0 as usize] = number as u32;
            }
        }
        let mut by_time = Vec::new();
        let mut begins = vec![0_u32; rows.len() + 1];
        let mut found = [false; MarkKind::ALL.len()];
        slices::each(trace.log.iter(), |record| {
            if let Some(mark) = mark::mark(trace, &record) {
                let row = row_of[owner(trace, mark.instance).0 as usize];
                begins[row as usize + 1] += 1;
                found[mark.kind as usize] = true;
                by_time.push((row, mark));
            }
        })
        .await;
        for row in 1..begins.len() {
            begins[row] += begins[row - 1];
        }
        let occurs = |kind: &MarkKind| found[*kind as usize];
        let kinds = MarkKind::ALL.into_iter().filter(occurs).collect();
        let Some(&(_, any)) = by_time.first() else {
            return Self::none(rows);
        };
        let mut next = begins.clone();
        let mut all = slices::repeated(any, by_time.len()).await;
        slices::each(by_time, |(row, mark)| {
            let place = &mut next[row as usize];
            all[*place as usize] = mark;
            *place += 1;
        })
        .await;
        Self { all, begins, kinds }
    }

    fn of_row(&self, row: usize) -> &[Mark] {
        &self.all[self.begins[row] as usize..self.begins[row + 1] as usize]
    }
}

fn servers(workload: &Workload, trace: &Trace, rows: &[Row]) -> Option<Vec<u16>> {
    let server = |row: &Row| match row.subject {
        Subject::Instance(id) => trace.instance(id).server,
        Subject::Lane(id) => trace.lane(id).map_or(0, |lane| lane.server),
    };
    (workload.machine.servers > 1).then(|| rows.iter().map(server).collect())
}
