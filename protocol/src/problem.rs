// SPDX-License-Identifier: EUPL-1.2
//! The stable names of reasons: in problem documents over HTTP, and in `refused` frames.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codec::{Read, Tree, Write, Writer};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $status:literal, $title:literal;)+) => {
        /// The stable name of a reason.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)+
            /// A code of a newer version.
            Unknown,
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in `type`, `code` and frames.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ Self::Unknown => "unknown" }
            }

            /// The HTTP status it travels with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ Self::Unknown => 500 }
            }

            /// The title of its problem document.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ Self::Unknown => "Unknown reason" }
            }
        }
    };
}

codes! {
    /// The person may enter.
    Open = "open", 200, "Open";
    /// The last admission has passed; who is inside goes on.
    OnlyOngoing = "only-ongoing", 403, "Only ongoing conversations";
    /// Too many people wait to be answered before the service closes; who is inside goes on.
    QueueFull = "queue-full", 403, "Queue full";
    /// For a while nobody has been at the desk.
    Unstaffed = "unstaffed", 403, "Nobody at the desk";
    /// The person began as many conversations as one may in a short time; an open one goes on.
    TooOften = "too-often", 429, "Too many conversations in a short time";
    /// A supervisor blocked the person for a while, after abuse; written requests stay possible.
    Blocked = "blocked", 403, "Blocked for a while";
    /// Outside opening hours.
    OutsideHours = "outside-hours", 403, "Outside opening hours";
    /// A national holiday.
    Holiday = "holiday", 403, "Closed for a national holiday";
    /// A closure announced by the Institute.
    Closure = "closure", 403, "Closed for an announced reason";
    /// The service is not open to this category from this province at that instant.
    NotInProvince = "not-in-province", 403, "Not open in this province";
    /// The service is not open to this category from this portal at that instant.
    NotFromEntryPoint = "not-from-entry-point", 403, "Not open from this portal";
    /// The service is not open to this category at that instant.
    NotForCategory = "not-for-category", 403, "Not open to this category";
    /// The sign-in is weaker than the service asks.
    CredentialTooWeak = "credential-too-weak", 403, "A stronger sign-in is needed";
    /// The province code names no province.
    UnknownProvince = "unknown-province", 422, "Unknown province";

    /// No `Authorization: Bearer` header.
    TokenMissing = "token-missing", 401, "No token";
    /// Not a JSON Web Signature.
    TokenMalformed = "token-malformed", 401, "Malformed token";
    /// `alg` is `none`.
    TokenUnsigned = "token-unsigned", 401, "Unsigned token";
    /// `alg` is not one the service accepts.
    TokenAlgorithm = "token-algorithm", 401, "Token algorithm not accepted";
    /// `typ` is not that of a token for this purpose.
    TokenType = "token-type", 401, "Wrong kind of token";
    /// No configured issuer has that `iss`.
    TokenIssuer = "token-issuer", 401, "Unknown issuer";
    /// The signature does not verify under the issuer's keys.
    TokenSignature = "token-signature", 401, "Signature does not verify";
    /// `aud` does not name this service in this role.
    TokenAudience = "token-audience", 401, "Token for another audience";
    /// `exp` is past.
    TokenExpired = "token-expired", 401, "Expired token";
    /// `nbf` or `iat` lies in the future.
    TokenNotYetValid = "token-not-yet-valid", 401, "Token not valid yet";
    /// It lives longer than a hand-off may.
    TokenTooLongLived = "token-too-long-lived", 401, "Token lives too long";
    /// A claim is missing or has a value the service does not know.
    TokenClaim = "token-claim", 401, "Missing or unknown claim";
    /// The process ends and another one begins; try again.
    Restarting = "restarting", 503, "The service restarts";
    /// Nothing can be stored at present; nothing acknowledged is lost.
    NotStoring = "not-storing", 503, "Nothing can be stored";
    /// The issuer's keys could not be had; try again.
    IssuerUnreachable = "issuer-unreachable", 503, "Issuer's keys unreachable";

    /// The ticket is not one of ours, or not for this conversation.
    TicketInvalid = "ticket-invalid", 401, "Invalid ticket";
    /// The ticket has expired: present a new token.
    TicketExpired = "ticket-expired", 401, "Expired ticket";
    /// The first frame was not `hello`, or did not come in time.
    HelloExpected = "hello-expected", 400, "A hello was expected";
    /// The client speaks only versions the server no longer does.
    VersionUnsupported = "version-unsupported", 400, "Protocol version not supported";
    /// A text frame that is not JSON of the expected form.
    FrameMalformed = "frame-malformed", 400, "Malformed frame";
    /// A frame whose `type` the server does not know.
    FrameUnknown = "frame-unknown", 400, "Unknown frame";
    /// A frame larger than the limit.
    FrameTooLarge = "frame-too-large", 413, "Frame too large";
    /// A binary frame.
    FrameBinary = "frame-binary", 415, "Binary frame";
    /// A message without text.
    MessageEmpty = "message-empty", 422, "Empty message";
    /// A message longer than the limit.
    MessageTooLong = "message-too-long", 422, "Message too long";
    /// Messages came faster than people write; the same one is accepted later.
    TooFast = "too-fast", 429, "Too many messages in a short time";
    /// The conversation has as many entries as one may have.
    ConversationFull = "conversation-full", 409, "Conversation full";
    /// The conversation is over.
    ConversationClosed = "conversation-closed", 409, "Conversation closed";
    /// The advisor does not hold this conversation.
    NotAssigned = "not-assigned", 403, "Conversation of another advisor";
    /// Nothing is erased: a conversation goes on, an office must have a segnalazione first, or a hold is on the person.
    NotErased = "not-erased", 409, "Not erased";
    /// Nobody waits under that id any more.
    NotWaiting = "not-waiting", 409, "Conversation not waiting";
    /// The advisor has as many conversations as one may have.
    AtCapacity = "at-capacity", 409, "At capacity";
    /// That advisor is not there, or takes nothing now.
    AdvisorUnavailable = "advisor-unavailable", 409, "Advisor not available";
    /// An advisor ends a conversation at the desk, with a topic of the policy in three levels.
    TopicNeeded = "topic-needed", 422, "Topic needed";

    /// The policy has no hold of so many minutes, or its reason is too long.
    HoldInvalid = "hold-invalid", 422, "Hold not accepted";

    /// The policy has no block of so many hours, or a reason is missing or too long.
    BlockInvalid = "block-invalid", 422, "Block not accepted";

    /// The description of a question is malformed, or was sent before.
    QuestionInvalid = "question-invalid", 422, "Question not accepted";
    /// A segnalazione lacks something, or has a part without its form.
    SegnalazioneInvalid = "segnalazione-invalid", 422, "Segnalazione not accepted";
    /// The automatic assistant is switched off.
    AssistantOff = "assistant-off", 404, "The assistant is switched off";
    /// By the rules of the service there are no calls, or this side cannot offer one.
    CallsOff = "calls-off", 403, "No calls";
    /// The relay through which the media of calls pass gives no credentials now, or there is none.
    RelayUnavailable = "relay-unavailable", 503, "No relay for calls";
    /// The registry of cases does not answer now; try again.
    CasesUnavailable = "cases-unavailable", 503, "Cases cannot be had now";
    /// This service was not told of any registry of cases.
    CasesNotConfigured = "cases-not-configured", 404, "No registry of cases";
    /// A digest or a signature of Linea INPS does not verify, is out of date, or was seen before.
    SignatureInvalid = "signature-invalid", 401, "Signature does not verify";
    /// Only a supervisor may do this.
    NotSupervisor = "not-supervisor", 403, "For supervisors";
    /// The policy keeps figures of single advisors from supervisors.
    NotPerAdvisor = "not-per-advisor", 403, "No figures of single advisors";
    /// As many written requests of this person wait for an office as one may have.
    RequestsPending = "requests-pending", 409, "Too many requests pending";

    /// A conversation of this person is open: what they write belongs there.
    ConversationOpen = "conversation-open", 409, "A conversation is open";
    /// This service was not told of any Linea INPS: nothing can be written to an office.
    RequestsNotConfigured = "requests-not-configured", 404, "No written requests";
    /// So much was said that it fits in no transcript.
    TranscriptTooLong = "transcript-too-long", 413, "Transcript too long";
    /// The versions of the policy have moved on since the request was made, or another person must decide it.
    PolicyConflict = "policy-conflict", 409, "Not possible with this version of the policy";

    /// No such address.
    NotFound = "not-found", 404, "Not found";
    /// The address exists, not with that method.
    MethodNotAllowed = "method-not-allowed", 405, "Method not allowed";
    /// The address is a socket's and the request was not an upgrade.
    UpgradeRequired = "upgrade-required", 426, "WebSocket upgrade required";
    /// A page of that origin may not use this service.
    OriginNotAllowed = "origin-not-allowed", 403, "Origin not allowed";
    /// The whole body did not come in time.
    BodyTooSlow = "body-too-slow", 408, "Body too slow";
    /// A query parameter or body member is missing or has a value the service does not know.
    RequestInvalid = "request-invalid", 400, "Invalid request";
    /// The service failed; nothing acknowledged is lost.
    Fault = "fault", 500, "Service fault";
    /// The service was started with settings it cannot use.
    Misconfigured = "misconfigured", 500, "Service misconfigured";
}

impl Code {
    /// The code with that word; [`Code::Unknown`] if there is none yet.
    pub fn of(word: &str) -> Self {
        Self::ALL.iter().copied().find(|code| code.as_str() == word).unwrap_or(Self::Unknown)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|word| Self::of(&word))
    }
}

impl Read for Code {
    fn read<J: Tree>(json: &J) -> Option<Self> {
        json.text().map(|word| Self::of(&word))
    }
}

impl Write for Code {
    fn write(&self, out: &mut Writer) {
        out.text(self.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_word_of_its_own() {
        let mut words: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
    }

    #[test]
    fn the_word_is_what_travels() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }

    #[test]
    fn a_code_of_tomorrow_is_read_as_unknown() {
        assert_eq!(serde_json::from_str::<Code>("\"from-the-future\"").unwrap(), Code::Unknown);
    }
}
