//! `orders`: which orders of a run are promised, and which are accidents.

use std::fmt::Write;

use super::console::{Console, Style};
use super::exit::Exit;
use super::failure::Failure;
use super::load::load;
use super::sweep_args::OrdersArgs;
use crate::compare::chance::{Order, Who, orders};
use crate::language::Language;
use crate::paint::text::plain;
use crate::workload::Workload;

pub(super) fn tell_orders(args: &OrdersArgs, console: &mut Console) -> Result<Exit, Failure> {
    let Some(loaded) = load(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    let found = orders(&loaded.workload, args.by, args.runs);
    let style = console.style;
    let mut text = format!("{}\n", style.say().shaken(args.runs, args.by));
    for order in &found {
        let _ = writeln!(text, "{}", line(order, &loaded.workload, style));
    }
    console.print(&text)?;
    Ok(Exit::Holds)
}

/// `✓ toast before pasta, always` or `✗ toast before pasta, in 61 %`.
fn line(order: &Order, workload: &Workload, style: Style) -> String {
    let name = |(task, number): Who| format!("{} {number}", plain(&workload.task(task).name));
    let (first, second) = (name(order.first), name(order.second));
    let share = 100 * u64::from(order.kept) / u64::from(order.runs.max(1));
    style.say().before(
        &first,
        &second,
        (order.turned_in.is_some()).then_some(share),
    )
}

impl super::words::Say {
    fn shaken(self, runs: u32, percent: u32) -> String {
        match self.0 {
            Language::En => {
                format!("{runs} runs with every duration up to {percent} % longer or shorter")
            }
            Language::Ko => format!("모든 시간을 최대 {percent}% 늘이거나 줄여 {runs}번 실행"),
        }
    }

    fn before(self, first: &str, second: &str, share: Option<u64>) -> String {
        match (self.0, share) {
            (Language::En, None) => format!("  {first} before {second}: always"),
            (Language::En, Some(share)) => {
                format!("  {first} before {second}: an accident, in {share} % of the runs")
            }
            (Language::Ko, None) => format!("  {first} → {second}: 항상"),
            (Language::Ko, Some(share)) => {
                format!("  {first} → {second}: 우연, 실행의 {share}%에서")
            }
        }
    }
}
