//! The cells of a bar in the terminal: their states, characters and colours.

use crate::paint::text::Glyphs;
use crate::scene::kind::{Kind, TimeByKind};
use crate::scene::piece::Piece;
use model::time::SimTime;

/// The content of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    Kind(Kind),
    /// Alternates between computing and waiting for the GIL or a core. A single state would be
    /// arbitrary, and change from cell to cell.
    Turns,
}

pub(super) fn glyph(cell: Cell, glyphs: Glyphs) -> char {
    let Cell::Kind(kind) = cell else {
        return match glyphs {
            Glyphs::Blocks => '▚',
            Glyphs::Ascii => '%',
        };
    };
    let (block, ascii) = match kind {
        Kind::Running => ('█', '#'),
        Kind::BlockingLoop => ('▓', 'X'),
        Kind::BlockingThread => ('▒', 'o'),
        Kind::Awaiting => ('░', '-'),
        Kind::Ready => ('·', '.'),
        Kind::Unaccepted => ('\'', '\''),
        Kind::QueuedThread => (':', ':'),
        Kind::QueuedWorker => (';', ';'),
        Kind::QueuedGil => ('×', 'x'),
        Kind::QueuedCore => ('+', '+'),
        Kind::WaitingPermit => ('=', '='),
        Kind::WaitingQueue => ('<', '<'),
        Kind::WaitingSignal => ('~', '~'),
        Kind::WaitingTasks => ('─', '_'),
        Kind::Offloaded => ('╌', '|'),
    };
    match glyphs {
        Glyphs::Blocks => block,
        Glyphs::Ascii => ascii,
    }
}

/// The ANSI colour code of a cell.
pub(super) fn ansi(cell: Cell) -> &'static str {
    let Cell::Kind(kind) = cell else {
        return "34";
    };
    match kind {
        Kind::Running => "34",
        Kind::BlockingLoop => "31",
        Kind::BlockingThread => "35",
        Kind::Awaiting => "33",
        Kind::Ready | Kind::Unaccepted | Kind::WaitingTasks | Kind::Offloaded => "90",
        Kind::QueuedThread | Kind::QueuedWorker => "95",
        Kind::QueuedGil => "91",
        Kind::QueuedCore | Kind::WaitingQueue => "36",
        Kind::WaitingPermit => "32",
        Kind::WaitingSignal => "93",
    }
}

/// The times at which the cells begin. They are the same for all bars of a chart.
pub(super) struct Columns {
    /// One for each cell, and the end of the last.
    edges: Vec<SimTime>,
}

impl Columns {
    pub(super) fn new(end: SimTime, count: usize) -> Self {
        let edge = |cell: usize| {
            // Multiplied first, so that rounding errors do not add up; hence u128.
            let nanos = u128::from(end.as_nanos()) * cell as u128 / count.max(1) as u128;
            SimTime::from_nanos(nanos as u64)
        };
        Self {
            edges: (0..=count).map(edge).collect(),
        }
    }

    fn count(&self) -> usize {
        self.edges.len() - 1
    }

    fn end(&self) -> SimTime {
        self.edges[self.count()]
    }

    /// The cell that contains `start`.
    fn first_at(&self, start: SimTime) -> usize {
        self.edges[1..].partition_point(|edge| *edge <= start)
    }
}

/// The cells of a bar. Each shows the state that fills most of it.
pub(super) fn cells(track: &[Piece], columns: &Columns) -> Vec<Option<Cell>> {
    let count = columns.count();
    let mut cells: Vec<Option<Cell>> = vec![None; count];
    let Some(start) = track.first().map(|piece| piece.start) else {
        return cells;
    };
    let mut faint: Vec<Option<Cell>> = vec![None; count];
    let mut first = 0;
    for cell in columns.first_at(start)..count {
        let (from, to) = (columns.edges[cell], columns.edges[cell + 1]);
        // Pieces are sorted, so the search continues at the last cell's first piece.
        first += track[first..].partition_point(|piece| piece.end <= from);
        if first == track.len() {
            break;
        }
        let here = &track[first..];
        let here = &here[..here.partition_point(|piece| piece.start < to)];
        if here.is_empty() {
            continue;
        }
        let amounts = amounts(here, from, to);
        let most = most(here, &amounts);
        // Pieces that fill less than two fifths of a cell are shown only if both neighbours are
        // empty. Otherwise a bar would look a cell too long.
        let busy: u64 = amounts.iter().sum();
        let enough = busy.saturating_mul(5) >= to.since(from).as_nanos().saturating_mul(2);
        let place = if enough { &mut cells } else { &mut faint };
        place[cell] = most;
    }
    for cell in 0..count {
        let before = cell.checked_sub(1).and_then(|before| cells[before]);
        let after = cells.get(cell + 1).copied().flatten();
        if before.is_none() && after.is_none() && cells[cell].is_none() {
            cells[cell] = faint[cell];
        }
    }
    show_short_work(&mut cells, track, columns.end());
    cells
}

/// The content of a cell with these pieces.
fn most(pieces: &[Piece], amounts: &TimeByKind) -> Option<Cell> {
    let waits = pieces.iter().any(|piece| piece.kind != Kind::Running);
    if waits && pieces.len() >= TURNS_MIN && pieces.iter().all(takes_turns) {
        return Some(Cell::Turns);
    }
    let most = Kind::ALL
        .into_iter()
        // Of equal amounts, the kind that is first in the legend wins.
        .max_by_key(|kind| (amounts[*kind as usize], std::cmp::Reverse(*kind)));
    most.filter(|kind| amounts[*kind as usize] > 0)
        .map(Cell::Kind)
}

/// The least number of pieces in a cell that count as alternating.
const TURNS_MIN: usize = 3;

fn takes_turns(piece: &Piece) -> bool {
    matches!(
        piece.kind,
        Kind::Running | Kind::QueuedGil | Kind::QueuedCore
    )
}

/// Shows work that is too short to fill most of a cell, e.g. `cpu 1ms` in a second of waiting.
/// Without it, the chart would hide the task's own work.
fn show_short_work(cells: &mut [Option<Cell>], track: &[Piece], end: SimTime) {
    let count = cells.len();
    // With more pieces than cells, most cells would show such exceptions.
    if track.len() > count || end == SimTime::ZERO {
        return;
    }
    let cell = |at: SimTime| {
        let scaled = u128::from(at.as_nanos()) * count as u128 / u128::from(end.as_nanos());
        (scaled as usize).min(count - 1)
    };
    for piece in track.iter().filter(|piece| piece.kind.is_work()) {
        // A piece that ends at an edge is not in the next cell.
        let last = cell(SimTime::from_nanos(piece.end.as_nanos() - 1));
        let own = cell(piece.start)..last + 1;
        if cells[own]
            .iter()
            .all(|cell| *cell != Some(Cell::Kind(piece.kind)))
        {
            let middle = piece.start.as_nanos() / 2 + piece.end.as_nanos() / 2;
            cells[cell(SimTime::from_nanos(middle))] = Some(Cell::Kind(piece.kind));
        }
    }
}

fn amounts(track: &[Piece], from: SimTime, to: SimTime) -> TimeByKind {
    let mut amounts = [0; Kind::COUNT];
    for piece in track {
        let (start, end) = (piece.start.max(from), piece.end.min(to));
        amounts[piece.kind as usize] += end.since(start).as_nanos();
    }
    amounts
}
