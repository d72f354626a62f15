//! Segments: one function for each segment with a syntax of its own.

use super::{Parse, Reported, ScriptParser, body, value};
use crate::diagnostic::Diagnostic;
use crate::diagnostics::Want;
use crate::highlight::Class;
use crate::lexer::TokenKind;
use crate::python;
use crate::span::Span;
use crate::suggest;
use crate::syntax::*;
use crate::vocabulary::*;
use model::workload::GatherMode;

/// The part of a segment before its block.
struct SegmentHead {
    /// The span of the keyword.
    word: Span,
    /// The end of the head, once its block has begun.
    end: Option<Span>,
    /// The indentation of the line, if the segment begins it: only then may it have an indented
    /// block.
    indent: Option<u32>,
}

/// E.g. `cpu 3`, `[CPU 3초]` or `thread (block 1)`. A segment with an error is reported and
/// skipped.
pub(super) fn segment(p: &mut ScriptParser, indent: Option<u32>) -> SegmentNode {
    let line = p.line_number();
    let mut head = SegmentHead {
        word: p.current_span(),
        end: None,
        indent,
    };
    let kind = keyword_and_rest(p, &mut head).unwrap_or_else(|Reported| {
        body::skip_segment(p);
        SegmentNodeKind::Broken
    });
    let end = head.end.unwrap_or_else(|| p.span_behind());
    SegmentNode {
        lead: Vec::new(),
        line,
        span: head.word.to(end),
        word: head.word,
        comment: None,
        kind,
    }
}

fn keyword_and_rest(p: &mut ScriptParser, head: &mut SegmentHead) -> Parse<SegmentNodeKind> {
    // `async with`, as in Python, means `with`.
    if p.is_word("async")
        && p.nth_word(1)
            .is_some_and(|word| word.eq_ignore_ascii_case("with"))
    {
        p.take_as(Class::Keyword);
        head.word = p.current_span();
    }
    let Some(word) = p.word() else {
        return Err(p.expected(Want::Segment));
    };
    if p.nth_is(1, TokenKind::Dot) {
        return dotted(p);
    }
    if let Some(verb) = lookup(SEGMENTS, word) {
        p.take_as(Class::Segment);
        return rest(p, verb, head);
    }
    let verb = unknown_word(p, word)?;
    rest(p, verb, head)
}

/// Reports a word that is no segment. If it is a misspelt one, returns the likely keyword, so
/// that the rest of the segment is checked, too.
fn unknown_word(p: &mut ScriptParser, word: &str) -> Parse<Verb> {
    let span = p.current_span();
    if let Some(clause) = lookup(CLAUSES, word) {
        p.take_as(Class::Keyword);
        return Err(p.report(Diagnostic::stray_clause(clause, span)));
    }
    // `async`, `run`, `cores` and so on are valid, but not inside a body.
    let is_statement = matches!(word, "async" | "def")
        || lookup(STATEMENTS, word).is_some()
        || lookup(SETTINGS, word).is_some()
        || lookup(RESOURCES, word).is_some();
    if is_statement {
        return Err(p.report(Diagnostic::statement_inside_task(word, span)));
    }
    // Before similar keywords, because advice about Python is more specific.
    if let Some(python) = python::find(word) {
        return Err(p.report(Diagnostic::python_word(word, python, span)));
    }
    let near = suggest::nearest(word, words(SEGMENTS));
    p.report(Diagnostic::unknown_segment(word, near, span));
    let verb = near.and_then(|near| lookup(SEGMENTS, near));
    p.take_as(Class::Segment);
    verb.ok_or(Reported)
}

/// A dotted path, e.g. `time.sleep(5)`.
fn dotted(p: &mut ScriptParser) -> Parse<SegmentNodeKind> {
    let span = value::path(p);
    let written = p.text_of(span);
    if written == "time.sleep" && p.is(TokenKind::OpenParen) {
        return Ok(SegmentNodeKind::Block(in_parens(p)?, None));
    }
    Err(match python::find(written) {
        Some(python) => p.report(Diagnostic::python_word(written, python, span)),
        None => p.report(Diagnostic::unknown_segment(written, None, span)),
    })
}

/// The `(5)` of `sleep(5)`.
fn in_parens(p: &mut ScriptParser) -> Parse<LengthNode> {
    let open = p.next_token();
    let length = value::length(p)?;
    if !p.eat(TokenKind::CloseParen) {
        return Err(p.report(Diagnostic::unbalanced_bracket('(', ')', open)));
    }
    Ok(length)
}

/// The part after the keyword.
fn rest(p: &mut ScriptParser, verb: Verb, head: &mut SegmentHead) -> Parse<SegmentNodeKind> {
    Ok(match verb {
        Verb::Cpu => {
            let (length, label) = timed(p)?;
            SegmentNodeKind::Cpu(length, label)
        }
        Verb::Block => {
            let (length, label) = timed(p)?;
            SegmentNodeKind::Block(length, label)
        }
        Verb::Await => await_(p, head)?,
        Verb::Yield => SegmentNodeKind::Yield,
        Verb::Respond => SegmentNodeKind::Respond,
        Verb::Call => SegmentNodeKind::Call(value::name(p, Want::TaskName)?),
        Verb::Shield => SegmentNodeKind::Shield(value::name(p, Want::TaskName)?),
        Verb::WaitFor => wait_for(p, head)?,
        Verb::Spawn => {
            let (task, handle) = task_as_handle(p)?;
            SegmentNodeKind::Spawn { task, handle }
        }
        Verb::Send => {
            let (task, handle) = task_as_handle(p)?;
            SegmentNodeKind::Send { task, handle }
        }
        Verb::Wait => SegmentNodeKind::Wait(value::name(p, Want::WaitName)?),
        Verb::Cancel => SegmentNodeKind::Cancel(value::name(p, Want::HandleName)?),
        Verb::Gather => gather(p)?,
        Verb::AsCompleted => as_completed(p, head)?,
        Verb::Group => SegmentNodeKind::Group(nested(p, head, Want::Block)?),
        Verb::Thread => offload(p, head, Offload::Thread)?,
        Verb::Executor => offload(p, head, Offload::Executor)?,
        Verb::Process => offload(p, head, Offload::Process)?,
        Verb::Put => SegmentNodeKind::Put(value::name(p, Want::QueueName)?),
        Verb::Get => SegmentNodeKind::Get(value::name(p, Want::QueueName)?),
        Verb::Shutdown => SegmentNodeKind::Shutdown(value::name(p, Want::QueueName)?),
        Verb::With => with(p, head)?,
        Verb::Acquire => SegmentNodeKind::Acquire(value::name(p, Want::ResourceName)?),
        Verb::Release => SegmentNodeKind::Release(value::name(p, Want::ResourceName)?),
        Verb::Set => SegmentNodeKind::Set(value::name(p, Want::EventName)?),
        Verb::Clear => SegmentNodeKind::Clear(value::name(p, Want::EventName)?),
        Verb::Notify => notify(p)?,
        Verb::Print => SegmentNodeKind::Print(text_perhaps_in_parens(p)?),
        Verb::Fail => SegmentNodeKind::Fail(text_perhaps_in_parens(p)?),
        Verb::Timeout => timeout(p, head)?,
        Verb::Try => try_(p, head)?,
        Verb::Repeat => repeat(p, head)?,
        Verb::Forever => SegmentNodeKind::Forever(nested(p, head, Want::Block)?),
    })
}

/// E.g. `3s` or `1..3s "label"`.
fn timed(p: &mut ScriptParser) -> Parse<(LengthNode, Option<Span>)> {
    let length = value::length(p)?;
    let label = p.is(TokenKind::Text).then(|| p.next_token());
    Ok((length, label))
}

/// E.g. `await 5 "httpx"`, `await sleep(5)` or `await asyncio.sleep(5)`.
fn await_(p: &mut ScriptParser, head: &SegmentHead) -> Parse<SegmentNodeKind> {
    if !p.is(TokenKind::Word) {
        let (length, label) = timed(p)?;
        return Ok(SegmentNodeKind::Await(length, label));
    }
    let span = value::path(p);
    let written = p.text_of(span);
    let sleeps = matches!(
        written,
        "sleep" | "asyncio.sleep" | "anyio.sleep" | "trio.sleep"
    );
    if sleeps && p.is(TokenKind::OpenParen) {
        return Ok(SegmentNodeKind::Await(in_parens(p)?, None));
    }
    Err(match python::find(written) {
        Some(python) => p.report(Diagnostic::python_word(written, python, span)),
        None => p.report(Diagnostic::await_task(written, head.word, span)),
    })
}

/// E.g. `f as h`.
fn task_as_handle(p: &mut ScriptParser) -> Parse<(Span, Option<Span>)> {
    let task = value::name(p, Want::TaskName)?;
    let handle = if p.eat_word("as") {
        Some(value::name(p, Want::NewName)?)
    } else {
        None
    };
    Ok((task, handle))
}

/// E.g. `gather f, 3 g`, `gather all f, g` or `gather first f, g`.
fn gather(p: &mut ScriptParser) -> Parse<SegmentNodeKind> {
    // A task may be called `all` or `first`. Then neither a name nor a number follows it.
    let more_follows = p
        .token_ahead(1)
        .is_some_and(|next| matches!(next.kind, TokenKind::Word | TokenKind::Number));
    let mode = if more_follows && p.eat_word("all") {
        GatherMode::Collect
    } else if more_follows && p.eat_word("first") {
        GatherMode::First
    } else {
        GatherMode::Raise
    };
    let members = value::members(p)?;
    Ok(SegmentNodeKind::Gather { mode, members })
}

/// E.g. `as_completed f, 3 g: …`.
fn as_completed(p: &mut ScriptParser, head: &mut SegmentHead) -> Parse<SegmentNodeKind> {
    let members = value::members(p).unwrap_or_else(|Reported| {
        // The block is still read, so that its mistakes are reported.
        body::skip_to_block(p);
        Vec::new()
    });
    let body = nested(p, head, Want::Block)?;
    Ok(SegmentNodeKind::AsCompleted { members, body })
}

/// E.g. `thread f`, `thread: …` or `thread (…)`.
fn offload(p: &mut ScriptParser, head: &mut SegmentHead, to: Offload) -> Parse<SegmentNodeKind> {
    Ok(SegmentNodeKind::Offload {
        to,
        work: work(p, head)?,
    })
}

/// A task or a block, e.g. `f` or `(block 1)`.
fn work(p: &mut ScriptParser, head: &mut SegmentHead) -> Parse<WorkNode> {
    let segment = p.word().and_then(|word| lookup(SEGMENTS, word));
    if segment.is_some() && (p.nth_is(1, TokenKind::Number) || p.nth_is(1, TokenKind::Word)) {
        // `thread block 3` is a block without its parentheses, not a task called `block`.
        return Err(p.expected(Want::TaskOrBlock));
    }
    Ok(if p.is(TokenKind::Word) {
        WorkNode::Task(value::name(p, Want::TaskName)?)
    } else {
        WorkNode::Body(nested(p, head, Want::TaskOrBlock)?)
    })
}

/// E.g. `wait_for 3s f`, or `wait_for 3s: … else: …`.
fn wait_for(p: &mut ScriptParser, head: &mut SegmentHead) -> Parse<SegmentNodeKind> {
    let after = value::length(p).or_else(|Reported| {
        body::skip_to_block(p);
        let has_block = p.is(TokenKind::Colon) || p.is(TokenKind::OpenParen);
        let nothing = LengthNode::Fixed(Quantity::nothing());
        has_block.then_some(nothing).ok_or(Reported)
    })?;
    let work = work(p, head)?;
    let otherwise = match work {
        WorkNode::Task(_) => None,
        WorkNode::Body(_) => clause(p, head, "else"),
    };
    Ok(SegmentNodeKind::WaitFor {
        after,
        work,
        otherwise,
    })
}

/// E.g. `with s: …`.
fn with(p: &mut ScriptParser, head: &mut SegmentHead) -> Parse<SegmentNodeKind> {
    let resource = value::name(p, Want::ResourceName).unwrap_or_else(|Reported| {
        // The block is still read, so that its mistakes are reported.
        body::skip_to_block(p);
        Span::default()
    });
    let body = nested(p, head, Want::Block)?;
    Ok(SegmentNodeKind::With { resource, body })
}

/// E.g. `notify c` or `notify c 3`.
fn notify(p: &mut ScriptParser) -> Parse<SegmentNodeKind> {
    let condition = value::name(p, Want::ConditionName)?;
    let count = if p.is(TokenKind::Number) || p.is(TokenKind::Minus) {
        Some(value::count(p, Want::Count)?)
    } else {
        None
    };
    Ok(SegmentNodeKind::Notify { condition, count })
}

/// `"text"`, or `("text")` as in Python.
fn text_perhaps_in_parens(p: &mut ScriptParser) -> Parse<Span> {
    let open = p.current_span();
    if !p.eat(TokenKind::OpenParen) {
        return value::text(p);
    }
    let text = value::text(p)?;
    if !p.eat(TokenKind::CloseParen) {
        return Err(p.report(Diagnostic::unbalanced_bracket('(', ')', open)));
    }
    Ok(text)
}

/// E.g. `timeout 3s: … else: …`.
fn timeout(p: &mut ScriptParser, head: &mut SegmentHead) -> Parse<SegmentNodeKind> {
    let after = value::length(p).unwrap_or_else(|Reported| {
        body::skip_to_block(p);
        LengthNode::Fixed(Quantity::nothing())
    });
    let body = nested(p, head, Want::Block)?;
    let otherwise = clause(p, head, "else");
    Ok(SegmentNodeKind::Timeout {
        after,
        body,
        otherwise,
    })
}

/// E.g. `try: … except: … finally: …`.
fn try_(p: &mut ScriptParser, head: &mut SegmentHead) -> Parse<SegmentNodeKind> {
    let body = nested(p, head, Want::Block)?;
    let except = clause(p, head, "except");
    let finally = clause(p, head, "finally");
    if except.is_none() && finally.is_none() {
        p.report(Diagnostic::lonely_try(head.word));
    }
    Ok(SegmentNodeKind::Try {
        body,
        except,
        finally,
    })
}

/// E.g. `repeat 3: …`.
fn repeat(p: &mut ScriptParser, head: &mut SegmentHead) -> Parse<SegmentNodeKind> {
    let times = value::count(p, Want::Count).unwrap_or_else(|Reported| {
        body::skip_to_block(p);
        Count {
            span: head.word,
            value: 1,
        }
    });
    let body = nested(p, head, Want::Block)?;
    Ok(SegmentNodeKind::Repeat { times, body })
}

/// The block of a segment: indented below it, after its colon, or in parentheses.
fn nested(p: &mut ScriptParser, head: &mut SegmentHead, want: Want) -> Parse<Block> {
    // Taken before the block, which is not part of the segment's span.
    let end = *head.end.get_or_insert(p.span_behind());
    let colon = p.eat(TokenKind::Colon);
    if p.is(TokenKind::OpenParen) {
        return Ok(body::parenthesised(p));
    }
    if !colon {
        // A missing colon is certain only if a deeper line follows.
        if !(p.at_end() && head.indent.is_some() && body::deeper_line_follows(p)) {
            return Err(p.expected(want));
        }
        let diagnostic = Diagnostic::missing_colon(p.found(), p.current_span(), end);
        p.report(diagnostic);
    }
    let on_this_line = !p.at_end();
    // A segment between arrows cannot have an indented block; parentheses are needed.
    if head.indent.is_none() {
        let word = p.text_of(head.word);
        let written = p.text_of(head.word.to(end)).trim_end();
        let colon = end.to(Span::at(p.current_span().start));
        let line_end = on_this_line.then(|| p.tokens[p.end - 1].span.behind());
        p.report(Diagnostic::block_in_line(
            word, written, head.word, colon, line_end,
        ));
    }
    if !on_this_line {
        let indent = p.lines[p.line].indent_width;
        p.leave_line();
        return Ok(body::indented(p, head.indent.unwrap_or(indent), head.word));
    }
    Ok(body::suite(p, head.word))
}

/// A clause on the same line, e.g. `else (…)`, or on the next line of the same block, `else:`.
fn clause(p: &mut ScriptParser, head: &SegmentHead, word: &str) -> Option<ClauseNode> {
    let mut lead = Vec::new();
    let mut comment = None;
    let mut indent = None;
    // The clause's line is left only if it begins the clause: otherwise it is the next segment.
    if !(p.open && p.is_word(word)) {
        indent = head.indent;
        let line = clause_line(p, indent?, word)?;
        p.leave_line();
        lead = p.trivia();
        p.enter_line();
        comment = line;
    }
    let mut clause_head = SegmentHead {
        word: p.take_as(Class::Keyword),
        end: None,
        indent,
    };
    let body = nested(p, &mut clause_head, Want::Block).unwrap_or_else(|Reported| {
        body::skip_segment(p);
        Block::default()
    });
    Some(ClauseNode {
        lead,
        comment,
        body,
    })
}

/// Whether the next line of code begins the clause. If so, returns the comment of that line.
fn clause_line(p: &ScriptParser, indent: u32, word: &str) -> Option<Option<Span>> {
    if p.open && !p.at_end() {
        return None;
    }
    let after = p.line + usize::from(p.open);
    let next = p.lines.get(after..)?.iter().find(|line| line.has_code())?;
    let first = p.tokens[next.tokens.start].span.of(p.text);
    let begins = next.indent_width == indent && first.eq_ignore_ascii_case(word);
    begins.then_some(next.comment)
}
