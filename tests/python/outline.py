"""The structure of Python files, as `loopscope::python::outline` writes it of ours.

Reads file names, one a line; writes each outline, and a zero character behind it.
"""

import ast
import sys

UNARY = {ast.Not: "Not", ast.USub: "Minus", ast.UAdd: "Plus", ast.Invert: "Invert"}
COMPREHENSION = {ast.ListComp: "List", ast.SetComp: "Set", ast.DictComp: "Dict", ast.GeneratorExp: "Generator"}


class Outline:
    def __init__(self):
        self.parts = []
        self.in_format = False

    def put(self, text):
        self.parts.append(text)

    def word(self, text):
        self.parts.append(" " + text)

    def body(self, body):
        self.put("{")
        for stmt in body:
            self.stmt(stmt)
        self.put("}")

    def exprs(self, exprs):
        self.put("[")
        for expr in exprs:
            self.expr(expr)
        self.put("]")

    def optional(self, expr):
        if expr is None:
            self.put("-")
        else:
            self.expr(expr)

    def stmt(self, node):
        self.put(f"\n{node.lineno}(")
        getattr(self, "stmt_" + type(node).__name__)(node)
        self.put(")")

    def stmt_FunctionDef(self, node, word="Def"):
        self.put(word)
        self.word(node.name)
        self.parameters(node.args)
        self.exprs(node.decorator_list)
        self.body(node.body)

    def stmt_AsyncFunctionDef(self, node):
        self.stmt_FunctionDef(node, "AsyncDef")

    def stmt_ClassDef(self, node):
        self.put("Class")
        self.word(node.name)
        self.arguments(node.bases, node.keywords)
        self.exprs(node.decorator_list)
        self.body(node.body)

    def stmt_Return(self, node):
        self.put("Return")
        self.optional(node.value)

    def stmt_Delete(self, node):
        self.put("Delete")
        self.exprs(node.targets)

    def stmt_Assign(self, node):
        self.put("Assign")
        self.exprs(node.targets)
        self.expr(node.value)

    def stmt_AugAssign(self, node):
        self.put("Update")
        self.expr(node.target)
        self.expr(node.value)

    def stmt_AnnAssign(self, node):
        self.put("Annotated")
        self.expr(node.target)
        self.expr(node.annotation)
        self.optional(node.value)

    def stmt_For(self, node, word="For"):
        self.put(word)
        self.expr(node.target)
        self.expr(node.iter)
        self.body(node.body)
        self.body(node.orelse)

    def stmt_AsyncFor(self, node):
        self.stmt_For(node, "AsyncFor")

    def stmt_While(self, node, word="While"):
        self.put(word)
        self.expr(node.test)
        self.body(node.body)
        self.body(node.orelse)

    def stmt_If(self, node):
        self.stmt_While(node, "If")

    def stmt_With(self, node, word="With"):
        self.put(word)
        for item in node.items:
            self.expr(item.context_expr)
            self.optional(item.optional_vars)
        self.body(node.body)

    def stmt_AsyncWith(self, node):
        self.stmt_With(node, "AsyncWith")

    def stmt_Match(self, node):
        self.put("Match")
        self.expr(node.subject)
        for case in node.cases:
            self.optional(case.guard)
            self.body(case.body)

    def stmt_Raise(self, node):
        self.put("Raise")
        self.optional(node.exc)
        self.optional(node.cause)

    def stmt_Try(self, node):
        self.put("Try")
        self.body(node.body)
        for handler in node.handlers:
            self.optional(handler.type)
            self.body(handler.body)
        self.body(node.orelse)
        self.body(node.finalbody)

    stmt_TryStar = stmt_Try

    def stmt_Assert(self, node):
        self.put("Assert")
        self.expr(node.test)
        self.optional(node.msg)

    def aliases(self, names):
        for alias in names:
            self.word(alias.name)
            if alias.asname:
                self.word("as")
                self.word(alias.asname)

    def stmt_Import(self, node):
        self.put("Import")
        self.aliases(node.names)

    def stmt_ImportFrom(self, node):
        self.put("ImportFrom")
        self.word("." * node.level + (node.module or ""))
        self.aliases(node.names)

    def stmt_Global(self, node):
        self.put("Scope")
        for name in node.names:
            self.word(name)

    stmt_Nonlocal = stmt_Global

    def stmt_TypeAlias(self, node):
        self.put("TypeAlias")

    def stmt_Expr(self, node):
        self.put("Expr")
        self.expr(node.value)

    def stmt_Pass(self, node):
        self.put("Pass")

    def stmt_Break(self, node):
        self.put("Break")

    def stmt_Continue(self, node):
        self.put("Continue")

    def parameters(self, args):
        self.put("<")
        plain = args.posonlyargs + args.args
        defaults = [None] * (len(plain) - len(args.defaults)) + args.defaults
        for arg, default in zip(plain, defaults):
            self.parameter("", arg, default)
        if args.vararg:
            self.parameter("*", args.vararg, None)
        for arg, default in zip(args.kwonlyargs, args.kw_defaults):
            self.parameter("=", arg, default)
        if args.kwarg:
            self.parameter("**", args.kwarg, None)
        self.put(">")

    def parameter(self, sign, arg, default):
        self.word(sign + arg.arg)
        self.optional(arg.annotation)
        self.optional(default)

    def arguments(self, args, keywords):
        for arg in args:
            self.expr(arg)
        for keyword in keywords:
            self.word(keyword.arg or "**")
            self.expr(keyword.value)

    def expr(self, node):
        match node:
            case ast.Name():
                self.word(node.id)
            case ast.Constant(value=value):
                if value is None or value is True or value is False:
                    self.word(repr(value))
                elif value is ...:
                    self.word("...")
                else:
                    kind = type(value).__name__
                    self.word(repr(kind) if kind in ("str", "bytes") else kind)
            case ast.JoinedStr():
                around, self.in_format = self.in_format, True
                self.put("(Format")
                self.exprs([part.value for part in node.values if isinstance(part, ast.FormattedValue)])
                self.put(")")
                self.in_format = around
            case _:
                self.put("(")
                self.inner(node)
                self.put(")")

    def inner(self, node):
        match node:
            case ast.Attribute():
                self.put("Attribute")
                self.expr(node.value)
                self.word(node.attr)
            case ast.Subscript():
                self.put("Subscript")
                self.expr(node.value)
                self.expr(node.slice)
            case ast.Slice():
                self.put("Slice")
                for part in (node.lower, node.upper, node.step):
                    self.optional(part)
            case ast.Call():
                self.put("Call" if self.in_format else f"Call@{node.lineno}")
                self.expr(node.func)
                self.arguments(node.args, node.keywords)
            case ast.Await():
                self.put("Await")
                self.expr(node.value)
            case ast.Yield():
                self.put("Yield")
                self.optional(node.value)
            case ast.YieldFrom():
                self.put("YieldFrom")
                self.expr(node.value)
            case ast.UnaryOp():
                self.put(UNARY[type(node.op)])
                self.expr(node.operand)
            case ast.BinOp():
                self.put(type(node.op).__name__)
                self.expr(node.left)
                self.expr(node.right)
            case ast.BoolOp():
                self.put("Boolean")
                self.exprs(node.values)
            case ast.Compare():
                self.put("Compare")
                for op in node.ops:
                    self.word(type(op).__name__)
                self.exprs([node.left, *node.comparators])
            case ast.IfExp():
                self.put("Conditional")
                for part in (node.test, node.body, node.orelse):
                    self.expr(part)
            case ast.Lambda():
                self.put("Lambda")
                self.parameters(node.args)
                self.expr(node.body)
            case ast.NamedExpr():
                self.put("Named")
                self.expr(node.target)
                self.expr(node.value)
            case ast.Starred():
                self.put("Starred")
                self.expr(node.value)
            case ast.Tuple() | ast.List() | ast.Set():
                self.put(type(node).__name__)
                self.exprs(node.elts)
            case ast.Dict():
                self.put("Dict")
                for key, value in zip(node.keys, node.values):
                    self.optional(key)
                    self.expr(value)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self.put(COMPREHENSION[type(node)])
                self.exprs([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
                for clause in node.generators:
                    self.put("(async" if clause.is_async else "(for")
                    self.expr(clause.target)
                    self.expr(clause.iter)
                    self.exprs(clause.ifs)
                    self.put(")")
            case _:
                raise TypeError(type(node).__name__)


def outline(path):
    with open(path, "rb") as file:
        module = ast.parse(file.read())
    outline = Outline()
    for stmt in module.body:
        outline.stmt(stmt)
        outline.put("\n")
    return "".join(outline.parts)


def main():
    sys.setrecursionlimit(20_000)
    for path in sys.stdin.read().splitlines():
        try:
            text = outline(path)
        # No Python of this version, such as what tests of the compiler hold.
        except (SyntaxError, ValueError, RecursionError, UnicodeDecodeError):
            text = "?"
        sys.stdout.write(text + "\0")


main()
