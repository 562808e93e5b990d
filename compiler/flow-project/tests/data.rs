//! Tables and rosters: files of the project against what the flows say of them.

use flow_diagnostics::render::{Format, Options, render};
use flow_project::{Loaded, Memory, load};

const VISITS: &str = r#"
edition 2026
timezone "Europe/Madrid"
inbound "+15550100" -> line
enum Kind { first, control }
record Visit { number: phone, starts: datetime, kind: Kind, doctor: text?, minutes: int }
table tomorrow of Visit from "data/tomorrow.csv"
flow line {
    step look_up {
        let n = caller.number else -> bye
        let visit = tomorrow.find(number: n)
        when visit is some(v) -> known(v)
        otherwise -> bye
    }
    greet known(v: Visit) { say "You are expected at {v.starts}, {v.doctor else "by somebody"}." -> bye }
    end bye { say "Goodbye." }
}
"#;

const ROSTER: &str = r#"
edition 2026
inbound "+15550100" -> line
public skill technical, spanish
team desk
roster from "agents.csv"
queue help { agents in desk with technical >= 2 }
flow line {
    queue wait { join help  longest 5m  otherwise -> bye }
    end bye { say "Goodbye." }
}
"#;

fn project(flow: &str, path: &str, data: &str) -> Loaded {
    let files =
        Memory::new([("p/src/main.flow", flow), ("p/flow.toml", "[project]\nname = \"p\"\n"), (path, data)]);
    load(&files, "p").expect("a project")
}

fn said(loaded: &Loaded) -> String {
    render(Format::Text, &loaded.sources, &loaded.diagnostics, &Options::default())
}

#[test]
fn rows_are_kept_in_one_form() {
    let csv = "minutes,number,kind,starts,more\n007,+15550123,first,2026-03-04T10:00,x\n30,+34600000001,control,2026-03-04T12:30+01:00,\n";
    let loaded = project(VISITS, "p/data/tomorrow.csv", csv);
    assert_eq!(said(&loaded), "");
    insta::assert_debug_snapshot!(loaded.program.unwrap().tables[0].rows);
}

#[test]
fn a_record_within_a_row_has_columns_of_its_own() {
    let flow = VISITS
        .replace("record Visit {", "record Doctor { name: text, room: int? }\nrecord Visit {")
        .replace("doctor: text?", "doctor: Doctor")
        .replace("{v.doctor else \"by somebody\"}", "by {v.doctor.name}");
    let csv = "number,starts,kind,minutes,doctor.name,doctor.room\n\
               +15550123,2026-03-04T10:00,first,7,Ruiz,12\n+15550124,2026-03-04T11:00,first,7,Sanz,\n";
    let loaded = project(&flow, "p/data/tomorrow.csv", csv);
    assert_eq!(said(&loaded), "");
    insta::assert_debug_snapshot!(loaded.program.unwrap().tables[0].rows);
    let missing = project(&flow, "p/data/tomorrow.csv", &csv.replace("doctor.name", "doctor"));
    let looked_for = project(&flow.replace("find(number: n)", "find(doctor: n)"), "p/data/tomorrow.csv", csv);
    insta::assert_snapshot!("columns_of_a_record", format!("{}{}", said(&missing), said(&looked_for)));
}

#[test]
fn what_is_wrong_in_a_file_is_shown_where_it_stands() {
    let table = |csv: &str| said(&project(VISITS, "p/data/tomorrow.csv", csv));
    let head = "number,starts,kind,doctor,minutes\n";
    insta::assert_snapshot!("bad_cells", table(&format!("{head}5550123,tomorrow,second,,\n")));
    insta::assert_snapshot!("no_column", table("number,begins,kind,minutes\n"));
    insta::assert_snapshot!("not_csv", table(&format!("{head}+15550123,\"2026-03-04\n")));
    insta::assert_snapshot!("ragged", table(&format!("{head}+15550123,2026-03-04T10:00\n")));
    insta::assert_snapshot!("empty", table(""));
    insta::assert_snapshot!("not_there", said(&project(VISITS, "p/data/today.csv", "")));
    let outside = VISITS.replace("data/tomorrow.csv", "../tomorrow.csv");
    assert!(said(&project(&outside, "tomorrow.csv", head)).contains("it leads out of the project"));
    let many: String = (0..20).map(|n| format!("x{n},x,x,x,x\n")).collect();
    let told = table(&format!("{head}{many}"));
    assert!(told.contains("70 more cells of this file do not fit"), "{told}");
}

#[test]
fn a_table_is_asked_by_its_columns() {
    let csv = "number,starts,kind,doctor,minutes\n";
    let with = |from: &str, to: &str| said(&project(&VISITS.replace(from, to), "p/data/tomorrow.csv", csv));
    insta::assert_snapshot!("unknown_column", with("find(number: n)", "find(nummer: n)"));
    insta::assert_snapshot!("no_such_column", with("find(number: n)", "find(n)"));
    insta::assert_snapshot!("wrong_type", with("find(number: n)", "find(minutes: n)"));
    insta::assert_snapshot!("secret_column", with("minutes: int", "minutes: secret int"));
    let long: String = (0..2000).map(|n| format!("+1555{n:04},2026-03-04T10:00,first,,{n}\n")).collect();
    let each = VISITS.replace("let visit =", "each v in tomorrow { mark seen }  let visit =");
    insta::assert_snapshot!(
        "too_many",
        said(&project(&each, "p/data/tomorrow.csv", &format!("{csv}{long}")))
    );
}

#[test]
fn people_come_from_a_roster() {
    let csv = "name,address,teams,technical,spanish\ndana,sip:dana@acme.example,desk,3,\nlee,sip:lee@acme.example,,1,2\n";
    let loaded = project(ROSTER, "p/agents.csv", csv);
    assert_eq!(said(&loaded), "");
    let agents = loaded.program.unwrap().agents;
    let shown: Vec<_> =
        agents.iter().map(|agent| (&*agent.name, &*agent.address, &agent.teams, &agent.skills)).collect();
    assert_eq!(
        shown,
        [
            ("dana", "sip:dana@acme.example", &vec![0], &vec![(0, 3)]),
            ("lee", "sip:lee@acme.example", &vec![], &vec![(0, 1), (1, 2)])
        ]
    );
}

#[test]
fn a_roster_with_unknown_words_is_refused() {
    let roster = |csv: &str| said(&project(ROSTER, "p/agents.csv", csv));
    insta::assert_snapshot!(
        "unknown_skill",
        roster("name,address,teams,tecnical\ndana,sip:dana@acme.example,desk,3\n")
    );
    insta::assert_snapshot!(
        "unknown_team",
        roster("name,address,teams,technical\ndana,sip:dana@acme.example,dekc,3\nDana,dana,desk,200\n")
    );
    insta::assert_snapshot!(
        "twice",
        roster(
            "name,address,teams,technical\ndana,sip:a@acme.example,desk,3\ndana,sip:b@acme.example,desk,3\n"
        )
    );
    insta::assert_snapshot!(
        "nobody_serves",
        roster("name,address,teams,technical\ndana,sip:dana@acme.example,desk,1\n")
    );
}
