//! Statements at the left margin: tasks, settings, resources, `run` and `expect`.

use super::{Parse, Reported, ScriptParser, body, expect, value};
use crate::diagnostic::Diagnostic;
use crate::diagnostics::Want;
use crate::highlight::Class;
use crate::lexer::TokenKind;
use crate::python;
use crate::span::Span;
use crate::suggest;
use crate::syntax::*;
use crate::vocabulary::*;

/// The whole script.
pub(super) fn script(p: &mut ScriptParser) -> ScriptTree {
    let margin = margin_indent(p);
    let mut script = ScriptTree::default();
    let mut stray = margin;
    loop {
        let lead = p.trivia();
        if p.code_line().is_none() {
            script.tail = lead;
            return script;
        }
        let line = p.enter_line();
        // Consecutive lines that are off by the same width are one mistake.
        if line.indent_width > margin && line.indent_width != stray {
            p.report(Diagnostic::unexpected_indent(None, line.indent));
        }
        stray = line.indent_width;
        script.items.push(item(p, lead));
    }
}

/// The indentation of the statements. A script from a web page may be indented as a whole.
fn margin_indent(p: &ScriptParser) -> u32 {
    let code = p.lines.iter().filter(|line| line.has_code());
    code.map(|line| line.indent_width).min().unwrap_or(0)
}

fn item(p: &mut ScriptParser, lead: Vec<Trivia>) -> StatementNode {
    let line = &p.lines[p.line];
    let start = p.current_span();
    let kind = statement(p).unwrap_or_else(|Reported| {
        p.leave_line();
        // The lines below it are probably its block, so they are not reported as misplaced.
        body::skipped_block(p, line.indent_width);
        StatementNodeKind::Broken
    });
    p.end_line();
    let end = line.tokens.end - 1;
    StatementNode {
        lead,
        line: line.number,
        span: start.to(p.tokens[end].span),
        comment: line.comment,
        kind,
    }
}

fn statement(p: &mut ScriptParser) -> Parse<StatementNodeKind> {
    let Some(word) = p.word() else {
        return Err(unknown_statement(p));
    };
    if p.is_word("async") || p.is_word("def") {
        return task(p);
    }
    if let Some(clause) = lookup(CLAUSES, word) {
        let span = p.take_as(Class::Keyword);
        return Err(p.report(Diagnostic::stray_clause(clause, span)));
    }
    // Before the settings, because a task may have a keyword's name, e.g. `pool:`.
    if heads_a_task(p) {
        check_reserved(p, word);
        return task(p);
    }
    if let Some(setting_word) = lookup(SETTINGS, word)
        && !is_no_setting(p, setting_word)
    {
        return setting(p, setting_word);
    }
    if let Some(resource_word) = lookup(RESOURCES, word) {
        return resource(p, resource_word);
    }
    match lookup(STATEMENTS, word) {
        Some(StatementWord::Run) => return run(p),
        Some(StatementWord::Expect) => return expect::expect(p),
        Some(StatementWord::AsyncDef | StatementWord::Def) | None => {}
    }
    if lookup(SEGMENTS, word).is_some() {
        let span = p.take_as(Class::Segment);
        return Err(p.report(Diagnostic::segment_outside_task(word, span)));
    }
    // Last, because any word could be a task's name.
    if lacks_only_its_colon(p) {
        return task(p);
    }
    Err(unknown_statement(p))
}

/// Whether `executor` begins a segment, or `pool` a resource. `executor f` and `pool db 15` do,
/// `executor 8` and `pool 40` are settings.
fn is_no_setting(p: &ScriptParser, word: SettingWord) -> bool {
    match word {
        SettingWord::Executor => p
            .token_ahead(1)
            .is_some_and(|next| next.kind != TokenKind::Number),
        SettingWord::Pool => p.nth_word(1).is_some(),
        _ => false,
    }
}

/// Whether the line begins with `NAME:` or `NAME():`.
fn heads_a_task(p: &ScriptParser) -> bool {
    let parens = p.nth_is(1, TokenKind::OpenParen) && p.nth_is(2, TokenKind::CloseParen);
    p.nth_is(if parens { 3 } else { 1 }, TokenKind::Colon)
}

/// Whether only the colon of a task is missing: `pasta cpu 3`, or `pasta` above an indented
/// block.
fn lacks_only_its_colon(p: &ScriptParser) -> bool {
    match p.nth_word(1) {
        Some(next) => lookup(SEGMENTS, next).is_some(),
        None => p.token_ahead(1).is_none() && body::deeper_line_follows(p),
    }
}

/// Reports a block at the margin, such as `thread:`: its task is missing.
fn check_reserved(p: &mut ScriptParser, word: &str) {
    use Verb::*;
    let opens_block = matches!(
        lookup(SEGMENTS, word),
        Some(Thread | Executor | Process | Group | Try | Forever | Repeat | Timeout | With)
    );
    if opens_block {
        let span = p.current_span();
        p.report(Diagnostic::reserved_name(word, span));
    }
}

fn unknown_statement(p: &mut ScriptParser) -> Reported {
    if p.is(TokenKind::Unknown) {
        return p.expected(Want::LineEnd);
    }
    let span = value::path(p);
    let written = p.text_of(span);
    if let Some(python) = python::find(written) {
        return p.report(Diagnostic::python_word(written, python, span));
    }
    let candidates = words(STATEMENTS)
        .chain(words(SETTINGS))
        .chain(words(RESOURCES))
        .chain(["async", "def"]);
    let near = suggest::nearest(written, candidates);
    p.report(Diagnostic::unknown_statement(written, near, span))
}

/// E.g. `pasta: cpu 3 -> await 5`, `async def pasta:` or `def pasta():`.
fn task(p: &mut ScriptParser) -> Parse<StatementNodeKind> {
    let indent = p.lines[p.line].indent_width;
    let header = header(p)?;
    let name = value::name(p, Want::NewName)?;
    p.classes[p.at - 1] = Class::Name;
    arguments(p, name);
    colon(p, name)?;
    Ok(StatementNodeKind::Task(TaskNode {
        header,
        name,
        body: body::task_body(p, indent, name),
    }))
}

fn header(p: &mut ScriptParser) -> Parse<TaskHeader> {
    // `async:` is a task called `async`.
    if p.is_word("async") && !heads_a_task(p) {
        p.eat_word("async");
        if !p.eat_word("def") {
            return Err(p.expected(Want::Def));
        }
        return Ok(TaskHeader::AsyncDef);
    }
    if p.eat_word("def") {
        return Ok(TaskHeader::Def);
    }
    Ok(TaskHeader::Bare)
}

/// Reports and skips arguments, since tasks have none.
fn arguments(p: &mut ScriptParser, name: Span) {
    if !p.is(TokenKind::OpenParen) {
        return;
    }
    let start = p.current_span();
    while !p.at_end() && !p.eat(TokenKind::CloseParen) {
        p.next_token();
    }
    let span = start.to(p.span_behind());
    p.report(Diagnostic::task_arguments(p.text_of(name), span));
}

fn colon(p: &mut ScriptParser, name: Span) -> Parse<()> {
    if p.eat(TokenKind::Colon) {
        return Ok(());
    }
    let body_follows = match p.word() {
        Some(word) => lookup(SEGMENTS, word).is_some(),
        None => p.at_end() && body::deeper_line_follows(p),
    };
    if !body_follows {
        return Err(p.expected(Want::Colon));
    }
    let diagnostic = Diagnostic::missing_colon(p.found(), p.current_span(), name.behind());
    p.report(diagnostic);
    Ok(())
}

/// E.g. `cores 4`, `gil off`, `switch 5ms`, `python 3.11` or `eager on`.
fn setting(p: &mut ScriptParser, word: SettingWord) -> Parse<StatementNodeKind> {
    let keyword = p.take_as(Class::Keyword);
    let value = match word {
        SettingWord::Gil | SettingWord::Eager => on_or_off(p)?,
        SettingWord::Switch | SettingWord::Until => {
            SettingValue::Duration(value::quantity(p, Want::Duration)?)
        }
        SettingWord::Python if p.is(TokenKind::Number) => SettingValue::Version(p.next_token()),
        SettingWord::Python => return Err(p.expected(Want::Version)),
        _ => SettingValue::Count(value::count(p, Want::Count)?),
    };
    Ok(StatementNodeKind::Setting(SettingNode {
        word,
        keyword,
        value,
    }))
}

fn on_or_off(p: &mut ScriptParser) -> Parse<SettingValue> {
    if p.eat_word("on") {
        Ok(SettingValue::On)
    } else if p.eat_word("off") {
        Ok(SettingValue::Off)
    } else {
        Err(p.expected(Want::OnOrOff))
    }
}

/// E.g. `queue q 10`, `semaphore s 3`, `lock m` or `pool db 15 timeout 30s`.
fn resource(p: &mut ScriptParser, word: ResourceWord) -> Parse<StatementNodeKind> {
    p.take_as(Class::Keyword);
    let name = value::name(p, Want::NewName)?;
    let size = match word {
        ResourceWord::Semaphore | ResourceWord::Pool => Some(value::count(p, Want::Count)?),
        ResourceWord::Queue if !p.at_end() => Some(value::count(p, Want::Count)?),
        _ => None,
    };
    let timeout = match word {
        ResourceWord::Pool if p.eat_word("timeout") => Some(value::quantity(p, Want::Duration)?),
        _ => None,
    };
    Ok(StatementNodeKind::Resource(ResourceNode {
        word,
        name,
        size,
        timeout,
    }))
}

/// E.g. `run 100 ping every 10ms` or `run a, 2 b at 2s`.
fn run(p: &mut ScriptParser) -> Parse<StatementNodeKind> {
    p.take_as(Class::Keyword);
    let members = value::members(p)?;
    let arrivals = arrivals(p)?;
    Ok(StatementNodeKind::Run(RunNode { members, arrivals }))
}

/// E.g. `at 2s`, `every 10ms from 2s` or `at 50/s`, in any order.
fn arrivals(p: &mut ScriptParser) -> Parse<ArrivalsNode> {
    // `at 2s` and `from 2s` both set the start.
    let (mut start, mut gap, mut rate) = (None, None, None);
    while !p.at_end() {
        let clause = p.current_span();
        // `at 50/s` is a rate, `at 2s` a time.
        let twice = if p.is_word("at") && p.nth_is(2, TokenKind::Slash) {
            p.take_as(Class::Keyword);
            rate.replace(value::rate(p)?).is_some()
        } else if p.eat_word("at") || p.eat_word("from") {
            start.replace(value::quantity(p, Want::Duration)?).is_some()
        } else if p.eat_word("every") {
            gap.replace(value::quantity(p, Want::Duration)?).is_some()
        } else {
            return Err(p.expected(Want::Arrival));
        };
        if twice || (rate.is_some() && gap.is_some()) {
            let span = clause.to(p.span_behind());
            return Err(p.report(Diagnostic::clashing_arrivals(span)));
        }
    }
    Ok(match (rate, gap, start) {
        (Some(rate), _, from) => ArrivalsNode::Rate { rate, from },
        (None, Some(gap), from) => ArrivalsNode::Every { gap, from },
        (None, None, Some(at)) => ArrivalsNode::At(at),
        (None, None, None) => ArrivalsNode::AtOnce,
    })
}
