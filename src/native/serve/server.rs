//! Connections: so many at once, so long until a request is there.
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
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::sleep;

use super::{Service, routes};
use crate::native::verify::Interrupt;

const CONNECTIONS_MAX: usize = 2_000;
/// Until the head of a request is there; an idle connection is closed after that.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
const HEAD_BYTES_MAX: usize = 16 * 1024;
const HEADERS_MAX: usize = 64;
/// Where the machine has no room for a connection, soon one may be closed.
const PAUSE: Duration = Duration::from_millis(50);

/// Until the interrupt is raised and everything that was started has ended.
pub(super) fn run(
    listener: TcpListener,
    service: Arc<Service>,
    interrupt: &Interrupt,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
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
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, Arc::clone(service), place));
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}

async fn serve(stream: TcpStream, service: Arc<Service>, place: OwnedSemaphorePermit) {
    // Lines are small, and wanted at once.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(|request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(routes::answer(service, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), answer);
    // A client that breaks off, or says what is no HTTP, has its answer already.
    let _ = connection.await;
    drop(place);
}
