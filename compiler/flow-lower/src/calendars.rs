//! Calendars and switches, to their tables.

use flow_bytecode::program::{self, DaySet, Holiday, HolidayDay, Observed};
use flow_check::hir;

use crate::Lowering;

impl Lowering<'_> {
    pub(crate) fn calendars(&mut self) {
        let hir = self.hir;
        self.program.switches = hir.switches.iter().map(|switch| self.tables.text(&switch.name)).collect();
        for calendar in &hir.calendars {
            let name = self.tables.text(&calendar.name);
            let states = calendar.states.iter().map(|state| self.tables.text(state)).collect();
            let rules = calendar.rules.iter().map(|rule| self.calendar_rule(rule)).collect();
            self.program.calendars.push(program::Calendar {
                name,
                zone: calendar.zone as u16,
                states,
                rules,
            });
        }
    }

    fn calendar_rule(&mut self, rule: &hir::CalendarRule) -> program::CalendarRule {
        let days = match &rule.days {
            hir::DaySet::Week(days) => DaySet::Week(*days),
            hir::DaySet::Dates(from, to) => DaySet::Dates(*from, *to),
            hir::DaySet::Yearly(month, day) => DaySet::Yearly(*month, *day),
            hir::DaySet::Nth(ordinal, weekday, month) => DaySet::Nth(*ordinal, *weekday, *month),
            hir::DaySet::Switch(switch) => DaySet::Switch(*switch as u16),
            hir::DaySet::Holidays(list) => DaySet::Holidays(
                list.iter()
                    .map(|holiday| Holiday {
                        day: match holiday.day {
                            hir::HolidayDay::Yearly(month, day) => HolidayDay::Yearly(month, day),
                            hir::HolidayDay::Nth(ordinal, weekday, month) => {
                                HolidayDay::Nth(ordinal, weekday, month)
                            }
                            hir::HolidayDay::Easter(days) => HolidayDay::Easter(days),
                        },
                        name: self.tables.text(&holiday.name),
                        observed: match holiday.observed {
                            hir::Observed::No => Observed::No,
                            hir::Observed::Nearest => Observed::Nearest,
                            hir::Observed::Next => Observed::Next,
                        },
                    })
                    .collect(),
            ),
        };
        program::CalendarRule {
            rank: rule.rank,
            days,
            hours: rule.hours.clone(),
            state: rule.state as u16,
            inherited: rule.inherited,
        }
    }
}
