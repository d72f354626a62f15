//! The companion's web server for this machine: it serves the page, and runs scripts for it.
//!
//! ```text
//! connection ─ server ─▶ guard ─▶ routes ─┬─ page      files inside this program
//!                                         ├─ hello     version, proof, runtimes
//!                                         └─ verify ─▶ admission ─▶ jobs ─▶ lines
//! ```
//!
//! - [`server`]: accepts connections. [`connections`]: limits their number and evicts the
//!   slowest client. [`client_stream`]: a time limit for writing.
//! - [`guard`]: checks the headers Host, Origin and Upgrade of every request.
//! - [`routes`]: the paths and their handlers. [`answer`]: responses and their headers.
//! - [`token`]: the secret that starts runs, and the proof that the server knows it. [`codes`]:
//!   one-time codes in the printed addresses, which a page exchanges for the token.
//! - [`admission`]: the limits of a run. [`jobs`]: the queue of runs, which execute in sequence
//!   and stream their progress; a run ends when its client disconnects.
//! - [`hello`]: the installed runtimes. [`page`]: the files of the page.
//!
//! A request carries a script of the language, a runtime's name and a few numbers, but never a
//! program, a path or a command. No file of the machine is served. `docs/companion-api.md` is
//! the contract with the page.

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

pub use guard::PageOrigin;
pub(crate) use page::{HAS_PAGE, page_files};

use codes::AddressCodes;
use guard::Allowed;
use jobs::Jobs;
use token::Secret;

/// The options of `loopscope serve`.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    pub host: IpAddr,
    /// 0 for any free port.
    pub port: u16,
    /// Origins of other pages that may use this server with the token, e.g.
    /// `https://page.example`.
    pub origins: Vec<PageOrigin>,
    /// Whether the server may listen on an address that other machines can reach.
    pub in_public: bool,
}

/// The reason why the server did not start.
#[derive(Debug)]
pub enum ServeError {
    /// Other machines can reach the address, and `--i-understand` is missing.
    Public(IpAddr),
    /// `0.0.0.0`: the guard compares the Host header with the address, and no browser can send
    /// this one.
    Unspecified(IpAddr),
    Taken(SocketAddr),
    Address(SocketAddr, io::Error),
    System(io::Error),
}

/// Serves until the interrupt. Calls `announce` with the address to open, and on another thread
/// `announce_next` with each address that replaces it.
pub fn serve(
    options: &ServeOptions,
    interrupt: &Interrupt,
    announce: impl FnOnce(&str),
    announce_next: impl Fn(&str) + Send + 'static,
) -> Result<(), ServeError> {
    let listener = bind_listener(options)?;
    let address = listener.local_addr().map_err(ServeError::System)?;
    let token = Secret::token().map_err(ServeError::System)?;
    let code = Secret::code().map_err(ServeError::System)?;
    let page_with = move |code: &Secret| format!("http://{address}/#c={code}");
    // The listener is bound already, so a browser can connect as soon as the address is printed.
    announce(&page_with(&code));
    // Printing blocks while the terminal is stopped (Ctrl-S), so it has a thread of its own.
    let (tell, told) = channel::<String>();
    std::thread::spawn(move || told.iter().for_each(|address| announce_next(&address)));
    let codes = AddressCodes::new(code, Instant::now(), move |code| {
        // Cannot fail: the receiving thread lives as long as the process.
        let _ = tell.send(page_with(code));
    });
    let service = Service {
        allowed: Allowed::new(address, &options.origins),
        token,
        codes,
        jobs: Jobs::default(),
        runtimes: hello::Runtimes::default(),
        page: page::BundledPage::inside(),
    };
    server::run_server(listener, Arc::new(service), interrupt).map_err(ServeError::System)
}

/// Whether the body of a request to `/api/verify` is accepted. For the fuzz tests, which need no
/// connection and no queue.
pub fn admits(body: &[u8]) -> bool {
    admission::admit(body).is_ok()
}

/// The state that all requests share.
#[derive(Debug)]
struct Service {
    allowed: Allowed,
    token: Secret,
    codes: AddressCodes,
    jobs: Jobs,
    runtimes: hello::Runtimes,
    page: page::BundledPage,
}

fn bind_listener(options: &ServeOptions) -> Result<TcpListener, ServeError> {
    let host = options.host;
    // First, because `--i-understand` does not help here.
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
                "`{host}` can be reached from other machines, and anyone with the printed address can run scripts on this one; add `--i-understand` to allow it",
                host
            ),
            Self::Unspecified(host) => say!(
                language,
                "a browser cannot open `{host}`; write one address of this machine",
                host
            ),
            Self::Taken(address) => say!(
                language,
                "port {port} of {ip} is in use; choose another with `--port`, or leave out `--port` to get a free one",
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
