//! A baresip of our own: a softphone with a tone for a voice, a recorder for ears, and a control port.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::audio;

/// How the phone behaves.
pub struct Phone<'a> {
    /// Its loopback address; SIP on 5060, control on 5555.
    pub ip: &'a str,
    /// The user part of its address.
    pub user: &'a str,
    /// The frequency of its voice.
    pub hertz: f64,
    /// `pcmu` or `pcma`.
    pub codec: &'a str,
    /// Answers by itself.
    pub answers: bool,
}

/// A running baresip.
pub struct Baresip {
    child: Child,
    control: TcpStream,
    folder: PathBuf,
    events: String,
}

impl Baresip {
    /// Starts it in a folder of its own below `parent` and waits until it can be spoken to.
    pub fn start(parent: &Path, phone: &Phone<'_>) -> Baresip {
        let voice = parent.join(format!("baresip-{}/voice.wav", phone.user));
        audio::write_tone(&voice, phone.hertz, 60.0);
        Baresip::start_with_voice(parent, phone, &voice)
    }

    /// The same with a WAV file for a voice, which is heard once.
    pub fn start_with_voice(parent: &Path, phone: &Phone<'_>, voice: &Path) -> Baresip {
        let folder = parent.join(format!("baresip-{}", phone.user));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let ip = phone.ip;
        let config = format!(
            "poll_method epoll\nsip_listen {ip}:5060\nnet_interface {ip}\n\
             audio_player aubridge,nil\naudio_source aufile,{voice}\naudio_alert aubridge,nil\n\
             ausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\nauplay_channels 1\n\
             rtp_ports 30000-30100\ncall_max_calls 4\n\
             module_path {modules}\nmodule g711.so\nmodule aubridge.so\nmodule aufile.so\nmodule sndfile.so\n\
             module_tmp account.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n\
             ctrl_tcp_listen {ip}:5555\nsnd_path {folder}\n",
            voice = voice.display(),
            folder = folder.display(),
            modules = modules(),
        );
        let mode = if phone.answers { "auto" } else { "manual" };
        let account = format!(
            "<sip:{}@{ip}:5060>;regint=0;answermode={mode};audio_codecs={}\n",
            phone.user, phone.codec
        );
        std::fs::write(folder.join("config"), config).expect("a file can be written");
        std::fs::write(folder.join("accounts"), account).expect("a file can be written");
        std::fs::write(folder.join("contacts"), "").expect("a file can be written");
        let log = std::fs::File::create(folder.join("log")).expect("a file can be made");
        let mut child = Command::new("baresip")
            .arg("-f")
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a handle"))
            .stderr(log)
            .spawn()
            .expect("baresip is installed (tests/run installs it)");
        let mut control = None;
        crate::eventually(Duration::from_secs(15), || {
            control = TcpStream::connect((ip, 5555)).ok();
            control.is_some()
        });
        let Some(control) = control else {
            child.kill().ok();
            child.wait().ok();
            panic!(
                "baresip did not start: {}",
                std::fs::read_to_string(folder.join("log")).unwrap_or_default()
            );
        };
        control.set_read_timeout(Some(Duration::from_millis(20))).expect("a socket option");
        Baresip { child, control, folder, events: String::new() }
    }

    fn command(&mut self, command: &str, parameters: &str) {
        let json = serde_json::json!({ "command": command, "params": parameters, "token": "t" }).to_string();
        write!(self.control, "{}:{json},", json.len()).expect("baresip listens");
    }

    /// Calls an address.
    pub fn dial(&mut self, uri: &str) {
        self.command("dial", uri);
    }

    /// Presses keys, one after the other, as RFC 4733 events.
    pub fn press(&mut self, keys: &str) {
        for key in keys.chars() {
            self.command("sndcode", &key.to_string());
            std::thread::sleep(Duration::from_millis(250));
        }
    }

    /// Hangs up the current call.
    pub fn hang_up(&mut self) {
        self.command("hangup", "");
    }

    /// Puts the call on hold, or takes it back.
    pub fn hold(&mut self, on: bool) {
        self.command(if on { "hold" } else { "resume" }, "");
    }

    /// Whether an event of this type has come since the start (`CALL_ESTABLISHED`, `CALL_CLOSED`, …).
    pub fn saw(&mut self, event: &str) -> bool {
        self.count(event) > 0
    }

    /// How many events of this type have come since the start.
    pub fn count(&mut self, event: &str) -> usize {
        let mut buffer = [0; 4096];
        while let Ok(read) = self.control.read(&mut buffer) {
            if read == 0 {
                break;
            }
            self.events.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        self.events.matches(&format!("\"type\":\"{event}\"")).count()
    }

    /// Waits for an event.
    #[track_caller]
    pub fn wait_for(&mut self, event: &str, limit: Duration) {
        let came = crate::eventually(limit, || self.saw(event));
        assert!(came, "baresip saw no {event} within {limit:?}; its log:\n{}", self.log());
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// All that it has heard, call after call.
    pub fn heard(&self) -> Vec<i16> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(&self.folder)
            .expect("its folder")
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.to_string_lossy().ends_with("-dec.wav"))
            .collect();
        files.sort();
        files.iter().flat_map(|file| audio::read(file)).collect()
    }
}

impl Drop for Baresip {
    fn drop(&mut self) {
        self.command_quietly("quit");
        let ended =
            crate::eventually(Duration::from_secs(3), || matches!(self.child.try_wait(), Ok(Some(_))));
        if !ended {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}

impl Baresip {
    fn command_quietly(&mut self, command: &str) {
        let json = serde_json::json!({ "command": command, "params": "", "token": "t" }).to_string();
        write!(self.control, "{}:{json},", json.len()).ok();
    }
}

/// Where Debian keeps its modules.
fn modules() -> &'static str {
    ["/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules"]
        .into_iter()
        .find(|folder| Path::new(folder).is_dir())
        .unwrap_or("/usr/lib/baresip/modules")
}

impl Baresip {
    /// Ends the phone without a word to anybody.
    pub fn vanish(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Baresip {
    /// The rate of incoming audio that its status line showed last.
    pub fn incoming_bits_per_second(&self) -> u32 {
        let log = self.log();
        let shown = log.rsplit("audio=").next().unwrap_or_default();
        let incoming = shown.split(['/', ' ']).nth(1).unwrap_or_default();
        incoming.parse().unwrap_or(0)
    }
}
