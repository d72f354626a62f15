//! Colours and patterns: each kind has a colour *and* a pattern, in a light and a dark theme.
//!
//! Based on the set of Okabe and Ito, which colour-blind readers can distinguish, darkened in
//! the light theme until every ink has a contrast of 3:1 with its ground (WCAG's minimum for
//! graphics) and text on a bar 4.5:1; tests compute both. The patterns distinguish kinds
//! without colour, e.g. in print. Drawing patterns is left to painters.

use std::fmt;

use crate::scene::kind::Kind;

/// The light or the dark theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Light,
    Dark,
}

/// A colour, opaque or translucent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
    /// In percent; only tints and measured bars are below 100.
    pub opacity: u8,
}

impl Colour {
    const fn hex(rgb: u32) -> Self {
        Self::tint(rgb, 100)
    }

    const fn tint(rgb: u32, opacity: u8) -> Self {
        Self {
            red: (rgb >> 16) as u8,
            green: (rgb >> 8) as u8,
            blue: rgb as u8,
            opacity,
        }
    }
}

/// E.g. `#0072b2`. Formats that need the opacity write it separately.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// The colours of everything that is not a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ink {
    /// The background.
    Card,
    Text,
    /// Secondary text.
    Soft,
    /// Grid lines.
    Line,
    /// Emphasised lines.
    LineStrong,
    /// Text on a solid bar.
    OnBar,
    /// Problems, as text or a thin line.
    Alarm,
    /// The background of a window in which a loop is frozen.
    AlarmTint,
    /// A window in which a loop computes, as text or a thin line.
    Busy,
    /// The background of a window in which a loop computes.
    BusyTint,
    /// Success, e.g. a response.
    Good,
}

impl Ink {
    pub const ALL: [Self; 11] = [
        Self::Card,
        Self::Text,
        Self::Soft,
        Self::Line,
        Self::LineStrong,
        Self::OnBar,
        Self::Alarm,
        Self::AlarmTint,
        Self::Busy,
        Self::BusyTint,
        Self::Good,
    ];

    pub fn colour(self, theme: Theme) -> Colour {
        let (light, dark) = match self {
            Self::Card => (0xffffff, 0x1a1c22),
            Self::Text => (0x1c1d22, 0xeceae4),
            Self::Soft => (0x5d606b, 0x9da1ad),
            Self::Line => (0xe9e7e1, 0x2a2d36),
            Self::LineStrong => (0xc9c6bd, 0x454955),
            Self::OnBar => (0xffffff, 0x10131c),
            Self::Alarm => (0xb83f05, 0xf58a55),
            Self::AlarmTint => (0xc8490a, 0xf07b3f),
            Self::Busy => (0x00639c, 0x6cbcf0),
            Self::BusyTint => (0x0072b2, 0x4aa8e0),
            Self::Good => (0x00735a, 0x5fd3ae),
        };
        let opacity = match (self, theme) {
            (Self::AlarmTint, Theme::Light) => 8,
            (Self::AlarmTint, Theme::Dark) => 11,
            (Self::BusyTint, Theme::Light) => 4,
            (Self::BusyTint, Theme::Dark) => 6,
            _ => 100,
        };
        match theme {
            Theme::Light => Colour::tint(light, opacity),
            Theme::Dark => Colour::tint(dark, opacity),
        }
    }
}

/// The colours of a kind in one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindColours {
    /// Below the pattern.
    pub ground: Colour,
    /// The lines and dots of the pattern.
    pub ink: Colour,
    /// Used where a pattern has no room.
    pub flat: Colour,
}

/// The colour of measured bars: translucent, so that predicted bars stand out.
pub fn ghost(kind: Kind, theme: Theme) -> Colour {
    let opacity = match theme {
        Theme::Light => 30,
        Theme::Dark => 38,
    };
    Colour {
        opacity,
        ..tone(kind, theme).ink
    }
}

/// The colours of a kind.
pub fn tone(kind: Kind, theme: Theme) -> KindColours {
    // ground, ink, flat; light, then dark.
    let (light, dark) = match kind {
        Kind::Running => (
            [0x0072b2, 0x0072b2, 0x0072b2],
            [0x4aa8e0, 0x4aa8e0, 0x4aa8e0],
        ),
        Kind::BlockingLoop => (
            [0xc8490a, 0xb03c04, 0xc8490a],
            [0xf07b3f, 0xd96a30, 0xf07b3f],
        ),
        Kind::BlockingThread => (
            [0x7a4fbf, 0x6b41ae, 0x7a4fbf],
            [0xb490ee, 0xa37ee0, 0xb490ee],
        ),
        Kind::Awaiting => (
            [0xfbf1da, 0xa87400, 0xe3c88d],
            [0x2e2716, 0xe0aa3e, 0x8a6d30],
        ),
        Kind::Ready => (
            [0xefeeea, 0x80807c, 0xd3d2cd],
            [0x23252c, 0x868994, 0x484b55],
        ),
        Kind::Unaccepted => (
            [0xf6f5f2, 0x8a8a86, 0xe6e4df],
            [0x1e2027, 0x7d808a, 0x33363f],
        ),
        Kind::QueuedThread => (
            [0xf2edfb, 0x7a4fbf, 0xc9b6e8],
            [0x2a2338, 0xb490ee, 0x65548a],
        ),
        Kind::QueuedWorker => (
            [0xf2edfb, 0x7a4fbf, 0xc9b6e8],
            [0x2a2338, 0xb490ee, 0x65548a],
        ),
        Kind::QueuedGil => (
            [0xfbedf5, 0xa8467e, 0xe0aecb],
            [0x35202d, 0xe08fbd, 0x8a5474],
        ),
        Kind::QueuedCore => (
            [0xe9f1f6, 0x3f6c86, 0xb3cad8],
            [0x1c2a33, 0x86b4cd, 0x4a6b7d],
        ),
        Kind::WaitingPermit => (
            [0xe6f4ee, 0x00735a, 0x9fd0bf],
            [0x16302a, 0x5fd3ae, 0x37806a],
        ),
        Kind::WaitingQueue => (
            [0xe3f3f6, 0x0b7285, 0x9ccbd5],
            [0x15303a, 0x5cc8dc, 0x327585],
        ),
        Kind::WaitingSignal => (
            [0xf3f0df, 0x76680a, 0xd2caa0],
            [0x2b2912, 0xd0c255, 0x7c7330],
        ),
        Kind::WaitingTasks => (
            [0xf1f1f4, 0x7b7e8a, 0xd5d6dc],
            [0x22242c, 0x888c99, 0x40434e],
        ),
        Kind::Offloaded => (
            [0xf6f2fc, 0x8d6cc6, 0xdccff0],
            [0x25212f, 0x9a80c6, 0x54476c],
        ),
    };
    let [ground, ink, flat] = match theme {
        Theme::Light => light,
        Theme::Dark => dark,
    };
    KindColours {
        ground: Colour::hex(ground),
        ink: Colour::hex(ink),
        flat: Colour::hex(flat),
    }
}

/// A square that repeats seamlessly. Coordinates are pixels from its corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatternTile {
    pub size: f64,
    /// x and y of one end, x and y of the other, width.
    pub lines: &'static [[f64; 5]],
    /// x and y of the middle, radius.
    pub dots: &'static [[f64; 3]],
    /// x and y of the middle, radius; drawn as a thin ring.
    pub rings: &'static [[f64; 3]],
}

/// Line width of a ring.
pub const RING_PX: f64 = 1.1;

/// The size of patterns, and the grid on which the plan puts bars: it makes a pattern begin
/// the same way in every row.
pub const GRID_PX: f64 = 8.0;

const PLAIN: PatternTile = PatternTile {
    size: GRID_PX,
    lines: &[],
    dots: &[],
    rings: &[],
};

/// The pattern of a kind; `None` is solid. Every pattern repeats vertically within [`GRID_PX`]
/// or a multiple of it.
pub fn tile(kind: Kind) -> Option<PatternTile> {
    Some(match kind {
        // Solid: the most important kind.
        Kind::Running => return None,
        // Low contrast: enough to recognise it without colour, little enough for text on it.
        Kind::BlockingLoop => PatternTile {
            size: 16.0,
            lines: &[
                [-8.0, 8.0, 8.0, -8.0, 4.6],
                [-1.0, 17.0, 17.0, -1.0, 4.6],
                [8.0, 24.0, 24.0, 8.0, 4.6],
            ],
            ..PLAIN
        },
        // Horizontal lines.
        Kind::BlockingThread => PatternTile {
            lines: &[[0.0, 4.0, 8.0, 4.0, 1.6]],
            ..PLAIN
        },
        // Diagonal lines: the usual hatching for I/O.
        Kind::Awaiting => PatternTile {
            lines: &[
                [-4.0, 4.0, 4.0, -4.0, 1.8],
                [-1.0, 9.0, 9.0, -1.0, 1.8],
                [4.0, 12.0, 12.0, 4.0, 1.8],
            ],
            ..PLAIN
        },
        // Two dots: the densest of the dotted patterns.
        Kind::Ready => PatternTile {
            dots: &[[2.0, 2.0, 1.0], [6.0, 6.0, 1.0]],
            ..PLAIN
        },
        Kind::Unaccepted => PatternTile {
            dots: &[[4.0, 4.0, 1.0]],
            ..PLAIN
        },
        // Vertical lines, like a queue.
        Kind::QueuedThread => PatternTile {
            size: 5.0,
            lines: &[[2.5, 0.0, 2.5, 5.0, 1.3]],
            ..PLAIN
        },
        // Vertical dashes.
        Kind::QueuedWorker => PatternTile {
            lines: &[[2.0, 0.0, 2.0, 4.0, 1.5], [6.0, 4.0, 6.0, 8.0, 1.5]],
            ..PLAIN
        },
        // Crosses.
        Kind::QueuedGil => PatternTile {
            lines: &[[-1.0, 9.0, 9.0, -1.0, 1.1], [-1.0, -1.0, 9.0, 9.0, 1.1]],
            ..PLAIN
        },
        // Diagonal lines in the other direction than for `Awaiting`.
        Kind::QueuedCore => PatternTile {
            lines: &[
                [-4.0, 4.0, 4.0, 12.0, 1.4],
                [-1.0, -1.0, 9.0, 9.0, 1.4],
                [4.0, -4.0, 12.0, 4.0, 1.4],
            ],
            ..PLAIN
        },
        // Zigzag lines.
        Kind::WaitingPermit => PatternTile {
            lines: &[[-0.3, 6.3, 4.0, 2.0, 1.3], [4.0, 2.0, 8.3, 6.3, 1.3]],
            ..PLAIN
        },
        // Dense horizontal lines, like the entries of a queue.
        Kind::WaitingQueue => PatternTile {
            size: 4.0,
            lines: &[[0.0, 2.0, 4.0, 2.0, 1.1]],
            ..PLAIN
        },
        // Rings.
        Kind::WaitingSignal => PatternTile {
            rings: &[[4.0, 4.0, 2.2]],
            ..PLAIN
        },
        // Horizontal dashes.
        Kind::WaitingTasks => PatternTile {
            lines: &[[0.0, 2.0, 4.0, 2.0, 1.2], [4.0, 6.0, 8.0, 6.0, 1.2]],
            ..PLAIN
        },
        // Plus signs.
        Kind::Offloaded => PatternTile {
            lines: &[[4.0, 2.0, 4.0, 6.0, 1.1], [2.0, 4.0, 6.0, 4.0, 1.1]],
            ..PLAIN
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as WCAG 2 defines it.
    fn luminance(colour: Colour) -> f64 {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    }

    fn contrast(a: Colour, b: Colour) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[track_caller]
    fn check(a: Colour, b: Colour, least: f64, what: &str) {
        let contrast = contrast(a, b);
        assert!(contrast >= least, "{what}: {a} on {b} is {contrast:.2}");
    }

    const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

    #[test]
    fn every_kind_has_enough_contrast_with_the_background() {
        for theme in THEMES {
            let card = Ink::Card.colour(theme);
            for kind in Kind::ALL {
                check(tone(kind, theme).ink, card, 3.0, &format!("{kind:?}"));
                if !kind.is_work() {
                    let tone = tone(kind, theme);
                    check(
                        tone.ink,
                        tone.ground,
                        3.0,
                        &format!("{kind:?} on its ground"),
                    );
                }
            }
        }
    }

    #[test]
    fn texts_have_enough_contrast() {
        for theme in THEMES {
            let card = Ink::Card.colour(theme);
            for ink in [Ink::Text, Ink::Soft, Ink::Alarm, Ink::Busy, Ink::Good] {
                check(ink.colour(theme), card, 4.5, &format!("{ink:?}"));
            }
            for kind in Kind::ALL {
                let tone = tone(kind, theme);
                let ink = if kind.is_work() {
                    Ink::OnBar
                } else {
                    Ink::Text
                };
                check(
                    ink.colour(theme),
                    tone.ground,
                    4.5,
                    &format!("text on {kind:?}"),
                );
            }
        }
    }

    #[test]
    fn no_two_kinds_look_the_same() {
        for theme in THEMES {
            for (number, a) in Kind::ALL.into_iter().enumerate() {
                for b in &Kind::ALL[number + 1..] {
                    let same = tone(a, theme) == tone(*b, theme) && tile(a) == tile(*b);
                    assert!(!same, "{a:?} and {b:?}");
                    let same_pattern = tile(a) == tile(*b);
                    assert!(!same_pattern, "{a:?} and {b:?} in print");
                }
            }
        }
    }
}
