//! `diff`: the first event in which two runs differ.

use super::colour::Ink;
use super::console::{Console, Style};
use super::exit::Exit;
use super::failure::Failure;
use super::load::load;
use super::machine::MachineArgs;
use super::run::Outcome;
use super::source::shown;
use super::sweep_args::DiffArgs;
use crate::compare::divergence::{Difference, Divergence, Named, diverge};
use crate::language::Language;
use crate::paint::text::plain;

pub(super) fn diff(args: &DiffArgs, console: &mut Console) -> Result<Exit, Failure> {
    // With one script, the settings are what differs.
    let as_written = MachineArgs::default();
    let (first, second) = match &args.other {
        Some(other) => ((&args.file, &args.machine), (other, &args.machine)),
        None => ((&args.file, &as_written), (&args.file, &args.machine)),
    };
    let Some(left) = load(first.0, first.1, console)? else {
        return Ok(Exit::Invalid);
    };
    let Some(right) = load(second.0, second.1, console)? else {
        return Ok(Exit::Invalid);
    };
    let (left, right) = (Outcome::of(&left.workload), Outcome::of(&right.workload));
    let found = diverge((left.workload, &left.trace), (right.workload, &right.trace));
    let style = console.style;
    let say = style.say();
    let Some(found) = found else {
        console.print(&format!("{}\n", say.no_difference()))?;
        return Ok(Exit::Holds);
    };
    let names = match &args.other {
        Some(other) => [shown(&args.file), shown(other)],
        None => [say.as_written().to_owned(), say.as_set().to_owned()],
    };
    let totals = [
        left.summary.total.to_string(),
        right.summary.total.to_string(),
    ];
    console.print(&tell(&found, &names, &totals, style))?;
    Ok(Exit::Fails)
}

fn tell(found: &Divergence, names: &[String; 2], totals: &[String; 2], style: Style) -> String {
    let say = style.say();
    let why = say.difference(found.difference());
    let mut text = format!("{}\n", say.common(found.common));
    text.push_str(&format!("{}\n", style.out.paint(Ink::Strong, why)));
    let sides = [&found.left, &found.right]
        .into_iter()
        .zip(names)
        .zip(totals);
    for ((event, name), total) in sides {
        let event = event
            .as_ref()
            .map_or(say.nothing_more().to_owned(), |event| written(event, style));
        text.push_str(&format!("  {name}: {event} ({} {total})\n", say.in_total()));
    }
    text
}

/// `3s  toast 2 start, line 4`.
fn written(event: &Named, style: Style) -> String {
    let (task, kind) = (plain(&event.task), event.kind.name());
    let line = style.say().line(event.line);
    format!("{}  {task} {} {kind}, {line}", event.at, event.number)
}

impl super::words::Say {
    fn said(self, en: &'static str, ko: &'static str) -> &'static str {
        match self.0 {
            Language::En => en,
            Language::Ko => ko,
        }
    }

    fn no_difference(self) -> &'static str {
        self.said("they are the same, event by event", "모든 사건이 같습니다")
    }

    fn as_written(self) -> &'static str {
        self.said("as written", "쓴 그대로")
    }

    fn as_set(self) -> &'static str {
        self.said("with these settings", "이 설정으로")
    }

    fn nothing_more(self) -> &'static str {
        self.said("nothing more happens", "더 일어나는 일이 없음")
    }

    fn in_total(self) -> &'static str {
        self.said("total", "전체")
    }

    fn common(self, count: usize) -> String {
        match self.0 {
            Language::En => format!("the first {count} events are the same"),
            Language::Ko => format!("처음 사건 {count}개는 같습니다"),
        }
    }

    fn difference(self, difference: Difference) -> &'static str {
        match difference {
            Difference::Time => self.said(
                "then the same happens at another time",
                "그다음 같은 일이 다른 때에 일어납니다",
            ),
            Difference::Deed => self.said(
                "then the same task does something else",
                "그다음 같은 태스크가 다른 일을 합니다",
            ),
            Difference::Task => self.said(
                "then it is another task's turn",
                "그다음 다른 태스크의 차례입니다",
            ),
            Difference::End => self.said("then one of them is over", "그다음 하나가 먼저 끝납니다"),
        }
    }
}
