//! The scripts of a Markdown page, with their positions.
//!
//! Scripts are fenced blocks with the language `loopscope`, the contents of `<loopscope-lab>`
//! elements, share links, and links to `.loop` files. Leaves checking them to `check --lesson`,
//! and the rest of Markdown to the site generator.

mod element;

use formats::link;

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
    let mut reader = PageReader::default();
    for (index, line) in page.lines().enumerate() {
        reader.read_line(index + 1, line);
    }
    reader.end_page();
    reader.found
}

#[derive(Default)]
struct PageReader {
    found: Vec<Exhibit>,
    inside: Option<OpenBlock>,
}

/// The block that the current line belongs to.
enum OpenBlock {
    Fence {
        mark: char,
        length: usize,
        script: Option<Script>,
    },
    /// The tag `<loopscope-lab …>`, whose `>` is on a later line.
    Tag,
    /// A `<loopscope-lab>`: the line on which its tag ends, and its content so far.
    Element { line: usize, html: String },
}

/// The lines of a script so far.
struct Script {
    line: usize,
    indent: usize,
    text: String,
    meant: Meant,
}

impl PageReader {
    fn read_line(&mut self, number: usize, line: &str) {
        match self.inside.take() {
            None => self.read_prose(number, line),
            Some(OpenBlock::Fence {
                mark,
                length,
                mut script,
            }) => {
                if closes_fence(line, mark, length) {
                    self.found.extend(script.map(|script| Exhibit {
                        fence_end: Some(number),
                        ..script.without_options().exhibit()
                    }));
                    return;
                }
                if let Some(script) = &mut script {
                    script.push_line(line);
                }
                self.inside = Some(OpenBlock::Fence {
                    mark,
                    length,
                    script,
                });
            }
            // As in CommonMark: a blank line ends the paragraph, and with it a tag in it.
            Some(OpenBlock::Tag) if line.trim().is_empty() => {}
            Some(OpenBlock::Tag) => self.read_tag(number, line),
            Some(OpenBlock::Element { line: first, html }) => self.read_element(first, html, line),
        }
    }

    fn read_prose(&mut self, number: usize, line: &str) {
        // A fence may be in a list item or a quote: `> ```loopscope`.
        let content = line.trim_start_matches([' ', '\t', '>']);
        let indent = line.chars().count() - content.chars().count();
        if let Some(fence) = opened_fence(content) {
            let script = fence.meant.map(|meant| Script {
                line: number + 1,
                indent,
                text: String::new(),
                meant,
            });
            self.inside = Some(OpenBlock::Fence {
                mark: fence.mark,
                length: fence.length,
                script,
            });
            return;
        }
        let line = &without_code(line);
        self.read_links(number, line);
        if let Some((_, rest)) = line.split_once("<loopscope-lab") {
            self.read_tag(number, rest);
        }
    }

    /// Reads the rest of a tag, or of one of its lines.
    fn read_tag(&mut self, number: usize, line: &str) {
        match line.split_once('>') {
            Some((_, content)) => self.read_element(number, String::new(), content),
            None => self.inside = Some(OpenBlock::Tag),
        }
    }

    /// Reads one more line of an element that began on line `first`.
    fn read_element(&mut self, first: usize, mut html: String, line: &str) {
        match line.split_once("</loopscope-lab>") {
            None => {
                html.push_str(line);
                html.push('\n');
                self.inside = Some(OpenBlock::Element { line: first, html });
            }
            Some((last, _)) => {
                html.push_str(last);
                self.found
                    .extend(Script::of_element(first, &html).map(Script::exhibit));
            }
        }
    }

    fn read_links(&mut self, number: usize, line: &str) {
        let exhibit = |kind| Exhibit {
            line: number,
            indent: 0,
            fence_end: None,
            kind,
        };
        let shared = line.match_indices("#v").filter_map(|(at, _)| {
            let link = &line[at + 1..];
            let end = link.find(|c: char| !is_of_a_link(c)).unwrap_or(link.len());
            let link = &link[..end];
            // `#v1-2` is a heading, not a link.
            let is_link = !matches!(link::decode(link), Err(link::LinkError::NoLink));
            is_link.then(|| exhibit(ExhibitKind::Link(link.to_owned())))
        });
        let files = line.split("](").skip(1).filter_map(|rest| {
            let target = rest.split([')', ' ', '#', '?']).next()?;
            let is_beside = target.ends_with(".loop") && !target.contains("://");
            is_beside.then(|| exhibit(ExhibitKind::File(target.to_owned())))
        });
        self.found.extend(shared.chain(files));
    }

    /// An unclosed block ends with the page, as in CommonMark.
    fn end_page(&mut self) {
        let script = match self.inside.take() {
            None | Some(OpenBlock::Tag) => None,
            Some(OpenBlock::Fence { script, .. }) => script,
            Some(OpenBlock::Element { line, html }) => Script::of_element(line, &html),
        };
        self.found.extend(script.map(Script::exhibit));
    }
}

impl Script {
    /// Appends a line without the indent and quote marks of its block.
    fn push_line(&mut self, line: &str) {
        // A lazy line of a list may have less indent, so only blanks and quote marks are removed.
        let extra = line.char_indices().take(self.indent);
        let before = extra.take_while(|(_, c)| matches!(c, ' ' | '\t' | '>'));
        let start = before.last().map_or(0, |(at, c)| at + c.len_utf8());
        self.text.push_str(&line[start..]);
        self.text.push('\n');
    }

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
            indent: 0,
            text: String::new(),
            meant: Meant::ToRun,
        };
        for line in text.lines() {
            script.push_line(line.get(indent..).unwrap_or_else(|| line.trim_start()));
        }
        script.indent = indent;
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

struct Fence {
    mark: char,
    length: usize,
    /// `None` for a block in another language.
    meant: Option<Meant>,
}

/// The fence that a line opens, e.g. by ```` ```loopscope ````, ```` ~~~ {.loopscope} ```` or
/// ```` ```{loopscope} ````.
fn opened_fence(content: &str) -> Option<Fence> {
    let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = content.trim_start_matches(mark);
    let length = content.len() - info.len();
    // A line such as ```` ```code``` ```` is a code span, not a fence.
    if length < 3 || (mark == '`' && info.contains('`')) {
        return None;
    }
    let mut words = info
        .split(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | ',' | '.'))
        .filter(|word| !word.is_empty());
    let is_ours = words.next() == Some("loopscope");
    let meant = is_ours.then(|| {
        if words.any(|word| word == "error") {
            Meant::ToFail
        } else {
            Meant::ToRun
        }
    });
    Some(Fence {
        mark,
        length,
        meant,
    })
}

/// Whether a line closes a fence: with the same mark, and at least as long.
fn closes_fence(line: &str, mark: char, length: usize) -> bool {
    let content = line.trim_start_matches([' ', '\t', '>']).trim_end();
    content.len() >= length && content.chars().all(|c| c == mark)
}

/// The line without its code spans: a link or a tag in `code` is only mentioned.
fn without_code(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let run = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let (before, code) = (&rest[..start], &rest[start + run..]);
        kept.push_str(before);
        rest = match code_span_end(code, run) {
            Some(end) => &code[end..],
            // Backticks without a counterpart are plain text, as in CommonMark.
            None => code,
        };
    }
    kept + rest
}

/// The end of a code span: the offset after a run of exactly `length` backticks.
fn code_span_end(code: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = code[at..].find('`') {
        let start = at + start;
        let run = code[start..].len() - code[start..].trim_start_matches('`').len();
        at = start + run;
        if run == length {
            return Some(at);
        }
    }
    None
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
    }

    #[test]
    fn the_tag_of_an_element_may_take_several_lines() {
        check(
            "<loopscope-lab\n  height=\"300\"\n  theme=\"dark\">\na: cpu 1\n</loopscope-lab>",
            &["4+0 a: cpu 1⏎"],
        );
        check(
            "<loopscope-lab\n  height=\"300\"\n>a: cpu 1</loopscope-lab>\n[x](b.loop)",
            &["3+0 a: cpu 1⏎", "4+0 file b.loop"],
        );
        // A blank line ends the paragraph, so the text before it has no tag.
        check(
            "<loopscope-lab is a tag\n\n```loopscope\na: cpu 1\n```",
            &["4+0 a: cpu 1⏎"],
        );
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
        check("[up](#v-shaped) [there](https://x.org/a.loop)", &[]);
        check("```text\n[x](b.loop)\n```", &[]);
    }

    #[test]
    fn what_stands_in_code_is_only_talked_about() {
        check("`<loopscope-lab>` and ``[x](`b.loop)``", &[]);
        check("a ` alone [x](b.loop)", &["1+0 file b.loop"]);
    }
}
