// SPDX-License-Identifier: EUPL-1.2
//! The named events of a conversation that figures are made of.
//!
//! | event | reported by |
//! |---|---|
//! | entered, told, offered, missed, declined, assigned, first word, transferred, returned, on hold, resumed, call, ended, wrapped up | the desk |
//! | forwarded, office answered | the connector to Linea INPS |
//! | rated, assistant shown, source opened, came back | the conversation |

use infocig_protocol::{
    call::CallStep,
    entry::{Outcome, Party},
    id::{AdvisorId, ConversationId, QueueId},
    language::Language,
    person::{Category, EntryPoint, PersonCard},
    rating::Answer,
    skill::Skill,
    time::Timestamp,
    topic::TopicPath,
};
use serde::{Deserialize, Serialize};

/// Something that happened to a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The conversation.
    pub conversation: ConversationId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The person entered the queue. Always the first event.
    Entered(Box<Entered>),
    /// The person was told for the first time how long they would wait.
    Told {
        /// At least so many minutes.
        from: u16,
        /// At most so many minutes.
        to: u16,
    },
    /// The person, or the portal after they entered, said what the question is about.
    About {
        /// The subject.
        skill: Skill,
    },
    /// It was offered to an advisor, from the queue or by a colleague.
    Offered {},
    /// An offer lapsed without an answer.
    Missed {},
    /// An advisor let an offer go by.
    Declined {},
    /// An advisor accepted it: the person waits no more.
    Assigned {
        /// The advisor.
        advisor: AdvisorId,
    },
    /// The advisor it was last assigned to wrote for the first time since.
    FirstWord {},
    /// The advisor gave it back to the queue, or handed it to another queue: the person waits again. Or a supervisor moved one
    /// that waits to another queue: the person waits on.
    Requeued {
        /// The queue it waits in from here on.
        queue: QueueId,
    },
    /// The advisor's connection was lost for longer than the grace: the person waits again.
    Returned {},
    /// The advisor put it on hold.
    OnHold {},
    /// The advisor took it off hold.
    Resumed {},
    /// A call between the person and the advisor was accepted or declined, or is over.
    Call {
        /// What happened.
        step: CallStep,
    },
    /// It ended.
    Ended {
        /// The side that ended it.
        by: Party,
        /// The outcome, where the conversation knows it.
        outcome: Option<Outcome>,
        /// The advisor who held it, as far as the conversation knew; absent if none did, even where an assignment was under
        /// way.
        held_by: Option<AdvisorId>,
    },
    /// Its advisor classified it, or the time for that was over: the place is free.
    WrappedUp {
        /// The topic.
        topic: Option<TopicPath>,
        /// The outcome.
        outcome: Option<Outcome>,
    },
    /// A segnalazione was sent to an office.
    Forwarded {},
    /// The office answered the segnalazione.
    OfficeAnswered {},
    /// The person rated it.
    Rated {
        /// Whether they had the answer they were looking for.
        rating: Answer,
    },
    /// The assistant showed an answer while the person waited.
    AssistantShown {},
    /// The person opened a source of an answer.
    SourceOpened {},
    /// The person, who had left the queue with an answer, began another conversation within
    /// [`COMES_BACK_MS`](super::COMES_BACK_MS).
    CameBack {},
}

/// The attributes of a conversation that reports can be broken down by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The queue.
    pub queue: QueueId,
    /// The capacity the person writes in.
    pub category: Category,
    /// ISTAT code of the province that counts for them.
    pub province: String,
    /// The language they read the service in.
    pub language: Language,
    /// The portal they came from.
    pub entry_point: Option<EntryPoint>,
    /// Its subject, if known.
    pub about: Option<Skill>,
}

impl Entered {
    /// The attributes of a person who enters a queue.
    pub fn of(person: &PersonCard, queue: &QueueId) -> Self {
        Self {
            queue: queue.clone(),
            category: person.category,
            province: person.province.clone(),
            language: person.language,
            entry_point: person.entry_point,
            about: person.about,
        }
    }
}
