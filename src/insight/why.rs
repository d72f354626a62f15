//! Why a bar waits: the chain of instances up to the line to blame, the composition of the wait,
//! and the instances that wait for this one.

use super::answer::{Style, line};
use super::cache::Run;
use super::findings::{self, doing};
use crate::protocol::panel::{PanelNode, el};
use analysis::why::{Culprit, Why};
use chart::scene::Words;
use chart::scene::label::brief;
use model::time::SimTime;
use model::trace::critical::{PathShare, path_shares};
use model::trace::{InstanceId, Span};

/// The maximum number of entries in a list.
const LISTED_MAX: usize = 6;

/// The panel for a selected bar.
pub(super) fn view(run: &Run, instance: u32, at_ns: u64, style: Style) -> PanelNode {
    let (id, at) = (InstanceId(instance), SimTime::from_nanos(at_ns));
    // The page may still have a bar of an older run selected.
    if id.0 as usize >= run.analysed.trace().instances.len() {
        return PanelNode::NOTHING;
    }
    let why = Why::new(&run.analysed);
    let chain = why.chain(id, at);
    let wait = why
        .at(id, at)
        .filter(|span| span.state.is_waiting_for_others());
    let culprits = wait.map_or_else(Vec::new, |wait| why.culprits(wait));
    // The chain is that of one instant; others were in the way at other times.
    let list = if chain.is_direct() && culprits.len() > 1 {
        let rest = culprits.len().saturating_sub(LISTED_MAX);
        let more = (rest > 0).then(|| el("li.none").text(style.say.more_lines(rest)));
        let listed = culprits.iter().take(LISTED_MAX);
        el("ol.chain")
            .kids(listed.map(|culprit| culprit_item(run, culprit, style)))
            .kid(more)
    } else {
        // The page describes the bar itself above this panel.
        let links = chain.links.iter().skip(1);
        el("ol.chain").kids(links.map(|span| link(run, span, style)))
    };
    let circle = chain.circle.then(|| el("li.bad").text(style.say.circle()));
    let head = (chain.links.len() > 1).then(|| el("p.minor").text(style.say.because()));
    PanelNode::Several(vec![
        head.into(),
        list.kid(circle).into(),
        sum(run, &why, id, at, style),
        waiting(run, &why, id, at, style),
    ])
}

/// An instance that was in the way, e.g. `ping 3: blocking call, 2s · line 1`.
fn culprit_item(run: &Run, culprit: &Culprit, style: Style) -> PanelNode {
    let doing = doing(run, (culprit.instance, culprit.since), culprit.state, style);
    let length = Words(style.say.0).duration(&brief(culprit.length));
    let item = el("li")
        .kid(el("b").text(run.name(culprit.instance)))
        .text(format!(": {doing}, {length}"));
    match run.line(culprit.segment) {
        0 => item.into(),
        number => item.text(" · ").kid(line(number, style)).into(),
    }
}

/// A link of the chain, e.g. `ping 3: blocking call, 0s to 2s · line 1`.
fn link(run: &Run, span: &Span, style: Style) -> PanelNode {
    let between = style
        .say
        .between(&span.start.to_string(), &span.end.to_string());
    let doing = doing(run, (span.instance, span.start), span.state, style);
    let item = el("li")
        .kid(el("b").text(run.name(span.instance)))
        .text(format!(": {doing}, {between}"));
    match run.line(span.segment) {
        // A segment that is not in the script.
        0 => item.into(),
        number => item.text(" · ").kid(line(number, style)).into(),
    }
}

/// The parts of the wait, each with the line that caused it.
fn sum(run: &Run, why: &Why<'_>, id: InstanceId, at: SimTime, style: Style) -> PanelNode {
    let Some(span) = why
        .at(id, at)
        .filter(|span| span.state.is_waiting_for_others())
    else {
        return PanelNode::NOTHING;
    };
    let pieces = why.explain(span);
    let parts = path_shares(&pieces);
    let part = |share: &PathShare| -> PanelNode {
        let what = findings::part(run, &pieces, share, style);
        el("li")
            .kid(el("b").text(brief(share.length)))
            .text(format!(" {what} "))
            .kid((run.line(share.segment) > 0).then(|| line(run.line(share.segment), style)))
            .text(" ")
            .kid(el("code").text(run.source(share.segment).to_owned()))
            .into()
    };
    let rest = parts.len().saturating_sub(LISTED_MAX);
    let more = || el("li.none").text(style.say.more_lines(rest));
    PanelNode::Several(vec![
        el("p.minor")
            .text(style.say.adds_up(&brief(span.length())))
            .into(),
        el("ul.parts")
            .kids(parts.iter().take(LISTED_MAX).map(part))
            .kid((rest > 0).then(more))
            .into(),
    ])
}

/// The instances that wait for this one.
fn waiting(run: &Run, why: &Why<'_>, id: InstanceId, at: SimTime, style: Style) -> PanelNode {
    let waiting = why.waiting_for(id, at);
    if waiting.is_empty() {
        return PanelNode::NOTHING;
    }
    let name = |id| run.name(id);
    let names: Vec<String> = waiting
        .iter()
        .take(LISTED_MAX)
        .map(|span| name(span.instance))
        .collect();
    let more = waiting.len() - names.len();
    let text = style
        .say
        .waiting_for(&name(id), &at.label(), &names.join(", "), more);
    el("p.waiters").text(text).into()
}
