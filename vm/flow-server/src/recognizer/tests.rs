//! The recogniser against processes that answer, die, dawdle and babble.

use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use super::*;
use crate::media::{SpeechPipe, pipe};

/// Follows the protocol in the words of a shell; how it goes wrong is its argument. It says its own number, so that
/// tests can tell one process from another.
const FAKE: &str = r#"
while read -r line; do
    id=${line#*:}; id=${id%%,*}
    case $line in
    *'"audio":'*)
        bytes=${line##*:}; head -c "${bytes%\}}" > /dev/null
        case $1 in
        dies) echo 'no such model' >&2; exit 3 ;;
        babbles) echo 'Loading…' ;;
        eager) printf '{"id":%s,"hypotheses":[{"text":"%s"}]}\n' "$id" $$ ;;
        *) printf '{"id":%s,"word":true}\n' "$id" ;;
        esac ;;
    *'"end":true'*)
        case $1 in
        dawdles) ;;
        refuses) printf '{"id":%s,"error":"no Welsh"}\n' "$id" ;;
        hears-nothing) printf '{"id":%s,"hypotheses":[]}\n' "$id" ;;
        *) printf '{"id":%s,"hypotheses":[{"text":"%s","confidence":0.75}]}\n' "$id" $$ ;;
        esac ;;
    esac
done
"#;

struct World {
    recognizer: Recognizer,
    told: Receiver<(ListenId, Told)>,
    notices: Arc<Mutex<Vec<String>>>,
    metrics: Arc<Metrics>,
    last: u32,
}

impl World {
    fn new(how: &str, processes: usize) -> World {
        World::of(["sh", "-c", FAKE, "fake", how].map(str::to_owned).to_vec(), processes)
    }

    fn of(command: Vec<String>, processes: usize) -> World {
        let config = RecognizerConfig {
            command,
            folder: ".".into(),
            languages: vec!["en".into(), "es-MX".into()],
            processes,
        };
        let (sender, told) = channel();
        let notices = Arc::new(Mutex::new(Vec::new()));
        let (heard, metrics) = (notices.clone(), Arc::new(Metrics::default()));
        let recognizer = Recognizer::start(
            config,
            Arc::new(move |_, listening, told| drop(sender.send((listening, told)))),
            Arc::new(move |text| heard.lock().unwrap().push(text)),
            metrics.clone(),
        )
        .unwrap();
        World { recognizer, told, notices, metrics, last: 0 }
    }

    fn listen_in(&mut self, language: &str) -> (ListenId, SpeechPipe) {
        self.last += 1;
        let (pipe, speech) = pipe(Arc::default());
        let listening = ListenId(self.last);
        self.recognizer.listen(Request {
            session: SessionId(1),
            listening,
            language: language.into(),
            hints: Hints { phrases: vec!["billing".into()], form: None },
            speech,
        });
        (listening, pipe)
    }

    /// Says something, all of it.
    fn say(&mut self) -> ListenId {
        let (listening, pipe) = self.listen_in("en");
        for _ in 0..50 {
            pipe.hear(&[1_000; 160]);
        }
        pipe.over();
        listening
    }

    fn told(&self) -> Option<(ListenId, Told)> {
        self.told.recv_timeout(Duration::from_secs(20)).ok()
    }

    /// What comes of an utterance in the end.
    fn answer(&mut self) -> Told {
        let listening = self.say();
        loop {
            match self.told() {
                Some((of, told)) if of == listening && told != Told::Word => return told,
                Some(_) => {}
                None => panic!("nothing was told of {listening:?}"),
            }
        }
    }

    /// The number of the process that answered.
    fn process(&mut self) -> String {
        match self.answer() {
            Told::Heard(hypotheses) => hypotheses[0].text.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn notices(&self) -> Vec<String> {
        self.notices.lock().unwrap().clone()
    }
}

#[test]
fn an_utterance_is_understood() {
    let mut world = World::new("well", 1);
    let listening = world.say();
    assert_eq!(world.told(), Some((listening, Told::Word)));
    let Some((of, Told::Heard(hypotheses))) = world.told() else { panic!("nothing was heard") };
    assert_eq!((of, hypotheses.len(), hypotheses[0].per_mille), (listening, 1, 750));
    let first = world.process();
    assert_eq!(first, world.process(), "one process understands one after the other");
    assert!(world.metrics.page().contains("flowc_listens_total{outcome=\"understood\"} 3"));
}

#[test]
fn nothing_is_told_of_what_nobody_waits_for() {
    let mut world = World::new("well", 1);
    drop(world.listen_in("en"));
    let (_, pipe) = world.listen_in("en");
    pipe.hear(&[1; 8_000]);
    assert!(matches!(world.told(), Some((_, Told::Word))));
    drop(pipe);
    assert!(matches!(world.answer(), Told::Heard(_)), "its process serves the next");
    assert!(world.notices().is_empty());
}

#[test]
fn an_answer_before_the_end_is_an_answer() {
    let mut world = World::new("eager", 1);
    let first = world.process();
    assert_eq!(first, world.process());
}

#[test]
fn what_nobody_understood_is_told_too() {
    assert_eq!(World::new("hears-nothing", 1).answer(), Told::Heard(Vec::new()));
}

#[test]
fn only_languages_of_the_deployment_are_listened_for() {
    let mut world = World::new("well", 1);
    for (language, understood) in
        [("en", true), ("en-GB", true), ("es", true), ("es-MX", true), ("fr", false)]
    {
        let (_, pipe) = world.listen_in(language);
        if understood {
            pipe.hear(&[1; 8_000]);
        }
        let told = world.told().map(|(_, told)| told);
        assert_eq!(told, Some(if understood { Told::Word } else { Told::Failed }), "{language}");
    }
}

#[test]
fn a_process_that_dies_fails_its_utterance_and_comes_back() {
    let mut world = World::new("dies", 1);
    assert_eq!(world.answer(), Told::Failed);
    let notice = world.notices().first().cloned().unwrap_or_default();
    assert!(
        notice.contains("`sh` ended (exit status: 3): no such model; it is started again in 0.25 s"),
        "{notice}"
    );
    assert!(notice.contains("keys only"), "{notice}");
    // While it is away nobody waits for it, not even until somebody speaks.
    let (listening, _pipe) = world.listen_in("en");
    assert_eq!(world.told(), Some((listening, Told::Failed)));
    let patience = Instant::now() + Duration::from_secs(10);
    while world.metrics.recognizers.load(std::sync::atomic::Ordering::Relaxed) == 0 {
        assert!(Instant::now() < patience, "it did not come back");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(world.answer(), Told::Failed);
    let notice = world.notices().last().cloned().unwrap_or_default();
    assert!(notice.contains("started again in 0.5 s"), "{notice}");
}

#[test]
fn a_process_that_is_killed_is_started_again() {
    let mut world = World::new("well", 1);
    let first = world.process();
    let killed = std::process::Command::new("kill").args(["-9", &first]).status().unwrap();
    assert!(killed.success());
    let patience = Instant::now() + Duration::from_secs(10);
    loop {
        if let Told::Heard(hypotheses) = world.answer() {
            assert_ne!(hypotheses[0].text, first);
            break;
        }
        assert!(Instant::now() < patience, "{:?}", world.notices());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn babble_is_no_answer() {
    let mut world = World::new("babbles", 1);
    assert_eq!(world.answer(), Told::Failed);
    let notice = world.notices().first().cloned().unwrap_or_default();
    assert!(notice.contains("said what is not of the protocol"), "{notice}");
}

#[test]
fn nobody_waits_for_a_dawdler() {
    let mut world = World::new("dawdles", 1);
    let begun = Instant::now();
    assert_eq!(world.answer(), Told::Failed);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert!(world.notices()[0].contains("gave no answer within 5 s"), "{:?}", world.notices());
}

#[test]
fn a_refusal_costs_one_utterance() {
    let mut world = World::new("refuses", 1);
    assert_eq!(world.answer(), Told::Failed);
    assert_eq!(world.answer(), Told::Failed);
    assert_eq!(world.notices(), ["the recogniser refused to listen: no Welsh"; 2]);
}

#[test]
fn who_speaks_while_all_processes_are_taken_has_keys() {
    let mut world = World::new("well", 2);
    let talkers: Vec<_> = (0..3)
        .map(|_| {
            let (listening, pipe) = world.listen_in("en");
            pipe.hear(&[1; 8_000]);
            (listening, pipe)
        })
        .collect();
    let mut told: Vec<Told> = (0..3).filter_map(|_| world.told()).map(|(_, told)| told).collect();
    told.sort_by_key(|told| *told == Told::Failed);
    assert_eq!(told, [Told::Word, Told::Word, Told::Failed]);
    drop(talkers);
    assert!(world.metrics.page().contains("flowc_listens_total{outcome=\"busy\"} 1"));
}

#[test]
fn no_process_outlives_the_server() {
    let mut world = World::new("well", 1);
    let process = world.process();
    let folder = format!("/proc/{process}");
    assert!(Path::new(&folder).exists());
    drop(world);
    assert!(!Path::new(&folder).exists(), "it is there, or a zombie of it");
}

#[test]
fn a_program_that_is_not_there_is_told_at_the_start() {
    let config = RecognizerConfig {
        command: vec!["/no/such/recogniser".into()],
        folder: ".".into(),
        languages: vec!["en".into()],
        processes: 1,
    };
    let started =
        Recognizer::start(config, Arc::new(|_, _, _| ()), Arc::new(|_| ()), Arc::new(Metrics::default()));
    assert_eq!(started.err().map(|error| error.kind()), Some(io::ErrorKind::NotFound));
}

/// A recogniser of the examples; none where what it needs is not installed.
fn example(name: &str, python: &str, needs: &str) -> Option<World> {
    let there =
        std::process::Command::new(python).args(["-c", needs]).stderr(std::process::Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        return None;
    }
    let program = format!("{}/../../examples/recognizers/{name}", env!("CARGO_MANIFEST_DIR"));
    Some(World::of(vec![python.to_owned(), program], 1))
}

impl World {
    /// Says a sentence with a machine's voice; what is understood.
    fn speak(&mut self, text: &str) -> Vec<Hypothesis> {
        let wav = crate::Voice::Flite.speak(text, "en").unwrap();
        let (listening, pipe) = self.listen_in("en");
        pipe.hear(&[0; 3_200]);
        pipe.hear(&flow_media::read_wav(&wav).unwrap());
        pipe.hear(&[0; 5_600]);
        pipe.over();
        loop {
            match self.told() {
                Some((of, Told::Heard(hypotheses))) if of == listening => return hypotheses,
                Some((_, Told::Word)) => {}
                other => panic!("{other:?}; {:?}", self.notices()),
            }
        }
    }
}

#[test]
fn the_smallest_recogniser_of_the_book_works() {
    let Some(mut world) = example("first.py", "python3", "") else { return };
    let Told::Heard(hypotheses) = world.answer() else { panic!("{:?}", world.notices()) };
    assert_eq!(hypotheses, [Hypothesis { text: "billing".into(), per_mille: 500 }]);
}

#[test]
fn pocketsphinx_understands_phrases_where_it_is_installed() {
    let needs = "import pocketsphinx, os; os.stat('/usr/share/pocketsphinx/model/en-us/en-us')";
    let Some(mut world) = example("phrases.py", "/usr/bin/python3", needs) else { return };
    if !crate::Voice::Flite.is_installed() {
        return;
    }
    assert_eq!(world.speak("billing")[0].text, "billing");
    assert_eq!(world.speak("what time is it"), [], "that is nothing like it");
    assert_eq!(world.speak("billing")[0].text, "billing");
}
