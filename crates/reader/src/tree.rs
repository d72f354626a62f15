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
    Class(Box<Class<'a>>),
    Return(Option<Expr<'a>>),
    Delete(Vec<Expr<'a>>),
    /// `a = b = 1`.
    Assign {
        targets: Vec<Expr<'a>>,
        value: Expr<'a>,
    },
    /// `a += 1`.
    Update {
        target: Expr<'a>,
        value: Expr<'a>,
    },
    /// `a: int` or `a: int = 1`.
    Annotated {
        target: Expr<'a>,
        annotation: Expr<'a>,
        value: Option<Expr<'a>>,
    },
    For(Box<For<'a>>),
    While {
        test: Expr<'a>,
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
        items: Vec<(Expr<'a>, Option<Expr<'a>>)>,
        body: Vec<Stmt<'a>>,
    },
    Match {
        subject: Expr<'a>,
        cases: Vec<Case<'a>>,
    },
    Raise(Option<Expr<'a>>, Option<Expr<'a>>),
    Try(Box<Try<'a>>),
    Assert(Expr<'a>, Option<Expr<'a>>),
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
    Expr(Expr<'a>),
    Pass,
    Break,
    Continue,
}

/// `if TEST:` or `elif TEST:` with its block.
#[derive(Clone, Debug)]
pub(super) struct Arm<'a> {
    pub(super) line: u32,
    pub(super) test: Expr<'a>,
    pub(super) body: Vec<Stmt<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct Def<'a> {
    pub(super) is_async: bool,
    pub(super) name: &'a str,
    pub(super) parameters: Vec<Parameter<'a>>,
    pub(super) decorators: Vec<Expr<'a>>,
    pub(super) body: Vec<Stmt<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    pub(super) kind: ParameterKind,
    pub(super) annotation: Option<Expr<'a>>,
    pub(super) default: Option<Expr<'a>>,
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
pub(super) struct Class<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: Vec<Argument<'a>>,
    pub(super) decorators: Vec<Expr<'a>>,
    pub(super) body: Vec<Stmt<'a>>,
}

#[derive(Clone, Debug)]
pub(super) struct For<'a> {
    pub(super) is_async: bool,
    pub(super) target: Expr<'a>,
    pub(super) iterated: Expr<'a>,
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
    pub(super) kind: Option<Expr<'a>>,
    pub(super) body: Vec<Stmt<'a>>,
}

/// `case PATTERN if GUARD:`. The pattern is left out, because matching takes no time.
#[derive(Clone, Debug)]
pub(super) struct Case<'a> {
    pub(super) guard: Option<Expr<'a>>,
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
pub(super) struct Expr<'a> {
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
    Format(Vec<Expr<'a>>),
    True,
    False,
    None,
    Ellipsis,
    Attribute(Box<Expr<'a>>, &'a str),
    Subscript(Box<Expr<'a>>, Box<Expr<'a>>),
    Slice(Vec<Option<Expr<'a>>>),
    Call(Box<Expr<'a>>, Vec<Argument<'a>>),
    Await(Box<Expr<'a>>),
    Yield(Option<Box<Expr<'a>>>),
    YieldFrom(Box<Expr<'a>>),
    Unary(Unary, Box<Expr<'a>>),
    /// Operators of one precedence in a flat list, from the left, e.g. `a + b - c`. `**` has two
    /// operands.
    Binary(Vec<Expr<'a>>, Vec<Binary>),
    Boolean(Vec<Expr<'a>>),
    /// `a < b == c`.
    Compare(Vec<Expr<'a>>, Vec<Comparison>),
    Conditional {
        test: Box<Expr<'a>>,
        body: Box<Expr<'a>>,
        orelse: Box<Expr<'a>>,
    },
    Lambda(Vec<Parameter<'a>>, Box<Expr<'a>>),
    Named(Box<Expr<'a>>, Box<Expr<'a>>),
    Starred(Box<Expr<'a>>),
    Tuple(Vec<Expr<'a>>),
    List(Vec<Expr<'a>>),
    Set(Vec<Expr<'a>>),
    /// An entry without a key is `**more`.
    Dict(Vec<(Option<Expr<'a>>, Expr<'a>)>),
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
pub(super) enum Comparison {
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
    pub(super) value: Expr<'a>,
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
    pub(super) elements: Vec<Expr<'a>>,
    pub(super) clauses: Vec<Clause<'a>>,
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
pub(super) struct Clause<'a> {
    pub(super) is_async: bool,
    pub(super) target: Expr<'a>,
    pub(super) iterated: Expr<'a>,
    pub(super) conditions: Vec<Expr<'a>>,
}

impl<'a> Expr<'a> {
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
    pub(super) fn children<'s>(&'s self, visit: &mut dyn FnMut(&'s Expr<'a>)) {
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
