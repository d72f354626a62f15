//! Markdown with Python in fences, e.g. a lecture.

/// The Python of a Markdown text, on the same lines; `None` if the text is no Markdown.
///
/// A text is Markdown if a line begins with a fence that is not Python, as Python has no backtick.
/// The caller knows whether the text can be read as Python.
pub(super) fn python_in_fences(text: &str) -> Option<String> {
    let mut python = String::with_capacity(text.len());
    let mut fence: Option<Fence> = None;
    let mut any = false;
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        match &fence {
            Some(open) if code.trim_end() == open.mark => fence = None,
            Some(open) if open.is_python => {
                python.push_str(line.get(open.indent..).unwrap_or(code));
                continue;
            }
            Some(_) => {}
            None => fence = Fence::opened_by(line),
        }
        any |= fence.as_ref().is_some_and(|fence| fence.is_python);
        // An empty line in place of each other one keeps the numbers of the lines.
        python.push('\n');
    }
    any.then_some(python)
}

struct Fence {
    /// The characters that close it, e.g. three backticks.
    mark: String,
    indent: usize,
    is_python: bool,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let code = line.trim_start();
        let sign = code.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let mark: String = code.chars().take_while(|c| *c == sign).collect();
        if mark.len() < 3 {
            return None;
        }
        let word = code[mark.len()..].trim().to_lowercase();
        let word = word
            .split([' ', '{', ':', ','])
            .next()
            .unwrap_or_default()
            .to_owned();
        Some(Self {
            indent: line.len() - code.len(),
            is_python: matches!(word.as_str(), "python" | "py" | "python3" | "py3"),
            mark,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_python_of_fences_keeps_its_lines() {
        let text =
            "# Title\n\n```python\nx = 1\n```\n\n```bash\nls\n```\n  ```py\n  y = 2\n  ```\n";
        let python = python_in_fences(text).expect("it has Python");
        let lines: Vec<&str> = python.lines().collect();
        assert_eq!(lines[3], "x = 1");
        assert_eq!(lines[10], "y = 2");
        assert!(
            lines
                .iter()
                .enumerate()
                .all(|(at, line)| { line.is_empty() || at == 3 || at == 10 })
        );
    }

    #[test]
    fn a_text_without_fences_is_no_markdown() {
        assert_eq!(python_in_fences("x = 1\n"), None);
        assert_eq!(python_in_fences("```bash\nls\n```\n"), None);
    }
}
