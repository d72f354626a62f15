//! The accept loop and the HTTP connections.
//!
//! All connections share one thread. Long work, such as looking for Python or a run, has threads
//! of its own.

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

/// How long to wait for the head of a request. An idle connection is closed after this time.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a request's head. The page's requests need less than 1 KiB; the rest is for cookies,
/// which browsers send to all ports of a host.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Header fields of a request.
const HEADERS_MAX: usize = 64;
/// Connections that the kernel queues until they are accepted. With 128, a burst of slow clients
/// filled the queue, and other clients connected only at their kernel's retry, a second later.
const BACKLOG: i32 = 4_096;
/// The time between two attempts to accept if no connection can be evicted.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until the interrupt, then waits for the end of all runs.
pub(super) fn run_server(
    listener: TcpListener,
    service: Arc<Service>,
    interrupt: &Interrupt,
) -> io::Result<()> {
    // `from_std` below requires it.
    listener.set_nonblocking(true)?;
    // The standard library listens with 128. If the second call fails, that stays.
    let _ = rustix::net::listen(&listener, BACKLOG);
    let (tell, told) = oneshot::channel();
    let interrupt = interrupt.clone();
    std::thread::spawn(move || {
        interrupt.wait();
        // Fails if the server has ended.
        let _ = tell.send(());
    });
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::select! {
            () = accept_connections(&listener, &service) => {}
            _ = told => {}
        }
        service.runtimes.end();
        service.jobs.end().await;
        Ok(())
    })
}

async fn accept_connections(listener: &tokio::net::TcpListener, service: &Arc<Service>) {
    let connections = Arc::new(Connections::by_descriptors());
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // After `accept`, not before: an idle server must not evict a connection.
                while connections.is_full() {
                    make_room(&connections).await;
                }
                tokio::spawn(serve_connection(
                    stream,
                    Arc::clone(service),
                    connections.enter(),
                ));
            }
            // No descriptors are left, in this process or in the system.
            Err(_) => {
                make_room(&connections).await;
                sleep(PAUSE).await;
            }
        }
    }
}

async fn make_room(connections: &Connections) {
    if connections.evict_oldest() {
        // The connection's task must run to close its socket.
        yield_now().await;
    } else {
        sleep(PAUSE).await;
    }
}

async fn serve_connection(stream: TcpStream, service: Arc<Service>, seat: Seat) {
    // Lines of progress are small and must not wait for Nagle's algorithm.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(|request| {
        let (service, connection) = (Arc::clone(&service), Arc::clone(&seat.connection));
        async move { Ok::<_, Infallible>(routes::answer_request(service, connection, request).await) }
    });
    let stream = ClientStream::new(stream, Arc::clone(&seat.connection));
    let connection = http1::Builder::new()
        // Without a timer hyper cannot apply the timeout.
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(stream, answer);
    tokio::select! {
        // An error needs no response: the client has disconnected, or hyper has responded with
        // 400 already.
        _ = connection => {}
        () = seat.connection.evicted() => {}
    }
}
