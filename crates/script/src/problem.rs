//! What can be wrong with a script: the problems with their data, and their codes.
//!
//! What is said about each stands in [`super::message`], [`super::hint`] and
//! [`super::explain()`].

use super::diagnostic::Severity;
use super::python::Python;
use super::vocabulary::ClauseWord;

/// A problem with what is needed to talk about it.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    // The text.
    InvalidUtf8 {
        byte: u8,
    },
    TooManyBytes {
        bytes: usize,
    },
    TooManyLines {
        lines: usize,
    },
    MixedIndentation,
    UnexpectedIndent {
        after: Option<String>,
    },
    UnevenDedent,
    UnexpectedCharacter {
        found: String,
    },
    UnclosedText {
        close: char,
    },
    EmptyScript,
    NoTasks,

    // The shape.
    UnknownStatement {
        word: String,
        near: Option<String>,
    },
    UnknownSegment {
        word: String,
        near: Option<String>,
    },
    PythonWord {
        word: String,
        python: &'static Python,
    },
    Expected {
        want: Want,
        found: Found,
    },
    UnknownWord {
        word: String,
        near: Option<String>,
        of: WordsOf,
    },
    MissingBody {
        after: String,
    },
    TooDeep,
    UnbalancedBracket {
        bracket: char,
        counterpart: char,
    },
    StrayClause {
        clause: ClauseWord,
    },
    LonelyTry,
    ReservedName {
        word: String,
    },
    BlockInLine {
        word: String,
        /// The segment up to its block: `timeout 3`.
        head: String,
    },
    TaskArguments {
        name: String,
    },
    MissingArrow {
        found: String,
        missing: Missing,
    },
    SegmentOutsideTask {
        word: String,
    },
    StatementInsideTask {
        word: String,
    },
    ClashingArrivals,
    AwaitTask {
        name: String,
    },

    // The values.
    UnknownUnit {
        unit: String,
        near: Option<&'static str>,
    },
    NegativeNumber {
        written: String,
    },
    DurationTooLong {
        written: String,
    },
    DurationTooFine {
        written: String,
    },
    RangeReversed {
        low: String,
        high: String,
        instead: String,
    },
    NotWhole {
        written: String,
    },
    OutOfRange {
        what: &'static str,
        written: String,
        least: String,
        most: String,
    },
    ToleranceWithoutEqual {
        comparison: &'static str,
    },
    OrderOfOne {
        name: String,
    },
    TooManyInstances {
        instances: u128,
    },
    TooManyTasks,

    // The names.
    UnknownTask {
        name: String,
        near: Option<String>,
    },
    UnknownResource {
        name: String,
        near: Option<String>,
        wanted: Wanted,
    },
    UnknownHandle {
        name: String,
        near: Option<String>,
        verb: &'static str,
    },
    WaitBeforeSpawn {
        name: String,
        verb: &'static str,
    },
    WrongKind {
        name: String,
        kind: Kind,
        verb: String,
        wanted: Wanted,
    },
    DuplicateName {
        name: String,
        first_line: u32,
        first_kind: Kind,
    },
    DuplicateSetting {
        word: &'static str,
        first_line: u32,
    },
    HandleTakesName {
        name: String,
        kind: Kind,
    },

    // The meaning.
    NotInSync {
        verb: &'static str,
        place: SyncPlace,
    },
    CallFromSync {
        name: String,
        place: SyncPlace,
    },
    NeedsAsync {
        verb: &'static str,
        name: String,
    },
    NeedsSync {
        verb: &'static str,
        name: String,
    },
    RespondInBlock {
        word: &'static str,
    },
    EndlessRecursion {
        cycle: Vec<String>,
    },
    NothingRuns,

    // Warnings.
    UnusedTask {
        name: String,
    },
    UnusedResource {
        name: String,
        kind: Kind,
    },
    UnusedHandle {
        name: String,
    },
    Unreachable {
        after: &'static str,
    },
    NeverFilled {
        name: String,
        kind: Kind,
    },
    NeverTaken {
        name: String,
    },
    OutsideWith {
        name: String,
        verb: &'static str,
    },
    ForeverWithoutTime,
    QueueOfZero {
        name: String,
    },

    More {
        count: usize,
        any_error: bool,
    },
}

/// What the grammar asks for at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    Segment,
    Duration,
    /// Behind `..`.
    UpperEnd,
    Count,
    /// The number of a `/s`.
    RateUnit,
    TaskName,
    NewName,
    QueueName,
    ResourceName,
    EventName,
    ConditionName,
    WaitName,
    HandleName,
    Text,
    Colon,
    Def,
    Block,
    TaskOrBlock,
    OnOrOff,
    Claim,
    Stage,
    LineEnd,
    Arrival,
}

/// What stands there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    LineEnd,
    Text(String),
}

/// What makes sense of something behind a whole segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It begins a segment.
    Arrow,
    /// It looks like an arrow: `>`, `=>`.
    ArrowInstead,
    /// It is one more member: `gather a b`.
    Comma,
    Nothing,
}

/// Which set of words a misspelt one belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordsOf {
    Claim,
    Stage,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    AsyncTask,
    SyncTask,
    Queue,
    Semaphore,
    Lock,
    Event,
    Condition,
}

/// What a segment asks of the name behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Task,
    Queue,
    /// A semaphore, a lock or a condition.
    Lockable,
    Event,
    Condition,
    /// A handle, an event or a condition.
    Awaitable,
    Handle,
}

/// Where a sync body stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncPlace {
    /// `def NAME:`
    Def(String),
    /// A `thread:`, `executor:` or `process:` block.
    Block(&'static str),
}

macro_rules! codes {
    ($($code:ident = $name:literal, $severity:ident;)*) => {
        /// The stable name of a kind of problem: `L201`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($code,)* }

        impl Code {
            /// In the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }

            pub const fn severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity,)* }
            }
        }

        impl Problem {
            pub const fn code(&self) -> Code {
                match self { $(Self::$code { .. } => Code::$code,)* }
            }
        }
    };
}

// L0 the text, L1 the shape, L2 values, L3 names, L4 meaning, L5 warnings.
// A number is never used again for something else: people search for them.
codes! {
    InvalidUtf8 = "L001", Error;
    TooManyBytes = "L002", Error;
    TooManyLines = "L003", Error;
    MixedIndentation = "L004", Error;
    UnexpectedIndent = "L005", Error;
    UnevenDedent = "L006", Error;
    UnexpectedCharacter = "L007", Error;
    UnclosedText = "L008", Error;
    EmptyScript = "L009", Error;
    NoTasks = "L010", Error;
    UnknownStatement = "L101", Error;
    UnknownSegment = "L102", Error;
    PythonWord = "L103", Error;
    Expected = "L104", Error;
    UnknownWord = "L105", Error;
    MissingBody = "L106", Error;
    TooDeep = "L107", Error;
    UnbalancedBracket = "L108", Error;
    StrayClause = "L109", Error;
    LonelyTry = "L110", Error;
    ReservedName = "L111", Error;
    BlockInLine = "L112", Error;
    TaskArguments = "L113", Error;
    MissingArrow = "L114", Error;
    SegmentOutsideTask = "L115", Error;
    StatementInsideTask = "L116", Error;
    ClashingArrivals = "L117", Error;
    AwaitTask = "L118", Error;
    UnknownUnit = "L201", Error;
    NegativeNumber = "L202", Error;
    DurationTooLong = "L203", Error;
    DurationTooFine = "L204", Error;
    RangeReversed = "L205", Error;
    NotWhole = "L206", Error;
    OutOfRange = "L207", Error;
    ToleranceWithoutEqual = "L208", Error;
    OrderOfOne = "L209", Error;
    TooManyInstances = "L210", Error;
    TooManyTasks = "L211", Error;
    UnknownTask = "L301", Error;
    UnknownResource = "L302", Error;
    UnknownHandle = "L303", Error;
    WaitBeforeSpawn = "L304", Error;
    WrongKind = "L305", Error;
    DuplicateName = "L306", Error;
    DuplicateSetting = "L307", Error;
    HandleTakesName = "L308", Error;
    NotInSync = "L401", Error;
    CallFromSync = "L402", Error;
    NeedsAsync = "L403", Error;
    NeedsSync = "L404", Error;
    RespondInBlock = "L405", Error;
    EndlessRecursion = "L406", Error;
    NothingRuns = "L407", Error;
    UnusedTask = "L501", Warning;
    UnusedResource = "L502", Warning;
    UnusedHandle = "L503", Warning;
    Unreachable = "L504", Warning;
    NeverFilled = "L505", Warning;
    NeverTaken = "L506", Warning;
    OutsideWith = "L507", Warning;
    ForeverWithoutTime = "L508", Warning;
    QueueOfZero = "L509", Warning;
    More = "L599", Warning;
}

impl Code {
    /// `L201`, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        let code = Self::ALL
            .iter()
            .find(|code| code.as_str().eq_ignore_ascii_case(name))?;
        Some(*code)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
