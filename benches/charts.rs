//! The time that a chart of a million spans takes: to build once, then to draw per frame.
//!
//! Prints times and asserts none.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use chart::paint::null::NullPainter;
use chart::paint::paint_shapes;
use chart::scene::plot::plot;
use chart::scene::{By, Plan, Timeline, Viewport, Words};
use model::trace::Spans;
use texts::Language;

/// Five states each, so a million spans.
const TASKS: u32 = 200_000;
const WORDS: Words = Words(Language::En);

fn main() {
    let script = format!("a: await 1 -> thread (block 1) -> await 2\nrun {TASKS} a\n");
    let workload = script::parse(&script).workload;
    let workload = workload.expect("the script is valid");
    let trace = timed("simulate", || sim::simulate(&workload));
    let spans = timed("spans", || Spans::of(&trace));
    println!("{} instances, {} spans", trace.instances.len(), spans.len());
    for by in [By::Tasks, By::Threads] {
        println!("{by:?}");
        let timeline = timed("  timeline", || {
            Timeline::new(&workload, &trace, &spans, by)
        });
        frames(timeline);
    }
}

fn frames(mut timeline: Timeline) {
    let plan = Plan::new(&timeline, WORDS, 1_440.0, 24.0, 0.0, 600.0);
    let all = plan.fit(timeline.end());
    timed("  first frame", || frame(&mut timeline, &plan, all));
    let mut slowest = 0.0_f64;
    let mut shapes = 0;
    let mut viewport = all;
    let began = Instant::now();
    for number in 0..100 {
        // Zooms in, then pans, then starts again from the whole chart: the three kinds of frames.
        viewport = match number % 20 {
            0 => all,
            turn if turn < 14 => viewport.zoomed(700.0, 0.6),
            _ => viewport.panned(90.0),
        };
        viewport = viewport.clamped(timeline.end(), timeline.rows().len());
        let began = Instant::now();
        shapes = shapes.max(frame(&mut timeline, &plan, viewport));
        slowest = slowest.max(began.elapsed().as_secs_f64());
    }
    let mean = began.elapsed().as_secs_f64() / 100.0;
    println!(
        "  zoom and pan: {:.2} ms a frame, slowest {:.2} ms, at most {shapes} shapes",
        mean * 1e3,
        slowest * 1e3
    );
    let rows = all.with_pitch(0.0, 6.0).scrolled(10_000.0);
    timed("  rows of 6 px", || frame(&mut timeline, &plan, rows));
}

fn frame(timeline: &mut Timeline, plan: &Plan, viewport: Viewport) -> usize {
    let shapes = plot(timeline, plan, &viewport, WORDS, &[]);
    paint_shapes(&shapes, &mut NullPainter);
    shapes.len()
}

fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    println!("{name}: {:.1} ms", began.elapsed().as_secs_f64() * 1e3);
    result
}
