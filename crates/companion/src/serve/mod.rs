//! The page, and verifying from it: a small web server for this machine alone.
//!
//! ```text
//! connection ─ server ─▶ guard ─▶ routes ─┬─ page      files inside this program
//!                                         ├─ hello     who we are, what can run
//!                                         └─ verify ─▶ admission ─▶ jobs ─▶ lines
//! ```
//!
//! - [`server`]: accepts connections. [`connections`]: how many, and which of them is closed for
//!   another. [`client_stream`]: a time limit for writing.
//! - [`guard`]: whether a request may be answered at all: Host, Origin, upgrades.
//! - [`routes`]: what is answered where. [`answer`]: how, with which headers.
//! - [`token`]: the secret that starts runs, and the proof that we know it. [`codes`]: one-time
//!   codes, which the printed addresses hold and pages exchange for the token.
//! - [`admission`]: which runs are small enough. [`jobs`]: one at a time, in turn,
//!   told line by line, ended when nobody listens.
//! - [`hello`]: which runtimes are there. [`page`]: the files.
//!
//! Nothing that is sent here is a program, a path or a command; it is a script
//! of the language, a runtime's name and a few numbers. No file of the machine
//! can be asked for. docs/companion-api.md is the contract with the page.

mod admission;
mod answer;
mod client_stream;
mod codes;
mod connections;
mod guard;
mod hello;
mod jobs;
mod page;
mod routes;
mod server;
mod token;

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Instant;
use texts::{Language, say};

use crate::verify::Interrupt;

pub use guard::Origin;
pub(crate) use page::HAS_PAGE;

use codes::Codes;
use guard::Allowed;
use jobs::Jobs;
use token::Secret;

/// Where to listen and whom to answer.
#[derive(Clone, Debug)]
pub struct Options {
    pub host: IpAddr,
    /// 0 for one that is free.
    pub port: u16,
    /// Pages from elsewhere that may talk to us, if they know the token.
    pub origins: Vec<Origin>,
    /// Whoever reaches this machine may ask.
    pub in_public: bool,
}

/// Why there is no server.
#[derive(Debug)]
pub enum ServeError {
    /// Not this machine alone, and nobody said that this is meant.
    Public(IpAddr),
    /// `0.0.0.0`: requests name an address, and this is none.
    Unspecified(IpAddr),
    Taken(SocketAddr),
    Address(SocketAddr, io::Error),
    System(io::Error),
}

/// Serves until it is interrupted. `announce` is told the address to open; `announce_next`, on a
/// thread of its own, each address that takes its place.
pub fn serve(
    options: &Options,
    interrupt: &Interrupt,
    announce: impl FnOnce(&str),
    announce_next: impl Fn(&str) + Send + 'static,
) -> Result<(), ServeError> {
    let listener = listen(options)?;
    let address = listener.local_addr().map_err(ServeError::System)?;
    let token = Secret::token().map_err(ServeError::System)?;
    let code = Secret::code().map_err(ServeError::System)?;
    let page_with = move |code: &Secret| format!("http://{address}/#c={code}");
    announce(&page_with(&code));
    // A terminal that has been stopped (Ctrl-S) does not stop the server.
    let (tell, told) = channel::<String>();
    std::thread::spawn(move || told.iter().for_each(|address| announce_next(&address)));
    let codes = Codes::new(code, Instant::now(), move |code| {
        // The thread ends with the process.
        let _ = tell.send(page_with(code));
    });
    let service = Service {
        allowed: Allowed::new(address, &options.origins),
        token,
        codes,
        jobs: Jobs::default(),
        runtimes: hello::Runtimes::default(),
        page: page::Page::inside(),
    };
    server::run(listener, Arc::new(service), interrupt).map_err(ServeError::System)
}

/// True if the body of a request to `/api/verify` may become a run. The fuzz tests read bodies with
/// it, without a connection or a queue.
pub fn admits(body: &[u8]) -> bool {
    admission::admit(body).is_ok()
}

/// Everything that requests share.
#[derive(Debug)]
struct Service {
    allowed: Allowed,
    token: Secret,
    codes: Codes,
    jobs: Jobs,
    runtimes: hello::Runtimes,
    page: page::Page,
}

fn listen(options: &Options) -> Result<TcpListener, ServeError> {
    let host = options.host;
    if host.is_unspecified() {
        return Err(ServeError::Unspecified(host));
    }
    if !host.is_loopback() && !options.in_public {
        return Err(ServeError::Public(host));
    }
    let address = SocketAddr::new(host, options.port);
    TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::Taken(address),
        _ => ServeError::Address(address, error),
    })
}

impl ServeError {
    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Public(host) => say!(
                language,
                "`{host}` can be reached from other machines, and every reader of the printed address can use this one; \
                 write `--i-understand` if that is meant",
                host
            ),
            Self::Unspecified(host) => say!(
                language,
                "`{host}` is no address that a browser can name; write the one of this machine that is meant",
                host
            ),
            Self::Taken(address) => say!(
                language,
                "port {port} of {ip} is taken; write another with `--port`, or none for one that is free",
                port = address.port(),
                ip = address.ip()
            ),
            Self::Address(address, error) => say!(
                language,
                "cannot listen at `{address}`: {error}",
                address,
                error
            ),
            Self::System(error) => say!(language, "cannot serve: {error}", error),
        }
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::En))
    }
}
