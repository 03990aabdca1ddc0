// SPDX-License-Identifier: EUPL-1.2
//! The name of a route in logs and metrics: its path with every id in braces, so that an address never gets there.

use super::{DataProtection, OpenFigures, Plain, PolicyRoute, Route, Staff};

/// The name of a request that has no route.
pub const UNKNOWN: &str = "unknown";

impl Route<'_> {
    /// The path with placeholders.
    pub const fn template(&self) -> &'static str {
        match self {
            Self::Health => "/healthz",
            Self::Ready => "/readyz",
            Self::Metrics => "/metrics",
            Self::Availability => "/v1/availability",
            Self::OpenConversation => "/v1/conversations",
            Self::ConversationSocket(_) => "/v1/conversations/{id}/socket",
            Self::ConversationPoll(_) => "/v1/conversations/{id}/poll",
            Self::Cases(_) => "/v1/conversations/{id}/cases",
            Self::Relay(..) => "/v1/conversations/{id}/calls/{number}/relay",
            Self::ShareCase(_) => "/v1/conversations/{id}/cards",
            Self::Transcript(_) => "/v1/conversations/{id}/transcript",
            Self::Rate(_) => "/v1/conversations/{id}/rating",
            Self::Consult(_) => "/v1/conversations/{id}/assistant",
            Self::AskAssistant => "/v1/assistant",
            Self::WriteRequest => "/v1/requests",
            Self::History => "/v1/history",
            Self::OwnData => "/v1/me/data",
            Self::OpenDeskSession => "/v1/desk/sessions",
            Self::DeskSocket(_) => "/v1/desk/{desk}/socket",
            Self::DeskPoll(_) => "/v1/desk/{desk}/poll",
            Self::Segnalazioni => "/v1/desk/segnalazioni",
            Self::RetrySegnalazione => "/v1/desk/segnalazioni/retry",
            Self::Report => "/v1/supervision/report",
            Self::SearchConversations => "/v1/supervision/conversations",
            Self::Comments => "/v1/supervision/comments",
            Self::AuditTrail => "/v1/supervision/audit",
            Self::HandleComment(_) => "/v1/supervision/comments/{id}/handled",
            Self::Policy(policy) => policy.template(),
            Self::DataProtection(which) => which.template(),
            Self::UpdateSegnalazione => "/v1/linea-inps/updates",
            Self::Plain(plain) => plain.template(),
            Self::OpenFigures(which) => which.template(),
            Self::Staff(which) => which.template(),
            Self::Problem(_) => "/problems/{code}",
            Self::SecurityTxt => "/.well-known/security.txt",
            Self::ReadTestClock | Self::SetTestClock => "/test/clock",
            Self::ReadRegister => "/test/register",
            Self::ReadSegnalazioni => "/test/segnalazioni",
            Self::FailOnPurpose(_) => "/test/conversations/{id}/fail",
            Self::Site(_) => "/{file}",
            Self::Preflight => "preflight",
        }
    }

    /// Whether the answer may wait for something to happen, so that its time says nothing.
    pub const fn may_wait(&self) -> bool {
        matches!(
            self,
            Self::ConversationSocket(_) | Self::ConversationPoll(_) | Self::DeskSocket(_) | Self::DeskPoll(_)
        )
    }

    /// Whether its answer depends on the rules in force. Files, probes and what a browser asks before it asks do not.
    pub const fn goes_by_rules(&self) -> bool {
        !matches!(
            self,
            Self::Health
                | Self::Ready
                | Self::Problem(_)
                | Self::SecurityTxt
                | Self::Site(_)
                | Self::Preflight
                | Self::ReadTestClock
                | Self::SetTestClock
        )
    }

    /// Whether a program asks it every few seconds to see how the service is.
    pub const fn is_probe(&self) -> bool {
        matches!(self, Self::Health | Self::Ready | Self::Metrics)
    }
}

impl DataProtection<'_> {
    const fn template(self) -> &'static str {
        match self {
            Self::Due => "/v1/data-protection/due",
            Self::Erasures | Self::Erase => "/v1/data-protection/erasures",
            Self::Holds | Self::Hold => "/v1/data-protection/holds",
            Self::Export => "/v1/data-protection/exports",
            Self::Release(_) => "/v1/data-protection/holds/{id}/release",
        }
    }
}

impl PolicyRoute<'_> {
    const fn template(self) -> &'static str {
        match self {
            Self::History => "/v1/policy",
            Self::Preview => "/v1/policy/preview",
            Self::Propose => "/v1/policy/versions",
            Self::Version(_) => "/v1/policy/versions/{number}",
            Self::Approve(_) => "/v1/policy/versions/{number}/approve",
            Self::Withdraw(_) => "/v1/policy/versions/{number}/withdraw",
            Self::Close => "/v1/policy/closing",
            Self::Reopen => "/v1/policy/opening",
            Self::Announce => "/v1/policy/banner",
            Self::ProposeAnswer => "/v1/policy/answers",
            Self::SettleAnswer(_) => "/v1/policy/answers/{id}/settled",
        }
    }
}

impl Plain {
    const fn template(self) -> &'static str {
        match self {
            Self::Enter | Self::Show => "/chat",
            Self::Write => "/chat/messages",
            Self::Stay => "/chat/stay",
            Self::AskToEnd | Self::End => "/chat/end",
            Self::Rate => "/chat/rating",
            Self::Leave => "/chat/leave",
            Self::Request => "/chat/requests",
            Self::Assistant => "/chat/assistant",
            Self::Transcript => "/chat/transcript",
            Self::Data => "/chat/data",
            Self::History => "/chat/history",
            Self::HistoryConversation(_) => "/chat/history/{number}",
            Self::HistoryTranscript(_) => "/chat/history/{number}/transcript",
            Self::Back => "/chat/{form}",
        }
    }
}

impl Staff {
    const fn template(self) -> &'static str {
        match self {
            Self::Console => "/console",
            Self::SignIn => "/v1/staff/sign-in",
            Self::Callback => "/v1/staff/callback",
            Self::Token => "/v1/staff/token",
            Self::SignOut => "/v1/staff/sign-out",
            Self::Logout => "/v1/staff/backchannel-logout",
        }
    }
}

impl OpenFigures {
    const fn template(self) -> &'static str {
        match self {
            Self::Page => "/figures",
            Self::Daily => "/figures/daily.csv",
            Self::Monthly => "/figures/monthly.csv",
            Self::Everything => "/figures/all.json",
            Self::JsonLd => "/figures/catalogue.jsonld",
            Self::Turtle => "/figures/catalogue.ttl",
        }
    }
}

/// A method as one of the words of HTTP: what a client made up is `other`.
pub fn method_word(method: &str) -> &'static str {
    const METHODS: [&str; 9] =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    METHODS.into_iter().find(|known| *known == method).unwrap_or("other")
}

/// The class of a status: `2xx`.
pub const fn status_word(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        500..=599 => "5xx",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::id::ConversationId;

    use super::*;
    use crate::route::parse;

    #[test]
    fn the_name_of_a_route_is_its_path_with_ids_in_braces() {
        let id = ConversationId::of(&"0c".repeat(32), 3).unwrap();
        for (method, path, template) in [
            ("GET", "/healthz".into(), "/healthz"),
            ("GET", format!("/v1/conversations/{id}/socket"), "/v1/conversations/{id}/socket"),
            ("POST", format!("/v1/conversations/{id}/rating"), "/v1/conversations/{id}/rating"),
            (
                "POST",
                format!("/v1/supervision/comments/{id}/handled"),
                "/v1/supervision/comments/{id}/handled",
            ),
            (
                "GET",
                format!("/v1/conversations/{id}/calls/7/relay"),
                "/v1/conversations/{id}/calls/{number}/relay",
            ),
            ("POST", "/v1/desk/info-cig/poll".into(), "/v1/desk/{desk}/poll"),
            ("GET", "/chat/history/12/transcript".into(), "/chat/history/{number}/transcript"),
            ("GET", "/chat/messages".into(), "/chat/{form}"),
            ("GET", "/problems/closure".into(), "/problems/{code}"),
            ("GET", "/Mario/Rossi".into(), "/{file}"),
        ] {
            assert_eq!(parse(method, &path).unwrap().template(), template);
        }
    }

    #[test]
    fn a_method_and_a_status_are_words_of_http_whatever_was_sent() {
        assert_eq!(
            (method_word("PUT"), method_word("RSSMRA85T10A562S"), method_word("get")),
            ("PUT", "other", "other")
        );
        assert_eq!(
            (status_word(101), status_word(204), status_word(503), status_word(7)),
            ("1xx", "2xx", "5xx", "other")
        );
    }
}
