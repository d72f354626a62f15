//! The preprocessor, run as mdBook runs it.

use serde_json::{Value, json};

use crate::process::{finish, loopscope};
use crate::transcript::empty_folder;

/// The book that the preprocessor returns.
#[track_caller]
fn preprocessed(context: Value, book: &Value) -> Value {
    let mut command = loopscope(&empty_folder("mdbook"));
    command.arg("mdbook");
    let output = finish(command, json!([context, book]).to_string().into_bytes());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("JSON comes back")
}

fn chapter(content: &str, sub_items: Value) -> Value {
    json!({"Chapter": {"name": "One", "content": content, "number": [1], "sub_items": sub_items}})
}

#[test]
fn every_chapter_comes_back_with_its_charts_and_all_else_as_it_was() {
    let script = "```loopscope\na: cpu 3\n```\n";
    let inner = chapter(script, json!([]));
    let book = json!({
        "sections": [chapter("Nothing to draw", json!([inner])), "Separator", {"PartTitle": "Two"}],
        "__non_exhaustive": null,
    });
    let mut back = preprocessed(json!({}), &book);
    let content = &mut back["sections"][0]["Chapter"]["sub_items"][0]["Chapter"]["content"];
    let drawn = content.take();
    let drawn = drawn.as_str().expect("a text");
    assert!(drawn.starts_with(script), "{drawn}");
    assert!(
        drawn.contains("![3s](data:image/svg+xml;base64,"),
        "{drawn}"
    );
    *content = script.into();
    assert_eq!(back, book);
}

#[test]
fn the_newer_mdbook_says_items() {
    // mdBook 0.5 renamed `sections` to `items`.
    let book = json!({"items": [chapter("```loopscope\na: cpu 3\n```\n", json!([]))]});
    let back = preprocessed(json!({"config": {"book": {"language": "ko"}}}), &book);
    assert_ne!(back, book);
}

#[test]
fn every_renderer_is_supported_and_no_book_is_named() {
    let folder = empty_folder("mdbook-asks");
    let mut asks = loopscope(&folder);
    asks.args(["mdbook", "supports", "html"]);
    assert_eq!(finish(asks, Vec::new()).status.code(), Some(0));
    let mut command = loopscope(&folder);
    command.arg("mdbook");
    let output = finish(command, b"# A chapter".to_vec());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("book.toml"), "{said}");
}
