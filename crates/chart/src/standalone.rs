//! Standalone charts: a run as an SVG or as text.
//!
//! Combines the scene with a painter. The page does the same with its canvas.

use crate::paint::svg::{Caption, SvgTheme, svg};
use crate::paint::text;
use crate::scene::frame::{Headline, standalone};
use crate::scene::label::brief;
use crate::scene::rows::By;
use crate::scene::timeline::Timeline;
use crate::scene::words::Words;
use model::time::SimDuration;
use model::trace::{AnalysedRun, Ending, Spans, Summary, Trace};
use texts::Language;

pub use crate::paint::text::{Colours, Glyphs};

/// The options of an SVG chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartOptions {
    pub title: Option<String>,
    pub width_px: u32,
    pub by: By,
    pub theme: SvgTheme,
    pub language: Language,
}

impl Default for ChartOptions {
    fn default() -> Self {
        Self {
            title: None,
            width_px: 960,
            by: By::Tasks,
            theme: SvgTheme::Auto,
            language: Language::En,
        }
    }
}

/// The options of a chart for a terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct TextOptions {
    pub title: Option<String>,
    /// In terminal cells.
    pub width: usize,
    pub by: By,
    pub glyphs: Glyphs,
    pub colours: Colours,
    pub language: Language,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            title: None,
            width: 80,
            by: By::Tasks,
            glyphs: Glyphs::Blocks,
            colours: Colours::None,
            language: Language::En,
        }
    }
}

/// Shorter freezes are not mentioned. The value is asyncio's `slow_callback_duration`.
const FREEZE_MIN: SimDuration = SimDuration::from_millis(100);
/// The minimum and maximum width of the picture.
const WIDTH_PX: std::ops::RangeInclusive<u32> = 200..=8_192;

/// Draws the chart as a self-contained SVG file.
pub fn draw_svg(run: &AnalysedRun, options: &ChartOptions) -> String {
    let words = Words(options.language);
    let trace = run.trace();
    let headline = Headline {
        title: options.title.clone(),
        total: ends_by_itself(trace).then(|| run.total()),
        warning: words.ending(&trace.ending),
        facts: facts(run.summary(), waited(run.spans()), words),
    };
    let mut timeline = Timeline::new(run.workload(), trace, run.spans(), options.by);
    let width = f64::from(options.width_px.clamp(*WIDTH_PX.start(), *WIDTH_PX.end()));
    let scene = standalone(&mut timeline, &headline, words, width, rows_max_px(width));
    let title = options.title.as_deref().unwrap_or(words.chart());
    let caption = Caption {
        title,
        description: &describe(&headline, &timeline, words),
    };
    svg(&scene, options.theme, caption)
}

/// Draws the chart in characters, followed by the total. A run too long for its spans to fit into
/// memory has a message instead of the chart.
pub fn draw_text(run: &AnalysedRun, options: &TextOptions) -> String {
    let trace = run.trace();
    let style = text::Style {
        width: options.width,
        glyphs: options.glyphs,
        colours: options.colours,
        words: Words(options.language),
    };
    let mut drawn = String::new();
    if let Some(title) = &options.title {
        // Without control characters, which could change the state of the terminal.
        drawn.push_str(&text::plain(title));
        drawn.push_str("\n\n");
    }
    if trace.is_too_long_for_detail() {
        return drawn + &text::without_chart(trace, &style);
    }
    let timeline = Timeline::new(run.workload(), trace, run.spans(), options.by);
    drawn + &text::gantt(&timeline, &trace.ending, &style)
}

fn ends_by_itself(trace: &Trace) -> bool {
    !matches!(trace.ending, Ending::Deadlock(_))
}

/// The maximum height of all rows together: about the aspect ratio of a slide.
fn rows_max_px(width_px: f64) -> f64 {
    (width_px * 0.5).clamp(320.0, 960.0)
}

/// The headline's facts, e.g. the longest freeze. Facts that are zero are left out.
fn facts(summary: &Summary, waited: SimDuration, words: Words) -> Vec<(String, String)> {
    let freeze = summary
        .freeze
        .map_or(SimDuration::ZERO, |freeze| freeze.length);
    let mut facts = Vec::new();
    // Every script has short freezes, so they would be no news.
    if freeze >= FREEZE_MIN {
        facts.push((words.longest_freeze(), brief(freeze)));
    }
    if !waited.is_zero() {
        facts.push((words.others_waited(), brief(waited)));
    }
    if summary.threads_peak > 0 {
        facts.push((words.threads_at_peak(), summary.threads_peak.to_string()));
    }
    let owned = |(name, value): (&str, String)| (name.to_owned(), value);
    facts.into_iter().map(owned).collect()
}

/// The total time in which instances waited for others.
fn waited(spans: &Spans) -> SimDuration {
    let waits = spans
        .all()
        .iter()
        .filter(|span| span.state.is_waiting_for_others());
    let lengths = waits.map(|span| span.length());
    lengths.fold(SimDuration::ZERO, |sum, length| sum + length)
}

/// The chart in a few sentences, for screen readers.
fn describe(headline: &Headline, timeline: &Timeline, words: Words) -> String {
    let rows = timeline.rows().len();
    let total = match headline.total {
        Some(total) => brief(total),
        None => words.never_ends().to_owned(),
    };
    let mut text = format!(
        "{}: {total}. {rows} {}.",
        words.total_elapsed(),
        words.tasks()
    );
    for (name, value) in &headline.facts {
        text.push_str(&format!(" {name}: {value}."));
    }
    if let Some(warning) = &headline.warning {
        text.push_str(&format!(" {warning}."));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::limits::DETAIL_RECORDS_MAX;
    use model::time::SimTime;
    use model::trace::{InstanceId, LaneId, Log, Record, State};
    use model::workload::{SegmentId, Workload};

    #[test]
    fn a_run_too_long_for_its_spans_has_its_total_in_place_of_a_chart() {
        let mut log = Log::default();
        for number in 0..=DETAIL_RECORDS_MAX {
            log.push(Record {
                at: SimTime::from_nanos(number / 2),
                instance: InstanceId(0),
                state: State::Ready,
                lane: LaneId::NONE,
                segment: SegmentId(0),
                cause: None,
            });
        }
        let trace = Trace {
            instances: Vec::new(),
            lanes: Vec::new(),
            log,
            end: SimTime::from_nanos(DETAIL_RECORDS_MAX / 2),
            ending: Ending::Finished,
        };
        let run = AnalysedRun::of(Workload::default(), trace);
        let drawn = draw_text(&run, &TextOptions::default());
        assert_eq!(
            drawn,
            "8000001 state changes are too many for a chart (at most 8000000); \
             stop the run earlier with `until`\n\ntotal 4ms\n"
        );
    }
}
