//! Bodies as flat instructions: what the kernel steps through.
//!
//! Blocks become jumps, so that a suspended task is one number and a small
//! stack of open blocks. Decides nothing about time or order.

use crate::workload::{
    Body, Executor, GatherErrors, HandleIndex, Length, Member, ResourceIndex, Segment, SegmentId,
    SegmentKind, TaskIndex, TaskKind, Work, Workload,
};

/// An index into [`Program::ops`].
pub(super) type Pc = u32;

/// All bodies of a workload, one after the other.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) ops: Vec<Op>,
    /// The segment each op came from.
    pub(super) segments: Vec<SegmentId>,
    /// Where each task's body begins.
    pub(super) entries: Vec<Pc>,
    /// For each sync task, the coroutine that serves it as a `def` handler.
    pub(super) handlers: Vec<Option<Pc>>,
    /// The members of each `gather`.
    pub(super) gathers: Vec<Vec<Member>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    Cpu(Length),
    Block(Length),
    Await(Length),
    Yield,
    Call(TaskIndex),
    /// The end of a body.
    Return,
    Spawn {
        task: TaskIndex,
        handle: Option<HandleIndex>,
        owner: SpawnOwner,
    },
    Wait(HandleIndex),
    Cancel(HandleIndex),
    Gather {
        members: u32,
        errors: GatherErrors,
    },
    GroupEnter {
        exit: Pc,
    },
    GroupExit,
    Offload {
        to: Executor,
        work: OffloadedWork,
    },
    Send {
        task: TaskIndex,
        handle: Option<HandleIndex>,
    },
    Put(ResourceIndex),
    Get(ResourceIndex),
    WithEnter(ResourceIndex),
    WithExit,
    Acquire(ResourceIndex),
    Release(ResourceIndex),
    SetEvent(ResourceIndex),
    ClearEvent(ResourceIndex),
    WaitEvent(ResourceIndex),
    WaitCondition(ResourceIndex),
    Notify {
        condition: ResourceIndex,
        count: u32,
    },
    Shield(TaskIndex),
    Respond,
    Print,
    /// On a timeout error of its body the task goes on at `otherwise`.
    TimeoutEnter {
        after: Length,
        otherwise: Option<Pc>,
    },
    TimeoutExit,
    /// A failure in what follows goes on at `handler`.
    ExceptEnter {
        handler: Pc,
    },
    ExceptExit,
    /// Whatever ends what follows, `finally` runs next.
    FinallyEnter {
        finally: Pc,
    },
    FinallyExit,
    /// Raises what the `finally` body was entered with.
    FinallyEnd,
    Fail,
    RepeatEnter {
        times: u64,
        exit: Pc,
    },
    RepeatEnd {
        start: Pc,
    },
    Jump(Pc),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpawnOwner {
    Nobody,
    /// The innermost `group:` of the body.
    Group,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum OffloadedWork {
    Task(TaskIndex),
    /// A piece of the same body, which begins here and ends with [`Op::Return`].
    Part(Pc),
}

impl Program {
    pub(super) fn compile(workload: &Workload) -> Self {
        let mut compiler = Compiler {
            program: Self::empty(),
            parts: Vec::new(),
        };
        for task in &workload.tasks {
            let entry = compiler.body_to_return(&task.body, SegmentId(0));
            compiler.program.entries.push(entry);
        }
        for (index, task) in workload.tasks.iter().enumerate() {
            let handler = (task.kind == TaskKind::Sync).then(|| compiler.handler(index));
            compiler.program.handlers.push(handler);
        }
        compiler.program
    }

    fn empty() -> Self {
        Self {
            ops: Vec::new(),
            segments: Vec::new(),
            entries: Vec::new(),
            handlers: Vec::new(),
            gathers: Vec::new(),
        }
    }
}

struct Compiler<'a> {
    program: Program,
    /// Bodies of `thread:` blocks met on the way, compiled after the body that
    /// holds them: the op to patch, the body, its segment.
    parts: Vec<(Pc, &'a Body, SegmentId)>,
}

impl<'a> Compiler<'a> {
    fn here(&self) -> Pc {
        self.program.ops.len() as Pc
    }

    fn emit(&mut self, segment: SegmentId, op: Op) -> Pc {
        let pc = self.here();
        self.program.ops.push(op);
        self.program.segments.push(segment);
        pc
    }

    /// Sets the jump of an op that was emitted before its target was known.
    fn land(&mut self, pc: Pc) {
        let here = self.here();
        match &mut self.program.ops[pc as usize] {
            Op::GroupEnter { exit: target }
            | Op::RepeatEnter { exit: target, .. }
            | Op::ExceptEnter { handler: target }
            | Op::FinallyEnter { finally: target }
            | Op::Jump(target) => *target = here,
            Op::TimeoutEnter { otherwise, .. } => *otherwise = Some(here),
            Op::Offload { work, .. } => *work = OffloadedWork::Part(here),
            _ => unreachable!("it does not jump"),
        }
    }

    fn body_to_return(&mut self, body: &'a Body, segment: SegmentId) -> Pc {
        let entry = self.here();
        self.body(body, SpawnOwner::Nobody);
        let last = body.last().map_or(segment, |segment| segment.id);
        self.emit(last, Op::Return);
        while let Some((pc, part, segment)) = self.parts.pop() {
            self.land(pc);
            self.body_to_return(part, segment);
        }
        entry
    }

    /// `async def handler(): await run_in_threadpool(f)`.
    fn handler(&mut self, task: usize) -> Pc {
        let body = self.program.entries[task];
        let segment = self.program.segments[body as usize];
        let work = OffloadedWork::Part(body);
        let entry = self.emit(
            segment,
            Op::Offload {
                to: Executor::Pool,
                work,
            },
        );
        self.emit(segment, Op::Return);
        entry
    }

    fn body(&mut self, body: &'a Body, owner: SpawnOwner) {
        for segment in body {
            self.segment(segment, owner);
        }
    }

    fn segment(&mut self, segment: &'a Segment, owner: SpawnOwner) {
        let id = segment.id;
        let op = match &segment.kind {
            SegmentKind::Cpu { length, .. } => Op::Cpu(*length),
            SegmentKind::Block { length, .. } => Op::Block(*length),
            SegmentKind::Await { length, .. } => Op::Await(*length),
            SegmentKind::Yield => Op::Yield,
            SegmentKind::Call { task } => Op::Call(*task),
            SegmentKind::Spawn { task, handle } => Op::Spawn {
                task: *task,
                handle: *handle,
                owner,
            },
            SegmentKind::Wait { handle } => Op::Wait(*handle),
            SegmentKind::Cancel { handle } => Op::Cancel(*handle),
            SegmentKind::Gather { members, errors } => {
                self.program.gathers.push(members.clone());
                let members = self.program.gathers.len() as u32 - 1;
                Op::Gather {
                    members,
                    errors: *errors,
                }
            }
            SegmentKind::Offload {
                to,
                work: Work::Task(task),
            } => Op::Offload {
                to: *to,
                work: OffloadedWork::Task(*task),
            },
            SegmentKind::Offload {
                to,
                work: Work::Body(body),
            } => {
                let pc = self.emit(
                    id,
                    Op::Offload {
                        to: *to,
                        work: OffloadedWork::Part(0),
                    },
                );
                self.parts.push((pc, body, id));
                return;
            }
            SegmentKind::Send { task, handle } => Op::Send {
                task: *task,
                handle: *handle,
            },
            SegmentKind::Put { queue } => Op::Put(*queue),
            SegmentKind::Get { queue } => Op::Get(*queue),
            SegmentKind::Acquire { resource } => Op::Acquire(*resource),
            SegmentKind::Release { resource } => Op::Release(*resource),
            SegmentKind::SetEvent { event } => Op::SetEvent(*event),
            SegmentKind::ClearEvent { event } => Op::ClearEvent(*event),
            SegmentKind::WaitEvent { event } => Op::WaitEvent(*event),
            SegmentKind::WaitCondition { condition } => Op::WaitCondition(*condition),
            SegmentKind::Notify { condition, count } => Op::Notify {
                condition: *condition,
                count: *count,
            },
            SegmentKind::Shield { task } => Op::Shield(*task),
            SegmentKind::Respond => Op::Respond,
            SegmentKind::Print { .. } => Op::Print,
            SegmentKind::Fail { .. } => Op::Fail,
            SegmentKind::Group { .. }
            | SegmentKind::With { .. }
            | SegmentKind::Timeout { .. }
            | SegmentKind::Try { .. }
            | SegmentKind::Repeat { .. }
            | SegmentKind::Forever { .. } => return self.block(segment, owner),
        };
        self.emit(id, op);
    }

    fn block(&mut self, segment: &'a Segment, owner: SpawnOwner) {
        let id = segment.id;
        match &segment.kind {
            SegmentKind::Group { body } => {
                let enter = self.emit(id, Op::GroupEnter { exit: 0 });
                self.body(body, SpawnOwner::Group);
                self.land(enter);
                self.emit(id, Op::GroupExit);
            }
            SegmentKind::With { resource, body } => {
                self.emit(id, Op::WithEnter(*resource));
                self.body(body, owner);
                self.emit(id, Op::WithExit);
            }
            SegmentKind::Timeout {
                after,
                body,
                otherwise,
            } => {
                let enter = self.emit(
                    id,
                    Op::TimeoutEnter {
                        after: *after,
                        otherwise: None,
                    },
                );
                self.body(body, owner);
                self.emit(id, Op::TimeoutExit);
                if let Some(otherwise) = otherwise {
                    let over = self.emit(id, Op::Jump(0));
                    self.land(enter);
                    self.body(otherwise, owner);
                    self.land(over);
                }
            }
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                self.try_block(id, body, except.as_ref(), finally.as_ref(), owner);
            }
            SegmentKind::Repeat { times, body } => {
                let enter = self.emit(
                    id,
                    Op::RepeatEnter {
                        times: *times,
                        exit: 0,
                    },
                );
                self.body(body, owner);
                self.emit(id, Op::RepeatEnd { start: enter + 1 });
                self.land(enter);
            }
            SegmentKind::Forever { body } => {
                let start = self.here();
                self.body(body, owner);
                self.emit(id, Op::Jump(start));
            }
            _ => unreachable!("it is no block"),
        }
    }

    /// `try: … except: … finally: …` is the `except` inside the `finally`.
    fn try_block(
        &mut self,
        id: SegmentId,
        body: &'a Body,
        except: Option<&'a Body>,
        finally: Option<&'a Body>,
        owner: SpawnOwner,
    ) {
        let guard = finally.map(|_| self.emit(id, Op::FinallyEnter { finally: 0 }));
        match except {
            None => self.body(body, owner),
            Some(except) => {
                let enter = self.emit(id, Op::ExceptEnter { handler: 0 });
                self.body(body, owner);
                self.emit(id, Op::ExceptExit);
                let over = self.emit(id, Op::Jump(0));
                self.land(enter);
                self.body(except, owner);
                self.land(over);
            }
        }
        if let (Some(guard), Some(finally)) = (guard, finally) {
            self.emit(id, Op::FinallyExit);
            self.land(guard);
            self.body(finally, owner);
            self.emit(id, Op::FinallyEnd);
        }
    }
}
