//! E-mail by SMTP.

use std::time::Duration;

use flow_switch::services::Secret;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::Failure;

/// How long the server may take for each step.
const WITHIN: Duration = Duration::from_secs(20);

/// The server that takes e-mail, and who sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailConfig {
    /// A name or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub tls: EmailTls,
    /// Whom the letters are from: `Acme <phone@acme.example>`.
    pub from: String,
    /// User and password, where the server asks for them.
    pub login: Option<(String, Secret)>,
}

/// How a connection is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailTls {
    /// From the first byte (port 465).
    Wrapped,
    /// By `STARTTLS`, which is insisted on (port 587).
    StartTls,
    /// Not at all: for a server on this machine.
    Open,
}

/// One letter.
pub(super) struct Letter {
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) attached: Option<(String, Vec<u8>)>,
}

/// Sends letters.
pub(super) struct Mailer {
    config: EmailConfig,
    /// Why there is no way to the server, when there is none.
    transport: Result<AsyncSmtpTransport<Tokio1Executor>, String>,
}

impl Mailer {
    pub(super) fn new(config: EmailConfig) -> Mailer {
        let transport = transport(&config);
        Mailer { config, transport }
    }

    pub(super) async fn send(&self, key: &str, letter: Letter) -> Result<(), Failure> {
        let transport = self.transport.as_ref().map_err(|why| Failure::now(why.clone()))?;
        let message = message(&self.config.from, key, letter)?;
        match tokio::time::timeout(WITHIN * 3, transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Failure { reason: error.to_string(), for_good: error.is_permanent() }),
            Err(_) => Err(Failure::now("the mail server takes too long")),
        }
    }
}

fn transport(config: &EmailConfig) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let parameters = || TlsParameters::new(config.host.clone()).map_err(|error| error.to_string());
    let tls = match config.tls {
        EmailTls::Wrapped => Tls::Wrapper(parameters()?),
        EmailTls::StartTls => Tls::Required(parameters()?),
        EmailTls::Open => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(config.host.as_str())
        .port(config.port)
        .tls(tls)
        .timeout(Some(WITHIN));
    if let Some((user, password)) = &config.login {
        builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
    }
    Ok(builder.build())
}

fn message(from: &str, key: &str, letter: Letter) -> Result<Message, Failure> {
    let address = |text: &str| {
        text.parse().map_err(|_| Failure::for_good(format!("`{}` is no e-mail address", text.escape_debug())))
    };
    // Line ends would begin another header.
    let subject: String = letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let builder = Message::builder()
        .from(address(from)?)
        .to(address(&letter.to)?)
        .subject(subject)
        .message_id(Some(format!("<{key}@flowc.invalid>")));
    let built = match letter.attached {
        None => builder.header(ContentType::TEXT_PLAIN).body(letter.body),
        Some((name, audio)) => {
            let kind = ContentType::parse("audio/wav").unwrap_or(ContentType::TEXT_PLAIN);
            let parts = MultiPart::mixed()
                .singlepart(SinglePart::plain(letter.body))
                .singlepart(Attachment::new(name).body(audio, kind));
            builder.multipart(parts)
        }
    };
    built.map_err(|error| Failure::for_good(error.to_string()))
}
