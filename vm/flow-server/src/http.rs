//! HTTP for machines: is it alive, does it take calls, what has it counted. On a thread of its own, so that
//! nobody who reads it holds up a call.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::error::StartError;
use crate::metrics::Metrics;

/// Starts serving on a loopback address and gives the address that it got.
pub(crate) fn start(address: SocketAddr, metrics: Arc<Metrics>) -> Result<SocketAddr, StartError> {
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
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, routes(metrics)).await
    };
    std::thread::Builder::new()
        .name("http".to_owned())
        .spawn(move || {
            // It ends with the process; a listener that fails leaves the calls alone.
            let _ = runtime.block_on(serve);
        })
        .map_err(StartError::System)?;
    Ok(bound)
}

fn routes(metrics: Arc<Metrics>) -> Router {
    let readiness = metrics.clone();
    Router::new()
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
