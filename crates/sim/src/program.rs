//! Bodies compiled to flat lists of ops, which the kernel executes one by one.
//!
//! Blocks become jumps, so a suspended task is a program counter and a small stack of
//! open blocks. Time and order are decided by the kernel.

use model::workload::{
    Body, Executor, GatherMode, HandleIndex, Length, Member, ResourceIndex, Segment, SegmentId,
    SegmentKind, TaskIndex, TaskKind, Work, Workload,
};

/// An index into [`CompiledProgram::ops`].
pub(super) type Pc = u32;

/// The ops of all bodies of a workload.
#[derive(Debug)]
pub(super) struct CompiledProgram {
    pub(super) ops: Vec<Op>,
    /// The segment each op came from.
    pub(super) segments: Vec<SegmentId>,
    /// Where each task's body begins.
    pub(super) entries: Vec<Pc>,
    /// For each sync task, the coroutine that serves it as a `def` handler.
    pub(super) handlers: Vec<Option<Pc>>,
    /// The members of each `gather` and `as_completed`.
    pub(super) gathers: Vec<Vec<Member>>,
}

/// One instruction. Most are a segment; blocks have an op where they are entered and one
/// where they are left.
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
        mode: GatherMode,
    },
    /// Creates the tasks of an `as_completed`.
    CompletionsEnter {
        members: u32,
    },
    /// Awaits the next of them; behind the last one, the task continues at `exit`.
    CompletionsNext {
        exit: Pc,
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
    Shutdown(ResourceIndex),
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
    /// Either runs the task as a child and jumps behind the two ops that follow, a call and
    /// [`Op::TimeoutExit`], or enters the timeout that they need.
    WaitFor {
        after: Length,
        task: TaskIndex,
    },
    Respond,
    Print,
    /// If the body times out, the task continues at `otherwise`.
    TimeoutEnter {
        after: Length,
        otherwise: Option<Pc>,
    },
    TimeoutExit,
    /// If the body raises what it catches, the task continues at `handler`.
    ExceptEnter {
        handler: Pc,
        catches: Caught,
    },
    ExceptExit,
    /// However the body ends, the task continues at `finally`.
    FinallyEnter {
        finally: Pc,
    },
    FinallyExit,
    /// Raises the exception that the `finally` body was entered with, if any.
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

/// The exceptions that a handler catches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caught {
    /// `except Exception`: everything but a cancellation.
    Failures,
    /// `except TimeoutError`.
    Timeouts,
}

/// Whether a spawned task belongs to a task group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpawnOwner {
    Ungrouped,
    /// The innermost `group:` of the body.
    Group,
}

/// The code that an [`Op::Offload`] runs elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) enum OffloadedWork {
    Task(TaskIndex),
    /// Part of the same body: begins at this op and ends with [`Op::Return`].
    Part(Pc),
}

impl CompiledProgram {
    pub(super) fn compile(workload: &Workload) -> Self {
        let mut compiler = Compiler {
            program: Self::empty(),
            pending_parts: Vec::new(),
        };
        for task in &workload.tasks {
            let entry = compiler.compile_function(&task.body, SegmentId(0));
            compiler.program.entries.push(entry);
        }
        for (index, task) in workload.tasks.iter().enumerate() {
            let handler = (task.kind == TaskKind::Sync).then(|| compiler.compile_handler(index));
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
    program: CompiledProgram,
    /// Bodies of `thread:` blocks, compiled after the body that holds them: the op to
    /// patch, the body, its segment.
    pending_parts: Vec<(Pc, &'a Body, SegmentId)>,
}

impl<'a> Compiler<'a> {
    fn next_pc(&self) -> Pc {
        self.program.ops.len() as Pc
    }

    fn emit_op(&mut self, segment: SegmentId, op: Op) -> Pc {
        let pc = self.next_pc();
        self.program.ops.push(op);
        self.program.segments.push(segment);
        pc
    }

    /// Sets the target of an op emitted earlier to the next op.
    fn patch_jump(&mut self, pc: Pc) {
        let here = self.next_pc();
        match &mut self.program.ops[pc as usize] {
            Op::GroupEnter { exit: target }
            | Op::CompletionsNext { exit: target }
            | Op::RepeatEnter { exit: target, .. }
            | Op::ExceptEnter {
                handler: target, ..
            }
            | Op::FinallyEnter { finally: target }
            | Op::Jump(target) => *target = here,
            Op::TimeoutEnter { otherwise, .. } => *otherwise = Some(here),
            Op::Offload { work, .. } => *work = OffloadedWork::Part(here),
            _ => unreachable!("the op has no jump target"),
        }
    }

    fn compile_function(&mut self, body: &'a Body, segment: SegmentId) -> Pc {
        let entry = self.next_pc();
        self.compile_body(body, SpawnOwner::Ungrouped);
        // Returning counts as part of the last segment.
        let last = body.last().map_or(segment, |segment| segment.id);
        self.emit_op(last, Op::Return);
        while let Some((pc, part, segment)) = self.pending_parts.pop() {
            self.patch_jump(pc);
            self.compile_function(part, segment);
        }
        entry
    }

    /// Compiles the coroutine that serves a `def` handler:
    /// `async def handler(): await run_in_threadpool(f)`.
    fn compile_handler(&mut self, task: usize) -> Pc {
        let body = self.program.entries[task];
        let segment = self.program.segments[body as usize];
        let work = OffloadedWork::Part(body);
        let entry = self.emit_op(
            segment,
            Op::Offload {
                to: Executor::Pool,
                work,
            },
        );
        self.emit_op(segment, Op::Return);
        entry
    }

    fn keep_members(&mut self, members: &[Member]) -> u32 {
        self.program.gathers.push(members.to_vec());
        self.program.gathers.len() as u32 - 1
    }

    fn compile_body(&mut self, body: &'a Body, owner: SpawnOwner) {
        for segment in body {
            self.compile_segment(segment, owner);
        }
    }

    fn compile_segment(&mut self, segment: &'a Segment, owner: SpawnOwner) {
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
            SegmentKind::Gather { members, mode } => Op::Gather {
                members: self.keep_members(members),
                mode: *mode,
            },
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
                let pc = self.emit_op(
                    id,
                    Op::Offload {
                        to: *to,
                        work: OffloadedWork::Part(0),
                    },
                );
                self.pending_parts.push((pc, body, id));
                return;
            }
            SegmentKind::Send { task, handle } => Op::Send {
                task: *task,
                handle: *handle,
            },
            SegmentKind::Put { queue } => Op::Put(*queue),
            SegmentKind::Get { queue } => Op::Get(*queue),
            SegmentKind::Shutdown { queue } => Op::Shutdown(*queue),
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
            SegmentKind::AsCompleted { .. }
            | SegmentKind::Group { .. }
            | SegmentKind::With { .. }
            | SegmentKind::Timeout { .. }
            | SegmentKind::WaitFor { .. }
            | SegmentKind::Try { .. }
            | SegmentKind::Repeat { .. }
            | SegmentKind::Forever { .. } => return self.compile_block(segment, owner),
        };
        self.emit_op(id, op);
    }

    fn compile_block(&mut self, segment: &'a Segment, owner: SpawnOwner) {
        let id = segment.id;
        match &segment.kind {
            SegmentKind::AsCompleted { members, body } => {
                let members = self.keep_members(members);
                self.emit_op(id, Op::CompletionsEnter { members });
                let next = self.emit_op(id, Op::CompletionsNext { exit: 0 });
                self.compile_body(body, owner);
                self.emit_op(id, Op::Jump(next));
                self.patch_jump(next);
            }
            SegmentKind::Group { body } => {
                let enter = self.emit_op(id, Op::GroupEnter { exit: 0 });
                self.compile_body(body, SpawnOwner::Group);
                self.patch_jump(enter);
                self.emit_op(id, Op::GroupExit);
            }
            SegmentKind::With { resource, body } => {
                self.emit_op(id, Op::WithEnter(*resource));
                self.compile_body(body, owner);
                self.emit_op(id, Op::WithExit);
            }
            SegmentKind::Timeout {
                after,
                body,
                otherwise,
            } => {
                let enter = self.emit_op(
                    id,
                    Op::TimeoutEnter {
                        after: *after,
                        otherwise: None,
                    },
                );
                self.compile_body(body, owner);
                self.emit_op(id, Op::TimeoutExit);
                if let Some(otherwise) = otherwise {
                    // After the body, jumps over its alternative.
                    let over = self.emit_op(id, Op::Jump(0));
                    self.patch_jump(enter);
                    self.compile_body(otherwise, owner);
                    self.patch_jump(over);
                }
            }
            SegmentKind::WaitFor {
                after,
                task,
                otherwise,
                ..
            } => {
                let (after, task) = (*after, *task);
                let catches = Caught::Timeouts;
                let enter = otherwise.as_ref().map(|_| {
                    self.emit_op(
                        id,
                        Op::ExceptEnter {
                            handler: 0,
                            catches,
                        },
                    )
                });
                self.emit_op(id, Op::WaitFor { after, task });
                self.emit_op(id, Op::Call(task));
                self.emit_op(id, Op::TimeoutExit);
                if let (Some(enter), Some(otherwise)) = (enter, otherwise) {
                    self.compile_handler_of(id, enter, otherwise, owner);
                }
            }
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                self.compile_try(id, body, except.as_ref(), finally.as_ref(), owner);
            }
            SegmentKind::Repeat { times, body } => {
                let enter = self.emit_op(
                    id,
                    Op::RepeatEnter {
                        times: *times,
                        exit: 0,
                    },
                );
                self.compile_body(body, owner);
                self.emit_op(id, Op::RepeatEnd { start: enter + 1 });
                self.patch_jump(enter);
            }
            SegmentKind::Forever { body } => {
                let start = self.next_pc();
                self.compile_body(body, owner);
                self.emit_op(id, Op::Jump(start));
            }
            _ => unreachable!("the segment is not a block"),
        }
    }

    /// The end of the body that began with `enter`, and its handler.
    fn compile_handler_of(
        &mut self,
        id: SegmentId,
        enter: Pc,
        handler: &'a Body,
        owner: SpawnOwner,
    ) {
        self.emit_op(id, Op::ExceptExit);
        let over = self.emit_op(id, Op::Jump(0));
        self.patch_jump(enter);
        self.compile_body(handler, owner);
        self.patch_jump(over);
    }

    /// `try: … except: … finally: …` is a `try/except` inside a `try/finally`.
    fn compile_try(
        &mut self,
        id: SegmentId,
        body: &'a Body,
        except: Option<&'a Body>,
        finally: Option<&'a Body>,
        owner: SpawnOwner,
    ) {
        let guard = finally.map(|_| self.emit_op(id, Op::FinallyEnter { finally: 0 }));
        match except {
            None => self.compile_body(body, owner),
            Some(except) => {
                let catches = Caught::Failures;
                let enter = self.emit_op(
                    id,
                    Op::ExceptEnter {
                        handler: 0,
                        catches,
                    },
                );
                self.compile_body(body, owner);
                self.compile_handler_of(id, enter, except, owner);
            }
        }
        if let (Some(guard), Some(finally)) = (guard, finally) {
            self.emit_op(id, Op::FinallyExit);
            self.patch_jump(guard);
            self.compile_body(finally, owner);
            self.emit_op(id, Op::FinallyEnd);
        }
    }
}
