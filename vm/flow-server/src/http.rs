//! HTTP for machines: is it alive, does it take calls, what has it counted. On a thread of its own, so that
//! nobody who reads it holds up a call.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::serve::Listener;
use flow_node::Admin;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

use crate::error::StartError;
use crate::metrics::Metrics;
use crate::records::NewsSink;
use crate::screens::Screens;
use crate::threads;

/// Readers at once: more wait for their turn, and no descriptor that a call could need is theirs.
const CONNECTIONS: usize = 64;
/// How long a connection may last, whatever it does: a page takes milliseconds.
const LONGEST: Duration = Duration::from_secs(10);

/// Starts serving on a loopback address and gives the address that it got.
pub(crate) fn start(
    address: SocketAddr,
    metrics: Arc<Metrics>,
    admin: AdminSink,
    screens: Arc<Screens>,
    news: NewsSink,
) -> Result<SocketAddr, StartError> {
    if !address.ip().is_loopback() {
        return Err(StartError::OpenHttp(address));
    }
    let listener =
        std::net::TcpListener::bind(address).map_err(|error| StartError::bind("HTTP", address, error))?;
    listener.set_nonblocking(true).map_err(StartError::System)?;
    let bound = listener.local_addr().map_err(StartError::System)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::System)?;
    let serve = async move {
        let listener = Bounded {
            listener: TcpListener::from_std(listener)?,
            places: Arc::new(Semaphore::new(CONNECTIONS)),
        };
        axum::serve(listener, routes(metrics, admin, screens)).await
    };
    let serving = move || {
        // It ends with the process; a listener that fails leaves the calls alone.
        if let Err(error) = runtime.block_on(serve) {
            news(format!("HTTP is served no longer: {error}"));
        }
    };
    threads::vital("http", serving).map_err(StartError::System)?;
    Ok(bound)
}

/// Where an operator's word goes. It must not block.
pub(crate) type AdminSink = Arc<dyn Fn(Admin) + Send + Sync>;

/// The longest word of an operator's, in octets.
const LONGEST_WORD: usize = 1_000;

/// What an operator may say. It is taken at once, and what comes of it stands in the story.
fn admin_routes(admin: AdminSink, screens: Arc<Screens>) -> Router {
    let assist = admin.clone();
    Router::new()
        .route(
            "/agents/{name}/screen",
            get(move |Path(agent): Path<String>| async move {
                let headers =
                    [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
                (headers, format!("{}\n", screens.json(&agent)))
            }),
        )
        .route(
            "/agents/{name}/assist",
            post(move |Path(agent): Path<String>, body: String| async move {
                let word = body.trim();
                if word.is_empty() || word.len() > LONGEST_WORD {
                    return (StatusCode::BAD_REQUEST, "say which: a flow's name, a label or a number\n");
                }
                assist(Admin::Assist { agent, assist: word.to_owned() });
                (StatusCode::ACCEPTED, "asked for\n")
            }),
        )
        .route(
            "/rooms/{name}/close",
            post(move |Path(room): Path<String>| async move {
                admin(Admin::CloseRoom { room });
                (StatusCode::ACCEPTED, "asked for\n")
            }),
        )
        .layer(DefaultBodyLimit::max(LONGEST_WORD))
}

fn routes(metrics: Arc<Metrics>, admin: AdminSink, screens: Arc<Screens>) -> Router {
    let readiness = metrics.clone();
    admin_routes(admin, screens)
        .route("/healthz", get(|| async { "alive\n" }))
        .route(
            "/readyz",
            get(move || async move {
                if readiness.ready.load(Ordering::Relaxed) {
                    (StatusCode::OK, "takes calls\n")
                } else {
                    (StatusCode::SERVICE_UNAVAILABLE, "takes no new calls\n")
                }
            }),
        )
        .route(
            "/metrics",
            get(move || async move {
                ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.page()).into_response()
            }),
        )
}

/// A listener that has few connections open at once, none of them for long.
struct Bounded {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let place = self.places.clone().acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (Connection { stream, end: Box::pin(sleep(LONGEST)), _place: place }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that fails when its time is up.
struct Connection {
    stream: TcpStream,
    end: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    /// The stream, while there is time; wakes the task when there is none left.
    fn in_time(&mut self, context: &mut Context<'_>) -> io::Result<Pin<&mut TcpStream>> {
        match self.end.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(Pin::new(&mut self.stream)),
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.in_time(context)?.poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.in_time(context)?.poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.in_time(context)?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.in_time(context)?.poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_screen_is_read_as_json() {
        let screens = Arc::new(Screens::default());
        screens.show("ann".into(), vec![("order".into(), "7".into())]);
        let address = "127.0.0.1:0".parse().unwrap();
        let address = start(address, Arc::default(), Arc::new(|_| {}), screens, Box::new(drop)).unwrap();
        let mut reader = TcpStream::connect(address).unwrap();
        reader.write_all(b"GET /agents/ann/screen HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut page = String::new();
        reader.read_to_string(&mut page).unwrap();
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert!(page.contains("application/json") && page.contains("no-store"), "{page}");
        assert!(
            page.ends_with("{\"agent\":\"ann\",\"fields\":[{\"name\":\"order\",\"value\":\"7\"}]}\n"),
            "{page}"
        );
    }

    #[test]
    fn slow_readers_are_let_go_and_others_served() {
        let address = start(
            "127.0.0.1:0".parse().unwrap(),
            Arc::default(),
            Arc::new(|_| {}),
            Arc::default(),
            Box::new(drop),
        )
        .unwrap();
        let slow: Vec<TcpStream> = (0..CONNECTIONS + 20)
            .map(|_| {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(b"GET /metrics HT").unwrap();
                stream
            })
            .collect();
        let mut reader = TcpStream::connect(address).unwrap();
        reader.set_read_timeout(Some(LONGEST * 2)).unwrap();
        reader.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut page = String::new();
        reader.read_to_string(&mut page).unwrap();
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        // The first of them has been closed by then.
        assert_eq!((&slow[0]).read(&mut [0; 16]).unwrap_or(0), 0);
    }
}
