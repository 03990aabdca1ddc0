// SPDX-License-Identifier: EUPL-1.2
//! Written requests: how many of them may wait for an office at once.

use infocig_protocol::{entry::Party, problem::Code, time::Timestamp};

use crate::{
    conversation::{Conversation, Phase},
    refusal::Reason,
};

/// Whether a person may write another request now, given their `recent` conversations. Refused while a conversation is open
/// (`conversation-open`), and while [`MOST_PENDING`] requests of the last seven days wait for an office
/// (`requests-pending`).
pub fn may_write(recent: &[Conversation], now: Timestamp) -> Result<(), Reason> {
    if recent.iter().any(|past| !past.is_closed()) {
        return Err((Code::ConversationOpen, "a conversation is open: write there"));
    }
    if recent.iter().filter(|past| is_pending(past, now)).count() >= MOST_PENDING {
        return Err((Code::RequestsPending, "an office has yet to answer what was written before"));
    }
    Ok(())
}

/// Whether a conversation is a written request, not older than [`PENDING_MS`], that an office has yet to answer.
fn is_pending(conversation: &Conversation, now: Timestamp) -> bool {
    match conversation.phase() {
        Phase::Closed { at, by: Party::Citizen, last_advisor: None, .. } => {
            conversation.awaits_office() && at.plus_millis(PENDING_MS) > now
        }
        Phase::Waiting { .. } | Phase::Active { .. } | Phase::Closed { .. } => false,
    }
}

/// So many written requests of a person may wait for an office.
pub const MOST_PENDING: usize = 3;
const PENDING_MS: i64 = 7 * 24 * 60 * 60_000;

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        id::{ConversationId, MessageId, QueueId},
        person::{Category, Credential, PersonCard},
    };

    use super::*;
    use crate::{
        conversation::InactivityTimeouts,
        people::{Asker, PriorityFacts, Subject},
        policy::Policy,
    };

    #[test]
    fn three_requests_may_wait_within_seven_days() {
        let mut recent: Vec<_> = (1..=2).map(|ordinal| request(ordinal, 0)).collect();
        assert_eq!(may_write(&recent, at(1)), Ok(()));

        recent.push(request(3, 1_000));
        assert_eq!(code(may_write(&recent, at(1_001))), Some(Code::RequestsPending));
        assert_eq!(code(may_write(&recent, at(PENDING_MS - 1))), Some(Code::RequestsPending));
        assert_eq!(may_write(&recent, at(PENDING_MS)), Ok(()), "two of them are a week old");
    }

    fn request(ordinal: u32, millis: i64) -> Conversation {
        let card = PersonCard {
            name: "Lucia Ferretti".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::SpidL2,
            acting_for: None,
            language: infocig_protocol::language::Language::It,
            entry_point: None,
            about: None,
            question: None,
        };
        let subject = Subject::themself("https://portale.example", "p-1", Category::Lavoratore);
        let id = ConversationId::of(&"0f".repeat(32), ordinal).unwrap();
        let queue = QueueId::parse("info-cig").unwrap();
        let message = MessageId::parse(format!("m{ordinal}")).unwrap();
        {
            let policy = Policy::parse(include_str!("../../edge/policy.json")).unwrap();
            let timeouts = InactivityTimeouts::of(&policy.desk);
            Conversation::request(
                id,
                queue,
                Asker { card, subject, facts: PriorityFacts::default() },
                message,
                "When?",
                timeouts,
                at(millis),
            )
            .0
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn code(result: Result<(), Reason>) -> Option<Code> {
        result.err().map(|(code, _)| code)
    }
}
