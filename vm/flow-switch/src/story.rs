//! Stories: what happens in a call, line by line, for people. Made only when somebody reads them.

use crate::boundary::{Output, Story, StoryLine};
use crate::call::Call;
use crate::switch::Switch;

/// What stands for keys that nobody may read.
const MASK: &str = "••••";

impl Switch {
    /// Tells a line of a call's story, when stories are on.
    pub(crate) fn story(&mut self, call: &Call, line: impl FnOnce(&Call) -> StoryLine) {
        if self.options.stories {
            let line = line(call);
            let story = Story { call: call.record.call.clone(), unix_millis: self.now.unix_millis, line };
            self.outputs.push_back(Output::Story(story));
        }
    }

    /// The same with keys, which are masked when they are secret.
    pub(crate) fn story_keys(
        &mut self,
        call: &Call,
        keys: &[u8],
        secret: bool,
        line: impl FnOnce(String) -> StoryLine,
    ) {
        self.story(call, |_| {
            line(if secret { MASK.to_owned() } else { String::from_utf8_lossy(keys).into_owned() })
        });
    }
}
