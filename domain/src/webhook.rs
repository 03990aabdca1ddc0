// SPDX-License-Identifier: EUPL-1.2
//! What other systems of the administration are told of a conversation: ids, codes and instants, never a word
//! (`CloudEvents` 1.0, JSON event format).

use infocig_protocol::{
    entry::{Outcome, Party},
    id::{ConversationId, QueueId},
    time::Timestamp,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::figures::{Event, EventKind};

/// An event of a conversation that webhooks are told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEvent {
    /// The conversation.
    pub conversation: ConversationId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: WebhookEventKind,
}

/// The kinds of events that webhooks are told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookEventKind {
    /// A person entered a queue.
    Opened {
        /// The queue.
        queue: QueueId,
    },
    /// An advisor accepted it.
    Answered {},
    /// It ended.
    Ended {
        /// The side that ended it.
        by: Party,
        /// Its outcome, if it is known by then.
        outcome: Option<Outcome>,
    },
    /// A segnalazione was sent to an office.
    Forwarded {},
    /// The office answered the segnalazione.
    OfficeAnswered {},
}

impl WebhookEvent {
    /// The event as webhooks are told of it; `None` if they are not.
    pub fn of(event: &Event) -> Option<Self> {
        let kind = match &event.kind {
            EventKind::Entered(entered) => WebhookEventKind::Opened { queue: entered.queue.clone() },
            EventKind::Assigned { .. } => WebhookEventKind::Answered {},
            EventKind::Ended { by, outcome, .. } => WebhookEventKind::Ended { by: *by, outcome: *outcome },
            EventKind::Forwarded {} => WebhookEventKind::Forwarded {},
            EventKind::OfficeAnswered {} => WebhookEventKind::OfficeAnswered {},
            EventKind::Told { .. }
            | EventKind::About { .. }
            | EventKind::Offered {}
            | EventKind::Missed {}
            | EventKind::Declined {}
            | EventKind::FirstWord {}
            | EventKind::Requeued { .. }
            | EventKind::Returned {}
            | EventKind::OnHold {}
            | EventKind::Resumed {}
            | EventKind::Call { .. }
            | EventKind::WrappedUp { .. }
            | EventKind::AssistantShown {}
            | EventKind::SourceOpened {}
            | EventKind::CameBack {}
            | EventKind::Rated { .. } => return None,
        };
        Some(Self { conversation: event.conversation.clone(), at: event.at, kind })
    }

    /// The event as `CloudEvents` 1.0 in structured mode. `source` is the service's origin; `id` is the same whenever this event
    /// is sent again.
    pub fn cloud_event(&self, source: &str, id: &str) -> Value {
        let (name, mut data) = match &self.kind {
            WebhookEventKind::Opened { queue } => ("opened", json!({ "queue": queue })),
            WebhookEventKind::Answered {} => ("answered", json!({})),
            WebhookEventKind::Ended { by, outcome } => ("ended", json!({ "by": by, "outcome": outcome })),
            WebhookEventKind::Forwarded {} => ("forwarded", json!({})),
            WebhookEventKind::OfficeAnswered {} => ("office-answered", json!({})),
        };
        data["conversation"] = json!(self.conversation);
        let at = jiff::Timestamp::UNIX_EPOCH
            .checked_add(SignedDuration::from_millis(self.at.as_millis()))
            .unwrap_or_default();
        json!({
            "specversion": "1.0",
            "id": id,
            "source": source,
            "type": format!("infocig.conversation.{name}"),
            "subject": self.conversation,
            "time": at.to_string(),
            "datacontenttype": "application/json",
            "data": data,
        })
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::id::AdvisorId;

    use super::*;

    #[test]
    fn an_event_has_ids_codes_and_instants_and_the_members_of_cloudevents() {
        let ended = event(EventKind::Ended {
            by: Party::Advisor,
            outcome: Some(Outcome::Online),
            held_by: Some(AdvisorId::parse("giulia").unwrap()),
        });

        let told = WebhookEvent::of(&ended).unwrap().cloud_event("https://chat.example", "7");

        assert_eq!(
            told,
            json!({
                "specversion": "1.0", "id": "7", "source": "https://chat.example",
                "type": "infocig.conversation.ended", "subject": ended.conversation, "time": "2026-11-23T14:20:00.5Z",
                "datacontenttype": "application/json",
                "data": { "conversation": ended.conversation, "by": "advisor", "outcome": "online" },
            })
        );
        assert!(!told.to_string().contains("giulia"), "who answered is nobody else's business");
    }

    #[test]
    fn steps_inside_the_service_are_not_told() {
        for kind in [EventKind::Offered {}, EventKind::FirstWord {}, EventKind::OnHold {}] {
            assert_eq!(WebhookEvent::of(&event(kind)), None);
        }
    }

    fn event(kind: EventKind) -> Event {
        let conversation = ConversationId::of(&"0".repeat(64), 1).unwrap();
        Event { conversation, at: Timestamp::from_millis(1_795_443_600_500), kind }
    }
}
