//! One attempt: a request to a service, an e-mail, a text message, a caller's message with its audio.

use std::path::PathBuf;
use std::time::Duration;

use flow_bytecode::program::ServiceKind;
use flow_switch::boundary::{Message, Sent};
use flow_switch::services::{Secret, ServicePlace};
use serde_json::Value;

use super::mail::{EmailConfig, Letter, Mailer};
use super::{Failure, Parcel};
use crate::services::{Client, Outgoing};

/// How long an attempt may take: nobody waits for it.
const WITHIN: Duration = Duration::from_secs(30);
/// Audio of a message that is taken along.
const GREATEST_AUDIO: u64 = 20 << 20;

/// Where things go.
#[derive(Debug, Clone, Default)]
pub struct Destinations {
    /// The services of the program.
    pub services: Vec<ServicePlace>,
    /// What e-mail is sent by.
    pub email: Option<EmailConfig>,
    /// Where text messages are handed over: a URL that takes `{"to", "text"}`, and a key.
    pub sms: Option<(String, Option<Secret>)>,
}

/// Delivers.
pub(super) struct Carrier {
    client: Client,
    mailer: Option<Mailer>,
    destinations: Destinations,
    /// The folder of messages' audio.
    folder: PathBuf,
}

impl Carrier {
    pub(super) fn new(destinations: Destinations, folder: PathBuf) -> Carrier {
        let mailer = destinations.email.clone().map(Mailer::new);
        Carrier { client: Client::new(), mailer, destinations, folder }
    }

    pub(super) async fn deliver(&self, key: &str, parcel: &Parcel) -> Result<(), Failure> {
        match parcel {
            Parcel::Sent(sent) => self.send(key, sent).await,
            Parcel::Message(message) => self.message(key, message).await,
        }
    }

    async fn send(&self, key: &str, sent: &Sent) -> Result<(), Failure> {
        let place = self.destinations.services.iter().find(|place| place.name == sent.service);
        let Some(place) = place else {
            return Err(Failure::now(format!("the program has no service `{}` now", sent.service)));
        };
        match place.kind {
            ServiceKind::Http => {
                let body = sent.body.as_ref().map(|body| ("application/json", body.clone().into_bytes()));
                self.http(place, &sent.method, &sent.target, body, key, Vec::new()).await
            }
            ServiceKind::Email => {
                let body: Value =
                    serde_json::from_str(sent.body.as_deref().unwrap_or("{}")).unwrap_or_default();
                let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
                let letter =
                    Letter { to: text("to"), subject: text("subject"), body: text("body"), attached: None };
                self.mail(key, letter).await
            }
            ServiceKind::Sms => {
                let Some((url, key_of_service)) = &self.destinations.sms else {
                    return Err(Failure::now("there is no [sms] in flow.toml"));
                };
                let headers = key_of_service.iter();
                let headers = headers
                    .map(|key| ("Authorization".to_owned(), Secret::new(format!("Bearer {}", key.reveal()))));
                let place = ServicePlace {
                    name: "sms".to_owned(),
                    kind: ServiceKind::Http,
                    address: url.clone(),
                    headers: headers.collect(),
                    basic: None,
                };
                let body = sent.body.clone().unwrap_or_default().into_bytes();
                self.http(&place, "POST", "", Some(("application/json", body)), key, Vec::new()).await
            }
        }
    }

    async fn message(&self, key: &str, message: &Message) -> Result<(), Failure> {
        let file = self.folder.join(format!("{}.wav", message.name));
        let length = tokio::task::spawn_blocking({
            let file = file.clone();
            move || {
                let length = std::fs::metadata(&file)?.len();
                if length > GREATEST_AUDIO {
                    Ok((length, Vec::new()))
                } else {
                    Ok((length, std::fs::read(&file)?))
                }
            }
        });
        let (length, audio) = match length.await {
            Ok(Ok(read)) => read,
            Ok::<std::io::Result<_>, _>(Err(error)) => {
                return Err(Failure::now(format!("{} cannot be read: {error}", file.display())));
            }
            Err(_) => return Err(Failure::now("the audio cannot be read")),
        };
        let caller = message.caller.as_deref().unwrap_or("a withheld number");
        if let Some(address) = message.deliver_to.strip_prefix("mailto:") {
            let address = address.split('?').next().unwrap_or(address);
            let body = format!(
                "{caller} left a message of {} s in {} ({}).\nIt is kept as {}.\n",
                message.millis.div_ceil(1000),
                message.flow,
                message.block,
                file.display()
            );
            let attached = (length <= GREATEST_AUDIO).then(|| (format!("{}.wav", message.name), audio));
            let subject = format!("A message from {caller}");
            return self.mail(key, Letter { to: address.to_owned(), subject, body, attached }).await;
        }
        let place = ServicePlace {
            name: "message".to_owned(),
            kind: ServiceKind::Http,
            address: message.deliver_to.clone(),
            headers: Vec::new(),
            basic: None,
        };
        let headers = vec![
            ("flow-message", message.name.clone()),
            ("flow-call", message.call.clone()),
            ("flow-caller", message.caller.clone().unwrap_or_default()),
            ("flow-millis", message.millis.to_string()),
        ];
        self.http(&place, "POST", "", Some(("audio/wav", audio)), key, headers).await
    }

    async fn http(
        &self,
        place: &ServicePlace,
        method: &str,
        target: &str,
        body: Option<(&'static str, Vec<u8>)>,
        key: &str,
        mut headers: Vec<(&'static str, String)>,
    ) -> Result<(), Failure> {
        headers.push(("idempotency-key", key.to_owned()));
        let outgoing = Outgoing { method, target, body, headers, within: WITHIN };
        match self.client.hand_over(place, outgoing).await {
            Ok(200..=299) => Ok(()),
            Ok(status) => Err(Failure::now(format!("status {status}"))),
            Err(why) => Err(Failure::now(why.text())),
        }
    }

    async fn mail(&self, key: &str, letter: Letter) -> Result<(), Failure> {
        match &self.mailer {
            Some(mailer) => mailer.send(key, letter).await,
            None => Err(Failure::now("there is no [email] in flow.toml")),
        }
    }
}
