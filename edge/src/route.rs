// SPDX-License-Identifier: EUPL-1.2
//! Routes as a pure table: method and path in, a [`Route`] or a refusal out.

mod template;

use infocig_protocol::{
    id::{ConversationId, DeskId},
    problem::Code,
};

pub use self::template::{UNKNOWN, method_word, status_word};

/// The route of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route<'r> {
    /// `GET /healthz`
    Health,
    /// `GET /readyz`
    Ready,
    /// `GET /metrics`
    Metrics,
    /// `GET /v1/availability`
    Availability,
    /// `POST /v1/conversations`
    OpenConversation,
    /// `GET /v1/conversations/{id}/socket`
    ConversationSocket(ConversationId),
    /// `POST /v1/conversations/{id}/poll`
    ConversationPoll(ConversationId),
    /// `GET /v1/conversations/{id}/cases`
    Cases(ConversationId),
    /// `GET /v1/conversations/{id}/calls/{n}/relay`
    Relay(ConversationId, u64),
    /// `POST /v1/conversations/{id}/cards`
    ShareCase(ConversationId),
    /// `GET /v1/conversations/{id}/transcript`
    Transcript(ConversationId),
    /// `POST /v1/conversations/{id}/rating`
    Rate(ConversationId),
    /// `POST /v1/conversations/{id}/assistant`
    Consult(ConversationId),
    /// `POST /v1/assistant`
    AskAssistant,
    /// `POST /v1/requests`
    WriteRequest,
    /// `POST /v1/history`
    History,
    /// `POST /v1/me/data`
    OwnData,
    /// `POST /v1/desk/sessions`
    OpenDeskSession,
    /// `GET /v1/desk/{desk}/socket`
    DeskSocket(DeskId),
    /// `POST /v1/desk/{desk}/poll`
    DeskPoll(DeskId),
    /// `GET /v1/desk/segnalazioni`
    Segnalazioni,
    /// `POST /v1/desk/segnalazioni/retry`
    RetrySegnalazione,
    /// `GET /v1/supervision/report`
    Report,
    /// `GET /v1/supervision/conversations`
    SearchConversations,
    /// `GET /v1/supervision/comments`
    Comments,
    /// `GET /v1/supervision/audit`
    AuditTrail,
    /// `POST /v1/supervision/comments/{id}/handled`
    HandleComment(ConversationId),
    /// The versions of the policy, for administrators, and what advisors propose for it.
    Policy(PolicyRoute<'r>),
    /// Erasure, legal holds and what is due, for the data protection officer.
    DataProtection(DataProtection<'r>),
    /// `POST /v1/linea-inps/updates`
    UpdateSegnalazione,
    /// A page without scripts, or a form of one.
    Plain(Plain),
    /// `GET /figures` and the addresses below it.
    OpenFigures(OpenFigures),
    /// The sign-in of the staff, and the page of their console.
    Staff(Staff),
    /// `GET /problems/{code}`
    Problem(Code),
    /// `GET /.well-known/security.txt`
    SecurityTxt,
    /// `GET /test/clock`
    ReadTestClock,
    /// `PUT /test/clock`
    SetTestClock,
    /// `GET /test/register`
    ReadRegister,
    /// `GET /test/segnalazioni`
    ReadSegnalazioni,
    /// `POST /test/conversations/{id}/fail`
    FailOnPurpose(ConversationId),
    /// `GET` of a file of the site; the path begins with a slash.
    Site(&'r str),
    /// `OPTIONS`: a browser asks before it sends.
    Preflight,
}

/// Erasure, legal holds and what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataProtection<'r> {
    /// `GET /v1/data-protection/due`
    Due,
    /// `GET /v1/data-protection/erasures`
    Erasures,
    /// `POST /v1/data-protection/erasures`
    Erase,
    /// `GET /v1/data-protection/holds`
    Holds,
    /// `POST /v1/data-protection/holds`
    Hold,
    /// `POST /v1/data-protection/holds/{id}/release`
    Release(&'r str),
    /// `POST /v1/data-protection/exports`
    Export,
}

impl<'r> DataProtection<'r> {
    fn parse(method: &str, below: &[&'r str]) -> Result<Self, Code> {
        let reads = matches!(method, "GET" | "HEAD");
        match below {
            ["due"] if reads => Ok(Self::Due),
            ["erasures"] if reads => Ok(Self::Erasures),
            ["erasures"] if method == "POST" => Ok(Self::Erase),
            ["exports"] if method == "POST" => Ok(Self::Export),
            ["holds"] if reads => Ok(Self::Holds),
            ["holds"] if method == "POST" => Ok(Self::Hold),
            ["holds", id, "release"] if method == "POST" => Ok(Self::Release(id)),
            ["due" | "erasures" | "exports" | "holds"] | ["holds", _, "release"] => {
                Err(Code::MethodNotAllowed)
            }
            _ => Err(Code::NotFound),
        }
    }
}

/// The versions of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyRoute<'r> {
    /// `GET /v1/policy`
    History,
    /// `POST /v1/policy/preview`
    Preview,
    /// `POST /v1/policy/versions`
    Propose,
    /// `GET /v1/policy/versions/{number}`
    Version(u32),
    /// `POST /v1/policy/versions/{number}/approve`
    Approve(u32),
    /// `POST /v1/policy/versions/{number}/withdraw`
    Withdraw(u32),
    /// `POST /v1/policy/closing`
    Close,
    /// `POST /v1/policy/opening`
    Reopen,
    /// `POST /v1/policy/banner`
    Announce,
    /// `POST /v1/policy/answers`
    ProposeAnswer,
    /// `POST /v1/policy/answers/{id}/settled`
    SettleAnswer(&'r str),
}

impl<'r> PolicyRoute<'r> {
    fn parse(method: &str, below: &[&'r str]) -> Result<Self, Code> {
        let (allowed, route) = match below {
            [] => ("GET", Self::History),
            ["preview"] => ("POST", Self::Preview),
            ["versions"] => ("POST", Self::Propose),
            ["versions", number] => ("GET", Self::Version(ordinal(number)?)),
            ["versions", number, "approve"] => ("POST", Self::Approve(ordinal(number)?)),
            ["versions", number, "withdraw"] => ("POST", Self::Withdraw(ordinal(number)?)),
            ["closing"] => ("POST", Self::Close),
            ["opening"] => ("POST", Self::Reopen),
            ["banner"] => ("POST", Self::Announce),
            ["answers"] => ("POST", Self::ProposeAnswer),
            ["answers", id, "settled"] => ("POST", Self::SettleAnswer(id)),
            _ => return Err(Code::NotFound),
        };
        let same = method == allowed || (allowed == "GET" && method == "HEAD");
        if same { Ok(route) } else { Err(Code::MethodNotAllowed) }
    }
}

/// Open figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenFigures {
    /// `GET /figures`
    Page,
    /// `GET /figures/daily.csv`
    Daily,
    /// `GET /figures/monthly.csv`
    Monthly,
    /// `GET /figures/all.json`
    Everything,
    /// `GET /figures/catalogue.jsonld`
    JsonLd,
    /// `GET /figures/catalogue` and `GET /figures/catalogue.ttl`
    Turtle,
}

impl OpenFigures {
    fn parse(below: &[&str]) -> Option<Self> {
        Some(match below {
            [] => Self::Page,
            ["daily.csv"] => Self::Daily,
            ["monthly.csv"] => Self::Monthly,
            ["all.json"] => Self::Everything,
            ["catalogue.jsonld"] => Self::JsonLd,
            ["catalogue" | "catalogue.ttl"] => Self::Turtle,
            _ => return None,
        })
    }
}

/// The sign-in of the staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staff {
    /// `GET /console`
    Console,
    /// `GET /v1/staff/sign-in`
    SignIn,
    /// `GET /v1/staff/callback`
    Callback,
    /// `POST /v1/staff/token`
    Token,
    /// `POST /v1/staff/sign-out`
    SignOut,
    /// `POST /v1/staff/backchannel-logout`
    Logout,
}

impl Staff {
    fn parse(method: &str, part: &str) -> Result<Self, Code> {
        let (found, by) = match part {
            "sign-in" => (Self::SignIn, "GET"),
            "callback" => (Self::Callback, "GET"),
            "token" => (Self::Token, "POST"),
            "sign-out" => (Self::SignOut, "POST"),
            "backchannel-logout" => (Self::Logout, "POST"),
            _ => return Err(Code::NotFound),
        };
        // A sign-in is not begun, and an answer not used, by somebody who asks for headers alone.
        if method == by { Ok(found) } else { Err(Code::MethodNotAllowed) }
    }
}

/// The pages without scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// `POST /chat`: the portal's form with its token.
    Enter,
    /// `GET /chat`
    Show,
    /// `POST /chat/messages`
    Write,
    /// `POST /chat/stay`
    Stay,
    /// `GET /chat/end`: the question.
    AskToEnd,
    /// `POST /chat/end`: the answer.
    End,
    /// `POST /chat/rating`
    Rate,
    /// `POST /chat/leave`
    Leave,
    /// `POST /chat/requests`
    Request,
    /// `POST /chat/assistant`
    Assistant,
    /// `GET /chat/transcript`
    Transcript,
    /// `GET /chat/data`: what the service has about the person.
    Data,
    /// `GET /chat/history`: the list of the earlier conversations.
    History,
    /// `GET /chat/history/{number}`: one of those.
    HistoryConversation(u32),
    /// `GET /chat/history/{number}/transcript`
    HistoryTranscript(u32),
    /// `GET` of an address that is only posted to, as after typing it again: back to the conversation.
    Back,
}

impl Plain {
    fn parse(method: &str, below: &[&str]) -> Result<Self, Code> {
        let (read, write) = match below {
            [] => (Some(Self::Show), Some(Self::Enter)),
            ["messages"] => (Some(Self::Back), Some(Self::Write)),
            ["stay"] => (Some(Self::Back), Some(Self::Stay)),
            ["end"] => (Some(Self::AskToEnd), Some(Self::End)),
            ["rating"] => (Some(Self::Back), Some(Self::Rate)),
            ["leave"] => (Some(Self::Back), Some(Self::Leave)),
            ["requests"] => (Some(Self::Back), Some(Self::Request)),
            ["assistant"] => (Some(Self::Back), Some(Self::Assistant)),
            ["transcript"] => (Some(Self::Transcript), None),
            ["data"] => (Some(Self::Data), None),
            ["history"] => (Some(Self::History), None),
            ["history", number] => (Some(Self::HistoryConversation(ordinal(number)?)), None),
            ["history", number, "transcript"] => (Some(Self::HistoryTranscript(ordinal(number)?)), None),
            _ => return Err(Code::NotFound),
        };
        let found = match method {
            "GET" | "HEAD" => read,
            "POST" => write,
            _ => None,
        };
        found.ok_or(Code::MethodNotAllowed)
    }
}

/// The number of a conversation among those of its person, or of a version of the policy.
fn ordinal(text: &str) -> Result<u32, Code> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_plain).ok_or(Code::NotFound)
}

/// The route of a request, or the code it is refused with.
pub fn parse<'r>(method: &str, path: &'r str) -> Result<Route<'r>, Code> {
    let mut segments = [""; MOST_SEGMENTS];
    let mut count = 0;
    for segment in path.strip_prefix('/').ok_or(Code::NotFound)?.split('/') {
        *segments.get_mut(count).ok_or(Code::NotFound)? = segment;
        count += 1;
    }
    let route = match segments.get(..count).unwrap_or_default() {
        ["healthz"] => only("GET", method, Route::Health),
        ["readyz"] => only("GET", method, Route::Ready),
        ["metrics"] => only("GET", method, Route::Metrics),
        ["v1", "availability"] => only("GET", method, Route::Availability),
        ["v1", "conversations"] => only("POST", method, Route::OpenConversation),
        ["v1", "conversations", id, part] => {
            let id = ConversationId::parse(*id).map_err(|_| Code::NotFound)?;
            match *part {
                "socket" => only("GET", method, Route::ConversationSocket(id)),
                "poll" => only("POST", method, Route::ConversationPoll(id)),
                "cases" => only("GET", method, Route::Cases(id)),
                "cards" => only("POST", method, Route::ShareCase(id)),
                "transcript" => only("GET", method, Route::Transcript(id)),
                "rating" => only("POST", method, Route::Rate(id)),
                "assistant" => only("POST", method, Route::Consult(id)),
                _ => Err(Code::NotFound),
            }
        }
        ["v1", "conversations", id, "calls", call, "relay"] => {
            let id = ConversationId::parse(*id).map_err(|_| Code::NotFound)?;
            let call = call.parse().map_err(|_| Code::NotFound)?;
            only("GET", method, Route::Relay(id, call))
        }
        ["v1", "assistant"] => only("POST", method, Route::AskAssistant),
        ["console"] => only("GET", method, Route::Staff(Staff::Console)),
        ["v1", "staff", part] => Staff::parse(method, part).map(Route::Staff),
        ["v1", "requests"] => only("POST", method, Route::WriteRequest),
        ["v1", "history"] => only("POST", method, Route::History),
        ["v1", "me", "data"] => only("POST", method, Route::OwnData),
        ["v1", "desk", "sessions"] => only("POST", method, Route::OpenDeskSession),
        ["v1", "desk", desk, "socket"] => {
            let desk = DeskId::parse(*desk).map_err(|_| Code::NotFound)?;
            only("GET", method, Route::DeskSocket(desk))
        }
        ["v1", "desk", desk, "poll"] => {
            let desk = DeskId::parse(*desk).map_err(|_| Code::NotFound)?;
            only("POST", method, Route::DeskPoll(desk))
        }
        ["v1", "desk", "segnalazioni"] => only("GET", method, Route::Segnalazioni),
        ["v1", "desk", "segnalazioni", "retry"] => only("POST", method, Route::RetrySegnalazione),
        ["v1", "supervision", "report"] => only("GET", method, Route::Report),
        ["v1", "supervision", "conversations"] => only("GET", method, Route::SearchConversations),
        ["v1", "supervision", "comments"] => only("GET", method, Route::Comments),
        ["v1", "supervision", "audit"] => only("GET", method, Route::AuditTrail),
        ["v1", "supervision", "comments", id, "handled"] => {
            let id = ConversationId::parse(*id).map_err(|_| Code::NotFound)?;
            only("POST", method, Route::HandleComment(id))
        }
        ["v1", "policy", below @ ..] => PolicyRoute::parse(method, below).map(Route::Policy),
        ["v1", "data-protection", below @ ..] => {
            DataProtection::parse(method, below).map(Route::DataProtection)
        }
        ["v1", "linea-inps", "updates"] => only("POST", method, Route::UpdateSegnalazione),
        ["chat", below @ ..] => Plain::parse(method, below).map(Route::Plain),
        ["figures", below @ ..] => {
            let which = OpenFigures::parse(below).ok_or(Code::NotFound)?;
            only("GET", method, Route::OpenFigures(which))
        }
        ["problems", word] => {
            let code = Code::ALL.iter().find(|code| code.as_str() == *word).ok_or(Code::NotFound)?;
            only("GET", method, Route::Problem(*code))
        }
        [".well-known", "security.txt"] => only("GET", method, Route::SecurityTxt),
        ["test", "clock"] if cfg!(feature = "test-clock") => match method {
            "PUT" => Ok(Route::SetTestClock),
            _ => only("GET", method, Route::ReadTestClock),
        },
        ["test", "register"] if cfg!(feature = "test-clock") => only("GET", method, Route::ReadRegister),
        ["test", "segnalazioni"] if cfg!(feature = "test-clock") => {
            only("GET", method, Route::ReadSegnalazioni)
        }
        ["test", "conversations", id, "fail"] if cfg!(feature = "test-clock") => {
            let id = ConversationId::parse(*id).map_err(|_| Code::NotFound)?;
            only("POST", method, Route::FailOnPurpose(id))
        }
        ["v1" | "test", ..] => Err(Code::NotFound),
        _ => only("GET", method, Route::Site(path)),
    };
    match (route, method) {
        (Err(Code::MethodNotAllowed) | Ok(_), "OPTIONS") => Ok(Route::Preflight),
        (route, _) => route,
    }
}

fn only<'r>(allowed: &str, method: &str, route: Route<'r>) -> Result<Route<'r>, Code> {
    let same = method == allowed || (allowed == "GET" && method == "HEAD");
    if same { Ok(route) } else { Err(Code::MethodNotAllowed) }
}

const MOST_SEGMENTS: usize = 8;

/// Whether the name of a file of the site contains the hash of its contents: twelve hexadecimal digits before the ending. Such
/// a file never changes and may be cached for ever.
pub fn is_named_after_contents(path: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_named_after_its_contents_is_kept_for_ever_and_a_loader_never() {
        for path in ["/widget/info-cig-0cc0c95df65a.wasm", "/widget/split_conversation-96eaae5f1078.wasm"] {
            assert!(is_named_after_contents(path), "{path}");
        }
        for path in [
            "/info-cig.js",
            "/widget/info-cig.wasm",
            "/fonts/titillium-web-latin-400.woff2",
            "/a-0CC0C95DF65A.js",
        ] {
            assert!(!is_named_after_contents(path), "{path}");
        }
    }

    /// Pages, files and what only tests reach are in no document.
    #[test]
    fn every_route_of_the_api_stands_in_an_openapi_document() {
        const TABLE: &str = include_str!("lib.rs");
        const DOCUMENTS: [&str; 6] = [
            include_str!("../../docs/service.openapi.yaml"),
            include_str!("../../docs/supervision.openapi.yaml"),
            include_str!("../../docs/policy.openapi.yaml"),
            include_str!("../../docs/data-protection.openapi.yaml"),
            include_str!("../../docs/linea-inps.openapi.yaml"),
            include_str!("../../docs/staff.openapi.yaml"),
        ];
        let mut described = Vec::new();
        for document in DOCUMENTS {
            let mut path = "";
            for line in document.lines() {
                if let Some(begins) = line.strip_prefix("  /").and_then(|line| line.strip_suffix(':')) {
                    path = begins;
                }
                for method in ["get", "post", "put"] {
                    if line == format!("    {method}:") {
                        described.push(format!("{} /{path}", method.to_uppercase()));
                    }
                }
            }
        }
        let rows = TABLE.lines().filter_map(|line| line.strip_prefix("//! | `"));
        let routes = rows.filter_map(|row| row.split(['`', '?']).next()).filter(|route| {
            ["/healthz", "/readyz", "/metrics", "/v1/", "/problems/", "/.well-known/"]
                .iter()
                .any(|api| route.contains(api))
        });
        let missing: Vec<_> = routes.filter(|route| !described.iter().any(|one| one == route)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(described.len() > 20, "the documents were read: {described:?}");
    }

    #[test]
    fn the_table_says_where_each_request_goes() {
        let id = ConversationId::of(&"0c".repeat(32), 3).unwrap();
        let socket = format!("/v1/conversations/{id}/socket");
        let poll = format!("/v1/conversations/{id}/poll");

        for (path, which) in [
            ("/figures", OpenFigures::Page),
            ("/figures/daily.csv", OpenFigures::Daily),
            ("/figures/monthly.csv", OpenFigures::Monthly),
            ("/figures/all.json", OpenFigures::Everything),
            ("/figures/catalogue.jsonld", OpenFigures::JsonLd),
            ("/figures/catalogue.ttl", OpenFigures::Turtle),
            ("/figures/catalogue", OpenFigures::Turtle),
        ] {
            assert_eq!(parse("GET", path), Ok(Route::OpenFigures(which)));
            assert_eq!(parse("POST", path), Err(Code::MethodNotAllowed));
        }
        assert_eq!(parse("GET", "/figures/x"), Err(Code::NotFound));
        assert_eq!(parse("GET", "/healthz"), Ok(Route::Health));
        assert_eq!(parse("HEAD", "/healthz"), Ok(Route::Health));
        assert_eq!(parse("GET", "/readyz"), Ok(Route::Ready));
        assert_eq!(parse("GET", "/metrics"), Ok(Route::Metrics));
        assert_eq!(parse("POST", "/metrics"), Err(Code::MethodNotAllowed));
        assert_eq!(parse("GET", "/v1/availability"), Ok(Route::Availability));
        assert_eq!(parse("POST", "/v1/conversations"), Ok(Route::OpenConversation));
        assert_eq!(parse("GET", &socket), Ok(Route::ConversationSocket(id.clone())));
        assert_eq!(parse("POST", &poll), Ok(Route::ConversationPoll(id.clone())));
        let of = |part: &str| format!("/v1/conversations/{id}/{part}");
        assert_eq!(parse("GET", &of("cases")), Ok(Route::Cases(id.clone())));
        assert_eq!(parse("GET", &of("calls/7/relay")), Ok(Route::Relay(id.clone(), 7)));
        assert_eq!(parse("POST", &of("calls/7/relay")), Err(Code::MethodNotAllowed));
        assert_eq!(parse("GET", &of("calls/x/relay")), Err(Code::NotFound));
        assert_eq!(parse("POST", &of("cards")), Ok(Route::ShareCase(id.clone())));
        assert_eq!(parse("GET", &of("transcript")), Ok(Route::Transcript(id.clone())));
        assert_eq!(parse("POST", &of("rating")), Ok(Route::Rate(id.clone())));
        assert_eq!(parse("GET", &of("x")), Err(Code::NotFound));
        assert_eq!(parse("POST", "/v1/requests"), Ok(Route::WriteRequest));
        assert_eq!(parse("POST", "/v1/history"), Ok(Route::History));
        assert_eq!(parse("POST", "/v1/me/data"), Ok(Route::OwnData));
        assert_eq!(parse("POST", "/v1/desk/sessions"), Ok(Route::OpenDeskSession));
        assert_eq!(
            parse("GET", "/v1/desk/info-cig/socket"),
            Ok(Route::DeskSocket(DeskId::parse("info-cig").unwrap()))
        );
        assert_eq!(parse("GET", "/v1/desk/segnalazioni"), Ok(Route::Segnalazioni));
        assert_eq!(parse("POST", "/v1/desk/segnalazioni/retry"), Ok(Route::RetrySegnalazione));
        assert_eq!(parse("POST", "/v1/linea-inps/updates"), Ok(Route::UpdateSegnalazione));
        assert_eq!(parse("GET", "/v1/supervision/report"), Ok(Route::Report));
        assert_eq!(parse("GET", "/v1/supervision/conversations"), Ok(Route::SearchConversations));
        assert_eq!(parse("GET", "/v1/supervision/comments"), Ok(Route::Comments));
        assert_eq!(parse("GET", "/v1/supervision/audit"), Ok(Route::AuditTrail));
        let handled = format!("/v1/supervision/comments/{id}/handled");
        assert_eq!(parse("POST", &handled), Ok(Route::HandleComment(id.clone())));
        assert_eq!(parse("GET", &handled), Err(Code::MethodNotAllowed));
        assert_eq!(parse("POST", "/v1/supervision/comments/x/handled"), Err(Code::NotFound));
        assert_eq!(
            parse("GET", "/v1/desk/segnalazioni/socket"),
            Ok(Route::DeskSocket(DeskId::parse("segnalazioni").unwrap())),
            "a queue may have that name"
        );
        for (method, path, expected) in [
            ("GET", "/console", Ok(Staff::Console)),
            ("HEAD", "/console", Ok(Staff::Console)),
            ("GET", "/v1/staff/sign-in", Ok(Staff::SignIn)),
            ("HEAD", "/v1/staff/sign-in", Err(Code::MethodNotAllowed)),
            ("GET", "/v1/staff/callback", Ok(Staff::Callback)),
            ("POST", "/v1/staff/callback", Err(Code::MethodNotAllowed)),
            ("POST", "/v1/staff/token", Ok(Staff::Token)),
            ("GET", "/v1/staff/token", Err(Code::MethodNotAllowed)),
            ("POST", "/v1/staff/sign-out", Ok(Staff::SignOut)),
            ("POST", "/v1/staff/backchannel-logout", Ok(Staff::Logout)),
            ("GET", "/v1/staff/x", Err(Code::NotFound)),
        ] {
            assert_eq!(parse(method, path), expected.map(Route::Staff), "{method} {path}");
        }
        assert_eq!(parse("GET", "/problems/closure"), Ok(Route::Problem(Code::Closure)));
        assert_eq!(parse("HEAD", "/.well-known/security.txt"), Ok(Route::SecurityTxt));
        assert_eq!(parse("POST", "/.well-known/security.txt"), Err(Code::MethodNotAllowed));
        assert_eq!(parse("GET", "/.well-known/x"), Ok(Route::Site("/.well-known/x")));
        assert_eq!(parse("GET", "/info-cig.js"), Ok(Route::Site("/info-cig.js")));
        assert_eq!(parse("OPTIONS", "/v1/conversations"), Ok(Route::Preflight));
    }

    #[test]
    fn plain_pages_are_read_and_posted_to_and_addresses_for_posting_alone_lead_back() {
        for (method, path, expected) in [
            ("GET", "/chat", Ok(Plain::Show)),
            ("POST", "/chat", Ok(Plain::Enter)),
            ("POST", "/chat/messages", Ok(Plain::Write)),
            ("GET", "/chat/messages", Ok(Plain::Back)),
            ("POST", "/chat/stay", Ok(Plain::Stay)),
            ("GET", "/chat/end", Ok(Plain::AskToEnd)),
            ("POST", "/chat/end", Ok(Plain::End)),
            ("POST", "/chat/rating", Ok(Plain::Rate)),
            ("GET", "/chat/rating", Ok(Plain::Back)),
            ("POST", "/chat/leave", Ok(Plain::Leave)),
            ("POST", "/chat/requests", Ok(Plain::Request)),
            ("POST", "/chat/assistant", Ok(Plain::Assistant)),
            ("GET", "/chat/assistant", Ok(Plain::Back)),
            ("GET", "/chat/transcript", Ok(Plain::Transcript)),
            ("POST", "/chat/transcript", Err(Code::MethodNotAllowed)),
            ("GET", "/chat/history", Ok(Plain::History)),
            ("GET", "/chat/history/12", Ok(Plain::HistoryConversation(12))),
            ("GET", "/chat/history/12/transcript", Ok(Plain::HistoryTranscript(12))),
            ("POST", "/chat/history", Err(Code::MethodNotAllowed)),
            ("GET", "/chat/history/0", Err(Code::NotFound)),
            ("GET", "/chat/history/012", Err(Code::NotFound)),
            ("GET", "/chat/history/+1", Err(Code::NotFound)),
            ("GET", "/chat/history/4294967296", Err(Code::NotFound)),
            ("GET", "/chat/history/", Err(Code::NotFound)),
            ("DELETE", "/chat", Err(Code::MethodNotAllowed)),
            ("GET", "/chat/", Err(Code::NotFound)),
            ("GET", "/chat/x", Err(Code::NotFound)),
        ] {
            assert_eq!(parse(method, path), expected.map(Route::Plain), "{method} {path}");
        }
    }

    #[test]
    fn another_method_is_refused_by_name() {
        assert_eq!(parse("GET", "/v1/conversations"), Err(Code::MethodNotAllowed));
        assert_eq!(parse("GET", "/v1/linea-inps/updates"), Err(Code::MethodNotAllowed));
        assert_eq!(parse("POST", "/v1/desk/segnalazioni"), Err(Code::MethodNotAllowed));
        assert_eq!(parse("DELETE", "/info-cig.js"), Err(Code::MethodNotAllowed));
    }

    #[test]
    fn an_unknown_address_is_not_found() {
        for path in [
            "",
            "x",
            "/v1",
            "/v1/conversations/1/socket",
            "/v1/desk/a b/socket",
            "/problems/none",
            "/v1/x/../y",
        ] {
            assert_eq!(parse("GET", path), Err(Code::NotFound), "{path}");
        }
        assert_eq!(parse("GET", &"/a".repeat(9)), Err(Code::NotFound));
    }

    #[test]
    fn a_release_has_no_test_clock_and_does_not_fail_on_purpose() {
        let expected =
            if cfg!(feature = "test-clock") { Ok(Route::SetTestClock) } else { Err(Code::NotFound) };
        assert_eq!(parse("PUT", "/test/clock"), expected);
        let fail = format!("/test/conversations/{}-1/fail", "0c".repeat(32));
        assert_eq!(parse("POST", &fail).is_ok(), cfg!(feature = "test-clock"));
        assert_eq!(parse("GET", "/test/register").is_ok(), cfg!(feature = "test-clock"));
        assert_eq!(parse("GET", "/test/segnalazioni").is_ok(), cfg!(feature = "test-clock"));
    }
}
