//! Charts for the scripts of a Markdown page, for readers on paper and without JavaScript.
//!
//! A chart is an image with a `data:` URL below the fence of its script. The page stays a single
//! file, and its style sheets cannot reach into the image. A script with errors gets no chart;
//! reporting its errors is left to `check --lesson`.

use crate::cli::machine::MachineArgs;
use crate::cli::output::outcome::run_page_script;
use crate::lesson::{ExhibitKind, Meant, exhibits};
use chart::standalone::{ChartOptions, draw_svg};
use formats::link::base64_encode;
use model::trace::Ending;

/// The page with its charts; all other lines are unchanged.
pub(crate) fn with_charts(page: &str, machine: &MachineArgs, chart: &ChartOptions) -> String {
    let mut pictures = exhibits(page).into_iter().filter_map(|exhibit| {
        let ExhibitKind::Script {
            text,
            meant: Meant::ToRun,
        } = &exhibit.kind
        else {
            return None;
        };
        Some((exhibit.fence_end?, chart_below(text, machine, chart)?))
    });
    let mut next = pictures.next();
    let mut text = String::with_capacity(page.len());
    for (index, line) in page.split_inclusive('\n').enumerate() {
        text.push_str(line);
        let Some((_, picture)) = next.take_if(|(end, _)| *end == index + 1) else {
            continue;
        };
        // Repeats the list indent and quote marks of the fence, e.g. `> `, so that the image
        // stays in the same list item or quote.
        let before = &line[..line.len() - line.trim_start_matches([' ', '\t', '>']).len()];
        let gap = before.trim_end();
        // The last line of a page may lack its newline.
        let end = if line.ends_with('\n') { "" } else { "\n" };
        text.push_str(&format!("{end}{gap}\n{before}{picture}\n"));
        next = pictures.next();
    }
    text
}

/// The image, e.g. `![3s](data:…)`; screen readers read the total.
fn chart_below(text: &str, machine: &MachineArgs, chart: &ChartOptions) -> Option<String> {
    let mut workload = script::parse(text).workload?;
    machine.apply(&mut workload.machine);
    let run = run_page_script(workload);
    if matches!(run.trace().ending, Ending::Limit(_)) {
        return None;
    }
    let svg = draw_svg(&run, chart);
    let data = base64_encode(svg.as_bytes());
    // Links use the URL-safe alphabet without padding; a `data:` URL uses the standard one.
    let data = data.replace('-', "+").replace('_', "/");
    let padding = "=".repeat((4 - data.len() % 4) % 4);
    let total = run.total();
    Some(format!(
        "![{total}](data:image/svg+xml;base64,{data}{padding})"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows pictures as `[TOTAL]`, without their data.
    #[track_caller]
    fn check(page: &str, expected: &str) {
        let drawn = with_charts(page, &MachineArgs::default(), &ChartOptions::default());
        let lines = drawn.lines().map(|line| match line.split_once("](data:") {
            Some((total, _)) => format!("{}]", total.replace('!', "")),
            None => line.to_owned(),
        });
        assert_eq!(lines.collect::<Vec<_>>().join("\n"), expected, "{drawn}");
    }

    #[test]
    fn a_picture_stands_below_its_script() {
        check(
            "# A\n```loopscope\na: cpu 3\n```\nText\n",
            "# A\n```loopscope\na: cpu 3\n```\n\n[3s]\nText",
        );
        check("~~~ {.loopscope}\na: cpu 3", "~~~ {.loopscope}\na: cpu 3");
    }

    #[test]
    fn it_stays_in_its_list_or_quote() {
        check(
            "1. a\n   ```loopscope\n   a: cpu 1\n   ```\n",
            "1. a\n   ```loopscope\n   a: cpu 1\n   ```\n\n   [1s]",
        );
        check(
            "> ```loopscope\n> a: cpu 1\n> ```",
            "> ```loopscope\n> a: cpu 1\n> ```\n>\n> [1s]",
        );
    }

    #[test]
    fn mistakes_and_other_languages_get_none() {
        for page in [
            "```loopscope error\na: x\n```",
            "```loopscope\na: x\n```",
            "```python\na: cpu 1\n```",
            "<loopscope-lab>\na: cpu 1\n</loopscope-lab>",
        ] {
            check(page, page);
        }
    }
}
