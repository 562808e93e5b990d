//! `flow.toml`: what the deployment says about a project.
//!
//! ```toml
//! [project]
//! name = "support"
//! entry = "src/main.flow"
//!
//! [libraries]
//! common = "../common"
//!
//! [settings]
//! line_pin = "1234"
//!
//! [run]
//! sip = ["udp:127.0.0.1:5060"]
//! rtp = "20000-20998"
//! state = "state"
//! http = "127.0.0.1:8080"
//! keep = "400d"
//!
//! [prompts]
//! voice = "espeak-ng"
//!
//! [speech]
//! recognizer = { command = ["recognise"], languages = ["en"] }
//!
//! [outbound]
//! allow = ["+1", "+34"]
//! from = ["+15550100"]
//! trunk = "sip:192.0.2.1:5060"
//!
//! [email]
//! server = "mail.example:587"
//! from = "Acme <phone@acme.example>"
//!
//! [sms]
//! url = "https://sms.example/messages"
//!
//! [agents]
//! dana = "sip:dana@192.0.2.7"
//! ```

use flow_diagnostics::{Diagnostic, FileId, Location};

use crate::speech::Speech;
use crate::toml_reader::{Reader, Section};

/// What `flow.toml` says; without one, the defaults.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    /// The project's name: that of its folder or file when it says none.
    pub name: String,
    /// The main file, from the project's folder.
    pub entry: String,
    /// The default language, if it says one.
    pub language: Option<String>,
    /// Libraries that its flows use, in the order of their names.
    pub libraries: Vec<Declared>,
    /// Values of settings, in order.
    pub settings: Vec<SettingValue>,
    /// How `flowc run` starts it.
    pub run: Run,
    /// How its prompts are made.
    pub prompts: Prompts,
    /// Who understands callers when they speak.
    pub speech: Speech,
    /// Whom it may call.
    pub outbound: Outbound,
    /// How e-mail is sent, if at all.
    pub email: Option<Email>,
    /// How text messages are sent, if at all.
    pub sms: Option<Sms>,
    /// Addresses that stand instead of those in the flows.
    pub agents: Vec<AgentAddress>,
    /// Limits and levels of lints.
    pub lints: flow_lint::Config,
}

/// A library, as `[libraries]` names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// What stands after `use`.
    pub name: String,
    /// The folder, from that of `flow.toml`.
    pub path: String,
    /// Where the name stands.
    pub location: Location,
    /// Where the folder stands.
    pub path_location: Location,
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingValue {
    /// The setting.
    pub name: String,
    /// The value as people write it in a flow, without quotes: `1234`, `true`, `20s`.
    pub value: String,
    /// Where it stands.
    pub location: Location,
    /// Where its value stands.
    pub value_location: Location,
}

/// `[run]`
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// Where calls come in: `udp:HOST:PORT`.
    pub sip: Vec<String>,
    /// Ports for audio, `LOW-HIGH`.
    pub rtp: Option<String>,
    /// The folder where records and messages are kept.
    pub state: Option<String>,
    /// Where figures and the dashboard are served, `HOST:PORT`.
    pub http: Option<String>,
    /// For how many days what is over is kept.
    pub keep_days: Option<u32>,
}

/// `[prompts]`
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prompts {
    /// The program that drafts: `flite`, `espeak-ng` or `pico`.
    pub voice: Option<String>,
    /// A command that drafts instead: its words, with `{text}`, `{language}` and `{file}` to be filled in.
    pub command: Vec<String>,
}

/// `[outbound]`
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outbound {
    /// Prefixes that callbacks and campaigns may call: `+1`, `+34`.
    pub allow: Option<Vec<String>>,
    /// Prefixes that nobody may call.
    pub deny: Vec<String>,
    /// Numbers that may be shown.
    pub from: Option<Vec<String>>,
    /// Where telephone numbers are called: `sip:HOST:PORT`.
    pub trunk: Option<String>,
}

/// `[email]`
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Email {
    /// `HOST:PORT`.
    pub server: Option<String>,
    /// Whom letters are from.
    pub from: Option<String>,
    /// Who logs in, where the server asks for it.
    pub user: Option<String>,
    /// The password of that user.
    pub password: Option<String>,
    /// `starttls` (when nothing is said), `wrapped` or `none`.
    pub tls: Option<String>,
}

/// `[sms]`
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sms {
    /// What takes `{"to": …, "text": …}`.
    pub url: Option<String>,
    /// Sent as a bearer token.
    pub key: Option<String>,
}

/// An agent's address in this deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentAddress {
    /// The agent.
    pub name: String,
    /// A SIP URI.
    pub address: String,
    /// Where it stands.
    pub location: Location,
}

/// The main file of a project that names none.
pub(crate) const MAIN: &str = "src/main.flow";

impl Manifest {
    /// The manifest of a project that has none.
    pub(crate) fn without(name: &str, entry: &str) -> Self {
        Self { name: name.into(), entry: entry.into(), ..Self::default() }
    }

    /// Reads `flow.toml`; what cannot be read is reported and keeps its default.
    pub(crate) fn read(file: FileId, text: &str, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut manifest = Self::without(name, MAIN);
        let mut reader = Reader { file, diagnostics };
        let Some(root) = reader.parse(text) else { return manifest };
        let sections = [
            "project",
            "libraries",
            "settings",
            "run",
            "prompts",
            "speech",
            "outbound",
            "email",
            "sms",
            "agents",
            "lints",
        ];
        reader.known_keys(&root, "flow.toml", &sections);
        if let Some(section) = reader.section(&root, "project") {
            reader.known_keys(section, "[project]", &["name", "entry", "language"]);
            manifest.name = reader.text(section, "name").unwrap_or(manifest.name);
            manifest.entry = reader.text(section, "entry").unwrap_or(manifest.entry);
            manifest.language = reader.text(section, "language");
        }
        if let Some(section) = reader.section(&root, "libraries") {
            manifest.libraries = read_libraries(&mut reader, section);
        }
        if let Some(section) = reader.section(&root, "settings") {
            manifest.settings = reader.scalars(section);
        }
        if let Some(section) = reader.section(&root, "run") {
            manifest.run = read_run(&mut reader, section);
        }
        if let Some(section) = reader.section(&root, "prompts") {
            reader.known_keys(section, "[prompts]", &["voice", "command"]);
            let command = reader.texts(section, "command");
            manifest.prompts = Prompts { voice: reader.text(section, "voice"), command };
        }
        if let Some(section) = reader.section(&root, "speech") {
            manifest.speech = crate::speech::read(&mut reader, section);
        }
        if let Some(section) = reader.section(&root, "outbound") {
            manifest.outbound = read_outbound(&mut reader, section);
        }
        if let Some(section) = reader.section(&root, "email") {
            reader.known_keys(section, "[email]", &["server", "from", "user", "password", "tls"]);
            manifest.email = Some(Email {
                server: reader.text(section, "server"),
                from: reader.text(section, "from"),
                user: reader.text(section, "user"),
                password: reader.text(section, "password"),
                tls: reader.text(section, "tls"),
            });
        }
        if let Some(section) = reader.section(&root, "sms") {
            reader.known_keys(section, "[sms]", &["url", "key"]);
            manifest.sms = Some(Sms { url: reader.text(section, "url"), key: reader.text(section, "key") });
        }
        if let Some(section) = reader.section(&root, "agents") {
            manifest.agents = reader.texts_by_name(section);
        }
        if let Some(section) = reader.section(&root, "lints") {
            manifest.lints = crate::lints::read(&mut reader, section);
        }
        manifest.lints.numbers_limited = manifest.outbound.allow.is_some();
        manifest
    }
}

/// The folders that a `flow.toml` names as libraries, as it writes them; of one that is no TOML none.
pub fn library_folders(text: &str) -> Vec<String> {
    let manifest = Manifest::read(FileId(0), text, "", &mut Vec::new());
    manifest.libraries.into_iter().map(|library| library.path).collect()
}

fn read_libraries(reader: &mut Reader, section: &Section) -> Vec<Declared> {
    let mut libraries = Vec::new();
    for (key, value) in section.iter() {
        if let Some(path) = reader.text_of(value, key.get_ref()) {
            let (location, path_location) = (reader.at(key.span()), reader.at(value.span()));
            libraries.push(Declared { name: key.get_ref().to_string(), path, location, path_location });
        }
    }
    libraries
}

fn read_outbound(reader: &mut Reader, section: &Section) -> Outbound {
    reader.known_keys(section, "[outbound]", &["allow", "deny", "from", "trunk"]);
    Outbound {
        allow: reader.prefixes(section, "allow"),
        deny: reader.prefixes(section, "deny").unwrap_or_default(),
        from: reader.prefixes(section, "from"),
        trunk: reader.text(section, "trunk"),
    }
}

/// `keep = "90d"`: whole days, at least one.
fn keep_days(reader: &mut Reader, section: &Section) -> Option<u32> {
    let text = reader.text(section, "keep")?;
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok()).filter(|days| *days > 0);
    if days.is_none()
        && let Some(value) = crate::toml_reader::find(section, "keep")
    {
        reader.wrong(value.span(), "keep", "a text of whole days, such as \"90d\"");
    }
    days
}

fn read_run(reader: &mut Reader, section: &Section) -> Run {
    reader.known_keys(section, "[run]", &["sip", "rtp", "state", "http", "keep"]);
    Run {
        keep_days: keep_days(reader, section),
        sip: reader.texts(section, "sip"),
        rtp: reader.text(section, "rtp"),
        state: reader.text(section, "state"),
        http: reader.text(section, "http"),
    }
}
