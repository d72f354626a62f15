//! `mdbook`: a preprocessor for mdBook. Reads a book as JSON from standard input, and writes it
//! back with a chart below each script.
//!
//! Only the fields `content` are changed, so the other fields may differ between versions of
//! mdBook.

mod illustrate;

use std::path::Path;

use clap::Args;
use serde_json::Value;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::source::read_at_most;
use chart::standalone::ChartOptions;
use texts::{Language, Text, text};

/// Preprocessor of mdBook: puts charts into a book
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct MdbookArgs {
    /// mdBook's first question: whether a renderer is supported
    #[arg(value_name = "supports RENDERER", num_args = 0..=2)]
    question: Vec<String>,
}

const EXAMPLE: Text = text!(
    "\
In book.toml, below `[preprocessor.loopscope]`: command = \"loopscope mdbook\"

Example:
  loopscope mdbook supports html",
);

/// The largest book that is read, as JSON.
const BOOK_BYTES_MAX: usize = 256 << 20;

pub(crate) fn mdbook(args: &MdbookArgs, console: &mut Console) -> Result<Exit, Failure> {
    // Every renderer is supported, since every renderer knows images. mdBook reads the exit code.
    if args.question.first().is_some_and(|word| word == "supports") {
        return Ok(Exit::Holds);
    }
    let bytes = read_at_most(Path::new("-"), BOOK_BYTES_MAX, console)?;
    let Ok((context, mut book)) = serde_json::from_slice::<(Value, Value)>(&bytes) else {
        return Err(Failure::NoBook);
    };
    let language = context["config"]["book"]["language"].as_str();
    let chart = ChartOptions {
        language: language
            .and_then(Language::from_tag)
            .unwrap_or(console.style.language),
        ..ChartOptions::default()
    };
    illustrate_item(&mut book, &chart);
    console.write(|out| {
        serde_json::to_writer(&mut *out, &book)?;
        out.write_all(b"\n")
    })?;
    Ok(Exit::Holds)
}

/// Adds charts to every chapter below `item`. The recursion is bounded, because `serde_json`
/// rejects values nested deeper than 128.
fn illustrate_item(item: &mut Value, chart: &ChartOptions) {
    match item {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| illustrate_item(item, chart)),
        Value::Object(fields) => {
            if let Some(Value::String(content)) = fields.get_mut("content") {
                *content = illustrate::with_charts(content, &MachineArgs::default(), chart);
            }
            fields
                .values_mut()
                .for_each(|field| illustrate_item(field, chart));
        }
        _ => {}
    }
}
