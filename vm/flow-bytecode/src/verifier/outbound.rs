//! Whether callbacks and campaigns name flows that can begin by themselves.

use super::Checker;
use crate::fault::FaultKind;
use crate::program::FunctionKind;

impl Checker<'_> {
    pub(super) fn outbound(&mut self) {
        let p = self.program;
        for table in &p.callbacks {
            if let Some(calendar) = table.during {
                self.index("calendar", usize::from(calendar), p.calendars.len());
            }
            if let Some(flow) = table.afterwards {
                self.begins_alone("what follows a callback", flow);
            }
        }
        for campaign in &p.campaigns {
            self.text_id("a campaign", campaign.name);
            self.text_id("a campaign", campaign.table);
            if let Some(calendar) = campaign.during {
                self.index("calendar", usize::from(calendar), p.calendars.len());
            }
            self.begins_alone("a campaign", campaign.function);
            let function = p.functions.get(usize::from(campaign.function));
            if function.is_some_and(|function| function.params.len() != 1) {
                self.fault(FaultKind::Signature, "a campaign's flow does not take one row");
            }
            if campaign.concurrent == 0 || campaign.pace.is_some_and(|(count, per)| count == 0 || per == 0) {
                self.fault(FaultKind::Limit, "a campaign never calls anybody");
            }
        }
    }

    /// A flow that nobody runs has nobody to give outcomes to.
    fn begins_alone(&mut self, what: &str, flow: u16) {
        let p = self.program;
        if !self.index("function", usize::from(flow), p.functions.len()) {
            return;
        }
        let kind = &p.functions[usize::from(flow)].kind;
        if !matches!(kind, FunctionKind::Flow { gives } if gives.is_empty()) {
            self.fault(
                FaultKind::Signature,
                format!("{what} begins with something that is no flow of its own"),
            );
        }
    }
}
