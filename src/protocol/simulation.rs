//! Requests to the simulator.

use serde::{Deserialize, Serialize};

use super::Program;

/// The page's own program, which simulates when it runs in a worker.
#[derive(Debug)]
pub(crate) enum Simulator {}

impl Program for Simulator {
    const NAME: &'static str = "worker";
    type Request = SimulationRequest;
    type Response = SimulationResponse;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SimulationRequest {
    /// Parse and simulate a script; replaces the current run.
    Run { script: String },
    /// Stop the current run: its result is no longer needed.
    Stop,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SimulationResponse {
    /// The script has errors; nothing was run.
    Faulty,
    /// The run is under way.
    Progress(Reached),
    /// The run is over; the chunks of the trace are attached.
    Finished,
    /// The worker panicked and must be replaced.
    Panicked { message: String },
}

/// The progress of a simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    pub steps: u64,
    /// The simulated time, in nanoseconds.
    pub at_ns: u64,
}
