//! A trace prepared for drawing: rows, their pieces, marks and frozen windows.
//!
//! Built once for each trace; a pan or zoom then costs as much as is on screen. Owns its
//! data, so the trace can be dropped. Positions in pixels are left to `plan` and `viewport`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use crate::scene::density::Strips;
use crate::scene::frozen::{self, FrozenWindow};
use crate::scene::kind::Kind;
use crate::scene::label::Labels;
use crate::scene::mark::{self, Mark, MarkKind};
use crate::scene::open_wait::OpenWaits;
use crate::scene::piece::{Piece, Pieces, overlay_parts};
use crate::scene::plan;
use crate::scene::plot::MERGED_PITCH_PX;
use crate::scene::rows::{self, By, Row, RowOwner, row_instance};
use crate::scene::strip::rows_each;
use crate::scene::visit::{CpuLengths, CpuVisit};
use model::cooperative::{self, BoxedWork, SLICE_ITEMS};
use model::sorting::sort_by_number;
use model::time::SimTime;
use model::trace::spans::each_span;
use model::trace::{InstanceId, Role, Spans, Trace};
use model::workload::Workload;

/// The contents of a chart.
#[derive(Clone, Debug)]
pub struct Timeline {
    by: By,
    run_end: SimTime,
    end: SimTime,
    rows: Vec<Row>,
    /// The first track of each row; one more entry at the end.
    tracks: Vec<u32>,
    pub(super) pieces: Pieces,
    marks: RowMarks,
    windows: Vec<FrozenWindow>,
    /// The server of each row, if there are several servers.
    servers: Option<Vec<u16>>,
    labels: Labels,
    kinds: Vec<Kind>,
    /// Rows merged for the height of the last drawing.
    strips: Option<Strips>,
}

impl Timeline {
    pub fn new(workload: &Workload, trace: &Trace, spans: &Spans, by: By) -> Self {
        cooperative::block_on(Self::new_yielding(workload, trace, spans, by))
    }

    /// Builds a timeline and yields regularly, for use on the UI thread.
    pub fn new_yielding<'a>(
        workload: &'a Workload,
        trace: &'a Trace,
        spans: &'a Spans,
        by: By,
    ) -> BoxedWork<'a, Self> {
        Box::pin(Self::build(workload, trace, spans, by))
    }

    async fn build(workload: &Workload, trace: &Trace, spans: &Spans, by: By) -> Self {
        let rows = rows::rows(trace, by).await;
        let mut tracks = TrackBuilder::new();
        let lengths = CpuLengths::of(workload);
        let open = OpenWaits::of(trace);
        match by {
            By::Tasks => {
                let source = TaskPieces {
                    trace,
                    spans,
                    lengths: &lengths,
                    open: &open,
                };
                add_task_rows(&source, &rows, &mut tracks).await;
            }
            By::Threads => add_thread_rows(trace, &lengths, &rows, &mut tracks).await,
        }
        let TrackBuilder { begins, mut pieces } = tracks;
        let kinds = pieces.compute_sums().await;
        // Marks belong to tasks; a row of a thread has none.
        let marks = match by {
            By::Tasks => RowMarks::by_row(trace, &rows).await,
            By::Threads => RowMarks::none(&rows),
        };
        let labels = Labels::new(workload, trace);
        cooperative::yield_now().await;
        Self {
            by,
            run_end: trace.end,
            end: open.chart_end(),
            kinds,
            servers: servers_of_rows(workload, trace, &rows),
            rows,
            tracks: begins,
            pieces,
            marks,
            windows: frozen::windows(trace, spans).await,
            labels,
            strips: None,
        }
    }

    /// Builds the merged rows that a first picture of at most this height needs.
    pub async fn prepare(&mut self, height_max_px: f64) {
        let pitch_px = plan::row_pitch(self.rows.len().max(1), height_max_px);
        if pitch_px < MERGED_PITCH_PX {
            self.strips = Some(self.build_strips(rows_each(pitch_px)).await);
        }
    }

    pub fn by(&self) -> By {
        self.by
    }

    /// The end of the run.
    pub fn run_end(&self) -> SimTime {
        self.run_end
    }

    /// Whether waits are drawn beyond the end of the run.
    pub fn has_open_waits(&self) -> bool {
        self.end > self.run_end
    }

    /// Whether a piece is a wait that never ends, in a deadlock.
    pub fn is_open(&self, piece: &Piece) -> bool {
        piece.end > self.run_end
    }

    /// The end of the chart: that of the run, or later if waits never end.
    pub fn end(&self) -> SimTime {
        self.end
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The number of bars, including those that are no longer awaited.
    pub fn bar_count(&self) -> usize {
        self.pieces.all().len()
    }

    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    pub fn windows(&self) -> &[FrozenWindow] {
        &self.windows
    }

    /// The rows among these that a window concerns, as ranges; with several servers, only the
    /// rows of its own.
    pub(super) fn rows_of(&self, window: &FrozenWindow, rows: Range<usize>) -> Vec<Range<usize>> {
        let Some(servers) = &self.servers else {
            return vec![rows];
        };
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for row in rows.filter(|&row| servers[row] == window.server) {
            match ranges.last_mut() {
                Some(last) if last.end == row => last.end = row + 1,
                _ => ranges.push(row..row + 1),
            }
        }
        ranges
    }

    /// The kinds that occur, in the order of the legend.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The kinds of marks that occur.
    pub fn mark_kinds(&self) -> &[MarkKind] {
        &self.marks.kinds
    }

    /// The pieces of a row in order of time, without its orphans.
    pub fn pieces(&self, row: usize) -> &[Piece] {
        self.pieces.track(self.tracks[row] as usize)
    }

    pub fn marks(&self, row: usize) -> &[Mark] {
        self.marks.of_row(row)
    }

    /// All tracks of a row: its own first, then those of its orphans.
    pub(super) fn tracks(&self, row: usize) -> Range<usize> {
        self.tracks[row] as usize..self.tracks[row + 1] as usize
    }

    /// The pieces of all tracks of a row: its own first, then those of its orphans.
    pub fn tracks_of(&self, row: usize) -> impl Iterator<Item = &[Piece]> + '_ {
        self.tracks(row).map(|track| self.pieces.track(track))
    }

    pub(super) fn piece(&self, number: usize) -> &Piece {
        &self.pieces.all()[number]
    }

    /// Rows merged in groups of `rows_each`; cached until another size is needed.
    pub(super) fn strips(&mut self, rows_each: usize) -> &Strips {
        let kept = self.strips.take();
        let strips = kept
            .filter(|strips| strips.rows_each() == rows_each)
            .unwrap_or_else(|| cooperative::block_on(self.build_strips(rows_each)));
        self.strips.insert(strips)
    }

    fn build_strips(&self, rows_each: usize) -> BoxedWork<'_, Strips> {
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

/// Collects the tracks of rows.
struct TrackBuilder {
    /// The first track of each row; one more entry at the end.
    begins: Vec<u32>,
    pieces: Pieces,
}

impl TrackBuilder {
    fn new() -> Self {
        Self {
            begins: vec![0],
            pieces: Pieces::new(),
        }
    }

    fn push_row(&mut self, row: &[Piece], orphans: &[Piece]) {
        self.pieces.push_track(row);
        for track in separate_tracks(orphans) {
            self.pieces.push_track(&track);
        }
        self.begins.push(self.pieces.track_count() as u32);
    }
}

/// The pieces of instances, from their spans.
struct TaskPieces<'a> {
    trace: &'a Trace,
    spans: &'a Spans,
    lengths: &'a CpuLengths,
    open: &'a OpenWaits,
}

impl TaskPieces<'_> {
    fn of(&self, id: InstanceId) -> Vec<Piece> {
        let spans = self.spans.of_instance(id).iter();
        let pieces = spans.filter_map(|span| Piece::of(span, self.trace));
        let mut pieces = self.lengths.joined(pieces);
        self.open.extend(id, &mut pieces, self.trace);
        pieces
    }
}

async fn add_task_rows(source: &TaskPieces<'_>, rows: &[Row], tracks: &mut TrackBuilder) {
    let parts = PartsByOwner::of(source.trace);
    tracks.pieces.reserve(source.spans.len());
    let pieces = |id: InstanceId| source.of(id);
    let mut work_since_yield = 0;
    for row in rows {
        let RowOwner::Instance(id) = row.subject else {
            continue;
        };
        let own = pieces(id);
        let parts: Vec<Vec<Piece>> = parts.of_instance(id).map(pieces).collect();
        if parts.is_empty() {
            tracks.push_row(&own, &[]);
        } else {
            let parts: Vec<&[Piece]> = parts.iter().map(Vec::as_slice).collect();
            let (row, orphans) = overlay_parts(&own, &parts);
            tracks.push_row(&row, &orphans);
        }
        // Yields by work done, because rows differ in their number of pieces.
        work_since_yield += 1 + own.len() + parts.len();
        if work_since_yield > SLICE_ITEMS {
            work_since_yield = 0;
            cooperative::yield_now().await;
        }
    }
}

async fn add_thread_rows(
    trace: &Trace,
    lengths: &CpuLengths,
    rows: &[Row],
    tracks: &mut TrackBuilder,
) {
    let mut by_lane: Vec<LanePieces> = trace.lanes.iter().map(|_| LanePieces::default()).collect();
    // Spans come in the order of their ends, which on one thread is the order of their starts.
    each_span(trace, &mut |span| {
        if span.state.holds_lane()
            && let Some(lane) = by_lane.get_mut(usize::from(span.lane.0))
            && let Some(piece) = Piece::of(&span, trace)
        {
            lane.push(piece, lengths);
        }
    })
    .await;
    tracks
        .pieces
        .reserve(by_lane.iter().map(LanePieces::len).sum());
    for row in rows {
        let RowOwner::Lane(id) = row.subject else {
            continue;
        };
        let lane = std::mem::take(&mut by_lane[usize::from(id.0)]);
        if lane.overlaps {
            // A simulated lane has one holder at a time; measured holders may overlap slightly.
            let mut apart = separate_tracks(&lane.slices.concat()).into_iter();
            let first = apart.next().unwrap_or_default();
            let rest: Vec<Piece> = apart.flatten().collect();
            tracks.push_row(&first, &rest);
        } else {
            // Each slice is freed once it has been copied.
            for slice in lane.slices {
                tracks.pieces.extend_track(&slice);
                cooperative::yield_now().await;
            }
            tracks.push_row(&[], &[]);
        }
        cooperative::yield_now().await;
    }
}

/// The pieces of one thread, in slices. A single vector of a million pieces would be copied
/// as a whole each time it grows, which takes too long for the UI thread.
#[derive(Default)]
struct LanePieces {
    slices: Vec<Vec<Piece>>,
    overlaps: bool,
    visit: CpuVisit,
}

impl LanePieces {
    fn push(&mut self, piece: Piece, lengths: &CpuLengths) {
        let goes_on = self.visit.goes_on(&piece, lengths);
        let last = self.slices.last_mut().and_then(|slice| slice.last_mut());
        if let Some(last) = last {
            self.overlaps |= piece.start < last.end;
            if goes_on && last.kind == piece.kind && last.end == piece.start {
                last.end = piece.end;
                return;
            }
        }
        match self.slices.last_mut() {
            Some(slice) if slice.len() < SLICE_ITEMS => slice.push(piece),
            _ => self.slices.push(vec![piece]),
        }
    }

    fn len(&self) -> usize {
        self.slices.iter().map(Vec::len).sum()
    }
}

/// The parts of each owner, in order of creation.
struct PartsByOwner {
    by_owner: Vec<(InstanceId, InstanceId)>,
}

impl PartsByOwner {
    fn of(trace: &Trace) -> Self {
        let ids = (0..trace.instances.len() as u32).map(InstanceId);
        let parts = ids.filter(|&id| trace.instance(id).role == Role::Part);
        let mut by_owner: Vec<_> = parts.map(|id| (row_instance(trace, id), id)).collect();
        // Sorting keeps the order of creation among the parts of one owner.
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

/// Distributes pieces to as few tracks as possible so that none overlap.
fn separate_tracks(pieces: &[Piece]) -> Vec<Vec<Piece>> {
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

/// The marks of all rows, by row, then by time.
#[derive(Clone, Debug)]
struct RowMarks {
    all: Vec<Mark>,
    /// The first mark of each row; one more entry at the end.
    begins: Vec<u32>,
    kinds: Vec<MarkKind>,
}

impl RowMarks {
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
            if let RowOwner::Instance(id) = row.subject {
                row_of[id.0 as usize] = number as u32;
            }
        }
        let mut by_time = Vec::new();
        let mut begins = vec![0_u32; rows.len() + 1];
        let mut found = [false; MarkKind::ALL.len()];
        cooperative::for_each(trace.log.iter(), |record| {
            if let Some(mark) = mark::mark_of_record(trace, &record) {
                let row = row_of[row_instance(trace, mark.instance).0 as usize];
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
        // A counting sort by row; marks of one row stay in order of time.
        let mut next = begins.clone();
        let mut all = cooperative::filled_vec(any, by_time.len()).await;
        cooperative::for_each(by_time, |(row, mark)| {
            let index = &mut next[row as usize];
            all[*index as usize] = mark;
            *index += 1;
        })
        .await;
        Self { all, begins, kinds }
    }

    fn of_row(&self, row: usize) -> &[Mark] {
        &self.all[self.begins[row] as usize..self.begins[row + 1] as usize]
    }
}

fn servers_of_rows(workload: &Workload, trace: &Trace, rows: &[Row]) -> Option<Vec<u16>> {
    let server = |row: &Row| match row.subject {
        RowOwner::Instance(id) => trace.instance(id).server,
        RowOwner::Lane(id) => trace.lane(id).map_or(0, |lane| lane.server),
    };
    (workload.machine.servers > 1).then(|| rows.iter().map(server).collect())
}
