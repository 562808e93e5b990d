//! What stands beside the tree: hours, queues and who serves them, recordings, secrets, services.

use flow_check::hir::{
    Agent, AgentsRule, BinaryOp, Calendar, CalendarRule, DaySet, HolidayDay, Method, PathPiece, Program,
    ServiceKind, SkillCondition,
};
use flow_diagnostics::SourceMap;

use super::page::Part;
use crate::graph::{Graph, Node, Written, places, span_text};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn heading(id: &str, text: &str) -> Part {
    Part::Heading { level: 2, id: id.into(), text: text.into() }
}

fn subheading(id: String, text: &str) -> Part {
    Part::Heading { level: 3, id, text: text.into() }
}

/// A table of hours for each calendar.
pub(super) fn calendars(program: &Program, sources: &SourceMap, written: &Written) -> Vec<Part> {
    let mut parts = Vec::new();
    for (number, calendar) in program.calendars.iter().enumerate() {
        if parts.is_empty() {
            parts.push(heading("hours", "When we are open"));
        }
        parts.push(subheading(format!("calendar-{number}"), &calendar.name));
        parts.extend(written.doc(calendar.location).map(Part::text));
        let zone = &program.zones[calendar.zone];
        parts.push(Part::text(format!(
            "Times of {zone}. Where several lines speak of a day, the uppermost kind decides; other times are closed."
        )));
        let mut rules: Vec<&CalendarRule> = calendar.rules.iter().collect();
        rules.sort_by_key(|rule| rule.rank);
        let rows = rules.into_iter().map(|rule| {
            let place = places::place(sources, rule.location);
            vec![
                days(program, &rule.days),
                hours(&rule.hours),
                state(calendar, rule.state),
                format!("{}:{}", place.file, place.line),
            ]
        });
        parts.push(Part::Table { head: vec!["Days", "Hours", "Then", "Line"], rows: rows.collect() });
    }
    parts
}

fn state(calendar: &Calendar, state: usize) -> String {
    match calendar.states.get(state).map_or("", String::as_str) {
        name @ ("open" | "closed") => name.to_owned(),
        reason => format!("closed: {reason}"),
    }
}

fn hours(hours: &[(u16, u16)]) -> String {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let ranges: Vec<String> =
        hours.iter().map(|(from, to)| format!("{}–{}", time(*from), time(*to))).collect();
    if ranges.is_empty() { "the whole day".into() } else { ranges.join(", ") }
}

fn days(program: &Program, days: &DaySet) -> String {
    match days {
        DaySet::Week(bits) => week(*bits),
        DaySet::Dates(from, to) if from == to => date(*from),
        DaySet::Dates(from, to) => format!("{} to {}", date(*from), date(*to)),
        DaySet::Yearly(month, day) => yearly(*month, *day),
        DaySet::Nth(ordinal, weekday, month) => nth(*ordinal, *weekday, *month),
        DaySet::Holidays(holidays) => {
            let names: Vec<String> = holidays
                .iter()
                .map(|holiday| match holiday.day {
                    HolidayDay::Yearly(month, day) => format!("{} ({})", holiday.name, yearly(month, day)),
                    HolidayDay::Nth(ordinal, weekday, month) => {
                        format!("{} ({})", holiday.name, nth(ordinal, weekday, month))
                    }
                    HolidayDay::Easter(0) => format!("{} (Easter Sunday)", holiday.name),
                    HolidayDay::Easter(shift) => format!("{} (Easter Sunday {shift:+} days)", holiday.name),
                })
                .collect();
            names.join("; ")
        }
        DaySet::Switch(switch) => format!("while {} is thrown", program.switches[*switch].name),
    }
}

/// "Monday to Friday", "Tuesday, Thursday".
fn week(bits: u8) -> String {
    let on: Vec<usize> = (0..7).filter(|day| bits & (1 << day) != 0).collect();
    match on.as_slice() {
        [first, .., last] if on.len() > 2 && last - first == on.len() - 1 => {
            format!("{} to {}", WEEKDAYS[*first], WEEKDAYS[*last])
        }
        on => on.iter().map(|day| WEEKDAYS[*day]).collect::<Vec<_>>().join(", "),
    }
}

fn month(month: u8) -> &'static str {
    MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("")
}

fn yearly(in_month: u8, day: u8) -> String {
    format!("{day} {}", month(in_month))
}

fn nth(ordinal: u8, weekday: u8, in_month: u8) -> String {
    let which = match ordinal {
        0 => "last",
        1 => "first",
        2 => "second",
        3 => "third",
        4 => "fourth",
        _ => "fifth",
    };
    let weekday = WEEKDAYS.get(usize::from(weekday)).copied().unwrap_or("");
    format!("{which} {weekday} of {}", month(in_month))
}

/// A day since 1970-01-01 as `2026-03-03` (H. Hinnant's `civil_from_days`).
fn date(day: i32) -> String {
    let shifted = i64::from(day) + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Each queue with the people who serve it.
pub(super) fn queues(program: &Program, written: &Written) -> Vec<Part> {
    if program.queues.is_empty() {
        return Vec::new();
    }
    let mut parts = vec![heading("queues", "Queues and who serves them")];
    for queue in &program.queues {
        parts.extend(written.doc(queue.location).map(|doc| Part::text(format!("{}: {doc}", queue.name))));
    }
    let mut rows = Vec::new();
    for queue in &program.queues {
        let capacity = queue.capacity.map_or_else(|| "any number".to_owned(), |count| count.to_string());
        let mut line = |when: String, rule: &AgentsRule| {
            rows.push(vec![
                queue.name.clone(),
                when,
                who(program, rule),
                names(program, rule),
                capacity.clone(),
            ]);
        };
        line("at once".into(), &queue.agents);
        for (millis, rule) in &queue.after {
            line(format!("after {}", span_text(*millis)), rule);
        }
    }
    parts.push(Part::Table {
        head: vec!["Queue", "When", "Who may answer", "People", "Callers at once"],
        rows,
    });
    parts
}

fn who(program: &Program, rule: &AgentsRule) -> String {
    let team = rule.team.map(|team| format!("team {}", program.teams[team]));
    let skills = rule.condition.as_ref().map(|condition| skills(program, condition));
    let all: Vec<String> = team.into_iter().chain(skills).collect();
    if all.is_empty() { "everybody".into() } else { all.join(" with ") }
}

fn skills(program: &Program, condition: &SkillCondition) -> String {
    match condition {
        SkillCondition::And(one, other) => format!("{} and {}", skills(program, one), skills(program, other)),
        SkillCondition::Or(one, other) => format!("({} or {})", skills(program, one), skills(program, other)),
        SkillCondition::Not(inner) => format!("not ({})", skills(program, inner)),
        SkillCondition::Compare(skill, operator, level) => {
            format!("{} {} {level}", program.skills[*skill], sign(*operator))
        }
    }
}

fn sign(operator: BinaryOp) -> &'static str {
    match operator {
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "≠",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "≤",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => "≥",
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "×",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
    }
}

fn names(program: &Program, rule: &AgentsRule) -> String {
    let serves = |agent: &&Agent| {
        rule.team.is_none_or(|team| agent.teams.contains(&team))
            && rule.condition.as_ref().is_none_or(|condition| holds(condition, agent))
    };
    let names: Vec<&str> = program.agents.iter().filter(serves).map(|agent| agent.name.as_str()).collect();
    if names.is_empty() { "nobody that the flows name".into() } else { names.join(", ") }
}

fn holds(condition: &SkillCondition, agent: &Agent) -> bool {
    match condition {
        SkillCondition::And(one, other) => holds(one, agent) && holds(other, agent),
        SkillCondition::Or(one, other) => holds(one, agent) || holds(other, agent),
        SkillCondition::Not(inner) => !holds(inner, agent),
        SkillCondition::Compare(skill, operator, level) => {
            let have = agent.skills.iter().find(|(known, _)| known == skill).map_or(0, |(_, level)| *level);
            let have = i64::from(have);
            match operator {
                BinaryOp::Equal => have == *level,
                BinaryOp::NotEqual => have != *level,
                BinaryOp::Less => have < *level,
                BinaryOp::LessOrEqual => have <= *level,
                BinaryOp::Greater => have > *level,
                BinaryOp::GreaterOrEqual => have >= *level,
                BinaryOp::Or
                | BinaryOp::And
                | BinaryOp::Add
                | BinaryOp::Subtract
                | BinaryOp::Multiply
                | BinaryOp::Divide
                | BinaryOp::Remainder => false,
            }
        }
    }
}

/// What of a call is kept as sound.
pub(super) fn recorded(graph: &Graph) -> Vec<Part> {
    let rows: Vec<Vec<String>> = nodes(graph)
        .flat_map(|node| node.records.iter().map(|what| vec![node.id.clone(), what.clone()]))
        .collect();
    let table = match rows.is_empty() {
        true => Part::text("Nothing is recorded."),
        false => Part::Table { head: vec!["Where", "What"], rows },
    };
    vec![heading("recorded", "What is recorded"), table]
}

/// What callers are asked for that nobody may see, and what the project itself keeps secret.
pub(super) fn secrets(program: &Program, graph: &Graph) -> Vec<Part> {
    let taken = nodes(graph)
        .filter(|node| node.secret)
        .map(|node| vec![node.id.clone(), "taken from the caller".into()]);
    let settings = program.settings.iter().filter(|setting| setting.ty.secret);
    let kept = settings.map(|setting| vec![setting.name.clone(), "a setting of the deployment".to_owned()]);
    let rows: Vec<Vec<String>> = taken.chain(kept).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    vec![heading("secrets", "What is kept secret"), Part::Table { head: vec!["Where", "What"], rows }]
}

/// Services that calls ask, with their limits. Addresses are the deployment's and are left out.
pub(super) fn services(program: &Program, graph: &Graph, written: &Written) -> Vec<Part> {
    if program.operations.is_empty() {
        return Vec::new();
    }
    let mut parts = vec![heading("services", "Services that calls ask")];
    for service in &program.services {
        parts.extend(written.doc(service.location).map(|doc| Part::text(format!("{}: {doc}", service.name))));
    }
    let rows = program.operations.iter().map(|operation| {
        let service = &program.services[operation.service];
        let name = format!("{}.{}", service.name, operation.name);
        let path: String = operation
            .path
            .iter()
            .map(|piece| match piece {
                PathPiece::Text(text) => text.clone(),
                PathPiece::Param(param) => format!("{{{}}}", operation.params[*param].name),
            })
            .collect();
        let method = match operation.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        };
        let how = match service.kind {
            ServiceKind::Http => format!("{method} {path}"),
            ServiceKind::Email => "e-mail".into(),
            ServiceKind::Sms => "text message".into(),
        };
        let users: Vec<&str> =
            nodes(graph).filter(|node| node.services.contains(&name)).map(|node| node.id.as_str()).collect();
        vec![name, how, span_text(operation.within_millis), users.join(", ")]
    });
    let rows = rows.collect();
    parts.push(Part::Table { head: vec!["What", "How", "Within", "Asked in"], rows });
    parts
}

fn nodes(graph: &Graph) -> impl Iterator<Item = &Node> {
    graph.flows.iter().flat_map(|flow| &flow.nodes)
}

#[cfg(test)]
mod tests {
    use super::{date, week};

    #[test]
    fn days_have_their_names() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(20_515), "2026-03-03");
        assert_eq!(week(0b0001_1111), "Monday to Friday");
        assert_eq!(week(0b0000_1010), "Tuesday, Thursday");
    }
}
