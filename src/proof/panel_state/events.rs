//! What reaches the panel's state, and what it asks the worker to do.

use crate::proof::file::Drawn;
use crate::proof::python_proof::{ProofEffect, PythonEvent};
use crate::proof::trouble::Trouble;
use crate::protocol::panel::PanelControl;
use crate::protocol::real_run::{MeasuredOverlay, PageSnapshot, PythonRun};
use formats::import::OpenError;

/// An event from the page or from the companion.
#[derive(Debug)]
pub(crate) enum RealRunEvent {
    /// The state of the page changed.
    Page(PageSnapshot),
    /// The reader used a control, which has this value.
    ControlUsed(PanelControl, String),
    /// The reader chose or dropped a file with this name.
    FileGiven(String),
    /// The file was read, or is too large.
    FileRead(String, Result<Vec<u8>, OpenError>),
    /// The trace of the file was sent to the page.
    FileShown,
    /// The response to [`RealRunEffect::Hello`].
    Hello(Call, Result<String, Trouble>),
    /// The response to [`RealRunEffect::Redeem`].
    Redeemed(Call, Result<String, Trouble>),
    /// A part of the response to [`RealRunEffect::Verify`], not necessarily a whole line.
    Piece(Call, Vec<u8>),
    /// The companion refused the run with this body.
    Refused(Call, String),
    /// The response to [`RealRunEffect::Verify`] ended.
    Over(Call),
    /// The connection failed.
    Lost(Call, Trouble),
    /// From the page's Python.
    Python(PythonRun, PythonEvent),
    /// The pause of [`ProofEffect::AwaitPause`] is over.
    PauseOver(PythonRun),
}

/// An effect that the worker performs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RealRunEffect {
    /// Request this URL, a hello with a nonce.
    Hello(Call, String),
    /// Exchange the code for the token: a URL and a body.
    Redeem(Call, String, String),
    /// Start a run.
    Verify {
        call: Call,
        address: String,
        authorization: String,
        body: String,
    },
    /// Abort the request.
    Stop(Call),
    /// Show the measured overlay on the chart.
    Draw(Box<MeasuredOverlay>),
    /// Show a trace from a file in place of the chart.
    Show(Box<Drawn>),
    /// Open the panel's tab and scroll to its error: a file could not be opened, and the reader
    /// may have dropped it anywhere on the page.
    Look,
    /// A part of the proof on the page's own Python.
    Proof(ProofEffect),
}

/// The number of a request. Responses to older requests are recognised by it and ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Call(pub(crate) u32);
