//! Analyses: why a run took as long as it did, and what would change that.
//!
//! Every remedy, comparison and sweep is simulated, so its effect is a number. [`effort`] bounds
//! all simulations of one command or one answer together. Showing results is left to the
//! companion and the page; [`say`] holds the sentences that both share.

pub mod compare;
pub mod effort;
pub mod fit;
pub mod formula;
pub mod guess;
pub mod say;
pub mod sweep;
pub mod why;
