// SPDX-License-Identifier: EUPL-1.2
//! How a conversation is assigned, and what was requested of the desk for it.

use infocig_client::words::Words;
use infocig_protocol::{desk::AssignmentState, problem::Code};

use crate::state::assignment::DeskRequest;

/// The assignment of a conversation, in a word or two.
pub fn assignment(words: &Words, state: Option<&AssignmentState>) -> Option<String> {
    Some(match state? {
        AssignmentState::Held { ending: true, .. } => words.say("hand.ending"),
        AssignmentState::Held { transferring_to: Some(to), .. } => {
            words.fill("hand.passing", &[("name", to)])
        }
        AssignmentState::Held { .. } => words.say("phase.active"),
        AssignmentState::Helping { holder } => words.fill("hand.helping", &[("name", holder)]),
        AssignmentState::Observing { holder } => words.fill("hand.observing", &[("name", holder)]),
        AssignmentState::WrapUp { topic_missing: true, .. } => words.say("hand.topic_missing"),
        AssignmentState::WrapUp { .. } => words.say("hand.wrap_up"),
        AssignmentState::Offered { .. } | AssignmentState::Invited { .. } => return None,
    })
}

/// The time until the place of an ended conversation is freed.
pub fn wrap_up_left(words: &Words, seconds: i64) -> String {
    let seconds = u64::try_from(seconds).unwrap_or_default();
    match (seconds / 60, seconds % 60) {
        (0, 0) => words.say("over.place_now"),
        (0, seconds) => words.count("over.place_seconds", seconds),
        (minutes, seconds) => {
            let (minutes, seconds) = (minutes.to_string(), format!("{seconds:02}"));
            words.fill("over.place_minutes", &[("minutes", &minutes), ("seconds", &seconds)])
        }
    }
}

/// The label of the button that transfers a conversation or withdraws the transfer.
pub const fn transfer(passes: bool) -> &'static str {
    if passes { "hand.retract" } else { "hand.transfer" }
}

/// A request to the desk that is pending.
pub fn pending_request(words: &Words, pending_request: &DeskRequest) -> String {
    match pending_request {
        DeskRequest::Transfer(name) => words.fill("wish.hand_on", &[("name", name)]),
        DeskRequest::ReturnToQueue => words.say("wish.put_back"),
        DeskRequest::Invite(name) => words.fill("wish.help", &[("name", name)]),
        DeskRequest::Leave => words.say("wish.leave"),
        DeskRequest::Retract => words.say("wish.take_back"),
        DeskRequest::Close => words.say("wish.end"),
    }
}

/// A request that the desk refused, with a way on.
pub fn failed_request(words: &Words, pending_request: &DeskRequest, code: Code) -> String {
    let name = match pending_request {
        DeskRequest::Transfer(name) | DeskRequest::Invite(name) => name.as_str(),
        DeskRequest::ReturnToQueue | DeskRequest::Leave | DeskRequest::Retract | DeskRequest::Close => "",
    };
    let key = match (code, pending_request) {
        (Code::AdvisorUnavailable, _) => "undone.unavailable",
        (Code::AtCapacity, _) => "undone.full",
        (Code::NotAssigned | Code::NotWaiting, _) => "trouble.not_mine",
        (Code::ConversationClosed, _) => "trouble.closed",
        (Code::TopicNeeded, _) => "undone.topic",
        (_, DeskRequest::Close) => "undone.end",
        _ => "undone.failed",
    };
    words.fill(key, &[("name", name)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn what_could_not_be_done_says_what_to_do() {
        let words = italian();
        let pending_request = DeskRequest::Transfer("Marco".into());
        assert_eq!(
            failed_request(&words, &pending_request, Code::AtCapacity),
            "Marco ha già tutte le conversazioni possibili. Scegli un altro nome."
        );
        assert_eq!(failed_request(&words, &DeskRequest::Close, Code::Fault), "Non conclusa. Riprova.");
    }
}
