//! Charts compared with files that were looked at. `UPDATE=1 cargo test --test
//! charts` writes them anew; look at them again before committing.

mod builder;
mod stories;

use std::fs;
use std::path::PathBuf;

use loopscope::chart::{ChartOptions, Colours, Glyphs, TextOptions, draw_svg, draw_text};
use loopscope::language::Language;
use loopscope::paint::svg::SvgTheme;
use loopscope::scene::{By, Theme};
use loopscope::trace::Trace;
use loopscope::workload::Workload;

type Story = (Workload, Trace);

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
    let drawn = draw_svg(&story.0, &story.1, options);
    assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{name}");
    for extent in ["width=\"-", "height=\"-", "rx=\"-"] {
        assert!(!drawn.contains(extent), "{name}: {extent}");
    }
    check_file(&format!("{name}.svg"), &drawn);
}

#[track_caller]
fn check_text(name: &str, story: &Story, options: &TextOptions) {
    let drawn = draw_text(&story.0, &story.1, options);
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

#[test]
fn ten_thousand_tasks_are_a_texture() {
    let story = stories::many(10_000);
    check_text("many", &story, &TextOptions::default());
    let drawn = draw_svg(&story.0, &story.1, &ChartOptions::default());
    assert!(drawn.len() < 3_000_000, "{} bytes", drawn.len());
}
