//! The syntax tree of Python, without the parts that take no time.
//!
//! Names and numbers are slices of the text. Left out are the annotations of variables, type
//! parameters and the formats of f-strings. The text of `outline.rs` allows a comparison with
//! CPython's `ast`.

/// A statement and its first line.
#[derive(Clone, Debug)]
pub(super) struct Stmt<'a> {
    pub(super) line: u32,
    pub(super) kind: StmtKind<'a>,
}

#[derive(Clone, Debug)]
pub(super) enum StmtKind<'a> {
    Def(Box<Def<'a>>),
    Class(Box<PythonClass<'a>>),
    Return(Option<PythonExpr<'a>>),
    Delete(Vec<PythonExpr<'a>>),
    /// `a = b = 1`.
    Assign {
        targets: Vec<PythonExpr<'a>>,
        value: PythonExpr<'a>,
    },
    /// `a += 1`.
    Update {
        target: PythonExpr<'a>,
        value: PythonExpr<'a>,
    },
    /// `a: int` or `a: int = 1`.
    Annotated {
        target: PythonExpr<'a>,
        annotation: PythonExpr<'a>,
        value: Option<PythonExpr<'a>>,
    },
    For(Box<For<'a>>),
    While {
        test: PythonExpr<'a>,
        body: Vec<Stmt<'a>>,
        orelse: Vec<Stmt<'a>>,
    },
    /// One arm for the `if` and for each `elif`. CPython nests them; a flat list keeps the tree
    /// of a long chain shallow.
    If {
        arms: Vec<Arm<'a>>,
        orelse: Vec<Stmt<'a>>,
    },
    With {
        is_async: bool,
        /// Each context with its target after `as`.
        items: Vec<(PythonExpr<'a>, Option<PythonExpr<'a>>)>,
        body: Vec<Stmt<'a>>,
    },
    Match {
        subject: PythonExpr<'a>,
        cases: Vec<Case<'a>>,
    },
    Raise(Option<PythonExpr<'a>>, Option<PythonExpr<'a>>),
    Try(Box<Try<'a>>),
    Assert(PythonExpr<'a>, Option<PythonExpr<'a>>),
    /// `import a.b as c`.
    Import(Vec<Alias<'a>>),
    /// `from .a import b as c`; `module` includes the dots.
    ImportFrom {
        module: String,
        names: Vec<Alias<'a>>,
    },
    /// `global` and `nonlocal`.
    Scope(Vec<&'a str>),
    /// `type X = …`.
    TypeAlias,
    Expr(PythonExpr<'a>),
    Pass,
    Break,
    Continue,
}

/// `if TEST:` or `elif TEST:` with its block.
#[derive(Clone, Debug)]
pub(super) struct Arm<'a> {
    pub(super) line: u32,
    pub(super) test: PythonExpr<'a>,
    pub(super) body: Vec<Stmt<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct Def<'a> {
    pub(super) is_async: bool,
    pub(super) name: &'a str,
    pub(super) parameters: Vec<PythonParameter<'a>>,
    pub(super) decorators: Vec<PythonExpr<'a>>,
    pub(super) body: Vec<Stmt<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct PythonParameter<'a> {
    pub(super) name: &'a str,
    pub(super) kind: ParameterKind,
    pub(super) annotation: Option<PythonExpr<'a>>,
    pub(super) default: Option<PythonExpr<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParameterKind {
    Positional,
    /// Keyword-only, after `*`.
    Keyword,
    /// `*args`.
    Rest,
    /// `**kwargs`.
    Keywords,
}

#[derive(Clone, Debug)]
pub(super) struct PythonClass<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: Vec<Argument<'a>>,
    pub(super) decorators: Vec<PythonExpr<'a>>,
    pub(super) body: Vec<Stmt<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct For<'a> {
    pub(super) is_async: bool,
    pub(super) target: PythonExpr<'a>,
    pub(super) iterated: PythonExpr<'a>,
    pub(super) body: Vec<Stmt<'a>>,
    pub(super) orelse: Vec<Stmt<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct Try<'a> {
    pub(super) body: Vec<Stmt<'a>>,
    pub(super) handlers: Vec<Handler<'a>>,
    pub(super) orelse: Vec<Stmt<'a>>,
    pub(super) finally: Vec<Stmt<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct Handler<'a> {
    pub(super) kind: Option<PythonExpr<'a>>,
    pub(super) body: Vec<Stmt<'a>>,
}

/// `case PATTERN if GUARD:`. The pattern is left out, because matching takes no time.
#[derive(Clone, Debug)]
pub(super) struct Case<'a> {
    pub(super) guard: Option<PythonExpr<'a>>,
    pub(super) body: Vec<Stmt<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct Alias<'a> {
    /// `a.b`, or `*`.
    pub(super) path: String,
    pub(super) name: Option<&'a str>,
}

/// An expression and its first line.
#[derive(Clone, Debug)]
pub(super) struct PythonExpr<'a> {
    pub(super) line: u32,
    /// The depth of the tree, bounded by the parser so that recursive walks are.
    pub(super) depth: u16,
    pub(super) kind: ExprKind<'a>,
}

#[derive(Clone, Debug)]
pub(super) enum ExprKind<'a> {
    Name(&'a str),
    Number(&'a str),
    Text(String),
    Bytes,
    /// The expressions in the braces of an f-string.
    Format(Vec<PythonExpr<'a>>),
    True,
    False,
    None,
    Ellipsis,
    Attribute(Box<PythonExpr<'a>>, &'a str),
    Subscript(Box<PythonExpr<'a>>, Box<PythonExpr<'a>>),
    Slice(Vec<Option<PythonExpr<'a>>>),
    Call(Box<PythonExpr<'a>>, Vec<Argument<'a>>),
    Await(Box<PythonExpr<'a>>),
    Yield(Option<Box<PythonExpr<'a>>>),
    YieldFrom(Box<PythonExpr<'a>>),
    Unary(Unary, Box<PythonExpr<'a>>),
    /// Operators of one precedence in a flat list, from the left, e.g. `a + b - c`. `**` has two
    /// operands.
    Binary(Vec<PythonExpr<'a>>, Vec<Binary>),
    Boolean(Vec<PythonExpr<'a>>),
    /// `a < b == c`.
    Compare(Vec<PythonExpr<'a>>, Vec<PythonComparison>),
    Conditional {
        test: Box<PythonExpr<'a>>,
        body: Box<PythonExpr<'a>>,
        orelse: Box<PythonExpr<'a>>,
    },
    Lambda(Vec<PythonParameter<'a>>, Box<PythonExpr<'a>>),
    Named(Box<PythonExpr<'a>>, Box<PythonExpr<'a>>),
    Starred(Box<PythonExpr<'a>>),
    Tuple(Vec<PythonExpr<'a>>),
    List(Vec<PythonExpr<'a>>),
    Set(Vec<PythonExpr<'a>>),
    /// An entry without a key is `**more`.
    Dict(Vec<(Option<PythonExpr<'a>>, PythonExpr<'a>)>),
    Comprehension(Box<Comprehension<'a>>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    Not,
    Minus,
    Plus,
    Invert,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Sub,
    Mult,
    Div,
    FloorDiv,
    Mod,
    MatMult,
    LShift,
    RShift,
    BitAnd,
    BitOr,
    BitXor,
    Pow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PythonComparison {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

/// `x`, `name=x`, `*x` (its value is `Starred`), or `**x`.
#[derive(Clone, Debug)]
pub(super) struct Argument<'a> {
    pub(super) name: ArgumentName<'a>,
    pub(super) value: PythonExpr<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArgumentName<'a> {
    Place,
    Name(&'a str),
    /// `**x`.
    All,
}

#[derive(Clone, Debug)]
pub(super) struct Comprehension<'a> {
    pub(super) kind: ComprehensionKind,
    /// One expression, or the key and the value of a dictionary.
    pub(super) elements: Vec<PythonExpr<'a>>,
    pub(super) clauses: Vec<ComprehensionClause<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

/// `for x in y if z`, or `async for`.
#[derive(Clone, Debug)]
pub(super) struct ComprehensionClause<'a> {
    pub(super) is_async: bool,
    pub(super) target: PythonExpr<'a>,
    pub(super) iterated: PythonExpr<'a>,
    pub(super) conditions: Vec<PythonExpr<'a>>,
}

impl<'a> PythonExpr<'a> {
    pub(super) fn new(line: u32, kind: ExprKind<'a>) -> Self {
        let mut depth = 0;
        kind.children(&mut |child| depth = depth.max(child.depth));
        Self {
            line,
            depth: depth.saturating_add(1),
            kind,
        }
    }

    pub(super) fn name(&self) -> Option<&'a str> {
        match self.kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        }
    }
}

impl<'a> ExprKind<'a> {
    /// Visits the direct subexpressions in the order in which Python evaluates them.
    pub(super) fn children<'s>(&'s self, visit: &mut dyn FnMut(&'s PythonExpr<'a>)) {
        match self {
            Self::Name(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Bytes
            | Self::True
            | Self::False
            | Self::None
            | Self::Ellipsis => {}
            Self::Format(parts)
            | Self::Binary(parts, _)
            | Self::Boolean(parts)
            | Self::Compare(parts, _)
            | Self::Tuple(parts)
            | Self::List(parts)
            | Self::Set(parts) => parts.iter().for_each(visit),
            Self::Attribute(of, _) => visit(of),
            Self::Subscript(of, index) => {
                visit(of);
                visit(index);
            }
            Self::Slice(parts) => parts.iter().flatten().for_each(visit),
            Self::Call(callee, arguments) => {
                visit(callee);
                arguments.iter().for_each(|argument| visit(&argument.value));
            }
            Self::Await(inner)
            | Self::YieldFrom(inner)
            | Self::Unary(_, inner)
            | Self::Starred(inner) => visit(inner),
            Self::Yield(inner) => inner.iter().for_each(|inner| visit(inner)),
            Self::Conditional { test, body, orelse } => {
                visit(test);
                visit(body);
                visit(orelse);
            }
            Self::Lambda(parameters, body) => {
                let defaults = parameters.iter();
                defaults
                    .filter_map(|parameter| parameter.default.as_ref())
                    .for_each(&mut *visit);
                visit(body);
            }
            // Python evaluates the value of `x := y` before it assigns the target.
            Self::Named(target, value) => {
                visit(value);
                visit(target);
            }
            Self::Dict(items) => {
                for (key, value) in items {
                    key.iter().for_each(&mut *visit);
                    visit(value);
                }
            }
            // The element comes first in the text and is evaluated last.
            Self::Comprehension(comprehension) => {
                for clause in &comprehension.clauses {
                    visit(&clause.iterated);
                    visit(&clause.target);
                    clause.conditions.iter().for_each(&mut *visit);
                }
                comprehension.elements.iter().for_each(visit);
            }
        }
    }
}
