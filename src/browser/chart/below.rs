//! The lower canvas: the bars, where they are or on their way there, and the earlier run behind
//! them.

use web_sys::{Element, HtmlCanvasElement};

use super::canvas::Canvas;
use super::{Chart, ChartLayout, ChartProps};
use crate::state::moment::Moment;
use chart::scene::earlier::{EarlierBar, RowMap, earlier_bars};
use chart::scene::{Shape, Timeline, Words, plot};

impl Chart {
    pub(super) fn paint_below(
        &mut self,
        props: &ChartProps,
        timeline: &mut Timeline,
        layout: &ChartLayout,
    ) {
        let size = self.size(layout);
        let Some(element) = self.below.cast::<HtmlCanvasElement>() else {
            return;
        };
        let (plan, viewport, words) = (&layout.plan, &layout.viewport, Words(props.language));
        let fading = self
            .motion
            .as_ref()
            .and_then(|motion| motion.fading.as_ref());
        let moment = props.moment.as_ref().or(fading);
        let earlier_end = moment.map(|moment| moment.before.run.trace().end);
        let background = plot::plot_background(timeline, viewport, words, earlier_end);
        let earlier =
            moment.map_or_else(Vec::new, |moment| outlines(moment, props, timeline, layout));
        let opacity = match &self.motion {
            Some(motion) if motion.fading.is_some() => 1.0 - motion.part,
            _ => 1.0,
        };
        let bars = self.bars(props, timeline, layout);
        let front = plot::plot_front(timeline, plan, viewport, words);
        self.describe_motion(earlier.len());
        if let Some(mut canvas) =
            Canvas::begin(&element, size, Self::theme(props), &mut self.brushes)
        {
            canvas.draw(&background);
            canvas.set_opacity(opacity);
            earlier.iter().for_each(|bar| canvas.earlier_bar(bar));
            for (opacity, shapes) in &bars {
                canvas.set_opacity(*opacity);
                canvas.draw(shapes);
            }
            canvas.set_opacity(1.0);
            canvas.draw(&front);
        }
    }

    /// The bars in layers, each with its opacity: where they are, or on their way there.
    fn bars(
        &self,
        props: &ChartProps,
        timeline: &mut Timeline,
        layout: &ChartLayout,
    ) -> Vec<(f64, Vec<Shape>)> {
        let (plan, viewport, words) = (&layout.plan, &layout.viewport, Words(props.language));
        let motion = self.motion.as_ref();
        if let Some((morph, part)) =
            motion.and_then(|motion| Some((motion.morph.as_ref()?, motion.part)))
        {
            let layers = morph.layers(part, timeline, plan, viewport, words);
            return vec![
                (1.0 - part, layers.leaving),
                (1.0, layers.moving),
                (part, layers.arriving),
            ];
        }
        let behind = props.behind.as_ref().map_or(&[][..], |behind| &behind.rows);
        vec![(
            1.0,
            plot::plot_bars(timeline, plan, viewport, words, behind),
        )]
    }

    /// Tells programs that drive the page how many outlines of the earlier run are visible, and
    /// how many bars move during a motion; none while only the axis does.
    fn describe_motion(&self, earlier: usize) {
        let Some(frame) = self.frame.cast::<Element>() else {
            return;
        };
        let moving = self.motion.as_ref().map(|motion| {
            let morph = motion.morph.as_ref();
            morph.map_or(0, |morph| morph.moving_count())
        });
        let values = [
            ("data-earlier-bars", (earlier > 0).then_some(earlier)),
            ("data-moving-bars", moving),
        ];
        for (name, value) in values {
            // These fail only for invalid names.
            let _ = match value {
                Some(value) => frame.set_attribute(name, &value.to_string()),
                None => frame.remove_attribute(name),
            };
        }
    }
}

/// The outlines of the earlier run, if its rows are laid out.
fn outlines(
    moment: &Moment,
    props: &ChartProps,
    timeline: &Timeline,
    layout: &ChartLayout,
) -> Vec<EarlierBar> {
    // The run of the script itself, e.g. after an edit was undone, has its rows in use.
    if moment.before == props.shown || !moment.before.has_rows(props.by) {
        return Vec::new();
    }
    let before = moment.before.timeline(props.by);
    let rows = RowMap::between(&before, timeline);
    earlier_bars(&before, timeline, &rows, &layout.plan, &layout.viewport)
}
