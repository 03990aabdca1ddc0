// SPDX-License-Identifier: EUPL-1.2
//! The log of a conversation: numbered entries that never change.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::{
    assistant::Passage,
    call::CallStep,
    case::{Case, Question},
    id::MessageId,
    segnalazione::SegnalazioneState,
    time::Timestamp,
};

/// One line of the log. `seq` starts at 1 and has no gaps within a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Entry {
    /// Position in the conversation, from 1.
    pub seq: u64,
    /// When the server stored it.
    pub at: Timestamp,
    /// The event: an object with one member, the kind of entry.
    #[serde(deserialize_with = "body")]
    pub body: EntryBody,
}

impl Entry {
    /// The id, author and text of a message; `None` for an entry of another kind.
    pub const fn message(&self) -> Option<(&MessageId, &Author, &String)> {
        self.body.message()
    }

    /// The phase the conversation is in after this entry; `None` if the entry does not change it.
    pub fn phase_after(&self) -> Option<Phase> {
        match &self.body {
            EntryBody::Opened {} => Some(Phase::Waiting { since: self.at }),
            EntryBody::Assigned { advisor } | EntryBody::Transferred { advisor: Some(advisor) } => {
                Some(Phase::Active { advisor: advisor.clone(), since: self.at })
            }
            EntryBody::Returned { .. } | EntryBody::Transferred { advisor: None } => {
                Some(Phase::Waiting { since: self.at })
            }
            EntryBody::Closed { by, .. } => Some(Phase::Closed { at: self.at, by: *by }),
            EntryBody::ClosingSoon { .. }
            | EntryBody::Message { .. }
            | EntryBody::Joined { .. }
            | EntryBody::Left { .. }
            | EntryBody::Observed { .. }
            | EntryBody::OnHold { .. }
            | EntryBody::Resumed {}
            | EntryBody::Warned {}
            | EntryBody::Blocked { .. }
            | EntryBody::Inactive { .. }
            | EntryBody::Stayed {}
            | EntryBody::Question(_)
            | EntryBody::Case { .. }
            | EntryBody::Assistant { .. }
            | EntryBody::Segnalazione { .. }
            | EntryBody::Call { .. }
            | EntryBody::Unknown {} => None,
        }
    }
}

/// The event an entry records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum EntryBody {
    /// The person was admitted and waits for an advisor.
    Opened {},
    /// An advisor took the conversation.
    Assigned {
        /// The advisor's name as shown to the person.
        advisor: String,
    },
    /// A message.
    Message {
        /// The author's own id for it.
        id: MessageId,
        /// Its author.
        author: Author,
        /// The text, exactly as written.
        text: String,
    },
    /// The service closes soon; recorded in every open conversation.
    ClosingSoon {
        /// When the last waiting person is answered. Conversations under way may go on for a while.
        closes: Timestamp,
    },
    /// The advisor's connection was lost for longer than the grace, or the service was restored from a copy: the person waits
    /// again, before everybody else.
    Returned {
        /// When the copy was taken: what was written after it is lost. Absent where nothing is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restored_to: Option<Timestamp>,
    },
    /// The conversation was handed on.
    Transferred {
        /// The name of who answers from here on; absent when the person waits again, in their old place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advisor: Option<String>,
    },
    /// A second advisor reads and writes too.
    Joined {
        /// Their name as shown to the person.
        advisor: String,
    },
    /// The second advisor is gone.
    Left {
        /// Their name as shown to the person.
        advisor: String,
    },
    /// A supervisor reads, and does not write. Recorded only where the policy says that people are told.
    Observed {
        /// Their name as shown to the person.
        advisor: String,
    },
    /// The advisor finds something out and is back in a while: until then nobody waits for the person. It ends with `resumed`, or
    /// with the advisor's next message.
    OnHold {
        /// For about so many minutes.
        minutes: u16,
    },
    /// The advisor is back, and has not written yet.
    Resumed {},
    /// The person was asked to stay civil: otherwise the conversation ends, and they are let in again only later.
    Warned {},
    /// The person cannot enter for a while. The end follows.
    Blocked {
        /// They can enter again from here.
        until: Timestamp,
    },
    /// The person has not answered for a while. A message of theirs, or `stay`, makes the warning void.
    Inactive {
        /// When the conversation ends by itself.
        closes: Timestamp,
    },
    /// The person asked for more time, or began to write: they are still there.
    Stayed {},
    /// The person said what their question is about.
    Question(Question),
    /// An advisor showed the person one of their cases, as the registry had it.
    Case {
        /// The advisor's own id for it.
        id: MessageId,
        /// The advisor's name as shown to the person.
        advisor: String,
        /// The case.
        case: Box<Case>,
        /// The instant the registry spoke of.
        as_of: Timestamp,
    },
    /// The person asked the automatic assistant, and it answered.
    Assistant {
        /// The client's own id for the question.
        id: MessageId,
        /// The question, exactly as written.
        question: String,
        /// The answer, as it was shown. Empty where the assistant did not know.
        answer: Vec<Passage>,
    },
    /// A segnalazione was handed to an office, or its state changed. It may follow the end.
    Segnalazione {
        /// Its author's own id for it.
        id: MessageId,
        /// Linea INPS's number for it, once it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// Its state.
        state: SegnalazioneState,
    },
    /// A step of a call between the person and the advisor who holds the conversation. What they say is nowhere.
    #[wire(late)]
    Call {
        /// The call: the number of the entry that offered it.
        call: u64,
        /// What happened.
        step: CallStep,
    },
    /// The conversation ended. No message follows.
    Closed {
        /// The side that ended it; the system, when the service closed or the person was disconnected.
        by: Party,
        /// The outcome, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<Outcome>,
    },
    /// An entry of a newer version: it counts in the numbering and is not shown.
    #[wire(other)]
    Unknown {},
}

impl EntryBody {
    /// Reads a body as it was written. One of a newer version is [`Unknown`](Self::Unknown).
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or(Self::Unknown {})
    }

    /// The id, author and text of a message; `None` for an entry of another kind.
    pub const fn message(&self) -> Option<(&MessageId, &Author, &String)> {
        match self {
            Self::Message { id, author, text } => Some((id, author, text)),
            Self::Opened {}
            | Self::Assigned { .. }
            | Self::ClosingSoon { .. }
            | Self::Returned { .. }
            | Self::Transferred { .. }
            | Self::Joined { .. }
            | Self::Left { .. }
            | Self::Observed { .. }
            | Self::OnHold { .. }
            | Self::Resumed {}
            | Self::Warned {}
            | Self::Blocked { .. }
            | Self::Inactive { .. }
            | Self::Stayed {}
            | Self::Question(_)
            | Self::Case { .. }
            | Self::Assistant { .. }
            | Self::Segnalazione { .. }
            | Self::Call { .. }
            | Self::Closed { .. }
            | Self::Unknown {} => None,
        }
    }

    /// Whether it is a message.
    pub const fn is_message(&self) -> bool {
        self.message().is_some()
    }

    /// The author of a message.
    pub fn author(&self) -> Option<&Author> {
        self.message().map(|(_, author, _)| author)
    }

    /// Whether it is a message of the person.
    pub fn is_by_citizen(&self) -> bool {
        self.author() == Some(&Author::Citizen)
    }

    /// Whether it answers the person: a message of an advisor, or a case an advisor showed.
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Message { author: Author::Advisor { .. }, .. } | Self::Case { .. })
    }

    /// The id its author made, by which a repetition is recognised: of a message, of a case that was shown, of a question to the
    /// assistant, of a segnalazione when it is written. The later states of a segnalazione repeat its id and have no author.
    pub const fn message_id(&self) -> Option<&MessageId> {
        match self {
            Self::Message { id, .. }
            | Self::Case { id, .. }
            | Self::Assistant { id, .. }
            | Self::Segnalazione { id, state: SegnalazioneState::Sending {}, .. } => Some(id),
            Self::Opened {}
            | Self::Assigned { .. }
            | Self::ClosingSoon { .. }
            | Self::Returned { .. }
            | Self::Transferred { .. }
            | Self::Joined { .. }
            | Self::Left { .. }
            | Self::Observed { .. }
            | Self::OnHold { .. }
            | Self::Resumed {}
            | Self::Warned {}
            | Self::Blocked { .. }
            | Self::Inactive { .. }
            | Self::Stayed {}
            | Self::Question(_)
            | Self::Segnalazione { .. }
            | Self::Call { .. }
            | Self::Closed { .. }
            | Self::Unknown {} => None,
        }
    }
}

fn body<'de, D: Deserializer<'de>>(deserializer: D) -> Result<EntryBody, D::Error> {
    <&RawValue>::deserialize(deserializer).map(|raw| EntryBody::read(raw.get()))
}

/// The author of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The person who came with a question.
    Citizen,
    /// An advisor of the Institute.
    Advisor {
        /// The name shown to the person.
        name: String,
    },
}

impl Author {
    /// The side the author is on.
    pub const fn party(&self) -> Party {
        match self {
            Self::Citizen => Party::Citizen,
            Self::Advisor { .. } => Party::Advisor,
        }
    }
}

/// The outcome of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Answered there and then (*chiusa online*).
    Online,
    /// Passed on to an office (*inviata a Linea INPS*).
    LineaInps,
    /// The person found the answer in their own cases while they waited.
    SelfServed,
    /// The person left, or was gone, before it was answered (*abbandonata*).
    Abandoned,
    /// A supervisor ended it after abuse.
    Blocked,
}

/// One side of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The person who came with a question.
    Citizen,
    /// An advisor of the Institute.
    Advisor,
    /// The service itself, by a rule.
    System,
}

/// The phase of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No advisor has taken it yet.
    Waiting {
        /// When the person began to wait.
        since: Timestamp,
    },
    /// An advisor answers.
    Active {
        /// The advisor's name as shown to the person.
        advisor: String,
        /// When the advisor took over.
        since: Timestamp,
    },
    /// Closed.
    Closed {
        /// When it was closed.
        at: Timestamp,
        /// The side that closed it.
        by: Party,
    },
}

impl Phase {
    /// Whether no message can be added any more.
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }
}
