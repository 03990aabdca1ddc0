// SPDX-License-Identifier: EUPL-1.2
//! How a conversation is assigned, and what was requested of the desk for it.

use infocig_client::words::Words;
use infocig_protocol::{desk::AssignmentState, problem::Code};

use crate::state::assignment::DeskRequest;

/// The assignment of a conversation, in a word or two.
pub fn assignment(words: &Words, state: Option<&AssignmentState>) -> Option<String> {
    Some(match state? {
        AssignmentState::Held { ending: true, .. } => words.text("assignment.ending"),
        AssignmentState::Held { transferring_to: Some(to), .. } => {
            words.fill("assignment.transferring", &[("name", to)])
        }
        AssignmentState::Held { on_hold: Some(hold), .. } => {
            words.text(if hold.due { "assignment.hold_due" } else { "assignment.on_hold" })
        }
        AssignmentState::Held { .. } => words.text("phase.active"),
        AssignmentState::Helping { holder } => words.fill("assignment.helping", &[("name", holder)]),
        AssignmentState::Observing { holder } => words.fill("assignment.observing", &[("name", holder)]),
        AssignmentState::WrapUp { topic_missing: true, .. } => words.text("assignment.topic_missing"),
        AssignmentState::WrapUp { .. } => words.text("assignment.wrap_up"),
        AssignmentState::Offered { .. } | AssignmentState::Invited { .. } => return None,
    })
}

/// The time until the place of an ended conversation is freed.
pub fn wrap_up_left(words: &Words, seconds: i64) -> String {
    let seconds = u64::try_from(seconds).unwrap_or_default();
    match (seconds / 60, seconds % 60) {
        (0, 0) => words.text("wrap_up.place_now"),
        (0, seconds) => words.count("wrap_up.place_seconds", seconds),
        (minutes, seconds) => {
            let (minutes, seconds) = (minutes.to_string(), format!("{seconds:02}"));
            words.fill("wrap_up.place_minutes", &[("minutes", &minutes), ("seconds", &seconds)])
        }
    }
}

/// The label of the button that transfers a conversation or withdraws the transfer.
pub const fn transfer(passes: bool) -> &'static str {
    if passes { "assignment.retract" } else { "assignment.transfer" }
}

/// A request to the desk that is pending.
pub fn pending_request(words: &Words, pending_request: &DeskRequest) -> String {
    match pending_request {
        DeskRequest::Transfer(name) => words.fill("request.transfer", &[("name", name)]),
        DeskRequest::ReturnToQueue => words.text("request.return_to_queue"),
        DeskRequest::ToOtherQueue(queue) => words.fill("request.to_other_queue", &[("queue", queue)]),
        DeskRequest::Invite(name) => words.fill("request.invite", &[("name", name)]),
        DeskRequest::Leave => words.text("request.leave"),
        DeskRequest::Retract => words.text("request.retract"),
        DeskRequest::Warn => words.text("request.warn"),
        DeskRequest::Hold => words.text("request.hold"),
        DeskRequest::Resume => words.text("request.resume"),
        DeskRequest::Close => words.text("request.close"),
    }
}

/// A request that the desk refused, with a way on.
pub fn failed_request(words: &Words, pending_request: &DeskRequest, code: Code) -> String {
    let name = match pending_request {
        DeskRequest::Transfer(name) | DeskRequest::Invite(name) => name.as_str(),
        DeskRequest::ReturnToQueue
        | DeskRequest::ToOtherQueue(_)
        | DeskRequest::Leave
        | DeskRequest::Retract
        | DeskRequest::Warn
        | DeskRequest::Hold
        | DeskRequest::Resume
        | DeskRequest::Close => "",
    };
    let key = match (code, pending_request) {
        (Code::AdvisorUnavailable, _) => "request_error.unavailable",
        (Code::AtCapacity, _) => "request_error.at_capacity",
        (Code::NotAssigned | Code::NotWaiting, _) => "request_error.not_assigned",
        (Code::ConversationClosed, _) => "request_error.conversation_closed",
        (Code::TopicNeeded, _) => "request_error.topic_needed",
        (_, DeskRequest::Close) => "request_error.not_closed",
        _ => "request_error.failed",
    };
    words.fill(key, &[("name", name)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn a_failed_request_says_how_to_go_on() {
        let words = italian();
        let pending_request = DeskRequest::Transfer("Marco".into());
        assert_eq!(
            failed_request(&words, &pending_request, Code::AtCapacity),
            "Marco ha già tutte le conversazioni possibili. Scegli un altro nome."
        );
        assert_eq!(failed_request(&words, &DeskRequest::Close, Code::Fault), "Non conclusa. Riprova.");
    }
}
