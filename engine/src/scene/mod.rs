//! Trace and viewport to a list of shapes.
//!
//! Shapes are data: a painter (the page's canvas, an SVG file) draws them one
//! after the other and decides nothing. Nothing here knows fonts, files or the
//! browser.
//!
//! - [`timeline`]: a trace made ready, once: [`rows`], [`piece`]s, marks, windows.
//! - [`viewport`]: the only place where time meets pixels.
//! - [`detail`]: what is below a pixel is merged, and nothing is lost.
//! - [`plan`]: how much room there is for what; [`plot`]: the bars and what
//!   shares their coordinates; [`frame`]: what is around them in a file;
//!   [`overview`]: all of it in one strip; [`ghost`]: what was measured, behind.
//! - [`palette`], [`words`]: the tables of looks and texts.
//!
//! A caller that redraws (the page) keeps a [`Timeline`], takes a [`Plan`] for
//! its width and a [`Viewport`] from [`Plan::fit`], moves the viewport, and calls
//! [`plot::plot`] for each frame.

mod band;
mod bar;
mod density;
pub mod detail;
pub mod frame;
pub mod frozen;
pub mod geometry;
pub mod ghost;
pub mod hit;
pub mod kind;
pub mod label;
pub mod mark;
pub mod measure;
pub mod overview;
pub mod palette;
pub mod piece;
pub mod plan;
pub mod plot;
mod row_name;
pub mod rows;
pub mod shape;
pub mod sign;
mod stack;
mod strip;
pub mod ticks;
pub mod timeline;
pub mod viewport;
pub mod words;

pub use geometry::{Point, Rect};
pub use hit::Hit;
pub use kind::Kind;
pub use palette::{Ink, Theme};
pub use piece::Piece;
pub use plan::Plan;
pub use rows::{By, Row, Subject};
pub use shape::{Anchor, Paint, Scene, Shape};
pub use timeline::Timeline;
pub use viewport::Viewport;
pub use words::Words;
