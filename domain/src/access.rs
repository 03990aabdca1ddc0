// SPDX-License-Identifier: EUPL-1.2
//! Permissions in a conversation beyond reading and writing its log: each rule once, for every transport.

use infocig_protocol::problem::Code;

use crate::{conversation::Conversation, people::Speaker, policy::Messages, refusal::Reason};

/// Whether a speaker may read the log.
pub fn may_read(conversation: &Conversation, speaker: &Speaker) -> Result<(), Reason> {
    if conversation.may_read(speaker) { Ok(()) } else { Err(NOT_ASSIGNED) }
}

/// Whether a speaker may ask for anything beside the log: cases, a transcript, a card. An advisor reads a conversation that is
/// over only on their link, while they wrap it up, and a supervisor who observes reads the log alone.
pub fn may_ask_beside(conversation: &Conversation, speaker: &Speaker) -> Result<(), Reason> {
    if (conversation.is_closed() && *speaker != Speaker::Citizen) || conversation.is_observer(speaker) {
        return Err(NOT_ASSIGNED);
    }
    may_read(conversation, speaker)
}

/// Whether a speaker may read earlier conversations of the same person on the link of this one: an advisor who may read it.
pub fn may_read_history(conversation: &Conversation, speaker: &Speaker) -> Result<(), Reason> {
    if *speaker != Speaker::Citizen && conversation.may_read(speaker) && !conversation.is_observer(speaker) {
        Ok(())
    } else {
        Err((Code::NotAssigned, "earlier conversations are for the advisor who holds this one"))
    }
}

/// Whether anything can still follow for somebody who has read the whole log: it goes on, or an office owes the person an
/// answer.
pub fn awaits_more(conversation: &Conversation, speaker: &Speaker) -> bool {
    !conversation.is_closed() || (*speaker == Speaker::Citizen && conversation.awaits_office())
}

/// Whether an advisor may add a card or a segnalazione: the log keeps to the same length whatever is added to it.
pub fn has_room(conversation: &Conversation, limits: &Messages) -> Result<(), Reason> {
    if conversation.last_seq() < u64::from(limits.per_conversation.get()) {
        Ok(())
    } else {
        Err((Code::ConversationFull, "the conversation takes no more"))
    }
}

const NOT_ASSIGNED: Reason = (Code::NotAssigned, "this advisor does not hold the conversation");

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        id::{AdvisorId, ConversationId, QueueId},
        language::Language,
        person::{Category, Credential, PersonCard},
        time::Timestamp,
    };

    use super::*;
    use crate::{
        conversation::{ClosingTime, InactivityTimeouts},
        notification::ConversationCommand,
        people::{Advisor, Asker, PriorityFacts, Subject},
        policy::Policy,
    };

    #[test]
    fn an_advisor_asks_for_nothing_beside_a_conversation_that_is_over_and_its_person_does() {
        let mut conversation = taken();
        assert_eq!(may_ask_beside(&conversation, &giulia()), Ok(()));
        conversation.close(&Speaker::Citizen, at(3)).unwrap();

        assert_eq!(may_ask_beside(&conversation, &giulia()), Err(NOT_ASSIGNED));
        assert_eq!(may_ask_beside(&conversation, &Speaker::Citizen), Ok(()));
        assert!(!awaits_more(&conversation, &Speaker::Citizen), "no office owes them an answer");
    }

    #[test]
    fn earlier_conversations_are_for_the_advisor_who_holds_this_one() {
        let conversation = taken();
        assert_eq!(may_read_history(&conversation, &giulia()), Ok(()));
        for other in [Speaker::Citizen, advisor("marco")] {
            assert!(may_read_history(&conversation, &other).is_err(), "{other:?}");
        }
    }

    #[test]
    fn a_log_has_room_up_to_the_limit() {
        let conversation = taken();
        let limits = |most: u32| {
            let policy = Policy::parse(include_str!("../../edge/policy.json")).unwrap();
            Messages { per_conversation: most.try_into().unwrap(), ..policy.messages }
        };
        assert_eq!(has_room(&conversation, &limits(3)), Ok(()), "two entries of three");
        assert_eq!(
            has_room(&conversation, &limits(2)).map_err(|(code, _)| code),
            Err(Code::ConversationFull)
        );
    }

    fn taken() -> Conversation {
        let card = PersonCard {
            name: "Lucia Ferretti".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::SpidL2,
            acting_for: None,
            language: Language::It,
            entry_point: None,
            about: None,
            question: None,
        };
        let subject = Subject::themself("https://portale.example", "p-1", Category::Lavoratore);
        let closing = ClosingTime { warn: None, closes: at(1_000_000), ends: at(1_500_000) };
        let policy = Policy::parse(include_str!("../../edge/policy.json")).unwrap();
        let (mut conversation, _) = Conversation::open(
            ConversationId::of(&"0f".repeat(32), 1).unwrap(),
            QueueId::parse("info-cig").unwrap(),
            Asker { card, subject, facts: PriorityFacts::default() },
            closing,
            InactivityTimeouts::of(&policy.desk),
            at(1),
        );
        let advisor = Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "giulia".into() };
        conversation.apply(ConversationCommand::Assigned { assignment_epoch: 1, advisor }, at(2));
        conversation
    }

    fn giulia() -> Speaker {
        advisor("giulia")
    }

    fn advisor(name: &str) -> Speaker {
        Speaker::Advisor(Advisor { id: AdvisorId::parse(name).unwrap(), name: name.into() })
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
