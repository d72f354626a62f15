//! The answers of a FastAPI app, counted by route.

use super::result::{Response, cut};
use super::view::{ITEMS_MAX, time};
use crate::proof::program_words as words;
use crate::protocol::panel::{PanelNode, el};
use model::sorting::sort_by_number;
use texts::Language;

/// A line for each route, e.g. `GET /ping: 100 × 200; answered after 20 s (median), at most 30 s`.
pub(super) fn answers_by_route(responses: &[Response], language: Language) -> Vec<PanelNode> {
    let mut routes: Vec<&str> = Vec::new();
    for Response { route, .. } in responses {
        if !routes.contains(&&**route) && routes.len() < ITEMS_MAX {
            routes.push(route);
        }
    }
    let line = |route: &str| {
        let of_route = responses.iter().filter(|one| one.route == route);
        let of_route: Vec<&Response> = of_route.collect();
        let counted = counted_statuses(&of_route, language).join(", ");
        let mut text = [&cut(route), ": ", &counted].concat();
        if let Some((median, slowest)) = latencies(&of_route) {
            let [median, slowest] = [median, slowest].map(|nanos| time(nanos, language));
            text += "; ";
            text += &words::answered_after(language, &median, &slowest);
        }
        el("li").text(text).into()
    };
    routes.into_iter().map(line).collect()
}

/// How often each status was answered, e.g. `2 × 200` and `1 × no answer`.
fn counted_statuses(responses: &[&Response], language: Language) -> Vec<String> {
    let mut statuses: Vec<(Option<u32>, usize)> = Vec::new();
    for Response { status, .. } in responses {
        match statuses.iter_mut().find(|(found, _)| found == status) {
            Some((_, count)) => *count += 1,
            None => statuses.push((*status, 1)),
        }
    }
    let counted = statuses.iter().take(ITEMS_MAX);
    let counted = counted.map(|&(status, count)| words::answers(language, count, status));
    counted.collect()
}

/// The median and the longest latency, in nanoseconds; `None` without an answer.
fn latencies(responses: &[&Response]) -> Option<(u64, u64)> {
    let answered = responses.iter().filter_map(|one| one.latency_ns);
    let mut latencies: Vec<u64> = answered.collect();
    sort_by_number(&mut latencies, |&latency| latency);
    let slowest = *latencies.last()?;
    Some((latencies[(latencies.len() - 1) / 2], slowest))
}
