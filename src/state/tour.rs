//! The tour for newcomers: offered once, in four steps, and left at any of them.
//!
//! The style sheet places the steps.

use super::words;
use texts::Text;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tour {
    /// Completed, left or declined.
    #[default]
    Over,
    Offered,
    At(Stop),
}

/// A part of the page that a step shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Script,
    Chart,
    Time,
    Why,
}

impl Stop {
    pub(crate) const ALL: [Self; 4] = [Self::Script, Self::Chart, Self::Time, Self::Why];

    /// The index of the step, from 0.
    pub(crate) fn place(self) -> usize {
        self as usize
    }

    pub(crate) fn next(self) -> Tour {
        let next = Self::ALL.get(self.place() + 1);
        next.map_or(Tour::Over, |&stop| Tour::At(stop))
    }

    pub(crate) fn back(self) -> Option<Tour> {
        let before = self.place().checked_sub(1)?;
        Some(Tour::At(Self::ALL[before]))
    }

    /// The name for the style sheet.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Chart => "chart",
            Self::Time => "time",
            Self::Why => "why",
        }
    }

    /// The selector of the element to scroll into view.
    pub(crate) fn selector(self) -> &'static str {
        match self {
            Self::Script => "#script-card",
            Self::Chart => ".plot",
            Self::Time => ".transport",
            Self::Why => ".insight",
        }
    }

    pub(crate) fn title(self) -> Text {
        match self {
            Self::Script => words::TOUR_SCRIPT,
            Self::Chart => words::TOUR_CHART,
            Self::Time => words::TOUR_TIME,
            Self::Why => words::TOUR_WHY,
        }
    }

    pub(crate) fn text(self) -> Text {
        match self {
            Self::Script => words::TOUR_SCRIPT_TEXT,
            Self::Chart => words::TOUR_CHART_TEXT,
            Self::Time => words::TOUR_TIME_TEXT,
            Self::Why => words::TOUR_WHY_TEXT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tour_goes_through_all_stops_and_ends() {
        let mut seen = Vec::new();
        let mut tour = Tour::At(Stop::Script);
        while let Tour::At(stop) = tour {
            seen.push(stop);
            tour = stop.next();
        }
        assert_eq!(seen, Stop::ALL);
        assert_eq!(tour, Tour::Over);
    }

    #[test]
    fn back_is_the_way_one_came() {
        assert_eq!(Stop::Script.back(), None);
        for stop in Stop::ALL {
            if let Tour::At(next) = stop.next() {
                assert_eq!(next.back(), Some(Tour::At(stop)));
            }
        }
    }
}
