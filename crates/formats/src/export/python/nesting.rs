//! Nested functions for blocks that are too deep for CPython.
//!
//! A script may nest 64 blocks; CPython compiles 20, and some blocks of a script need several
//! of them. Deeper bodies become functions inside the task's function and see its variables.
//! Awaiting a coroutine takes no iteration of the loop, so the order and the times of events
//! stay the same.

use std::collections::BTreeSet;

use super::body::{FunctionWriter, SegmentContext, collect_assigned_handles};
use super::segment::task_creator;
use super::text::PythonText;
use model::workload::{Body, GatherMode, HandleIndex, SegmentKind};

/// `CO_MAXBLOCKS` of CPython 3.11 ("too many statically nested blocks"). CPython's limit of 100
/// levels of indentation is out of reach with so few blocks.
const BLOCKS_MAX: usize = 20;
/// The most blocks that one segment opens: an `except:` inside a `finally:`.
const BLOCKS_OF_ONE: usize = 3;

/// The blocks that a `finally:` counts as. CPython compiles its body twice, so each nested one
/// doubles the program; with this value they become functions after four levels.
pub(super) const FINALLY: usize = 4;

/// The nested functions of the function that is being written.
#[derive(Debug, Default)]
pub(super) struct Apart {
    /// The indentation of the function's body.
    depth: usize,
    functions: PythonText,
    /// The handles that the nested functions assign; variables of the outer function.
    handles: BTreeSet<HandleIndex>,
}

impl FunctionWriter<'_> {
    /// Writes the body of a function after its `def` line: first its nested functions.
    pub(super) fn function_body(
        &mut self,
        text: &mut PythonText,
        scope: SegmentContext,
        write: impl FnOnce(&mut Self, &mut PythonText),
    ) {
        let depth = text.depth() + 1;
        let apart = Apart {
            depth,
            functions: PythonText::at_depth(depth),
            ..Apart::default()
        };
        let around = std::mem::replace(&mut self.apart, apart);
        let mut body = PythonText::at_depth(depth);
        write(self, &mut body);
        let apart = std::mem::replace(&mut self.apart, around);
        text.block(|text| {
            for handle in apart.handles {
                let name = self.names.handle(scope.task, handle);
                // `nonlocal` in a nested function needs an assignment in the outer one.
                text.push_line(&format!("{name} = None"));
            }
            text.push_text(&apart.functions);
            text.push_text(&body);
        });
    }

    /// Writes a body in place, or as the call of a nested function if CPython has no room for it.
    pub(super) fn body(&mut self, text: &mut PythonText, scope: SegmentContext, body: &Body) {
        let is_full = scope.blocks + BLOCKS_OF_ONE > BLOCKS_MAX;
        if is_full && body.iter().any(|segment| opens_block(&segment.kind)) {
            return self.call_apart(text, scope, body);
        }
        for segment in body {
            text.of_segment(segment.id, |text| self.write_segment(text, scope, segment));
        }
    }

    fn call_apart(&mut self, text: &mut PythonText, scope: SegmentContext, body: &Body) {
        let owner = self.names.task(scope.task).to_owned();
        let name = self.names.invent_name(&format!("{owner}_block"));
        let (def, wait) = if scope.is_async {
            ("async def", "await ")
        } else {
            ("def", "")
        };
        // The group is a variable of the function that opened it, so it is passed along.
        let group = match scope.groups {
            0 => String::new(),
            _ => task_creator(scope),
        };
        let (mut sent, mut handles) = (BTreeSet::new(), BTreeSet::new());
        collect_assigned_handles(body, &mut sent, &mut handles);
        handles.extend(sent);
        let mut function = PythonText::at_depth(self.apart.depth);
        function.push_line(&format!("{def} {name}({group}):"));
        function.block(|text| {
            if !handles.is_empty() {
                let names = handles.iter().map(|&handle| self.handle(scope, handle));
                let names: Vec<&str> = names.collect();
                text.push_line(&format!("nonlocal {}", names.join(", ")));
            }
            self.body(text, SegmentContext { blocks: 0, ..scope }, body);
        });
        function.push_line("");
        self.apart.functions.push_text(&function);
        self.apart.handles.extend(handles);
        text.push_line(&format!("{wait}{name}({group})"));
    }
}

/// Whether the segment opens a block in its own function. The body of an offload is another
/// function.
fn opens_block(kind: &SegmentKind) -> bool {
    match kind {
        SegmentKind::Offload { .. } => false,
        SegmentKind::Gather { mode, .. } => *mode == GatherMode::First,
        _ => kind.bodies().next().is_some(),
    }
}
