// SPDX-License-Identifier: EUPL-1.2
//! Frames and documents of the citizen's side, read and written by hand.
//!
//! The server and the console let `serde` do this; every visitor would have to download what that makes of some fifty types.
//! `tests/wire.rs` reads and writes every pinned file both ways and finds no difference.

use infocig_protocol::{
    case::{BenefitKind, Case, CasePhase, CaseStep, Cases, Payment, Question, Standing},
    entry::{Author, Entry, EntryBody, Outcome, Party, Phase},
    frame::{ClientFrame, EarlierConversation, Estimate, Page, QueuePlace, ServerFrame},
    http::{Admission, Channel, ConversationOpened, Poll, Polled, Verdict},
    id::{CaseId, ConversationId, LinkId, MessageId},
    language::Language,
    person::{ActingFor, Category, Credential, PersonCard, Skill},
    problem::{Code, Problem},
    segnalazione::{
        History, PastConversation, SegnalazioneDraft, SegnalazioneStanding, SegnalazioneState, WrittenRequest,
    },
    time::Timestamp,
};

use crate::{
    json::{Json, Object, Read, list, string},
    session::Pending,
};

/// Reads a document.
pub fn read<T: Read>(text: &str) -> Option<T> {
    T::read(&Json::parse(text)?)
}

/// An object, member by member; those after the bar may be missing.
macro_rules! records {
    ($($record:ident { $($member:ident),* $(| $default:ident),* })+) => {$(
        impl Read for $record {
            fn read(json: &Json) -> Option<Self> {
                Some(Self {
                    $($member: json.get(stringify!($member))?,)*
                    $($default: json.get_or_default(stringify!($default))?,)*
                })
            }
        }
    )+};
}

/// Words that stand for values.
macro_rules! words {
    ($($value:ident { $($word:literal => $variant:ident),+ })+) => {$(
        impl Read for $value {
            fn read(json: &Json) -> Option<Self> {
                match &*json.text()? { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    )+};
}

/// Words the protocol itself has a list of.
macro_rules! listed {
    ($($value:ident),+) => {$(
        impl Read for $value {
            fn read(json: &Json) -> Option<Self> {
                let word = json.text()?;
                Self::ALL.into_iter().find(|value| value.as_str() == word)
            }
        }
    )+};
}

macro_rules! identifiers {
    ($($id:ident),+) => {$(
        impl Read for $id {
            fn read(json: &Json) -> Option<Self> {
                Self::parse(json.text()?).ok()
            }
        }
    )+};
}

identifiers!(CaseId, ConversationId, LinkId, MessageId);
listed!(BenefitKind, Category, Credential, Language, Skill);
words! {
    Party { "citizen" => Citizen, "advisor" => Advisor, "system" => System }
    Outcome { "online" => Online, "linea_inps" => LineaInps, "self_served" => SelfServed, "abandoned" => Abandoned }
    Payment { "direct" => Direct, "employer" => Employer }
    Standing {
        "on_track" => OnTrack, "late" => Late, "waiting_for_employer" => WaitingForEmployer, "refused" => Refused,
        "credited" => Credited
    }
    CasePhase {
        "loaded" => Loaded, "imported" => Imported, "pre_checked" => PreChecked, "checked" => Checked,
        "decided" => Decided, "authorised" => Authorised, "payment_data_received" => PaymentDataReceived,
        "payment_ordered" => PaymentOrdered, "credited" => Credited
    }
    Verdict {
        "open" => Open, "only-ongoing" => OnlyOngoing, "closed" => Closed, "not-eligible" => NotEligible,
        "credential-too-weak" => CredentialTooWeak, "unknown-province" => UnknownProvince
    }
}
records! {
    Admission { at, verdict, code, source, opens, closes, changes, message | channels }
    Channel { name, how, href }
    ConversationOpened { conversation, ticket, socket }
    Polled { closed | frames }
    Entry { seq, at, body }
    QueuePlace { position, estimate }
    Question { about, from, to, payment, protocol }
    CaseStep { phase, on }
    Case { id, kind, company, matricola, from, to, payment, protocol, ticket, standing, steps }
    Cases { as_of, cases }
    SegnalazioneStanding { id, number, state }
    PastConversation { conversation, opened, closed, outcome, begins, ticket, socket | segnalazioni }
    History { conversations }
    EarlierConversation { conversation, opened, closed, by, outcome, advisor, begins, entries | segnalazioni }
    ActingFor { name, matricola }
    Pending { id, text }
}

impl Read for Timestamp {
    fn read(json: &Json) -> Option<Self> {
        json.integer().map(Self::from_millis)
    }
}

impl Read for Code {
    fn read(json: &Json) -> Option<Self> {
        json.text().map(|word| Self::of(&word))
    }
}

impl Read for Problem {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            kind: json.get("type")?,
            title: json.get("title")?,
            status: json.get("status")?,
            detail: json.get("detail")?,
            code: json.get("code")?,
            admission: json.get("admission")?,
        })
    }
}

impl Read for PersonCard {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            name: json.get("name")?,
            category: json.get("category")?,
            province: json.get("province")?,
            province_name: json.get_or_default("province_name")?,
            credential: json.get("credential")?,
            acting_for: json.get("acting_for")?,
            language: json.get_or_default("language")?,
            about: json.get("about")?,
            question: json.get("question")?,
        })
    }
}

impl Read for Author {
    fn read(json: &Json) -> Option<Self> {
        let (name, of) = json.named()?;
        match &*name {
            "citizen" => Some(Self::Citizen),
            "advisor" => Some(Self::Advisor { name: of.get("name")? }),
            _ => None,
        }
    }
}

impl Read for Phase {
    fn read(json: &Json) -> Option<Self> {
        let (name, of) = json.named()?;
        match &*name {
            "waiting" => Some(Self::Waiting { since: of.get("since")? }),
            "active" => Some(Self::Active { advisor: of.get("advisor")?, since: of.get("since")? }),
            "closed" => Some(Self::Closed { at: of.get("at")?, by: of.get("by")? }),
            _ => None,
        }
    }
}

impl Read for Estimate {
    fn read(json: &Json) -> Option<Self> {
        let (name, of) = json.named()?;
        match &*name {
            "unknown" => Some(Self::Unknown {}),
            "minutes" => Some(Self::Minutes { from: of.get("from")?, to: of.get("to")? }),
            _ => None,
        }
    }
}

impl Read for SegnalazioneState {
    fn read(json: &Json) -> Option<Self> {
        let (name, of) = json.named()?;
        match &*name {
            "sending" => Some(Self::Sending {}),
            "queued" => Some(Self::Queued {}),
            "held" => Some(Self::Held {}),
            "accepted" => Some(Self::Accepted {}),
            "in_progress" => Some(Self::InProgress {}),
            "answered" => Some(Self::Answered { text: of.get("text")? }),
            _ => None,
        }
    }
}

impl Read for EntryBody {
    /// One of a newer version, or of a form nobody knows, is [`Unknown`](Self::Unknown): it counts and is not shown.
    fn read(json: &Json) -> Option<Self> {
        Some(known_body(json).unwrap_or(Self::Unknown {}))
    }
}

fn known_body(json: &Json) -> Option<EntryBody> {
    let (name, of) = json.named()?;
    Some(match &*name {
        "opened" => EntryBody::Opened {},
        "assigned" => EntryBody::Assigned { advisor: of.get("advisor")? },
        "message" => {
            EntryBody::Message { id: of.get("id")?, author: of.get("author")?, text: of.get("text")? }
        }
        "closing_soon" => EntryBody::ClosingSoon { closes: of.get("closes")? },
        "returned" => EntryBody::Returned {},
        "transferred" => EntryBody::Transferred { advisor: of.get("advisor")? },
        "joined" => EntryBody::Joined { advisor: of.get("advisor")? },
        "left" => EntryBody::Left { advisor: of.get("advisor")? },
        "inactive" => EntryBody::Inactive { closes: of.get("closes")? },
        "stayed" => EntryBody::Stayed {},
        "question" => EntryBody::Question(Question::read(&of)?),
        "case" => EntryBody::Case {
            id: of.get("id")?,
            advisor: of.get("advisor")?,
            case: of.get("case")?,
            as_of: of.get("as_of")?,
        },
        "segnalazione" => {
            EntryBody::Segnalazione { id: of.get("id")?, number: of.get("number")?, state: of.get("state")? }
        }
        "closed" => EntryBody::Closed { by: of.get("by")?, outcome: of.get("outcome")? },
        _ => return None,
    })
}

impl Read for ServerFrame {
    fn read(json: &Json) -> Option<Self> {
        let (name, of) = json.named()?;
        Some(match &*name {
            "welcome" => Self::Welcome {
                version: of.get("version")?,
                conversation: of.get("conversation")?,
                party: of.get("party")?,
                phase: of.get("phase")?,
                last_seq: of.get("last_seq")?,
                after: of.get_or_default("after")?,
                person: of.get("person")?,
            },
            "entries" => Self::Entries { entries: of.get("entries")? },
            "presence" => Self::Presence {
                party: of.get("party")?,
                connected: of.get("connected")?,
                read_up_to: of.get("read_up_to")?,
            },
            "typing" => Self::Typing { party: of.get("party")? },
            "queue" => Self::Queue(QueuePlace::read(&of)?),
            "earlier" => Self::Earlier { conversations: of.get("conversations")? },
            "earlier_entries" => {
                Self::EarlierEntries { conversation: of.get("conversation")?, entries: of.get("entries")? }
            }
            "refused" => Self::Refused {
                code: of.get("code")?,
                detail: of.get("detail")?,
                message: of.get("message")?,
                retry_after_ms: of.get("retry_after_ms")?,
            },
            _ => return None,
        })
    }
}

/// A frame as it travels.
pub fn frame(frame: &ClientFrame) -> String {
    let (name, of) = match frame {
        ClientFrame::Hello { version, ticket, resume_after } => {
            let hello = Object::new().number("version", (*version).into()).text("ticket", ticket);
            ("hello", hello.number("resume_after", number(*resume_after)))
        }
        ClientFrame::Post { id, text } => ("post", Object::new().text("id", id.as_str()).text("text", text)),
        ClientFrame::Page(Page::After(seq)) => ("page", Object::new().number("after", number(*seq))),
        ClientFrame::Page(Page::Before(seq)) => ("page", Object::new().number("before", number(*seq))),
        ClientFrame::Read { up_to } => ("read", Object::new().number("up_to", number(*up_to))),
        ClientFrame::Typing {} => ("typing", Object::new()),
        ClientFrame::Stay {} => ("stay", Object::new()),
        ClientFrame::Earlier { conversation, before } => {
            let earlier = Object::new().text("conversation", conversation.as_str());
            (
                "earlier",
                match before {
                    Some(before) => earlier.number("before", number(*before)),
                    None => earlier,
                },
            )
        }
        ClientFrame::Question(question) => return Object::named("question", &self::question(question)),
        ClientFrame::Forward(draft) => return Object::named("forward", &self::draft(draft)),
        ClientFrame::Close {} => ("close", Object::new()),
        ClientFrame::SelfServed {} => ("self_served", Object::new()),
    };
    Object::named(name, &of.done())
}

/// What a person says of their question, as it travels.
pub fn question(question: &Question) -> String {
    let Question { about, from, to, payment, protocol } = question;
    Object::new()
        .text_if("about", about.map(BenefitKind::as_str))
        .text_if("from", from.as_deref())
        .text_if("to", to.as_deref())
        .text_if(
            "payment",
            payment.map(|payment| match payment {
                Payment::Direct => "direct",
                Payment::Employer => "employer",
            }),
        )
        .text_if("protocol", protocol.as_deref())
        .done()
}

fn draft(draft: &SegnalazioneDraft) -> String {
    let SegnalazioneDraft { id, office, topic, description, kind, case, protocol, ticket, attached } = draft;
    let object = Object::new()
        .text("id", id.as_str())
        .text("office", office)
        .json("topic", &list(topic.iter().map(|level| string(level))))
        .text("description", description)
        .text_if("kind", kind.map(BenefitKind::as_str))
        .text_if("case", case.as_ref().map(CaseId::as_str))
        .text_if("protocol", protocol.as_deref())
        .text_if("ticket", ticket.as_deref());
    if attached.is_empty() {
        object.done()
    } else {
        object.json("attached", &list(attached.iter().map(u64::to_string))).done()
    }
}

/// A poll as it travels.
pub fn poll(poll: &Poll) -> String {
    let object = Object::new()
        .text("link", poll.link.as_str())
        .number("number", number(poll.number))
        .json("frames", &list(poll.frames.iter().map(|frame| string(frame))))
        .flag("wait", poll.wait);
    let object = if poll.leaves { object.flag("leaves", true) } else { object };
    object.done()
}

/// A written request as it travels.
pub fn written_request(request: &WrittenRequest) -> String {
    let WrittenRequest { id, text, question } = request;
    let object = Object::new().text("id", id.as_str()).text("text", text);
    object.json("question", &self::question(question)).done()
}

/// Entries and requests are counted from 1: no conversation comes near 2^53 of them.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
