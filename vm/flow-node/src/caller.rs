//! Who calls, as far as an INVITE says. Nobody vouches for it: a peer writes into From what it likes.

use flow_sip::IncomingInvite;

use crate::numbers;

/// The caller as flows, records and stories show them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// E.164 with its plus; `None` when withheld, or when the address is not a number.
    pub(crate) number: Option<String>,
    /// The display name, else the name in the address; `None` when withheld.
    pub(crate) name: Option<String>,
}

/// Characters of a name that are kept.
const LONGEST_NAME: usize = 64;

/// Reads the caller from an INVITE. Asking for privacy (RFC 3323) withholds number and name.
pub(crate) fn caller(request: &IncomingInvite) -> Caller {
    let uri = &request.from.uri;
    let user = uri.user();
    let anonymous = user.eq_ignore_ascii_case("anonymous")
        || uri.host().eq_ignore_ascii_case("anonymous.invalid")
        || request.header_values("Privacy").iter().any(|value| asks_for_privacy(value));
    if anonymous {
        return Caller::default();
    }
    let number = numbers::number(user.split(';').next().unwrap_or_default());
    let name = request.from.display.clone().or_else(|| number.is_none().then_some(user));
    Caller { number, name: name.map(|name| readable(&name)).filter(|name| !name.is_empty()) }
}

fn asks_for_privacy(value: &str) -> bool {
    value.split([';', ',']).any(|word| {
        ["id", "user", "header", "full"].iter().any(|asked| word.trim().eq_ignore_ascii_case(asked))
    })
}

fn readable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect::<String>().trim().to_owned()
}
