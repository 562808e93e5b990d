//! A message that has been read: start line, header lines and body as views into the packet.

use super::names::HeaderId;
use super::reader::Defect;
use super::via::Via;
use crate::address::AddressValue;
use crate::text;
use crate::vocabulary::Method;

/// The first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start<'a> {
    /// A request and its Request-URI as written.
    Request { method: Method<'a>, uri: &'a [u8] },
    /// A response; the code is 100 to 699.
    Response { code: u16, reason: &'a [u8] },
}

/// One header line. The value may be folded over several lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) id: HeaderId,
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
}

/// A message.
#[derive(Debug, Clone)]
pub(crate) struct Message<'a> {
    pub(crate) start: Start<'a>,
    pub(super) lines: Vec<Line<'a>>,
    pub(crate) body: &'a [u8],
    /// The first thing that was wrong, if anything.
    pub(crate) defect: Option<Defect>,
}

/// The headers that every message must have, read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Core<'a> {
    pub(crate) via: Via<'a>,
    pub(crate) from: AddressValue<'a>,
    pub(crate) to: AddressValue<'a>,
    pub(crate) call_id: &'a [u8],
    pub(crate) cseq: u32,
    pub(crate) cseq_method: Method<'a>,
}

impl<'a> Message<'a> {
    /// The first value line of a header.
    pub(crate) fn header(&self, id: HeaderId) -> Option<&'a [u8]> {
        self.lines.iter().find(|line| line.id == id).map(|line| line.value)
    }

    /// The first value of a header that has no number of its own, by its long name, case aside.
    pub(crate) fn header_named(&self, wanted: &[u8]) -> Option<&'a [u8]> {
        let named = |name: &[u8]| super::names::long_form(name).eq_ignore_ascii_case(wanted);
        self.lines.iter().find(|line| named(line.name)).map(|line| line.value)
    }

    /// All value lines of a header, in order.
    pub(crate) fn headers(&self, id: HeaderId) -> impl Iterator<Item = &'a [u8]> {
        self.lines.iter().filter(move |line| line.id == id).map(|line| line.value)
    }

    /// All values of a header that is a list, cut at commas, in order.
    pub(crate) fn list(&self, id: HeaderId) -> impl Iterator<Item = &'a [u8]> {
        self.headers(id).flat_map(|value| text::split_outside_quotes(value, b',')).filter(|v| !v.is_empty())
    }

    /// Every header line: name as written, value.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.lines.iter().map(|line| (line.name, line.value))
    }

    /// The topmost Via.
    pub(crate) fn top_via(&self) -> Option<Via<'a>> {
        self.list(HeaderId::Via).next().and_then(Via::parse)
    }

    /// Reads what every message must have; the error says what is missing or broken.
    pub(crate) fn core(&self) -> Result<Core<'a>, &'static str> {
        let via = self.top_via().ok_or("Bad Via")?;
        let address = |id, error| self.header(id).and_then(AddressValue::parse).ok_or(error);
        let from = address(HeaderId::From, "Bad From")?;
        let to = address(HeaderId::To, "Bad To")?;
        let call_id = self.header(HeaderId::CallId).filter(|id| !id.is_empty()).ok_or("Bad Call-ID")?;
        if call_id.iter().any(u8::is_ascii_whitespace) {
            return Err("Bad Call-ID");
        }
        let (cseq, cseq_method) = self.header(HeaderId::CSeq).and_then(cseq).ok_or("Bad CSeq")?;
        if let Start::Request { method, .. } = self.start
            && method != cseq_method
        {
            return Err("CSeq Method Mismatch");
        }
        Ok(Core { via, from, to, call_id, cseq, cseq_method })
    }

    /// `Max-Forwards`: `Ok(None)` when absent.
    pub(crate) fn max_forwards(&self) -> Result<Option<u64>, &'static str> {
        match self.header(HeaderId::MaxForwards) {
            None => Ok(None),
            Some(value) => {
                text::number(value).filter(|hops| *hops <= 255).map(Some).ok_or("Bad Max-Forwards")
            }
        }
    }
}

/// Reads `CSeq: 4711 INVITE`; numbers from 2^31 on are none (RFC 3261 8.1.1.5).
fn cseq(value: &[u8]) -> Option<(u32, Method<'_>)> {
    let blank = value.iter().position(u8::is_ascii_whitespace)?;
    let number = text::number(&value[..blank])?;
    let method = text::trim(&value[blank..]);
    let number = u32::try_from(number).ok().filter(|number| *number < 1 << 31)?;
    text::is_token(method).then_some((number, Method::read(method)))
}
