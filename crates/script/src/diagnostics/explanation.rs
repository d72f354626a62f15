//! The long text about a code, for `loopscope explain CODE`.

use super::{Code, Problem};
use texts::{Language, Text, text};

/// What a diagnostic means, why it is one, and a sample of both ways. The tests parse the samples.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    pub what: Text,
    pub why: Text,
    /// A script with this diagnostic and no other. Empty if no sample fits on a page.
    pub wrong: &'static str,
    /// A script without diagnostics.
    pub right: &'static str,
}

pub fn explanation(code: Code) -> Explanation {
    let mut entries = Problem::EXPLANATIONS.iter().copied().flatten();
    let entry = entries.find(|(of, _)| *of == code);
    entry.expect("a code is made only by an entry").1
}

/// The explanation as it is printed.
pub fn explain(code: Code, language: Language) -> String {
    let explanation = explanation(code);
    let (what, why) = (explanation.what.of(language), explanation.why.of(language));
    let mut text = format!("{code}: {what}\n\n{why}\n");
    let samples = [
        (text!("Wrong"), explanation.wrong),
        (text!("Right"), explanation.right),
    ];
    for (title, sample) in samples {
        if !sample.is_empty() {
            let lines: String = sample.lines().map(|line| format!("    {line}\n")).collect();
            text.push_str(&format!("\n{}:\n\n{lines}", title.of(language)));
        }
    }
    text
}
