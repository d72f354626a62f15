//! The exporter to Mermaid: a trace as a Gantt chart for Markdown pages.
//!
//! Each instance has a section with one row of spans (`displayMode: compact`). The span of a
//! thread replaces "offloaded" in the section of its parent. The chart is limited in size; its
//! title names omissions, e.g. "the first 50 of 60 tasks".
//!
//! # What this leaves out
//!
//! - The slices of threads that alternate under the GIL or on a core: they are one bar.
//! - Spans too short to see.
//! - Nanoseconds: Mermaid counts whole milliseconds. A run of less than a second is drawn in
//!   microseconds instead, which the title states.
//! - The axis of a run of more than an hour is in the reader's time zone, because Mermaid has
//!   points in time only.

use std::fmt::Write;

use super::activity::Activities;
use model::time::{SimDuration, SimTime};
use model::trace::{InstanceId, Span, Spans, State, Trace};
use model::workload::Workload;

/// Sections of a chart; more are not readable.
const SECTIONS_MAX: usize = 50;
/// Bars of a chart. Browsers take seconds to lay out more.
const BARS_MAX: usize = 500;
/// A bar shorter than 1/200 of the chart is left out: its label would cover its neighbours.
const BARS_ACROSS: u64 = 200;

/// The chart as text, without the fence of a code block.
pub fn mermaid(workload: &Workload, trace: &Trace) -> String {
    let scale = MermaidScale::of(trace.end.since(SimTime::ZERO));
    let activities = Activities::of(workload);
    let names = super::instance_names(workload, trace);
    let sections = chart_sections(trace);
    let mut rows = String::new();
    let mut bars = 0;
    let mut shown = 0;
    for section in sections.iter().take(SECTIONS_MAX) {
        let mut drawn = section.bars(&activities);
        drawn.retain(|bar| scale.shows(bar));
        // A section is drawn completely or not at all; half of one would mislead.
        if bars + drawn.len() > BARS_MAX {
            break;
        }
        bars += drawn.len();
        shown += 1;
        if drawn.is_empty() {
            continue;
        }
        let name = plain_name(&names[section.owner.0 as usize]);
        push_line(&mut rows, format_args!("    section {name}"));
        for bar in drawn {
            push_line(&mut rows, format_args!("    {}", bar.chart_line(scale)));
        }
    }
    let title = chart_title(trace, scale, shown, sections.len());
    format!(
        "---\ndisplayMode: compact\n---\ngantt\n    title {title}\n    dateFormat x\n    axisFormat {}\n    todayMarker off\n{rows}",
        scale.axis_format()
    )
}

fn push_line(rows: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(rows, "{line}").expect("writing to a string cannot fail");
}

/// The simulated time that one of Mermaid's milliseconds represents.
#[derive(Clone, Copy)]
struct MermaidScale {
    unit: SimDuration,
    total: SimDuration,
}

impl MermaidScale {
    fn of(total: SimDuration) -> Self {
        let unit = if total < SimDuration::SECOND {
            SimDuration::MICROSECOND
        } else {
            SimDuration::MILLISECOND
        };
        Self { unit, total }
    }

    fn is_magnified(self) -> bool {
        self.unit == SimDuration::MICROSECOND
    }

    fn units(self, time: SimTime) -> u64 {
        let nanos = time.as_nanos();
        (nanos + self.unit.as_nanos() / 2) / self.unit.as_nanos()
    }

    fn shows(self, bar: &MermaidBar) -> bool {
        let length = bar.end.since(bar.start).as_nanos();
        length.saturating_mul(BARS_ACROSS) >= self.total.as_nanos()
            && self.units(bar.start) < self.units(bar.end)
    }

    /// The format of the axis in d3's notation: seconds, with minutes and hours if needed.
    fn axis_format(self) -> &'static str {
        let drawn = self.total.as_nanos() / self.unit.as_nanos();
        match drawn {
            0..60_000 => "%-S.%L",
            60_000..3_600_000 => "%-M:%S",
            _ => "%-H:%M:%S",
        }
    }
}

fn chart_title(trace: &Trace, scale: MermaidScale, shown: usize, all: usize) -> String {
    let total = trace.end.since(SimTime::ZERO);
    let mut title = format!("total {total}");
    if scale.is_magnified() {
        title.push_str(" (1 second on the axis is 1 ms)");
    }
    if shown < all {
        let _ = write!(title, " - the first {shown} of {all} tasks");
    }
    title
}

/// An instance with the spans of its section, in order of time.
struct Section {
    owner: InstanceId,
    spans: Vec<Span>,
}

/// The sections in order of creation. Those beyond [`SECTIONS_MAX`] have no spans.
fn chart_sections(trace: &Trace) -> Vec<Section> {
    let spans = Spans::of(trace);
    let mut sections: Vec<Section> = Vec::new();
    let mut section_of = vec![None; trace.instances.len()];
    for index in 0..trace.instances.len() {
        let id = InstanceId(index as u32);
        let owner = super::owner(trace, id);
        if owner == id {
            section_of[index] = Some(sections.len());
            sections.push(Section {
                owner,
                spans: Vec::new(),
            });
        }
        if let Some(section) = section_of[owner.0 as usize].filter(|&it| it < SECTIONS_MAX) {
            sections[section].spans.extend(spans.of_instance(id));
        }
    }
    sections.iter_mut().for_each(Section::sort_spans);
    sections
}

impl Section {
    /// Sorts the spans by time, and removes "offloaded" where a part shows the work itself.
    fn sort_spans(&mut self) {
        self.spans.sort_by_key(|span| span.start);
        let is_shown = |index: usize| {
            let span = &self.spans[index];
            let next = self.spans.get(index + 1);
            let by_part =
                next.is_some_and(|next| next.instance != self.owner && next.start < span.end);
            span.state != State::Offloaded || !by_part
        };
        let shown = (0..self.spans.len()).filter(|&index| is_shown(index));
        self.spans = shown.map(|index| self.spans[index]).collect();
    }
}

/// One bar of the chart.
struct MermaidBar {
    name: String,
    state: State,
    start: SimTime,
    end: SimTime,
}

impl Section {
    fn bars(&self, activities: &Activities) -> Vec<MermaidBar> {
        self.spans
            .chunk_by(is_one_turn)
            .map(|spans| merged_bar(activities, spans))
            .collect()
    }
}

/// Whether two spans are slices of one computation, or waits for the GIL or a core between them.
fn is_one_turn(span: &Span, next: &Span) -> bool {
    let in_turns = |state| matches!(state, State::Running | State::QueuedGil | State::QueuedCore);
    in_turns(span.state)
        && in_turns(next.state)
        && span.end == next.start
        && (span.instance, span.segment) == (next.instance, next.segment)
}

/// One bar for the spans. A computation in several slices is marked, e.g. `cpu in turns`.
fn merged_bar(activities: &Activities, spans: &[Span]) -> MermaidBar {
    let computing = spans.iter().find(|span| span.state == State::Running);
    let main = computing.unwrap_or(&spans[0]);
    let turns = if spans.len() > 1 { " in turns" } else { "" };
    MermaidBar {
        name: format!("{}{turns}", activities.span_name(main)),
        state: main.state,
        start: spans[0].start,
        end: spans[spans.len() - 1].end,
    }
}

impl MermaidBar {
    /// The bar as a line, e.g. `cpu :active, 0, 3000`.
    fn chart_line(&self, scale: MermaidScale) -> String {
        let (start, end) = (scale.units(self.start), scale.units(self.end));
        let name = plain_name(&self.name);
        match state_tag(self.state) {
            Some(tag) => format!("{name} :{tag}, {start}, {end}"),
            None => format!("{name} :{start}, {end}"),
        }
    }
}

/// The style of a bar. Mermaid has four: `active` for computing, `crit` for a blocking call,
/// `done` (grey) for waiting, and none for I/O.
fn state_tag(state: State) -> Option<&'static str> {
    match state {
        State::Running => Some("active"),
        State::Blocking => Some("crit"),
        State::Awaiting | State::Offloaded => None,
        _ => Some("done"),
    }
}

/// The text without characters that Mermaid interprets: ends of names, comments, markup.
fn plain_name(text: &str) -> String {
    let special = |c: char| matches!(c, ':' | '#' | ';' | '%' | ',' | '"' | '`' | '<' | '>' | '&');
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|&c| !special(c))
        .collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::trace::staged::stage;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let (workload, trace) = stage(text);
        assert_eq!(mermaid(&workload, &trace), expected);
    }

    #[test]
    fn each_task_is_a_section_and_its_bars_share_a_row() {
        check(
            "task pasta: cpu 3, await 5
             task toast: cpu 6
             pasta#1 arrived
             toast#1 arrived
             0 pasta#1 ready
             0 toast#1 ready
             0 pasta#1 running @0 on loop
             3 pasta#1 awaiting @1
             3 toast#1 running @2 on loop
             8 pasta#1 ready
             9 toast#1 done
             9 pasta#1 done",
            "---
displayMode: compact
---
gantt
    title total 9s
    dateFormat x
    axisFormat %-S.%L
    todayMarker off
    section pasta
    cpu :active, 0, 3000
    await :3000, 8000
    ready :done, 8000, 9000
    section toast
    ready :done, 0, 3000
    cpu :active, 3000, 9000
",
        );
    }

    #[test]
    fn a_handler_shows_its_work_in_place_of_its_wait_for_it() {
        check(
            "def h: block 0.002
             h#1 handler
             h#1~1 part of h#1
             0 h#1 ready
             0 h#1 offloaded
             0 h#1~1 blocking @0 on thread
             0.002 h#1~1 done
             0.002 h#1 ready by h#1~1
             0.0025 h#1 done",
            "---
displayMode: compact
---
gantt
    title total 2.5ms (1 second on the axis is 1 ms)
    dateFormat x
    axisFormat %-S.%L
    todayMarker off
    section h
    block :crit, 0, 2000
    ready :done, 2000, 2500
",
        );
    }

    #[test]
    fn what_is_left_out_is_said_in_the_title() {
        let mut text = "task a: await 1\n".to_owned();
        for number in 1..=60 {
            text += &format!("a#{number} arrived\n");
        }
        for number in 1..=60 {
            text += &format!("0 a#{number} awaiting @0\n");
        }
        for number in 1..=60 {
            text += &format!("1 a#{number} done\n");
        }
        let (workload, trace) = stage(&text);
        let chart = mermaid(&workload, &trace);
        assert!(chart.contains("title total 1s - the first 50 of 60 tasks"));
        assert_eq!(chart.matches("section a ").count(), 50);
    }

    #[test]
    fn names_lose_what_mermaid_would_read() {
        assert_eq!(plain_name("a: #b; 100% \"c\"\n파스타"), "a b 100 c 파스타");
    }
}
