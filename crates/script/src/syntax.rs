//! The syntax tree: the text's structure, with comments and blank lines.
//!
//! Nodes hold spans, not text. Names are resolved in lowering. A part that could not be parsed
//! is a `Broken` node, and its problem has been reported.

use super::span::Span;
use super::vocabulary::{ResourceWord, SettingWord, StageWord, Unit, Verb};
use model::workload::{Comparison, GatherMode, Percentile};

#[derive(Debug, Default)]
pub(super) struct ScriptTree {
    pub(super) items: Vec<StatementNode>,
    /// Comments after the last item.
    pub(super) tail: Vec<Trivia>,
}

/// A line without code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trivia {
    Blank,
    Comment(Span),
}

/// A statement at the left margin, such as a task or a setting.
#[derive(Debug)]
pub(super) struct StatementNode {
    pub(super) lead: Vec<Trivia>,
    pub(super) line: u32,
    pub(super) span: Span,
    pub(super) comment: Option<Span>,
    pub(super) kind: StatementNodeKind,
}

#[derive(Debug)]
pub(super) enum StatementNodeKind {
    Task(TaskNode),
    Setting(SettingNode),
    Resource(ResourceNode),
    Run(RunNode),
    Expect(ExpectNode),
    Broken,
}

#[derive(Debug)]
pub(super) struct TaskNode {
    pub(super) header: TaskHeader,
    pub(super) name: Span,
    pub(super) body: Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaskHeader {
    /// `NAME:`
    Bare,
    /// `async def NAME:`
    AsyncDef,
    /// `def NAME:`
    Def,
}

/// A sequence of segments.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) layout: BlockLayout,
    pub(super) steps: Vec<SegmentNode>,
    /// Comments after the last step, with its indentation.
    pub(super) tail: Vec<Trivia>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum BlockLayout {
    /// On one line, e.g. `cpu 3 -> await 5`, after a colon or in parentheses.
    #[default]
    Line,
    /// Indented, with one segment a line.
    Lines,
}

/// A segment with its position and comments.
#[derive(Debug)]
pub(super) struct SegmentNode {
    pub(super) lead: Vec<Trivia>,
    pub(super) line: u32,
    /// Without its blocks.
    pub(super) span: Span,
    /// The span of the keyword.
    pub(super) word: Span,
    pub(super) comment: Option<Span>,
    pub(super) kind: SegmentNodeKind,
}

#[derive(Debug)]
pub(super) enum SegmentNodeKind {
    Cpu(LengthNode, Option<Span>),
    Await(LengthNode, Option<Span>),
    Block(LengthNode, Option<Span>),
    Yield,
    Call(Span),
    Spawn {
        task: Span,
        handle: Option<Span>,
    },
    Wait(Span),
    Cancel(Span),
    Gather {
        mode: GatherMode,
        members: Vec<MemberNode>,
    },
    AsCompleted {
        members: Vec<MemberNode>,
        body: Block,
    },
    Group(Block),
    Offload {
        to: Offload,
        work: WorkNode,
    },
    Send {
        task: Span,
        handle: Option<Span>,
    },
    Put(Span),
    Get(Span),
    Shutdown(Span),
    With {
        resource: Span,
        body: Block,
    },
    Acquire(Span),
    Release(Span),
    Set(Span),
    Clear(Span),
    Notify {
        condition: Span,
        count: Option<Count>,
    },
    Shield(Span),
    WaitFor {
        after: LengthNode,
        work: WorkNode,
        /// Only behind a block.
        otherwise: Option<ClauseNode>,
    },
    Respond,
    Print(Span),
    Timeout {
        after: LengthNode,
        body: Block,
        otherwise: Option<ClauseNode>,
    },
    Try {
        body: Block,
        except: Option<ClauseNode>,
        finally: Option<ClauseNode>,
    },
    Fail(Span),
    Repeat {
        times: Count,
        body: Block,
    },
    Forever(Block),
    Broken,
}

impl SegmentNodeKind {
    /// The blocks in the segment, in the order of the text.
    pub(super) fn blocks(&self) -> Vec<&Block> {
        match self {
            Self::Group(body)
            | Self::Forever(body)
            | Self::AsCompleted { body, .. }
            | Self::With { body, .. }
            | Self::Repeat { body, .. }
            | Self::Offload {
                work: WorkNode::Body(body),
                ..
            } => vec![body],
            Self::Timeout {
                body, otherwise, ..
            }
            | Self::WaitFor {
                work: WorkNode::Body(body),
                otherwise,
                ..
            } => std::iter::once(body)
                .chain(otherwise.iter().map(|clause| &clause.body))
                .collect(),
            Self::Try {
                body,
                except,
                finally,
            } => std::iter::once(body)
                .chain(except.iter().chain(finally).map(|clause| &clause.body))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The keyword's meaning; `None` for a broken segment.
    pub(super) fn verb(&self) -> Option<Verb> {
        Some(match self {
            Self::Cpu(..) => Verb::Cpu,
            Self::Await(..) => Verb::Await,
            Self::Block(..) => Verb::Block,
            Self::Yield => Verb::Yield,
            Self::Call(_) => Verb::Call,
            Self::Spawn { .. } => Verb::Spawn,
            Self::Wait(_) => Verb::Wait,
            Self::Cancel(_) => Verb::Cancel,
            Self::Gather { .. } => Verb::Gather,
            Self::AsCompleted { .. } => Verb::AsCompleted,
            Self::Group(_) => Verb::Group,
            Self::Offload { to, .. } => match to {
                Offload::Thread => Verb::Thread,
                Offload::Executor => Verb::Executor,
                Offload::Process => Verb::Process,
            },
            Self::Send { .. } => Verb::Send,
            Self::Put(_) => Verb::Put,
            Self::Get(_) => Verb::Get,
            Self::Shutdown(_) => Verb::Shutdown,
            Self::With { .. } => Verb::With,
            Self::Acquire(_) => Verb::Acquire,
            Self::Release(_) => Verb::Release,
            Self::Set(_) => Verb::Set,
            Self::Clear(_) => Verb::Clear,
            Self::Notify { .. } => Verb::Notify,
            Self::Shield(_) => Verb::Shield,
            Self::WaitFor { .. } => Verb::WaitFor,
            Self::Respond => Verb::Respond,
            Self::Print(_) => Verb::Print,
            Self::Timeout { .. } => Verb::Timeout,
            Self::Try { .. } => Verb::Try,
            Self::Fail(_) => Verb::Fail,
            Self::Repeat { .. } => Verb::Repeat,
            Self::Forever(_) => Verb::Forever,
            Self::Broken => return None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offload {
    Thread,
    Executor,
    Process,
}

#[derive(Debug)]
pub(super) enum WorkNode {
    Task(Span),
    Body(Block),
}

/// A clause with its block: `else:`, `except:` or `finally:`.
#[derive(Debug)]
pub(super) struct ClauseNode {
    pub(super) lead: Vec<Trivia>,
    pub(super) comment: Option<Span>,
    pub(super) body: Block,
}

/// A member of `gather` or `run`, e.g. `3 g`.
#[derive(Clone, Copy, Debug)]
pub(super) struct MemberNode {
    pub(super) count: Option<Count>,
    pub(super) name: Span,
}

/// An integer, e.g. `100`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    pub(super) span: Span,
    pub(super) value: u64,
}

/// A duration, e.g. `3`, `150ms` or `3초`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quantity {
    pub(super) span: Span,
    pub(super) number: Span,
    /// Seconds if no unit was written.
    pub(super) unit: Unit,
    pub(super) nanos: u64,
}

impl Quantity {
    /// A placeholder for a duration that could not be parsed.
    pub(super) fn nothing() -> Self {
        Self {
            span: Span::default(),
            number: Span::default(),
            unit: Unit::Second,
            nanos: 0,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum LengthNode {
    Fixed(Quantity),
    Uniform(Quantity, Quantity),
    Exponential(Quantity),
}

#[derive(Debug)]
pub(super) struct SettingNode {
    pub(super) word: SettingWord,
    pub(super) keyword: Span,
    pub(super) value: SettingValue,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum SettingValue {
    Count(Count),
    Duration(Quantity),
    On,
    Off,
    /// A version of Python, e.g. `3.11`.
    Version(Span),
}

#[derive(Debug)]
pub(super) struct ResourceNode {
    pub(super) word: ResourceWord,
    pub(super) name: Span,
    pub(super) size: Option<Count>,
    /// How long a wait for a pool's permit may last.
    pub(super) timeout: Option<Quantity>,
}

#[derive(Debug)]
pub(super) struct RunNode {
    pub(super) members: Vec<MemberNode>,
    pub(super) arrivals: ArrivalsNode,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum ArrivalsNode {
    /// No arrival was written: all at the start.
    AtOnce,
    At(Quantity),
    Every {
        gap: Quantity,
        from: Option<Quantity>,
    },
    Rate {
        rate: Rate,
        from: Option<Quantity>,
    },
}

/// An arrival rate, e.g. `50/s`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    pub(super) number: Span,
    pub(super) unit: Unit,
    pub(super) gap_nanos: u64,
}

#[derive(Debug)]
pub(super) struct ExpectNode {
    pub(super) claim: ClaimNode,
}

#[derive(Debug)]
pub(super) enum ClaimNode {
    Total(BoundNode),
    Task {
        name: Span,
        number: Option<Count>,
        stage: StageWord,
        bound: Option<BoundNode>,
    },
    Latency {
        name: Span,
        percentile: Percentile,
        bound: BoundNode,
    },
    Order(Vec<Span>),
    Threads {
        comparison: Comparison,
        count: Count,
    },
    LoopLag(BoundNode),
    Freeze(BoundNode),
    Deadlock,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct BoundNode {
    pub(super) comparison: Comparison,
    pub(super) value: Quantity,
    pub(super) tolerance: Option<ToleranceNode>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum ToleranceNode {
    Percent { number: Span, millionths: u32 },
    Duration(Quantity),
}
