//! One HTTP client: connections kept and used again, TLS by the system's certificates, no redirect followed, no
//! more read than is asked for, and never longer than the limit.

use std::time::Duration;

use flow_bytecode::base64;
use flow_bytecode::program::Method;
use flow_switch::boundary::{NoReply, Reply, ServiceRequest};
use flow_switch::services::{Secret, ServicePlace, json};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(30);
/// How many of them for one host.
const IDLE_CONNECTIONS: usize = 16;
/// How long the rest of an answer is read that says nothing more.
const REST: Duration = Duration::from_secs(1);

/// What goes out.
pub(crate) struct Outgoing<'r> {
    pub(crate) method: &'r str,
    pub(crate) target: &'r str,
    pub(crate) body: Option<(&'static str, Vec<u8>)>,
    /// More headers.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) within: Duration,
}

impl<'r> Outgoing<'r> {
    /// What a call asks.
    pub(crate) fn of(request: &'r ServiceRequest) -> Outgoing<'r> {
        let body = request.body.as_ref().map(|body| ("application/json", body.reveal().as_bytes().to_vec()));
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        };
        let within = super::within(request);
        Outgoing { method, target: &request.target, body, headers: Vec::new(), within }
    }
}

/// The client; clones share its connections.
#[derive(Clone)]
pub(crate) struct Client {
    plain: Pool<HttpConnector, Full<Bytes>>,
    /// Missing where the system trusts nobody: then no `https` is reached.
    secure: Option<Pool<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

impl Client {
    /// A client without connections.
    pub(crate) fn new() -> Client {
        let mut http = HttpConnector::new();
        http.set_nodelay(true);
        let mut wrapped = http.clone();
        wrapped.enforce_http(false);
        let builder = HttpsConnectorBuilder::new().with_native_roots().ok();
        let https = builder.map(|builder| builder.https_only().enable_http1().wrap_connector(wrapped));
        let mut pools = Pool::builder(TokioExecutor::new());
        let pools = pools
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE_CONNECTIONS);
        Client { plain: pools.build(http), secure: https.map(|https| pools.build(https)) }
    }

    /// Whether it can reach `https`.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure.is_some()
    }

    /// Asks a service, at most for as long as it may take.
    pub(crate) async fn ask(&self, place: &ServicePlace, outgoing: Outgoing<'_>) -> Reply {
        let within = outgoing.within;
        let Some(request) = request(place, outgoing) else {
            return Reply::Failed(NoReply::Unreachable);
        };
        match tokio::time::timeout(within, self.fetch(request)).await {
            Ok(Ok((status, body))) => Reply::Answered { status, body },
            Ok(Err(why)) => Reply::Failed(why),
            Err(_) => Reply::Failed(NoReply::TimedOut),
        }
    }

    /// Hands something over: the status line decides, whatever becomes of the rest of the answer.
    pub(crate) async fn hand_over(
        &self,
        place: &ServicePlace,
        outgoing: Outgoing<'_>,
    ) -> Result<u16, NoReply> {
        let within = outgoing.within;
        let request = request(place, outgoing).ok_or(NoReply::Unreachable)?;
        let response =
            tokio::time::timeout(within, self.begin(request)).await.map_err(|_| NoReply::TimedOut)??;
        let status = response.status().as_u16();
        // Read to its end where that is near, so that the connection can be used again.
        let rest = Limited::new(response.into_body(), json::GREATEST_BYTES).collect();
        let _ = tokio::time::timeout(REST, rest).await;
        Ok(status)
    }

    async fn begin(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, NoReply> {
        let response = match (request.uri().scheme_str(), &self.secure) {
            (Some("http"), _) => self.plain.request(request).await,
            (_, Some(secure)) => secure.request(request).await,
            (_, None) => return Err(NoReply::Unreachable),
        };
        response.map_err(|_| NoReply::Unreachable)
    }

    async fn fetch(&self, request: Request<Full<Bytes>>) -> Result<(u16, Vec<u8>), NoReply> {
        let response = self.begin(request).await?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), json::GREATEST_BYTES).collect().await;
        match body {
            Ok(body) => Ok((status, body.to_bytes().to_vec())),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(NoReply::TooLarge),
            Err(_) => Err(NoReply::Unreachable),
        }
    }
}

fn request(place: &ServicePlace, outgoing: Outgoing<'_>) -> Option<Request<Full<Bytes>>> {
    let uri: Uri = format!("{}{}", place.address, outgoing.target).parse().ok()?;
    let mut builder = Request::builder()
        .method(outgoing.method)
        .uri(uri)
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, concat!("flowc/", env!("CARGO_PKG_VERSION")));
    for (name, value) in &place.headers {
        builder = builder.header(HeaderName::try_from(name).ok()?, hidden(value)?);
    }
    if let Some((user, password)) = &place.basic {
        let pair = format!("{}:{}", user.reveal(), password.reveal());
        let value = Secret::new(format!("Basic {}", base64::encode(pair.as_bytes())));
        builder = builder.header(AUTHORIZATION, hidden(&value)?);
    }
    for (name, value) in outgoing.headers {
        builder = builder.header(name, HeaderValue::try_from(value).ok()?);
    }
    let body = match outgoing.body {
        Some((kind, body)) => {
            builder = builder.header(CONTENT_TYPE, kind);
            Bytes::from(body)
        }
        None => Bytes::new(),
    };
    builder.body(Full::new(body)).ok()
}

/// A header that is left out of whatever is written about the request.
fn hidden(value: &Secret) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(value.reveal()).ok()?;
    value.set_sensitive(true);
    Some(value)
}
