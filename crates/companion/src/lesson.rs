//! The scripts of a Markdown page, with their positions.
//!
//! Scripts are fenced blocks with the language `loopscope`, the contents of `<loopscope-lab>`
//! elements, share links, and links to `.loop` files. Leaves checking them to `check --lesson`,
//! and the rest of Markdown to the site generator.

mod element;

use std::borrow::Cow;
use std::ops::Range;

use formats::link;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag};

/// A script on the page, or a link to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exhibit {
    /// The line of the page, from 1, on which the script or the link begins.
    pub(crate) line: usize,
    /// Characters before each line of the script, e.g. 3 in a list item.
    pub(crate) indent: usize,
    /// The line that closes the fence, if the script is in a closed fence.
    pub(crate) fence_end: Option<usize>,
    pub(crate) kind: ExhibitKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ExhibitKind {
    /// A script on the page itself.
    Script { text: String, meant: Meant },
    /// The fragment of a share link, e.g. `v1.…`.
    Link(String),
    /// A link to a file, e.g. `pasta.loop`, relative to the page.
    File(String),
}

/// The purpose of a script on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    ToRun,
    /// Shows an error: ```` ```loopscope error ````.
    ToFail,
}

/// The scripts and links of a page, from top to bottom.
pub(crate) fn exhibits(page: &str) -> Vec<Exhibit> {
    exhibits_within(page, DEPTH_MAX)
}

/// The greatest depth of indented blocks, e.g. an admonition in a tab. It bounds the recursion.
const DEPTH_MAX: u32 = 8;

fn exhibits_within(page: &str, depth: u32) -> Vec<Exhibit> {
    let page = without_admonitions(page);
    let mut reader = PageReader {
        page: &page,
        line_starts: line_starts(&page),
        depth,
        element_end: 0,
        found: Vec::new(),
    };
    reader.read();
    reader.found
}

/// What GitHub and mdBook read as well. Without it, a footnote would be a link's definition.
const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES);

/// The Markdown parser with the position of each event in the page.
type MarkdownEvents<'a> = pulldown_cmark::OffsetIter<'a>;

struct PageReader<'a> {
    page: &'a str,
    line_starts: Vec<usize>,
    /// Indented blocks may be nested so deep from here.
    depth: u32,
    /// The end of the latest `<loopscope-lab>`. Its content is no Markdown, whatever the parser
    /// makes of it.
    element_end: usize,
    found: Vec<Exhibit>,
}

impl PageReader<'_> {
    fn read(&mut self) {
        let mut events = Parser::new_ext(self.page, OPTIONS).into_offset_iter();
        while let Some((event, range)) = events.next() {
            if range.start < self.element_end {
                continue;
            }
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    self.fence(meant(&info), &range, &mut events);
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                    self.indented(&mut events);
                }
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }) => {
                    self.file(&dest_url, range.start);
                    // The text of `<https://…>` is its target, and follows as an event.
                    if link_type != LinkType::Autolink {
                        self.shared(&dest_url, range.start);
                    }
                }
                Event::Start(Tag::Image { dest_url, .. }) => self.file(&dest_url, range.start),
                Event::Text(_) | Event::Html(_) | Event::InlineHtml(_) => {
                    self.shared(&self.page[range.clone()], range.start);
                    self.elements(range);
                }
                _ => {}
            }
        }
    }

    /// Reads a fenced block. `meant` is `None` for a block in another language.
    fn fence(
        &mut self,
        meant: Option<Meant>,
        block: &Range<usize>,
        events: &mut MarkdownEvents<'_>,
    ) {
        let source = &self.page[block.clone()];
        let opening = source.find('\n').map_or(source.len(), |end| end + 1);
        let (text, content) = text_of(events);
        let Some(meant) = meant else { return };
        let content_end = content.map_or(block.start + opening, |content| content.end);
        let after = self.page.get(content_end..block.end).unwrap_or_default();
        let script = ScriptBlock {
            line: self.line_at(block.start) + 1,
            indent: self.column_at(block.start),
            text,
            meant,
        };
        self.found.push(Exhibit {
            fence_end: after
                .find(['`', '~'])
                .map(|mark| self.line_at(content_end + mark)),
            ..script.without_options().exhibit()
        });
    }

    /// Reads an indented block as a page of its own: it is code in CommonMark, and the content of
    /// an admonition or a tab in MkDocs.
    fn indented(&mut self, events: &mut MarkdownEvents<'_>) {
        let (text, content) = text_of(events);
        let (Some(content), Some(depth)) = (content, self.depth.checked_sub(1)) else {
            return;
        };
        let lines_above = self.line_at(content.start) - 1;
        let columns = self.column_at(content.start);
        for exhibit in exhibits_within(&text, depth) {
            self.found.push(Exhibit {
                line: exhibit.line + lines_above,
                indent: exhibit.indent + columns,
                fence_end: exhibit.fence_end.map(|line| line + lines_above),
                ..exhibit
            });
        }
    }

    /// Notes a link to a file beside the page, e.g. `a/b.loop`.
    fn file(&mut self, target: &str, at: usize) {
        let path = target.split(['#', '?']).next().unwrap_or_default();
        if path.ends_with(".loop") && !path.contains("://") {
            self.note(at, ExhibitKind::File(path.to_owned()));
        }
    }

    /// Notes the share links in a text, which begins at `at`.
    fn shared(&mut self, text: &str, at: usize) {
        for (mark, _) in text.match_indices("#v") {
            let link = &text[mark + 1..];
            let end = link.find(|c: char| !is_of_a_link(c)).unwrap_or(link.len());
            let link = &link[..end];
            // `#v1-2` is a heading, not a link.
            if !matches!(link::decode(link), Err(link::LinkError::NoLink)) {
                self.note(at, ExhibitKind::Link(link.to_owned()));
            }
        }
    }

    /// Reads the `<loopscope-lab>`s that begin in a piece of HTML or text. The parser ends HTML at
    /// a blank line and takes a `>` on a line of its own for a quote; the element goes on to its
    /// closing tag.
    fn elements(&mut self, piece: Range<usize>) {
        let mut at = piece.start;
        while let Some(mark) = self.page.get(at..piece.end).and_then(|rest| rest.find('<')) {
            let tag = at + mark;
            at = tag + 1;
            let is_escaped = self.page[..tag].ends_with('\\');
            if is_escaped || !self.page[tag..].starts_with(ELEMENT) {
                continue;
            }
            let Some(tag_end) = element::tag_end(&self.page[tag..]) else {
                return;
            };
            let start = tag + tag_end;
            let content = &self.page[start..];
            let content = &content[..content.find(ELEMENT_END).unwrap_or(content.len())];
            if !element::is_of_python(&self.page[tag..start]) {
                let script = ScriptBlock::of_element(self.line_at(start), content);
                self.found.extend(script.map(ScriptBlock::exhibit));
            }
            at = start + content.len();
            self.element_end = at;
        }
    }

    fn note(&mut self, at: usize, kind: ExhibitKind) {
        self.found.push(Exhibit {
            line: self.line_at(at),
            indent: 0,
            fence_end: None,
            kind,
        });
    }

    /// The number of the line that contains an offset, from 1.
    fn line_at(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// The characters before an offset on its line.
    fn column_at(&self, offset: usize) -> usize {
        let start = self.line_starts[self.line_at(offset) - 1];
        self.page[start..offset].chars().count()
    }
}

const ELEMENT: &str = "<loopscope-lab";
const ELEMENT_END: &str = "</loopscope-lab>";

fn line_starts(page: &str) -> Vec<usize> {
    let after_newlines = page.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(after_newlines).collect()
}

/// Reads a code block up to its end: its text, without the indent and quote marks of its block,
/// and its range in the page.
fn text_of(events: &mut MarkdownEvents<'_>) -> (String, Option<Range<usize>>) {
    let mut text = String::new();
    let mut content: Option<Range<usize>> = None;
    for (event, range) in events.by_ref() {
        match event {
            Event::Text(piece) => {
                text.push_str(&piece);
                content = Some(content.map_or(range.start, |content| content.start)..range.end);
            }
            Event::End(_) => break,
            _ => {}
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    (text, content)
}

/// The page with the headings of MkDocs' admonitions and tabs blanked, e.g. `!!! note` and
/// `=== "asyncio"`, so that their indented content is not taken for the rest of a paragraph.
fn without_admonitions(page: &str) -> Cow<'_, str> {
    let is_heading = |line: &str| {
        let line = line.trim_start();
        ["!!! ", "??? ", "???+ ", "=== \""]
            .iter()
            .any(|mark| line.starts_with(mark))
    };
    if !page.lines().any(is_heading) {
        return Cow::Borrowed(page);
    }
    // As long as before, so that all offsets stay.
    let blanked = |line: &str| {
        let length = line.trim_end().len();
        if is_heading(line) {
            " ".repeat(length) + &line[length..]
        } else {
            line.to_owned()
        }
    };
    Cow::Owned(page.split_inclusive('\n').map(blanked).collect())
}

/// The lines of a script.
struct ScriptBlock {
    line: usize,
    indent: usize,
    text: String,
    meant: Meant,
}

impl ScriptBlock {
    /// The script in an element, read as the element itself reads it. `None` if there is no
    /// content, e.g. because the attribute `src` names the script.
    fn of_element(first: usize, html: &str) -> Option<Self> {
        let html = element::without_pictures(html);
        let content = element::whole_script_range(&html).unwrap_or(0..html.len());
        let (before, content) = (&html[..content.start], &html[content]);
        let blank = content.len() - content.trim_start().len();
        let skipped = before.matches('\n').count() + content[..blank].matches('\n').count();
        // Keeps the indent of the first line, which counts for the common indent.
        let start = content[..blank].rfind('\n').map_or(0, |at| at + 1);
        let text = element::plain_text(&content[start..]);
        let text = text.trim_end();
        let depth = |line: &str| line.len() - line.trim_start().len();
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let indent = lines.map(depth).min()?;
        let mut script = Self {
            line: first + skipped,
            indent,
            text: String::new(),
            meant: Meant::ToRun,
        };
        for line in text.lines() {
            let line = line.get(indent..).unwrap_or_else(|| line.trim_start());
            script.text.push_str(line);
            script.text.push('\n');
        }
        Some(script)
    }

    /// Removes the options of a MyST directive above its script, e.g. `:height: 400`.
    fn without_options(mut self) -> Self {
        let is_option = |line: &str| line.starts_with(':') && line[1..].contains(':');
        if !self.text.lines().next().is_some_and(is_option) {
            return self;
        }
        while let Some((line, rest)) = self.text.split_once('\n')
            && (is_option(line) || line.trim().is_empty())
        {
            self.text = rest.to_owned();
            self.line += 1;
        }
        self
    }

    fn exhibit(self) -> Exhibit {
        Exhibit {
            line: self.line,
            indent: self.indent,
            fence_end: None,
            kind: ExhibitKind::Script {
                text: self.text,
                meant: self.meant,
            },
        }
    }
}

/// The purpose of a fenced block by its info string, e.g. `loopscope error`, `{.loopscope}` or
/// `{loopscope}`. `None` for another language.
fn meant(info: &str) -> Option<Meant> {
    let mut words = info
        .split(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | ',' | '.'))
        .filter(|word| !word.is_empty());
    if words.next() != Some("loopscope") {
        return None;
    }
    Some(if words.any(|word| word == "error") {
        Meant::ToFail
    } else {
        Meant::ToRun
    })
}

fn is_of_a_link(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares `LINE+INDENT text`, with `⏎` for the end of a line.
    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        let found: Vec<String> = exhibits(page).iter().map(shown).collect();
        assert_eq!(found, expected, "{page}");
    }

    fn shown(exhibit: &Exhibit) -> String {
        let Exhibit {
            line, indent, kind, ..
        } = exhibit;
        let kind = match kind {
            ExhibitKind::Script {
                text,
                meant: Meant::ToRun,
            } => text.replace('\n', "⏎"),
            ExhibitKind::Script {
                text,
                meant: Meant::ToFail,
            } => format!("error {}", text.replace('\n', "⏎")),
            ExhibitKind::Link(link) => format!("link {link}"),
            ExhibitKind::File(path) => format!("file {path}"),
        };
        format!("{line}+{indent} {kind}")
    }

    #[test]
    fn fenced_blocks_of_our_language_are_scripts() {
        check("# A\n```loopscope\na: cpu 1\n```\n", &["3+0 a: cpu 1⏎"]);
        check("~~~ {.loopscope}\na: cpu 1\n~~~", &["2+0 a: cpu 1⏎"]);
        check("```{loopscope}\na: cpu 1\n```", &["2+0 a: cpu 1⏎"]);
        check("```python\na: cpu 1\n```", &[]);
        check("```\na: cpu 1\n```", &[]);
    }

    #[test]
    fn a_block_may_show_a_mistake() {
        check("```loopscope error\na: x\n```", &["2+0 error a: x⏎"]);
    }

    #[test]
    fn a_fence_ends_with_one_as_long() {
        check(
            "````loopscope\na: cpu 1\n```\n````\nrest",
            &["2+0 a: cpu 1⏎```⏎"],
        );
        check(
            "````md\n```loopscope\na: x\n```\n````\n```loopscope\nb: cpu 1",
            &["7+0 b: cpu 1⏎"],
        );
    }

    #[test]
    fn blocks_in_lists_and_quotes_lose_their_indentation() {
        check(
            "1. try\n   ```loopscope\n   a:\n     cpu 1\n   ```",
            &["3+3 a:⏎  cpu 1⏎"],
        );
        check("> ```loopscope\n> a: cpu 1\n> ```", &["2+2 a: cpu 1⏎"]);
    }

    #[test]
    fn a_block_may_begin_on_the_line_of_its_list_item() {
        check("- ```loopscope\n  a: cpu 1\n  ```", &["2+2 a: cpu 1⏎"]);
    }

    #[test]
    fn blocks_in_admonitions_and_tabs_of_mkdocs_are_found() {
        check(
            "!!! note\n    Try\n\n    ```loopscope\n    a:\n\n      cpu 1\n    ```\nrest",
            &["5+4 a:⏎⏎  cpu 1⏎"],
        );
        check(
            "=== \"Tab\"\n\n    !!! tip \"팁\"\n        ```loopscope\n        a: cpu 1\n        ```\n",
            &["5+8 a: cpu 1⏎"],
        );
        check(&" ".repeat(100_000), &[]);
        check(&format!("{}x", " ".repeat(100_000)), &[]);
    }

    #[test]
    fn lines_may_end_as_on_windows() {
        check(
            "# A\r\n\r\n```loopscope\r\na: cpu 1\r\nb: cpu 2\r\n```\r\n",
            &["4+0 a: cpu 1⏎b: cpu 2⏎"],
        );
    }

    #[test]
    fn the_tag_of_an_element_may_have_several_lines() {
        check(
            "<loopscope-lab\n  goal=\"total > 2 s\"\n  height=\"300\"\n>\na: cpu 1\n</loopscope-lab>",
            &["5+0 a: cpu 1⏎"],
        );
        check("<loopscope-lab\n  src=\"a.loop\">\n</loopscope-lab>", &[]);
    }

    #[test]
    fn the_content_of_an_element_is_no_markdown() {
        check(
            "<loopscope-lab>\n<pre>\na:\n\n    cpu 1 # [x](b.loop)\n\n- `b: *cpu* 2`\n</pre>\n</loopscope-lab>\n[y](c.loop)",
            &[
                "3+0 a:⏎⏎    cpu 1 # [x](b.loop)⏎⏎- `b: *cpu* 2`⏎",
                "10+0 file c.loop",
            ],
        );
        check(
            "<div>\n<loopscope-lab>a: cpu 1</loopscope-lab> <loopscope-lab>b: cpu 2</loopscope-lab>\n</div>",
            &["2+0 a: cpu 1⏎", "2+0 b: cpu 2⏎"],
        );
    }

    #[test]
    fn an_element_holds_its_script_with_html_names() {
        check(
            "<loopscope-lab height=\"300\">\na: cpu 1 -&gt; await 2\n</loopscope-lab>",
            &["2+0 a: cpu 1 -> await 2⏎"],
        );
        check(
            "<loopscope-lab>a: cpu 1</loopscope-lab>",
            &["1+0 a: cpu 1⏎"],
        );
        check("<loopscope-lab src=\"a.loop\"></loopscope-lab>", &[]);
        for lang in [
            "lang=\"python\"",
            "lang='Python' height=\"300\"",
            "\n  lang=python\n",
        ] {
            let program = format!("<loopscope-lab {lang}><pre>print(1)</pre></loopscope-lab>");
            check(&program, &[]);
        }
    }

    #[test]
    fn an_element_may_hold_a_pre_and_a_picture_beside_it() {
        check(
            "<loopscope-lab>\n<pre>\na: cpu 1\n</pre>\n</loopscope-lab>",
            &["3+0 a: cpu 1⏎"],
        );
        check(
            "<loopscope-lab>\n  <figure><img src=\"a.svg\">\n  A chart</figure>\n  \
             <pre><code>a:\n    cpu 1</code></pre>\n</loopscope-lab>",
            &["4+0 a:⏎    cpu 1⏎"],
        );
        check(
            "<loopscope-lab><script type=\"text/plain\">\n  a:\n\n    cpu 1\n</script></loopscope-lab>",
            &["2+2 a:⏎⏎  cpu 1⏎"],
        );
        check(
            "<loopscope-lab><svg>\n<text>a</text></svg>a: cpu 1</loopscope-lab>",
            &["2+0 a: cpu 1⏎"],
        );
    }

    #[test]
    fn options_of_a_directive_are_no_script() {
        check(
            "```{loopscope}\n:height: 400\n\na: cpu 1\n```",
            &["4+0 a: cpu 1⏎"],
        );
    }

    #[test]
    fn links_to_scripts_are_found_and_others_left_alone() {
        check(
            "[try](https://example.org/#v1.abc) and [this](a/b.loop \"t\")",
            &["1+0 link v1.abc", "1+0 file a/b.loop"],
        );
        check(
            "see https://example.org/#v1.a_b or <https://example.org/#v1.c> or\n[this][1]\n\n[1]: d.loop",
            &["1+0 link v1.a_b", "1+0 link v1.c", "2+0 file d.loop"],
        );
        check(
            "<a href=\"https://example.org/#v1.abc\">try</a>",
            &["1+0 link v1.abc"],
        );
        check("[up](#v-shaped) [there](https://x.org/a.loop)", &[]);
        check("```text\n[x](b.loop)\n```", &[]);
    }

    #[test]
    fn what_stands_in_code_is_only_talked_about() {
        check("`<loopscope-lab>` and ``[x](`b.loop)``", &[]);
        check("\\<loopscope-lab> and &lt;loopscope-lab>\n\na: cpu 1", &[]);
        check("a ` alone [x](b.loop)", &["1+0 file b.loop"]);
        check("`a\n[x](b.loop)`", &[]);
    }
}
