//! Checked programs written by hand: every wait kind becomes bytecode that verifies.

use flow_bytecode::verify;
use flow_check::hir::*;
use flow_diagnostics::{FileId, Location, SourceFile, SourceMap, Span};

fn at() -> Location {
    Location { file: FileId(0), span: Span::new(0, 4) }
}

fn ty(kind: TypeKind) -> Type {
    Type { kind, secret: false }
}

fn expr(kind: ExprKind, of: TypeKind) -> Expr {
    Expr { kind, ty: ty(of), location: at() }
}

fn text(value: &str) -> Expr {
    expr(ExprKind::Text(value.into()), TypeKind::Text)
}

fn int(value: i64) -> Expr {
    expr(ExprKind::Int(value), TypeKind::Int)
}

fn local(index: LocalId, of: TypeKind) -> Expr {
    expr(ExprKind::Local(index), of)
}

fn words(text: &str) -> Spoken {
    segments(vec![Segment::Text(text.into())])
}

fn segments(segments: Vec<Segment>) -> Spoken {
    let variants = vec![Words { language: 0, segments, recording: None }];
    Spoken { kind: SpokenKind::Words { variants, in_turn: false }, location: at() }
}

fn hole(value: Expr) -> Segment {
    Segment::Hole { value, reading: Reading::Plain }
}

fn say(spoken: Spoken) -> Statement {
    statement(StatementKind::Say(Say { spoken, interruptible: true }))
}

fn statement(kind: StatementKind) -> Statement {
    Statement { kind, location: at() }
}

fn to(block: BlockId, arguments: Vec<Expr>) -> Exit {
    Exit { kind: ExitKind::Block(block, arguments), location: at() }
}

fn go(block: BlockId) -> Tail {
    with(to(block, Vec::new()))
}

fn with(exit: Exit) -> Tail {
    Tail { statements: Vec::new(), end: End::Exit(exit) }
}

fn again() -> Tail {
    with(Exit { kind: ExitKind::Again, location: at() })
}

fn arm(outcome: usize, tail: Tail) -> Arm {
    Arm { outcome, times: None, bindings: Vec::new(), tail, origin: Origin::Own, location: at() }
}

fn choice(keys: &str, tail: Tail) -> Choice {
    Choice {
        keys: keys.into(),
        phrases: Vec::new(),
        label: Vec::new(),
        told: None,
        tail,
        from_flow: false,
        location: at(),
    }
}

fn question(ask: &str, choices: Vec<Choice>) -> Question {
    Question { ask: Some(words(ask)), again: Vec::new(), choices, wait_millis: 5_000, gap_millis: 3_000 }
}

fn block(name: &str, kind: &'static str, body: BlockBody) -> Block {
    Block { name: name.into(), kind, params: Vec::new(), visits: None, body, failed: None, location: at() }
}

fn waiting(name: &str, kind: &'static str, before: Vec<Statement>, wait: Wait, arms: Vec<Arm>) -> Block {
    block(name, kind, BlockBody::Wait { before, wait, arms })
}

fn end(text: &str) -> Block {
    block("bye", "end", BlockBody::End { before: vec![say(words(text))] })
}

fn locals(kinds: Vec<TypeKind>) -> Vec<Local> {
    let local = |kind| Local { name: "it".into(), ty: ty(kind), is_state: false, location: at() };
    kinds.into_iter().map(local).collect()
}

fn flow(blocks: Vec<Block>, kinds: Vec<TypeKind>) -> Flow {
    Flow {
        name: "line".into(),
        params: Vec::new(),
        locals: locals(kinds),
        gives: Vec::new(),
        languages: vec![0],
        state: Vec::new(),
        blocks,
        on_hangup: Vec::new(),
        location: at(),
    }
}

fn program(flows: Vec<Flow>) -> Program {
    Program {
        name: "test".into(),
        zones: vec!["UTC".into()],
        languages: vec!["en".into()],
        queues: vec![Queue {
            name: "help".into(),
            agents: AgentsRule::default(),
            after: Vec::new(),
            pick: Pick::LongestIdle,
            capacity: None,
            beyond_capacity: None,
            wrap_millis: 0,
            location: at(),
        }],
        calendars: vec![Calendar {
            name: "office".into(),
            zone: 0,
            states: vec!["open".into(), "closed".into()],
            rules: Vec::new(),
            location: at(),
        }],
        limits: vec![Limit {
            name: "tries".into(),
            params: vec![ty(TypeKind::Text)],
            count: 3,
            per_millis: 3_600_000,
            location: at(),
        }],
        flows,
        ..Program::default()
    }
}

/// Lowers and verifies; a fault is shown with the whole code.
fn verified(program: &Program) -> flow_bytecode::Program {
    let mut sources = SourceMap::default();
    sources.add(SourceFile::new("main.flow", "flow line {}\n"));
    let lowered = flow_lower::lower(program, &sources).expect("lowers");
    if let Err(faults) = verify(lowered.clone()) {
        let code: Vec<String> = (0..)
            .zip(&lowered.code)
            .map(|(at, word)| {
                let i = flow_bytecode::Instruction(*word);
                let name = i.opcode().map_or("?", flow_bytecode::Opcode::mnemonic);
                format!("{at:4} {name} {} {} {} | {} {} {}", i.a(), i.b(), i.c(), i.bx(), i.sbx(), i.sj())
            })
            .collect();
        panic!("{faults:#?}\n{}\n{:#?}\n{:?}", code.join("\n"), lowered.functions, lowered.jump_tables);
    }
    lowered
}

#[test]
fn a_menu_asks_again_and_counts() {
    let times = |outcome| Arm { times: Some((0, 3)), ..arm(outcome, go(1)) };
    let choices = vec![choice("1", go(1)), choice("*", again())];
    let menu = Wait::Menu(question("For the shop, press 1. To hear this again, press star.", choices));
    let welcome = waiting("welcome", "menu", vec![say(words("Hello."))], menu, vec![times(0), times(1)]);
    verified(&program(vec![flow(vec![welcome, end("Goodbye.")], Vec::new())]));
}

#[test]
fn several_agains_are_said_in_turn() {
    let mut it = question("Press 1.", vec![choice("1", go(1)), choice("2", again())]);
    it.again = ["One is the key.", "Please press 1."]
        .map(|text| Again { after: None, spoken: words(text) })
        .to_vec();
    it.again.push(Again { after: Some(1), spoken: words("That is not 1.") });
    let before = vec![
        statement(StatementKind::Let { local: 0, value: int(4), otherwise: None }),
        say(segments(vec![Segment::Text("Number".into()), hole(local(0, TypeKind::Int))])),
    ];
    let arms =
        vec![Arm { times: Some((0, 3)), ..arm(0, go(1)) }, Arm { times: Some((1, 2)), ..arm(1, go(1)) }];
    let menu = waiting("menu", "menu", before, Wait::Menu(it), arms);
    verified(&program(vec![flow(vec![menu, end("Goodbye.")], vec![TypeKind::Int])]));
}

#[test]
fn a_pin_is_collected_checked_and_confirmed() {
    let digits = TypeKind::Digits;
    let collect = Collect {
        question: question("Please enter your PIN.", vec![choice("*", again())]),
        form: Form::Digits,
        length: (4, 4),
        until: None,
        by_key: true,
        by_voice: false,
        value: 0,
        checks: vec![(
            expr(
                ExprKind::Binary(
                    BinaryOp::Equal,
                    Box::new(local(0, digits.clone())),
                    Box::new(expr(ExprKind::Setting(0), digits.clone())),
                ),
                TypeKind::Bool,
            ),
            words("That is not right."),
        )],
        confirm: Some(segments(vec![Segment::Text("You entered".into()), hole(local(0, digits.clone()))])),
        secret: false,
    };
    let counted = |outcome| Arm { times: Some((0, 3)), ..arm(outcome, go(2)) };
    let arms = vec![arm(0, with(to(1, vec![local(0, digits.clone())]))), counted(1), counted(2), counted(3)];
    let mut pin = waiting("pin", "collect", Vec::new(), Wait::Collect(Box::new(collect)), arms);
    pin.visits = Some((3, to(2, Vec::new())));
    let mut hello = block("hello", "greet", BlockBody::Act(go(2)));
    hello.params = vec![1];
    let mut project =
        program(vec![flow(vec![pin, hello, end("Goodbye.")], vec![digits.clone(), digits.clone()])]);
    project.settings = vec![Setting {
        name: "pin".into(),
        ty: Type { kind: digits.clone(), secret: true },
        default: Some(expr(ExprKind::Text("1234".into()), digits)),
        location: at(),
    }];
    verified(&project);
}

#[test]
fn a_caller_waits_in_a_queue() {
    let mut staying = again();
    staying.statements.push(say(words("Please stay.")));
    let position = expr(ExprKind::Sample(Sample::Position), TypeKind::Int);
    let line =
        segments(vec![Segment::Text("You are number".into()), hole(position), Segment::Text(".".into())]);
    let stay = QueueStay {
        queue: 0,
        priority: None,
        longest_millis: 900_000,
        music: Some("hold/calm".into()),
        timed: vec![
            Timed {
                repeats: true,
                millis: 45_000,
                what: TimedWhat::Speech(Say { spoken: line, interruptible: true }),
                location: at(),
            },
            Timed {
                repeats: false,
                millis: 120_000,
                what: TimedWhat::Choice {
                    question: words("To leave a message, press 1."),
                    choice: choice("1", go(1)),
                },
                location: at(),
            },
            Timed { repeats: false, millis: 300_000, what: TimedWhat::Priority(int(2)), location: at() },
        ],
        choices: vec![choice("*", staying)],
        during: Some(0),
        prefer: None,
        whisper: Some(words("A call.")),
        show: vec![("name".into(), text("Ada"))],
        recall_millis: None,
        assists: Vec::new(),
    };
    let mut arms: Vec<Arm> = (1..6).map(|outcome| arm(outcome, go(1))).collect();
    arms.push(Arm { bindings: vec![Some(0), Some(1)], ..arm(0, with(to(1, Vec::new()))) });
    let queue = waiting("line", "queue", vec![say(words("Please hold."))], Wait::Queue(Box::new(stay)), arms);
    let project = program(vec![flow(vec![queue, end("Goodbye.")], vec![TypeKind::Text, TypeKind::Duration])]);
    verified(&project);
}

#[test]
fn people_are_rung_messages_taken_and_questions_asked() {
    let ring = |address: &str| Ring { addresses: vec![text(address)], for_millis: 20_000 };
    let dial = Dial {
        rings: vec![ring("sip:a@example.com"), ring("sip:b@example.com")],
        pick: Pick::InOrder,
        from: None,
        music: None,
        accept: Some(('1', 10_000)),
        whisper: None,
        show: Vec::new(),
        recall_millis: None,
        longest_millis: None,
        assists: Vec::new(),
    };
    let dial = waiting(
        "shop",
        "dial",
        Vec::new(),
        Wait::Dial(Box::new(dial)),
        (0..4).map(|o| arm(o, go(1))).collect(),
    );
    let voicemail = Wait::Voicemail {
        longest_millis: 60_000,
        silence_millis: None,
        deliver_to: text("mailto:a@example.com"),
    };
    let message =
        waiting("message", "voicemail", Vec::new(), voicemail, (0..3).map(|o| arm(o, go(2))).collect());
    let questions = [0, 1].map(|value| SurveyQuestion {
        name: format!("q{value}"),
        spoken: words("How was it?"),
        low: 1,
        high: 5,
        value,
    });
    let survey = Wait::Survey { questions: questions.to_vec(), choices: vec![choice("*", again())] };
    let score = expr(ExprKind::Local(0), TypeKind::Optional(Box::new(TypeKind::Int)));
    let done = Tail {
        statements: vec![statement(StatementKind::Mark { name: "score".into(), value: Some(score) })],
        end: End::Exit(to(3, Vec::new())),
    };
    let survey = waiting("rate", "survey", vec![say(words("A question."))], survey, vec![arm(0, done)]);
    let option = TypeKind::Optional(Box::new(TypeKind::Int));
    let blocks = vec![dial, message, survey, end("Goodbye.")];
    verified(&program(vec![flow(blocks, vec![option.clone(), option])]));
}

#[test]
fn hours_flows_limits_and_shares() {
    let hours = waiting(
        "hours",
        "after_hours",
        Vec::new(),
        Wait::AfterHours { calendar: 0 },
        vec![arm(0, go(1)), arm(1, go(3))],
    );
    let next_open =
        expr(ExprKind::Sample(Sample::CalendarNextOpen(0)), TypeKind::Optional(Box::new(TypeKind::DateTime)));
    let run = waiting(
        "ask",
        "run",
        Vec::new(),
        Wait::Run { flow: 1, arguments: vec![text("x")] },
        vec![Arm { bindings: vec![Some(0)], ..arm(0, go(2)) }, arm(1, go(3))],
    );
    let count = statement(StatementKind::Count {
        limit: 0,
        key: vec![text("a"), text("b")],
        otherwise: Some(to(3, Vec::new())),
    });
    let some_name = expr(
        ExprKind::Is {
            value: Box::new(local(1, TypeKind::Optional(Box::new(TypeKind::Text)))),
            test: Test::Some,
            negated: false,
            bindings: vec![Some(2)],
        },
        TypeKind::Bool,
    );
    let share = Tail { statements: vec![count], end: End::Share(vec![(30, go(3)), (70, go(3))]) };
    let decide = End::Decide {
        arms: vec![(some_name, with(to(4, vec![local(2, TypeKind::Text)])))],
        otherwise: Some(Box::new(share)),
    };
    let route = block("route", "route", BlockBody::Act(Tail { statements: Vec::new(), end: decide }));
    let bye = segments(vec![Segment::Text("We open".into()), hole(next_open)]);
    let bye = block("bye", "end", BlockBody::End { before: vec![say(bye)] });
    let mut greet = block("greet", "greet", BlockBody::Act(go(3)));
    greet.params = vec![3];
    let optional = TypeKind::Optional(Box::new(TypeKind::Text));
    let mut main = flow(
        vec![hours, run, route, bye, greet],
        vec![TypeKind::Int, optional, TypeKind::Text, TypeKind::Text],
    );
    main.state =
        vec![(1, expr(ExprKind::Sample(Sample::CallerName), TypeKind::Optional(Box::new(TypeKind::Text))))];
    main.on_hangup = vec![statement(StatementKind::Mark { name: "left".into(), value: None })];
    let give = |outcome, data| with(Exit { kind: ExitKind::Return(outcome, data), location: at() });
    let mut sub =
        flow(vec![block("only", "step", BlockBody::Act(give(0, vec![int(7)])))], vec![TypeKind::Text]);
    sub.params = vec![0];
    sub.gives = vec![
        Variant { name: "found".into(), fields: vec![Field { name: "n".into(), ty: ty(TypeKind::Int) }] },
        Variant { name: "lost".into(), fields: Vec::new() },
    ];
    verified(&program(vec![main, sub]));
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    let menu = || {
        let it = Wait::Menu(question("Press 1.", vec![choice("1", go(1))]));
        waiting("menu", "menu", Vec::new(), it, vec![arm(0, go(1)), arm(1, go(1))])
    };
    let make = || verified(&program(vec![flow(vec![menu(), end("Goodbye.")], Vec::new())]));
    assert_eq!(make(), make());
}
