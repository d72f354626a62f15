//! Accepts connections and serves them: so long until a request is there.
//!
//! One thread serves them all; what takes long (looking for Python, a run) is
//! done elsewhere.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::sleep;

use super::client_stream::ClientStream;
use super::connections::{Connections, Seat};
use super::{Service, routes};
use crate::verify::Interrupt;

/// Until the head of a request is there; an idle connection is closed after that.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
const HEAD_BYTES_MAX: usize = 16 * 1024;
const HEADERS_MAX: usize = 64;
/// Connections that the system keeps until they are accepted: with 128, a burst of slow clients
/// cost a good one a second, after which its system asked again.
const BACKLOG: i32 = 4_096;
/// Until a place or a descriptor may be free, where no connection could be closed for it.
const PAUSE: Duration = Duration::from_millis(50);

/// Until the interrupt is raised and everything that was started has ended.
pub(super) fn run(
    listener: TcpListener,
    service: Arc<Service>,
    interrupt: &Interrupt,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    // Where that is refused, the usual 128 stay.
    let _ = rustix::net::listen(&listener, BACKLOG);
    let (tell, told) = oneshot::channel();
    let interrupt = interrupt.clone();
    std::thread::spawn(move || {
        interrupt.wait();
        // A server that is gone needs no news.
        let _ = tell.send(());
    });
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::select! {
            () = accept(&listener, &service) => {}
            _ = told => {}
        }
        service.runtimes.end();
        service.jobs.end().await;
        Ok(())
    })
}

async fn accept(listener: &tokio::net::TcpListener, service: &Arc<Service>) {
    let connections = Arc::new(Connections::by_descriptors());
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                while connections.is_full() {
                    make_room(&connections).await;
                }
                tokio::spawn(serve(stream, Arc::clone(service), connections.enter()));
            }
            // Other files of this process, or other processes, have all descriptors.
            Err(_) => {
                make_room(&connections).await;
                sleep(PAUSE).await;
            }
        }
    }
}

async fn make_room(connections: &Connections) {
    match connections.evict() {
        // Its task closes it in its next turn.
        true => yield_now().await,
        false => sleep(PAUSE).await,
    }
}

async fn serve(stream: TcpStream, service: Arc<Service>, seat: Seat) {
    // Lines are small, and wanted at once.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(|request| {
        let (service, connection) = (Arc::clone(&service), Arc::clone(&seat.connection));
        async move { Ok::<_, Infallible>(routes::answer(service, connection, request).await) }
    });
    let stream = ClientStream::new(stream, Arc::clone(&seat.connection));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(stream, answer);
    tokio::select! {
        // A client that breaks off, or says what is no HTTP, has its answer already.
        _ = connection => {}
        () = seat.connection.evicted() => {}
    }
}
