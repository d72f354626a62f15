//! The `tasks` of a result as CSV, for spreadsheets.

use std::io::{self, Write};

use super::{Report, tasks};

/// Writes one row for each instance, with the columns of the data contract. The parent is
/// written as e.g. `ping 3`; a time that does not exist is an empty cell.
pub fn write_csv(report: Report, mut out: impl Write) -> io::Result<()> {
    // The names of the JSON fields, so that a reader can switch between the formats.
    writeln!(
        out,
        "name,number,role,parent,server,at_ns,start_ns,finish_ns,respond_ns,outcome"
    )?;
    // Times are whole nanoseconds: exact in any spreadsheet, without decimal separators.
    for task in tasks::entries(report) {
        let parent = task.parent.map_or(String::new(), |parent| {
            format!("{} {}", parent.name, parent.number)
        });
        let instant = |time: Option<model::time::SimTime>| {
            time.map_or(String::new(), |time| time.as_nanos().to_string())
        };
        writeln!(
            out,
            "{},{},{},{},{},{},{},{},{},{}",
            quote_cell(task.name),
            task.number,
            task.role,
            quote_cell(&parent),
            task.server,
            task.at_ns.as_nanos(),
            instant(task.start_ns),
            instant(task.finish_ns),
            instant(task.respond_ns),
            task.outcome,
        )?;
    }
    Ok(())
}

/// A cell, quoted if RFC 4180 requires it.
fn quote_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::trace::AnalysedRun;
    use model::trace::staged::stage;

    #[test]
    fn a_row_for_each_task() {
        let (workload, trace) = stage(
            "task a: cpu 2
             a#1 arrived
             a#2 spawned of a#1
             0 a#1 ready
             0 a#2 ready by a#1
             0 a#1 running @0 on loop
             2 a#1 done
             2 a#2 cancelled",
        );
        let report = Report {
            run: &AnalysedRun::of(workload, trace),
            findings: &[],
            formula: None,
        };
        let mut out = Vec::new();
        write_csv(report, &mut out).expect("writing to memory");
        let expected = "name,number,role,parent,server,at_ns,start_ns,finish_ns,respond_ns,outcome
a,1,arrived,,1,0,0,2000000000,2000000000,done
a,2,spawned,a 1,1,0,,2000000000,,cancelled
";
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }

    #[test]
    fn a_cell_that_needs_quotes_has_them() {
        assert_eq!(quote_cell("a"), "a");
        assert_eq!(quote_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
