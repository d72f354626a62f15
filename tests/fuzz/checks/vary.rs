//! The rules of the text after `--vary`: it is refused with a message, or gives sorted values.

use analysis::sweep::{POINTS_MAX, Parameter, Sweep, Target};
use sim::simulate_sync;

use super::check_message;
use super::run::BOUNDS;

/// A script in which line 1 and every setting can be varied.
const SCRIPT: &str = "ping: await 20ms -> cpu 1ms\ndef wash: block 5ms\nrun 3 ping, 2 wash\n";

pub(super) fn check(text: &str) -> bool {
    let workload = script::parse(SCRIPT).workload.expect("a valid script");
    let parameter = match Parameter::parse(text, &workload) {
        Ok(parameter) => parameter,
        Err(error) => {
            check_message(|language| error.message(language));
            return false;
        }
    };
    check_values(&parameter);
    let sweep = Sweep {
        workload: &workload,
        // Two parameters, to check their combinations as well.
        parameters: vec![parameter.clone(), parameter],
        strategies: Vec::new(),
    };
    let last = sweep.len() - 1;
    for point in [0, last / 2, last] {
        for (parameter, value) in sweep.parameters.iter().zip(sweep.values(point)) {
            assert!(!parameter.shown(value).is_empty());
        }
        let _ = simulate_sync(&sweep.workload_at(point), BOUNDS);
    }
    true
}

fn check_values(parameter: &Parameter) {
    let values = &parameter.values;
    assert!(!values.is_empty() && values.len() <= POINTS_MAX);
    assert!(values.is_sorted_by(|a, b| a < b), "{values:?}");
    assert!(values[0] > 0, "{values:?}");
    if let Target::Line(line) = parameter.target {
        let written = parameter.name.strip_prefix("line ");
        // Wider than a line number, so that a number that wrapped around shows.
        let written: Option<u128> = written.and_then(|line| line.parse().ok());
        assert_eq!(written, Some(line.into()), "another line is varied");
    }
}
