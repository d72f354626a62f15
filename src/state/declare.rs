//! Changing a setting in a script's text, as the settings panel does.
//!
//! The script is the only source of truth: `cores 8` is a line of it, inserted if it is missing
//! and rewritten if it exists.

/// The script with `keyword value` as its setting.
pub(crate) fn with_setting(script: &str, keyword: &str, value: &str) -> String {
    let wanted = format!("{keyword} {value}");
    let mut lines: Vec<String> = script.lines().map(str::to_owned).collect();
    match lines.iter().position(|line| declares(line, keyword)) {
        Some(index) => lines[index] = with_comment_of(&lines[index], wanted),
        None => insert(&mut lines, wanted),
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// A line without indentation that holds only this setting; `cores: cpu 1` is a task.
fn declares(line: &str, keyword: &str) -> bool {
    let code = line.split('#').next().unwrap_or_default();
    let mut words = code.split_whitespace();
    !line.starts_with([' ', '\t'])
        && words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(keyword))
        && words.next().is_some()
        && !code.contains(':')
}

fn with_comment_of(line: &str, wanted: String) -> String {
    match line.find('#') {
        Some(at) => format!("{wanted}  {}", &line[at..]),
        None => wanted,
    }
}

/// Inserts after the opening comment, beside the other settings.
fn insert(lines: &mut Vec<String>, wanted: String) {
    let opening = lines
        .iter()
        .take_while(|line| line.starts_with('#') || line.trim().is_empty())
        .count();
    lines.insert(opening, wanted);
    let next_is_task = lines
        .get(opening + 1)
        .is_some_and(|line| line.contains(':'));
    if next_is_task {
        lines.insert(opening + 1, String::new());
    }
}

#[cfg(test)]
mod tests {
    use super::with_setting;

    #[track_caller]
    fn check(script: &str, keyword: &str, value: &str, expected: &str) {
        assert_eq!(with_setting(script, keyword, value), expected);
    }

    #[test]
    fn a_setting_that_is_there_is_rewritten_in_place() {
        check(
            "a: cpu 1\ncores 2  # small\n",
            "cores",
            "8",
            "a: cpu 1\ncores 8  # small\n",
        );
        check("GIL on\n", "gil", "off", "gil off\n");
    }

    #[test]
    fn a_missing_setting_goes_behind_the_opening_comment() {
        check(
            "# two\n\na: cpu 1\n",
            "pool",
            "4",
            "# two\n\npool 4\n\na: cpu 1\n",
        );
        check(
            "pool 4\na: cpu 1",
            "cores",
            "1",
            "cores 1\npool 4\na: cpu 1\n",
        );
        check("", "cores", "1", "cores 1\n");
    }

    #[test]
    fn a_task_of_the_same_name_is_left_alone() {
        check("cores: cpu 1\n", "cores", "2", "cores 2\n\ncores: cpu 1\n");
    }
}
