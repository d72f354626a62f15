//! Charts compared with reviewed files.
//!
//! `UPDATE=1 cargo test --test charts` rewrites them; review the changes before committing.

#![cfg(not(target_arch = "wasm32"))]

mod builder;
mod stories;

use std::fs;
use std::path::PathBuf;

use chart::paint::svg::SvgTheme;
use chart::scene::plot::plot;
use chart::scene::{By, Kind, Plan, Shape, Theme, Timeline, Words};
use chart::standalone::{ChartOptions, Colours, Glyphs, TextOptions, draw_svg, draw_text};
use loopscope::png::{PngError, SCALE, draw_png};
use model::trace::{AnalysedRun, Spans, Trace};
use model::workload::Workload;
use proptest::prelude::*;
use texts::Language;

type Story = (Workload, Trace);

fn analysed((workload, trace): &Story) -> AnalysedRun {
    AnalysedRun::of(workload.clone(), trace.clone())
}

#[track_caller]
fn check_file(name: &str, drawn: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/charts")
        .join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, drawn).expect("the folder of the tests can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if let Some(number) = first_difference(&expected, drawn) {
        let line = |text: &str| text.lines().nth(number).unwrap_or("(nothing)").to_owned();
        panic!(
            "{name} differs in line {}\n  file:  {}\n  drawn: {}\nlook at it, then UPDATE=1",
            number + 1,
            line(&expected),
            line(drawn)
        );
    }
}

fn first_difference(a: &str, b: &str) -> Option<usize> {
    if a == b {
        return None;
    }
    let equal = a.lines().zip(b.lines()).take_while(|(a, b)| a == b);
    Some(equal.count())
}

#[track_caller]
fn check_svg(name: &str, story: &Story, options: &ChartOptions) {
    let drawn = draw_svg(&analysed(story), options);
    assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{name}");
    // A negative size is an error in SVG.
    for extent in ["width=\"-", "height=\"-", "rx=\"-"] {
        assert!(!drawn.contains(extent), "{name}: {extent}");
    }
    check_file(&format!("{name}.svg"), &drawn);
}

#[track_caller]
fn check_text(name: &str, story: &Story, options: &TextOptions) {
    let drawn = draw_text(&analysed(story), options);
    check_file(&format!("{name}.txt"), &drawn);
}

fn titled(title: &str) -> ChartOptions {
    ChartOptions {
        title: Some(title.to_owned()),
        ..ChartOptions::default()
    }
}

#[test]
fn two_tasks_have_labelled_bars() {
    let story = stories::pasta();
    check_svg("pasta", &story, &titled("Pasta and toast"));
    check_text("pasta", &story, &TextOptions::default());
    let ascii = TextOptions {
        glyphs: Glyphs::Ascii,
        width: 60,
        ..TextOptions::default()
    };
    check_text("pasta-ascii", &story, &ascii);
    let colours = TextOptions {
        colours: Colours::Ansi,
        ..TextOptions::default()
    };
    check_text("pasta-ansi", &story, &colours);
    let phone = ChartOptions {
        width_px: 320,
        theme: SvgTheme::Fixed(Theme::Dark),
        ..ChartOptions::default()
    };
    check_svg("pasta-phone-dark", &story, &phone);
}

#[test]
fn blocking_calls_make_a_staircase() {
    let story = stories::staircase(4, 5.0);
    check_svg(
        "staircase",
        &story,
        &titled("Four requests that block the loop"),
    );
    check_text("staircase", &story, &TextOptions::default());
    check_text(
        "staircase-100",
        &stories::staircase(100, 1.0),
        &TextOptions::default(),
    );
}

#[test]
fn a_pool_makes_waves() {
    let story = stories::waves();
    check_svg("waves", &story, &titled("100 requests on 40 threads"));
    check_text("waves", &story, &TextOptions::default());
    let threads = ChartOptions {
        by: By::Threads,
        ..titled("100 requests on 40 threads")
    };
    check_svg("waves-by-thread", &story, &threads);
}

#[test]
fn threads_take_turns_under_the_gil() {
    check_svg("gil", &stories::gil(0.2), &titled("Two threads, one GIL"));
    check_svg(
        "gil-long",
        &stories::gil(20.0),
        &titled("Two threads, one GIL"),
    );
    check_text("gil", &stories::gil(0.2), &TextOptions::default());
}

#[test]
fn a_semaphore_lets_through_as_many_as_it_has_permits() {
    check_svg(
        "semaphore",
        &stories::semaphore(),
        &titled("A semaphore of 5"),
    );
    check_text("semaphore", &stories::semaphore(), &TextOptions::default());
}

#[test]
fn children_failures_and_orphans_are_shown() {
    check_svg(
        "family",
        &stories::family(),
        &titled("Children & <orphans>"),
    );
    check_text("family", &stories::family(), &TextOptions::default());
    let threads = ChartOptions {
        by: By::Threads,
        ..titled("The same by thread")
    };
    check_svg("family-by-thread", &stories::family(), &threads);
}

#[test]
fn hangul_is_aligned_and_every_text_is_korean() {
    let korean = ChartOptions {
        language: Language::Ko,
        ..titled("파스타와 토스트")
    };
    check_svg("korean", &stories::korean(), &korean);
    let korean = TextOptions {
        language: Language::Ko,
        ..TextOptions::default()
    };
    check_text("korean", &stories::korean(), &korean);
}

#[test]
fn every_kind_has_its_pattern() {
    check_svg("zoo", &stories::zoo(), &ChartOptions::default());
    check_text("zoo", &stories::zoo(), &TextOptions::default());
}

#[test]
fn little_and_nothing_are_drawn_too() {
    check_svg("one", &stories::one(), &ChartOptions::default());
    check_text("one", &stories::one(), &TextOptions::default());
    check_svg("nothing", &stories::nothing(), &ChartOptions::default());
    check_text("nothing", &stories::nothing(), &TextOptions::default());
    check_svg("empty", &stories::empty(), &ChartOptions::default());
    check_text("empty", &stories::empty(), &TextOptions::default());
}

fn simulated(script: &str) -> Story {
    let workload = script::parse(script).workload.expect("the script is valid");
    let trace = sim::simulate(&workload);
    (workload, trace)
}

#[test]
fn waits_that_never_end_are_drawn_beyond_the_end() {
    let story = simulated(
        "lock m\nlock n\na: with m (await 1 -> with n (cpu 1))\nb: with n (await 2 -> with m (cpu 1))\n",
    );
    check_svg("deadlock", &story, &titled("Two locks, two orders"));
    check_text("deadlock", &story, &TextOptions::default());
    let ascii = TextOptions {
        glyphs: Glyphs::Ascii,
        ..TextOptions::default()
    };
    check_text("deadlock-ascii", &story, &ascii);
    // Even one at the very beginning has a wait to show.
    let story = simulated("lock m\na: with m (with m (cpu 1))\n");
    check_svg("deadlock-at-once", &story, &ChartOptions::default());
}

/// The lengths of the computations of the first row, in seconds.
#[track_caller]
fn check_computations(script: &str, by: By, expected: &[u64]) {
    let (workload, trace) = simulated(script);
    let timeline = Timeline::new(&workload, &trace, &Spans::of(&trace), by);
    let rows = 0..timeline.rows().len();
    let first = rows
        .map(|row| timeline.pieces(row))
        .map(|pieces| {
            let running = pieces.iter().filter(|piece| piece.kind == Kind::Running);
            let seconds =
                running.map(|piece| piece.end.since(piece.start).as_nanos() / 1_000_000_000);
            seconds.collect::<Vec<_>>()
        })
        .find(|lengths| !lengths.is_empty());
    assert_eq!(first.unwrap_or_default(), expected, "{script}");
}

/// Another task that arrives does not cut the bar of one that computes on.
#[test]
fn a_computation_that_nothing_interrupts_is_one_bar() {
    let resize = "cores 4\nprocesses 4\nresize: process (cpu 10s)\nhealth: print \"ok\"\n\
                  run 4 resize\nrun health at 1s\n";
    check_computations(resize, By::Tasks, &[10]);
    check_computations(resize, By::Threads, &[10]);
    // Each round of a loop is one of its own.
    check_computations("a: repeat 2 (cpu 3)\n", By::Tasks, &[3, 3]);
    check_computations("a: cpu 1 -> cpu 2\n", By::Threads, &[1, 2]);
}

#[test]
fn what_is_shorter_than_a_pixel_is_a_tick() {
    let story = simulated(
        "report: await 20s -> cpu 1ms -> await 20s\npoll: await 10ms\nrun report\nrun 3 poll every 10s\n",
    );
    check_svg("short", &story, &titled("Short work at a long scale"));
}

#[test]
fn text_and_picture_stay_inside_their_width() {
    for width in [40, 60, 80, 120] {
        for story in every_story() {
            let options = TextOptions {
                width,
                ..TextOptions::default()
            };
            for line in draw_text(&analysed(&story), &options).lines() {
                // The last label of the axis begins at the end of the axis, so it may exceed the
                // width.
                let used = unicode_width::UnicodeWidthStr::width(line);
                assert!(used <= width + 6, "{used} of {width}: {line}");
            }
        }
    }
}

#[test]
fn a_title_like_markup_is_still_a_picture() {
    let story = stories::family();
    match draw_png(&analysed(&story), &titled("a & b </text><script>"), SCALE) {
        Ok(png) => assert_eq!(&png[1..4], b"PNG"),
        Err(error) => assert_eq!(error, PngError::NoFont),
    }
}

fn every_story() -> Vec<Story> {
    vec![
        stories::pasta(),
        stories::korean(),
        stories::staircase(30, 0.7),
        stories::waves(),
        stories::gil(0.5),
        stories::semaphore(),
        stories::family(),
        stories::zoo(),
        stories::one(),
        stories::nothing(),
        stories::empty(),
        stories::many(2_000),
        simulated("lock m\na: with m (await 1 -> with m (cpu 1))\nrun 3 a\n"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_shape_of_every_view_has_a_place_and_a_size(
        width in 1.0..2_000.0_f64,
        height in 1.0..900.0_f64,
        pitch in 0.0..60.0_f64,
        moves in prop::collection::vec((0.0..2_000.0_f64, 0.01..4.0_f64, -500.0..500.0_f64), 0..6),
        by_thread in any::<bool>(),
    ) {
        let by = if by_thread { By::Threads } else { By::Tasks };
        for story in every_story() {
            let spans = Spans::of(&story.1);
            let mut timeline = Timeline::new(&story.0, &story.1, &spans, by);
            let words = Words(Language::Ko);
            let plan = Plan::new(&timeline, words, width, 8.0, 0.0, height);
            let mut viewport = plan.fit(timeline.end()).with_pitch(0.0, pitch);
            for &(x, factor, shift) in &moves {
                viewport = viewport.zoomed(x, factor).panned(shift).scrolled(shift);
                viewport = viewport.clamped(timeline.end(), timeline.rows().len());
            }
            for shape in plot(&mut timeline, &plan, &viewport, words, &[]) {
                prop_assert!(is_sound(&shape), "{shape:?}");
            }
        }
    }
}

fn is_sound(shape: &Shape) -> bool {
    match shape {
        Shape::Rect { area, radius, .. } => {
            let numbers = [area.x, area.y, area.width, area.height, *radius];
            numbers.iter().all(|number| number.is_finite())
                && area.width >= 0.0
                && area.height >= 0.0
                && *radius >= 0.0
        }
        Shape::Line {
            from, to, width, ..
        } => {
            [from.x, from.y, to.x, to.y]
                .iter()
                .all(|number| number.is_finite())
                && *width > 0.0
        }
        Shape::Text { at, size, .. } => at.x.is_finite() && at.y.is_finite() && *size > 0.0,
    }
}

#[test]
fn ten_thousand_tasks_are_a_texture() {
    let story = stories::many(10_000);
    check_text("many", &story, &TextOptions::default());
    let drawn = draw_svg(&analysed(&story), &ChartOptions::default());
    // Without merging, each of the 50,000 spans would be a shape.
    assert!(drawn.len() < 3_000_000, "{} bytes", drawn.len());
}
