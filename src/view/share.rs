//! Sharing: the link with the whole script, the code to embed it, and files.

use super::insight::waiting;
use super::node::{Element, Node, el};
use crate::state::State;
use crate::state::action::{Action, CopySource};
use crate::state::download::{Download, File};
use crate::state::embed_code;
use crate::state::insight::Failure;
use crate::state::sentences;
use crate::state::words;
use formats::link;
use texts::Text;

/// Characters; some chat programs cut longer links.
const LONG_LINK: usize = 2_000;

pub(super) fn share(state: &State) -> Node {
    let language = state.language();
    let links = match link::encode(&state.shared()) {
        Err(error) => el("p.bad")
            .text(sentences::bad_link(language, error))
            .into(),
        Ok(link) => links(state, format!("{}#{link}", state.address)),
    };
    Node::Several(vec![links, downloads(state)])
}

fn links(state: &State, address: String) -> Node {
    let language = state.language();
    let title = |text: Text| el("h3").text(text.of(language)).into();
    let hint = |text: Text| el("p.hint").text(text.of(language));
    let program = state.shown_program();
    let text = program.unwrap_or(&state.script);
    let embed = embed_code::element(&state.address, text, program.is_some());
    let frame = embed_code::frame(&address);
    let shown = state.shown.as_ref().filter(|_| state.is_fresh());
    let alt = shown.map(|shown| sentences::summary(language, shown));
    let markdown = embed_code::markdown(&address, &alt.unwrap_or_else(|| "Loopscope".to_owned()));
    let is_long = address.len() > LONG_LINK;
    Node::Several(vec![
        title(words::LINK),
        copied(state, CopySource::Link, address),
        hint(words::LINK_HOLDS).into(),
        is_long.then(|| hint(words::LONG_LINK)).into(),
        title(words::EMBED),
        copied(state, CopySource::EmbedCode, embed),
        hint(words::EMBED_HINT).into(),
        title(words::EMBED_FRAME),
        copied(state, CopySource::EmbedFrame, frame),
        title(words::MARKDOWN),
        copied(state, CopySource::Markdown, markdown),
        hint(words::MARKDOWN_HINT).into(),
    ])
}

/// A text with a button that copies it, or with the request to copy it by hand.
fn copied(state: &State, source: CopySource, text: String) -> Node {
    let language = state.language();
    // Copying the link is the main purpose of this dialog.
    let (name, button) = match source {
        CopySource::Link => (words::LINK, el("button#copy-link.primary")),
        CopySource::EmbedFrame => (words::EMBED_FRAME, el("button#copy-frame")),
        CopySource::Markdown => (words::MARKDOWN, el("button#copy-markdown")),
        _ => (words::EMBED, el("button#copy-embed")),
    };
    // A text of several lines needs an area.
    let field = match source {
        CopySource::EmbedCode => el("textarea").set("rows", "3"),
        _ => el("input"),
    };
    let input = field
        .set("id", source.field().unwrap_or_default())
        .flag("readonly", true)
        .set("value", text)
        .label(name.of(language));
    let said = state.copied.filter(|&(copied, _)| copied == source);
    let said = said.map_or("", |(_, well)| {
        if well {
            words::COPIED.of(language)
        } else {
            words::SELECT_AND_COPY.of(language)
        }
    });
    let button = button
        .text(words::COPY.of(language))
        .on_click(Action::CopyAsked(source));
    Node::Several(vec![
        el("div.copy-line").kid(input).kid(button).into(),
        el("p.hint").set("role", "status").text(said).into(),
    ])
}

fn downloads(state: &State) -> Node {
    let language = state.language();
    let can_be_made = state.shown.is_some() && !state.download.is_under_way();
    let button = |button: Element, name: Text, file: File| {
        button
            .flag("disabled", file != File::Script && !can_be_made)
            .text(name.of(language))
            .on_click(Action::DownloadAsked(file))
    };
    let dark = state.settings.dark();
    let buttons = el("div.downloads")
        .kid(button(
            el("button#download-script"),
            words::DOWNLOAD_SCRIPT,
            File::Script,
        ))
        .kid(button(
            el("button#download-svg"),
            words::DOWNLOAD_SVG,
            File::Svg,
        ))
        .kid(button(
            el("button#download-png"),
            words::DOWNLOAD_PNG,
            File::Png { dark },
        ))
        .kid(button(
            el("button#download-trace"),
            words::DOWNLOAD_TRACE,
            File::Trace,
        ))
        .kid(button(
            el("button#download-csv"),
            words::DOWNLOAD_CSV,
            File::Csv,
        ))
        .kid(button(
            el("button#download-python"),
            words::DOWNLOAD_PYTHON,
            File::Python,
        ));
    let failed = match state.download {
        Download::Failed(Failure::NotLoaded) => words::FILE_NOT_LOADED.of(language),
        Download::Failed(_) => words::FILE_BROKE.of(language),
        Download::Idle | Download::UnderWay(_) => "",
    };
    let making = || {
        waiting(
            words::MAKING_FILE.of(language),
            language,
            Action::FileCancelled,
        )
    };
    Node::Several(vec![
        el("h3").text(words::DOWNLOAD.of(language)).into(),
        buttons.into(),
        el("p.hint").text(words::DOWNLOAD_HINT.of(language)).into(),
        state.download.is_under_way().then(making).into(),
        el("p.hint.bad").set("role", "status").text(failed).into(),
    ])
}
