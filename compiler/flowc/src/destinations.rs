//! Where services, e-mail and text messages go: what the program, its settings and `flow.toml` say together.

use flow_bytecode::program::ServiceKind;
use flow_bytecode::{Datum, VerifiedProgram};
use flow_check::hir::{BlockBody, Expr, ExprKind, Segment, Wait};
use flow_project::{Loaded, Manifest, Problem};
use flow_server::{Destinations, EmailConfig, EmailTls};
use flow_sim::flow_switch::services::{Secret, places};

/// The destinations of a program that is about to start.
///
/// # Errors
/// When the program sends what the deployment has no way for, or that way is not well said.
pub fn destinations(
    program: &VerifiedProgram,
    settings: &[Datum],
    manifest: &Manifest,
) -> Result<Destinations, Problem> {
    let destinations =
        Destinations { services: places(program, settings), email: email(manifest)?, sms: sms(manifest)? };
    for place in &destinations.services {
        let missing = match place.kind {
            ServiceKind::Email if destinations.email.is_none() => "[email]",
            ServiceKind::Sms if destinations.sms.is_none() => "[sms]",
            _ => continue,
        };
        return Err(Problem {
            what: format!("the flows use `{}.send`, and flow.toml has no {missing}", place.name),
            action: match place.kind {
                ServiceKind::Email => "add `server = \"HOST:PORT\"` and `from = \"…\"` in [email]".into(),
                _ => "add `url = \"https://…\"` in [sms]".into(),
            },
        });
    }
    Ok(destinations)
}

/// What a line says that mails its messages and has no way to: they are kept, and nobody gets them.
pub fn unmailed(loaded: &Loaded) -> Option<String> {
    let program = loaded.program.as_ref().filter(|_| loaded.manifest.email.is_none())?;
    let mut blocks = program.flows.iter().flat_map(|flow| flow.blocks.iter().map(move |block| (flow, block)));
    let (flow, block) = blocks.find(|(_, block)| match &block.body {
        BlockBody::Wait { wait: Wait::Voicemail { deliver_to, .. }, .. } => begins_with_mailto(deliver_to),
        _ => false,
    })?;
    Some(format!(
        "`{}` of `{}` mails its messages, and flow.toml has no [email]: they are kept on this machine, and `flowc sends` \
         lists them as undelivered; add `server = \"HOST:PORT\"` and `from = \"…\"` in [email]\n",
        block.name, flow.name
    ))
}

fn begins_with_mailto(place: &Expr) -> bool {
    let first = match &place.kind {
        ExprKind::Text(text) => text,
        ExprKind::Interpolated(segments) => match segments.first() {
            Some(Segment::Text(text)) => text,
            _ => return false,
        },
        _ => return false,
    };
    first.starts_with("mailto:")
}

fn email(manifest: &Manifest) -> Result<Option<EmailConfig>, Problem> {
    let Some(email) = &manifest.email else { return Ok(None) };
    let problem = |what: String, action: &str| Problem { what, action: action.into() };
    let tls = match email.tls.as_deref() {
        None | Some("starttls") => EmailTls::StartTls,
        Some("wrapped") => EmailTls::Wrapped,
        Some("none") => EmailTls::Open,
        Some(other) => {
            let what = format!("`tls = \"{other}\"` in [email] of flow.toml is not known");
            return Err(problem(what, "write \"starttls\", \"wrapped\" or \"none\""));
        }
    };
    let (Some(server), Some(from)) = (&email.server, &email.from) else {
        return Err(problem(
            "[email] in flow.toml lacks `server` or `from`".into(),
            "add `server = \"HOST:PORT\"` and `from = \"Acme <phone@acme.example>\"`",
        ));
    };
    let address = server.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
    let Some((host, port)) = address.filter(|(host, _)| !host.is_empty()) else {
        return Err(problem(
            format!("`server = \"{server}\"` in [email] of flow.toml is no host with a port"),
            "write it like \"mail.example:587\"",
        ));
    };
    let login = match (&email.user, &email.password) {
        (Some(user), Some(password)) => Some((user.clone(), Secret::new(password.clone()))),
        (None, None) => None,
        _ => {
            return Err(problem(
                "[email] in flow.toml has a user or a password, and not the other".into(),
                "give both, or neither",
            ));
        }
    };
    Ok(Some(EmailConfig { host: host.to_owned(), port, tls, from: from.clone(), login }))
}

fn sms(manifest: &Manifest) -> Result<Option<(String, Option<Secret>)>, Problem> {
    let Some(sms) = &manifest.sms else { return Ok(None) };
    match &sms.url {
        Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
            Ok(Some((url.clone(), sms.key.clone().map(Secret::new))))
        }
        _ => Err(Problem {
            what: "[sms] in flow.toml has no `url` that begins with https:// or http://".into(),
            action: "name what takes text messages: `url = \"https://sms.example/messages\"`".into(),
        }),
    }
}
