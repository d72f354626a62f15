//! `explain`: prints the long explanation of a diagnostic's code, e.g. `L401`.

use unicode_width::UnicodeWidthStr;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use chart::paint::text::plain;
use script::{Code, explain as explained};

/// Explain a problem by its code
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope explain L401")]
pub(crate) struct ExplainArgs {
    /// The code, as in `error[L401]`
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
}

/// Cells in a line of prose; wider lines are hard to read.
pub(crate) const COLUMNS_MAX: usize = 80;

pub(crate) fn explain(args: &ExplainArgs, console: &mut Console) -> Result<Exit, Failure> {
    let code = Code::from_name(&args.code).ok_or_else(|| Failure::UnknownCode {
        code: plain(&args.code),
    })?;
    let text = explained(code, console.style.language);
    let room = console.style.columns.min(COLUMNS_MAX);
    let lines: String = text.lines().map(|line| folded_line(line, room)).collect();
    console.print(&lines)?;
    Ok(Exit::Holds)
}

/// Wraps a line of prose at spaces. An indented line is a code sample and stays as it is.
pub(crate) fn folded_line(line: &str, room: usize) -> String {
    if line.starts_with(' ') {
        return format!("{line}\n");
    }
    let mut text = String::new();
    let mut used = 0;
    for word in line.split_inclusive(' ') {
        // Without `used > 0`, a word longer than the line would leave a blank line before it.
        if used > 0 && used + word.trim_end().width() > room {
            text.truncate(text.trim_end().len());
            text.push('\n');
            used = 0;
        }
        text.push_str(word);
        used += word.width();
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::folded_line;

    #[test]
    fn prose_is_folded_at_spaces_and_samples_are_not() {
        assert_eq!(folded_line("one two three", 7), "one two\nthree\n");
        assert_eq!(folded_line("가나 다라 마바", 9), "가나 다라\n마바\n");
        assert_eq!(folded_line("    one two three", 7), "    one two three\n");
        assert_eq!(folded_line("", 7), "\n");
    }
}
