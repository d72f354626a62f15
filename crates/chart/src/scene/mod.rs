//! Turns a trace and a viewport into a list of shapes.
//!
//! Shapes are data: a painter (the page's canvas, an SVG file) draws them in order and
//! decides nothing. Fonts, files and the browser are left to painters.
//!
//! - [`timeline`]: a trace prepared for drawing: [`rows`], [`piece`]s, marks, windows.
//! - [`viewport`]: the only place that converts time to pixels.
//! - [`detail`]: merges pieces narrower than a pixel without losing any time.
//! - [`plan`]: the layout of a chart; [`plot`]: the bars and everything in their
//!   coordinates; [`frame`]: the texts around them in a file; [`overview`]: the whole run in
//!   one strip; [`ghost`]: the measured run behind the predicted one; [`morph`]: bars on their
//!   way from the run before an edit to the run after it, [`earlier`]: that run behind them,
//!   [`line_map`]: its lines; [`lit`]: the bars of one line.
//! - [`palette`], [`words`]: the tables of colours, patterns and texts.
//!
//! A caller that redraws (the page) keeps a [`Timeline`], takes a [`Plan`] for
//! its width and a [`Viewport`] from [`Plan::fit`], moves the viewport, and calls
//! [`plot::plot`] for each frame.

mod band;
mod bar;
mod density;
pub mod detail;
pub mod earlier;
pub mod frame;
pub mod frozen;
pub mod geometry;
pub mod ghost;
pub mod hit;
pub mod kind;
pub mod label;
pub mod line_map;
pub mod lit;
pub mod mark;
pub mod measure;
pub mod morph;
mod open_wait;
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
mod visit;
pub mod words;

pub use geometry::{Point, Rect};
pub use hit::Hit;
pub use kind::Kind;
pub use palette::{Ink, Theme};
pub use piece::Piece;
pub use plan::Plan;
pub use rows::{By, Row, RowOwner};
pub use shape::{Anchor, Paint, Scene, Shape};
pub use timeline::Timeline;
pub use viewport::Viewport;
pub use words::Words;
