//! Trace and viewport to a list of shapes.
//!
//! Shapes are data: a painter (the page's canvas, an SVG file) draws them one
//! after the other and decides nothing. Nothing here knows fonts, files or the
//! browser.
//!
//! - [`timeline`]: a trace made ready, once: [`rows`], [`piece`]s, marks, windows.
//! - [`viewport`]: the only place where time meets pixels.
//! - [`detail`], [`density`]: what is below a pixel is merged, and nothing is lost.
//! - [`plan`]: how much room there is for what; [`plot`]: the bars; [`frame`]: what is around them.
//! - [`palette`], [`words`]: the tables of looks and texts.

pub mod density;
pub mod detail;
pub mod frame;
pub mod frozen;
pub mod geometry;
pub mod hit;
pub mod kind;
pub mod label;
pub mod mark;
pub mod measure;
pub mod palette;
pub mod piece;
pub mod plan;
pub mod plot;
pub mod rows;
pub mod shape;
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
