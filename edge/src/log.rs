// SPDX-License-Identifier: EUPL-1.2
//! The log: one JSON object a line. It names no person, no conversation and no advisor, and repeats nothing that somebody wrote.
//!
//! A line of a request has the [`Trace`] of it. Every other line says what happened in words of this program.

use infocig_protocol::time::Timestamp;
use serde::Serialize;

/// The identity of a request: an id of our own, drawn at random, and the caller's place in a trace (W3C Trace Context).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// 32 hexadecimal digits.
    pub request_id: String,
    /// The caller's trace, where they sent one that is well formed.
    pub caller: Option<Caller>,
}

/// The caller's place in a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// The span of the caller: 16 hexadecimal digits.
    pub parent_id: String,
    /// Two hexadecimal digits.
    flags: String,
}

impl Trace {
    /// The identity of a request that came with that `traceparent`, or none.
    pub fn new(request_id: String, traceparent: Option<&str>) -> Self {
        Self { request_id, caller: traceparent.and_then(Caller::parse) }
    }

    /// The `traceparent` of this request for whoever it calls, and for the answer: the caller's trace, with the first half of the
    /// request's id as the span. Without a caller's there is none.
    pub fn traceparent(&self) -> Option<String> {
        let Caller { trace_id, flags, .. } = self.caller.as_ref()?;
        let span = self.request_id.get(..16)?;
        Some(format!("00-{trace_id}-{span}-{flags}"))
    }
}

impl Caller {
    /// Reads a `traceparent`. A version to come may have more members behind the ones known.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace_id, parent_id) = (parts.next()?, parts.next()?, parts.next()?);
        let (flags, more) = (parts.next()?, parts.next());
        let is_known = match version {
            "00" => more.is_none(),
            "ff" => false,
            _ => is_hex(version, 2),
        };
        let is_set = |id: &str| id.bytes().any(|digit| digit != b'0');
        let is_whole = is_hex(trace_id, 32) && is_hex(parent_id, 16) && is_hex(flags, 2);
        let fits = is_known && is_whole && is_set(trace_id) && is_set(parent_id);
        fits.then(|| Self { trace_id: trace_id.into(), parent_id: parent_id.into(), flags: flags.into() })
    }
}

fn is_hex(text: &str, digits: usize) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == digits && text.bytes().all(is_digit)
}

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Info,
    /// It goes on, and somebody should know.
    Warn,
    /// Something was not done.
    Error,
}

/// A request that was answered.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'r> {
    /// Its identity.
    pub trace: &'r Trace,
    /// Its method, a word of HTTP.
    pub method: &'static str,
    /// The name of its route.
    pub route: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// The code of the problem it was answered with, if it was.
    pub code: Option<&'static str>,
    /// How long the answer took.
    pub millis: i64,
}

#[derive(Serialize)]
struct RequestLine<'r> {
    at: &'r str,
    level: Level,
    event: &'static str,
    request_id: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<&'r str>,
    method: &'static str,
    route: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    ms: i64,
}

#[derive(Serialize)]
struct EventLine<'r> {
    at: &'r str,
    level: Level,
    event: &'static str,
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'r str>,
}

/// The line of a request.
pub fn request(answered: &Answered<'_>, at: Timestamp) -> String {
    let Answered { trace, method, route, status, code, millis } = *answered;
    let caller = trace.caller.as_ref();
    line(&RequestLine {
        at: &instant(at),
        level: if status >= 500 { Level::Error } else { Level::Info },
        event: "request",
        request_id: &trace.request_id,
        trace_id: caller.map(|caller| caller.trace_id.as_str()),
        parent_id: caller.map(|caller| caller.parent_id.as_str()),
        method,
        route,
        status,
        code,
        ms: millis.max(0),
    })
}

/// The line of something else that happened, in the request of that id if it happened in one.
pub fn event(
    level: Level,
    event: &'static str,
    reason: &str,
    request_id: Option<&str>,
    at: Timestamp,
) -> String {
    line(&EventLine { at: &instant(at), level, event, reason, request_id })
}

fn line(line: &impl Serialize) -> String {
    serde_json::to_string(line).unwrap_or_default()
}

/// An instant as RFC 3339, to the millisecond, in UTC.
fn instant(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";
    const THEIRS: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn the_line_of_a_request_is_one_object_with_its_trace() {
        let trace = Trace::new(ID.into(), Some(THEIRS));
        let answered = Answered {
            trace: &trace,
            method: "POST",
            route: "/v1/conversations/{id}/rating",
            status: 503,
            code: Some("restarting"),
            millis: -1,
        };
        assert_eq!(
            request(&answered, Timestamp::from_millis(1_795_443_600_007)),
            r#"{"at":"2026-11-23T14:20:00.007Z","level":"error","event":"request","request_id":"0123456789abcdef0123456789abcdef","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","parent_id":"00f067aa0ba902b7","method":"POST","route":"/v1/conversations/{id}/rating","status":503,"code":"restarting","ms":0}"#
        );
        let line = event(Level::Warn, "fault", "a \"quote\"\nand a line", None, Timestamp::from_millis(0));
        assert_eq!(
            line,
            r#"{"at":"1970-01-01T00:00:00.000Z","level":"warn","event":"fault","reason":"a \"quote\"\nand a line"}"#
        );
    }

    #[test]
    fn the_callers_trace_goes_on_with_a_span_of_this_request() {
        let trace = Trace::new(ID.into(), Some(THEIRS));
        let expected = "00-4bf92f3577b34da6a3ce929d0e0e4736-0123456789abcdef-01";
        assert_eq!(trace.traceparent().as_deref(), Some(expected));
        assert_eq!(Trace::new(ID.into(), None).traceparent(), None);
        let later = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes";
        assert!(Trace::new(ID.into(), Some(later)).caller.is_some());
    }

    #[test]
    fn a_traceparent_that_is_not_well_formed_is_none() {
        for wrong in [
            "",
            "Mario Rossi",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        ] {
            assert_eq!(Trace::new(ID.into(), Some(wrong)).caller, None, "{wrong}");
        }
    }
}
