//! Blocks that nest deeper than CPython compiles: they become functions inside the function.
//!
//! A script may have 64 blocks in each other; CPython has room for 20, and some of ours are
//! several of its own. What is deeper stands in a function before the body that calls it, and
//! sees the same variables. To await a coroutine takes no turn of the loop, so that the program
//! does the same at the same times.

use std::collections::BTreeSet;

use super::body::{Functions, Scope, assigned, creator};
use super::text::Text;
use model::workload::{Body, HandleIndex, SegmentKind};

/// `CO_MAXBLOCKS` of CPython 3.11 ("too many statically nested blocks"). Its 100 levels of
/// indentation are not reached with so few.
const BLOCKS_MAX: usize = 20;
/// The most that one segment opens: an `except:` under a `finally:`.
const BLOCKS_OF_ONE: usize = 3;

/// CPython compiles the body of a `finally:` twice, so that each one in another doubles the
/// program. Counted as so many blocks, they become functions after four.
pub(super) const FINALLY: usize = 4;

/// What stands before the body of the function that is being written.
#[derive(Debug, Default)]
pub(super) struct Apart {
    /// Indentation of that body.
    depth: usize,
    functions: Text,
    /// Handles that these functions assign: variables of the function around them.
    handles: BTreeSet<HandleIndex>,
}

impl Functions<'_> {
    /// The body of a function whose `def` line is written, behind the functions it needs.
    pub(super) fn function_body(
        &mut self,
        text: &mut Text,
        scope: Scope,
        write: impl FnOnce(&mut Self, &mut Text),
    ) {
        let depth = text.depth() + 1;
        let apart = Apart {
            depth,
            functions: Text::at_depth(depth),
            ..Apart::default()
        };
        let around = std::mem::replace(&mut self.apart, apart);
        let mut body = Text::at_depth(depth);
        write(self, &mut body);
        let apart = std::mem::replace(&mut self.apart, around);
        text.block(|text| {
            for handle in apart.handles {
                let name = self.names.handle(scope.task, handle);
                text.line(&format!("{name} = None"));
            }
            text.push(&apart.functions);
            text.push(&body);
        });
    }

    /// A body in the place where it stands, or as a call of a function that has it.
    pub(super) fn body(&mut self, text: &mut Text, scope: Scope, body: &Body) {
        let is_full = scope.blocks + BLOCKS_OF_ONE > BLOCKS_MAX;
        if is_full && body.iter().any(|segment| opens_block(&segment.kind)) {
            return self.call_apart(text, scope, body);
        }
        for segment in body {
            text.of_segment(segment.id, |text| self.segment(text, scope, segment));
        }
    }

    fn call_apart(&mut self, text: &mut Text, scope: Scope, body: &Body) {
        let owner = self.names.task(scope.task).to_owned();
        let name = self.names.invent(&format!("{owner}_block"));
        let (def, wait) = match scope.is_async {
            true => ("async def", "await "),
            false => ("def", ""),
        };
        // The group around it is a variable of whichever function opened it.
        let group = match scope.groups {
            0 => String::new(),
            _ => creator(scope),
        };
        let (mut sent, mut handles) = (BTreeSet::new(), BTreeSet::new());
        assigned(body, &mut sent, &mut handles);
        handles.extend(sent);
        let mut function = Text::at_depth(self.apart.depth);
        function.line(&format!("{def} {name}({group}):"));
        function.block(|text| {
            if !handles.is_empty() {
                let names = handles.iter().map(|&handle| self.handle(scope, handle));
                let names: Vec<&str> = names.collect();
                text.line(&format!("nonlocal {}", names.join(", ")));
            }
            self.body(text, Scope { blocks: 0, ..scope }, body);
        });
        function.line("");
        self.apart.functions.push(&function);
        self.apart.handles.extend(handles);
        text.line(&format!("{wait}{name}({group})"));
    }
}

/// Whether it is a block of the function it stands in.
fn opens_block(kind: &SegmentKind) -> bool {
    !matches!(kind, SegmentKind::Offload { .. }) && kind.bodies().next().is_some()
}
