//! The picture of the page for a newcomer, which is painted before any program has loaded.
//!
//! `www/first-picture.html` and `.css` hold what [`super::page`] shows of the first script, in
//! every language and theme. A test fails when they are stale, and writes them with `UPDATE=1`.
//! [`markup`] turns the views into HTML, [`drawing`] draws the chart for every width. Whether a
//! visitor sees the picture is decided in `www/boot.js`.

mod drawing;
mod markup;

use std::fs;
use std::path::Path;

use self::drawing::{Drawing, drawing};
use self::markup::{Html, Variant, merged, with_themes};
use crate::state::State;
use crate::state::choices::{Choices, Theme};
use crate::state::lessons::FIRST_SCRIPT;
use crate::state::tour::Tour;
use crate::state::trial::run;
use texts::Language;

/// A newcomer's state when the first chart is there.
fn newcomer(language: Language, theme: Theme, system_dark: bool) -> State {
    let choices = Choices {
        language,
        theme,
        system_dark,
    };
    let mut state = State::new(FIRST_SCRIPT.of(language).into(), choices);
    state.tour = Tour::Offered;
    run(&mut state);
    state
}

/// The class of markup for one language only, e.g. `if-ko`.
fn class_of(language: Language) -> String {
    format!("if-{}", language.tag())
}

fn picture(drawing: &Drawing) -> Html {
    let variants = Language::ALL.map(|language| {
        let html = in_every_theme(language, &drawing.html);
        Variant::new(class_of(language), html)
    });
    let [html] = <[Html; 1]>::try_from(merged(&variants)).expect("one page in all languages");
    html
}

/// The page in both themes. The sign of the chosen theme exists three times.
fn in_every_theme(language: Language, chart: &Html) -> Html {
    let page = |theme, dark| Html::page(&newcomer(language, theme, dark), chart);
    let both = with_themes(page(Theme::Auto, false), page(Theme::Auto, true));
    let signs = [Theme::Auto, Theme::Light, Theme::Dark].map(|theme| {
        let page = page(theme, false);
        let sign = page.find("sign").expect("the button of the theme");
        sign.clone().with_class(&format!("if-{}", theme.word()))
    });
    both.replaced("sign", &signs)
}

#[test]
fn the_written_picture_is_the_page() {
    let states = Language::ALL.map(|language| newcomer(language, Theme::Auto, false));
    let drawing = drawing(&states);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www");
    let html = format!("{}\n", picture(&drawing).written());
    let files = [
        ("first-picture.html", html),
        ("first-picture.css", drawing.style),
    ];
    for (name, expected) in files {
        let path = folder.join(name);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &expected).expect("the folder exists");
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "www/{name}: UPDATE=1, and look at it");
    }
}
