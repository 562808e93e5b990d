//! The effects: everything a call can ask of the world, by name, types and outcomes.
//!
//! One table, which the compiler, the verifier, the switch and the book's page read. A call has at most one
//! effect in flight. It finishes with one of its outcomes; while it lasts it may report. Effects marked
//! *at once* finish before anything else happens: they are samples of the world, recorded for replay, or
//! instant changes to the call.
//!
//! Types are written as words: `bool int decimal money text digits phone duration date time datetime language
//! public_key speech`, the table handles, `option T`, `list T`, and `any` where the type is the entry's own
//! (settings, what is collected, what services take and answer).

macro_rules! effects {
    ($($code:literal $name:ident $word:literal ($($param:literal)*) => [$($outcome:literal ($($datum:literal)*)),*] reports [$($report:literal ($($rdatum:literal)*)),*] $text:literal;)*) => {
        /// An effect; numbers are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Effect { $(#[doc = $text] $name = $code,)* }

        impl Effect {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [Effect] = &[$(Effect::$name,)*];

            /// The effect of a number.
            pub const fn from_u16(number: u16) -> Option<Effect> {
                match number { $($code => Some(Effect::$name),)* _ => None }
            }

            /// Its signature and what it does.
            pub const fn signature(self) -> &'static Signature {
                match self { $(Effect::$name => &Signature {
                    word: $word,
                    params: &[$($param,)*],
                    outcomes: &[$(Outcome { word: $outcome, data: &[$($datum,)*] },)*],
                    reports: &[$(Outcome { word: $report, data: &[$($rdatum,)*] },)*],
                    text: $text,
                },)* }
            }
        }
    };
}

impl Effect {
    /// Whether it finishes before anything else happens to the call. Such an effect may be performed while
    /// another has only reported, and when the caller has hung up.
    pub const fn is_at_once(self) -> bool {
        self as u16 >= 32 && !matches!(self, Effect::Count | Effect::Send)
    }

    /// How many outcomes it has; its reports are numbered from there.
    pub const fn outcome_count(self) -> u16 {
        self.signature().outcomes.len() as u16
    }
}

/// The contract of one effect.
#[derive(Debug)]
pub struct Signature {
    /// Its name in listings and logs.
    pub word: &'static str,
    /// Types of its arguments.
    pub params: &'static [&'static str],
    /// What it may finish with.
    pub outcomes: &'static [Outcome],
    /// What it may say while it lasts; numbered after the outcomes.
    pub reports: &'static [Outcome],
    /// What it does.
    pub text: &'static str,
}

/// One way to finish, or one report, with the types of its data.
#[derive(Debug)]
pub struct Outcome {
    /// Its name.
    pub word: &'static str,
    /// Types of its data.
    pub data: &'static [&'static str],
}

effects! {
    1 Say "say" ("speech" "bool") => ["done" ()] reports [] "Speaks to the caller, answering first if need be; the second argument says whether a key may cut it. Skipped while keys are typed ahead and it may be cut.";
    2 Menu "menu" ("speech" "keys" "duration" "duration") => ["choice" ("int"), "no_input" (), "no_match" ()] reports [] "Asks, then takes one choice of the table by key or word; waits so long for the first of them, and so long between keys.";
    3 Collect "collect" ("speech" "form" "keys" "duration" "duration") => ["done" ("any"), "choice" ("int"), "no_input" (), "no_match" ()] reports [] "Asks, then takes a value of the form by keys or words; a choice of the table may be taken instead. The value is of the form's type: `digits`, `int`, `phone`, `date`, `time`, `money`, `bool`; what is none is no match.";
    4 Queue "queue" ("queue" "int" "duration" "stay" "option text" "duration" "option speech" "list text") => ["talked" ("text" "duration"), "timeout" (), "full" (), "unstaffed" (), "failed" (), "closed" (), "assist" ("int")] reports ["due" ("int"), "pressed" ("int")] "Keeps a place in the queue with a priority for so long, until a person takes the call and the talk is over, or that person starts the assist of an index: then the talk waits for `rejoin`. The arguments end with: whom to prefer and for how long, the whisper, and the screen (names and values in turn).";
    5 Dial "dial" ("rings" "list text" "option text" "option speech" "list text") => ["talked" ("text" "duration"), "busy" (), "no_answer" (), "failed" (), "assist" ("int")] reports [] "Rings addresses as the table of rings says, joins the first who answers, until the talk is over, or the person starts the assist of an index. The arguments end with: the number shown, the whisper, and the screen.";
    6 Voicemail "voicemail" ("duration" "duration" "text") => ["recorded" ("text"), "empty" (), "failed" ()] reports [] "Records the caller after the tone for so long, or until a silence of so long (0: none), and delivers it.";
    7 Rate "rate" ("text" "speech" "int" "int" "keys") => ["answered" ("int"), "unanswered" (), "choice" ("int")] reports [] "Asks the survey question of that name and takes a number in the range; written to the call record at once.";
    8 Decline "decline" ("int") => ["done" ()] reports [] "Refuses the call with a SIP status before it was answered.";
    10 Callback "callback" ("text" "queue" "int" "callback" "option text" "option speech" "list text" "any") => ["booked" (), "duplicate" (), "refused" ("text"), "full" (), "failed" ()] reports [] "Gives the caller's place in the queue to a telephone number, with a priority, and keeps it on disk. Then: the number shown, the whisper, the screen, and the arguments of the flow that follows the talk (a record).";
    11 Detect "detect" ("duration") => ["human" (), "machine" (), "unknown" ()] reports [] "Listens for so long who picked up: a person or a machine.";
    12 Transfer "transfer" ("rings" "list text") => ["failed" ()] reports [] "Hands the call away to one of the addresses for good, each for as long as the table of rings says; when one takes it the call is over.";
    13 Conference "conference" ("text" "duration" "stay") => ["left" (), "ended" (), "failed" ()] reports [] "Puts the caller into the room of that name for so long, with the music of the stay until somebody else is there.";
    14 Rejoin "rejoin" ("text") => ["talked" ("text" "duration"), "assist" ("int"), "failed" ()] reports [] "Shows the result of an assist to the person who started it, and joins the two again, until the talk is over.";
    19 PlaceCall "place_call" ("bool" "text" "option text") => ["answered" (), "over" ()] reports [] "Of a campaign's row, unless the first argument says to skip it: calls the number and waits until somebody answers. Then: the number shown.";

    9 Request "request" ("operation" "any") => ["answered" ("any"), "failed" ()] reports [] "Asks a service: the operation, and its arguments as a record. The answer is of the type that the operation declares; whatever is in the way of one, a limit of time included, is `failed`.";

    32 Interject "interject" ("speech") => ["done" ()] reports [] "At once: hands a sentence to be spoken over the music of the wait that goes on.";
    33 SetPriority "set_priority" ("int") => ["done" ()] reports [] "At once: gives the caller's place in the queue a better priority; never a worse one.";
    34 SetLanguage "set_language" ("language") => ["done" ()] reports [] "At once: the language of everything spoken from now on.";
    35 SetVoice "set_voice" ("text") => ["done" ()] reports [] "At once: the voice of everything spoken from now on.";
    36 SetRecording "set_recording" ("int") => ["done" ()] reports [] "At once: who is recorded: 0 nobody, 1 the caller, 2 the agent, 3 both.";
    37 Mark "mark" ("text" "option text") => ["done" ()] reports [] "At once: a milestone in the call record.";
    38 Discard "discard" () => ["done" ()] reports [] "At once: drops keys typed ahead.";
    39 Count "count" ("limit" "text") => ["counted" (), "reached" ()] reports [] "Adds one to the limit's counter for a key, or says that it is reached.";
    40 Reset "reset" ("limit" "text") => ["done" ()] reports [] "At once: clears the limit's counter for a key.";
    41 Send "send" ("operation" "any") => ["done" ()] reports [] "Keeps something to be sent to a service, on disk if the disk is not slower than a second, and goes on; never changes the call.";
    42 Post "post" ("operation" "any") => ["done" ()] reports [] "At once: as `send`, where nothing may be waited for, after a hang-up; the call's record waits for the disk.";
    43 Tally "tally" ("limit" "text") => ["done" ()] reports [] "At once: adds one to the limit's counter for a key, whether or not it is reached.";
    44 Recorded "recorded" () => ["is" ("int")] reports [] "At once: who is recorded, counted as `set_recording` does.";

    64 Now "now" () => ["is" ("datetime")] reports [] "At once: the instant of the event being handled.";
    65 Today "today" () => ["is" ("date")] reports [] "At once: the date of that instant in the program's zone.";
    66 CallerNumber "caller_number" () => ["is" ("option phone")] reports [] "At once: who calls; none when withheld.";
    67 CallerName "caller_name" () => ["is" ("option text")] reports [] "At once: the name that came with the call.";
    68 CallerAttested "caller_attested" () => ["is" ("bool")] reports [] "At once: whether the network vouches for the number.";
    69 Called "called" () => ["is" ("phone")] reports [] "At once: the number that was called.";
    70 CallId "call_id" () => ["is" ("text")] reports [] "At once: the call's own name in records.";
    71 Language "language" () => ["is" ("language")] reports [] "At once: the language spoken now.";
    72 Setting "setting" ("setting") => ["is" ("any")] reports [] "At once: a setting of the deployment.";
    73 SwitchState "switch_state" ("switch") => ["is" ("bool")] reports [] "At once: whether an operator's lever is thrown.";
    74 Draw "draw" ("shares") => ["is" ("int")] reports [] "At once: the index of a share, drawn by its percentage.";
    75 Position "position" () => ["is" ("int")] reports [] "At once: the caller's place in the queue, from 1.";
    76 ExpectedWait "expected_wait" () => ["is" ("duration")] reports [] "At once: how long the caller will probably wait still.";
    77 Encrypt "encrypt" ("text" "public_key") => ["is" ("text")] reports [] "At once: the text, readable only by the owner of the key's other half; base64. The chance it takes is the world's.";
    80 CalendarState "calendar_state" ("calendar") => ["is" ("int")] reports [] "At once: the calendar's state: 0 open, 1 closed, then its reasons.";
    81 CalendarNextOpen "calendar_next_open" ("calendar") => ["is" ("option datetime")] reports [] "At once: when it opens next; none while a lever keeps it shut.";
    82 CalendarCloses "calendar_closes" ("calendar") => ["is" ("datetime")] reports [] "At once: when it closes next.";
    83 CalendarReason "calendar_reason" ("calendar") => ["is" ("text")] reports [] "At once: the name of its state.";
    84 CalendarOpenAt "calendar_open_at" ("calendar" "datetime") => ["is" ("bool")] reports [] "At once: whether it is open at an instant.";
    88 QueueExpectedWait "queue_expected_wait" ("queue") => ["is" ("option duration")] reports [] "At once: how long a new caller would probably wait.";
    89 QueueLongestWait "queue_longest_wait" ("queue") => ["is" ("duration")] reports [] "At once: how long the first in line has waited.";
    90 QueueWaiting "queue_waiting" ("queue") => ["is" ("int")] reports [] "At once: how many wait.";
    91 QueueFree "queue_free" ("queue") => ["is" ("int")] reports [] "At once: how many people who may serve it are free.";
    92 QueueStaffed "queue_staffed" ("queue") => ["is" ("bool")] reports [] "At once: whether anybody signed in may serve it.";
    93 Find "find" ("table" "int" "any") => ["is" ("any")] reports [] "At once: the first row of a table whose column (by index) has the value, as an option.";
    94 Rows "rows" ("table") => ["is" ("any")] reports [] "At once: all rows of a table, as a list.";
}
