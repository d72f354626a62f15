//! What a cell of the terminal shows of a bar.

use crate::paint::text::Glyphs;
use crate::scene::kind::{Kind, TimeByKind};
use crate::scene::piece::Piece;
use model::time::SimTime;

/// What is in a cell of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    Kind(Kind),
    /// Computes and waits for the GIL or a core, over and over: which of the two
    /// fills more of a cell is chance.
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

/// The terminal's colour for it.
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

/// When each cell of a bar begins; the same for all bars of a chart.
pub(super) struct Columns {
    /// One more at the end.
    edges: Vec<SimTime>,
}

impl Columns {
    pub(super) fn new(end: SimTime, count: usize) -> Self {
        let edge = |cell: usize| {
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

    /// The first cell that something from then on can be in.
    fn first_at(&self, start: SimTime) -> usize {
        self.edges[1..].partition_point(|edge| *edge <= start)
    }
}

/// What fills most of each cell.
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
        // What fills less than two fifths of a cell is shown only where it stands alone.
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

/// What a cell of these pieces shows.
fn most(pieces: &[Piece], amounts: &TimeByKind) -> Option<Cell> {
    let waits = pieces.iter().any(|piece| piece.kind != Kind::Running);
    if waits && pieces.len() >= TURNS_MIN && pieces.iter().all(takes_turns) {
        return Some(Cell::Turns);
    }
    let most = Kind::ALL
        .into_iter()
        .max_by_key(|kind| (amounts[*kind as usize], std::cmp::Reverse(*kind)));
    most.filter(|kind| amounts[*kind as usize] > 0)
        .map(Cell::Kind)
}

/// Fewer pieces in a cell are not yet a pattern.
const TURNS_MIN: usize = 3;

fn takes_turns(piece: &Piece) -> bool {
    matches!(
        piece.kind,
        Kind::Running | Kind::QueuedGil | Kind::QueuedCore
    )
}

/// Work too short to win a cell takes the one it is in: it is what the task is about.
fn show_short_work(cells: &mut [Option<Cell>], track: &[Piece], end: SimTime) {
    let count = cells.len();
    if track.len() > count || end == SimTime::ZERO {
        return;
    }
    let cell = |at: SimTime| {
        let scaled = u128::from(at.as_nanos()) * count as u128 / u128::from(end.as_nanos());
        (scaled as usize).min(count - 1)
    };
    for piece in track.iter().filter(|piece| piece.kind.is_work()) {
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
