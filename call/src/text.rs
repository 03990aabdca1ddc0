// SPDX-License-Identifier: EUPL-1.2
//! The words of a call, as the person reads them.

use infocig_client::{
    call::{
        CallView,
        scene::{CallScene, Obstacle},
    },
    words::Words,
};
use infocig_protocol::{
    call::{CallEnd, CallStep},
    entry::Party,
};

/// A step of a call, for the log. Minutes are rounded up: a talk of some seconds was one.
pub fn step(words: &Words, step: &CallStep) -> String {
    match step {
        CallStep::Offered { by: Party::Citizen } => words.text("entry.call_asked"),
        CallStep::Offered { by: Party::Advisor | Party::System } => words.text("entry.call_offered"),
        CallStep::Accepted {} => words.text("entry.call_accepted"),
        CallStep::Declined {} => words.text("entry.call_declined"),
        CallStep::Began {} => words.text("entry.call_began"),
        CallStep::Ended { why, seconds, .. } if *seconds == 0 => words.text(match why {
            CallEnd::Withdrawn => "entry.call_withdrawn",
            CallEnd::Unanswered => "entry.call_unanswered",
            CallEnd::NoMicrophone => "entry.call_no_microphone",
            CallEnd::HungUp | CallEnd::NoConnection | CallEnd::ConversationEnded | CallEnd::HandedOn => {
                "entry.call_failed"
            }
        }),
        CallStep::Ended { why, seconds, .. } => {
            let key = if *why == CallEnd::NoConnection { "entry.call_broke" } else { "entry.call_ended" };
            words.count(key, seconds.div_ceil(60))
        }
    }
}

/// What is going on. Without a call: what came last, which has just ended.
pub const fn line(scene: &CallScene) -> Option<&'static str> {
    if scene.asks_permission {
        return Some("call.asks_permission");
    }
    Some(match scene.view {
        CallView::None => return None,
        CallView::Asking => "call.asking",
        CallView::Asked => "call.asked",
        CallView::Elsewhere => "call.elsewhere",
        CallView::Connecting => "call.connecting",
        CallView::Reconnecting => "call.reconnecting",
        CallView::Talking if scene.lost_microphone => "call.lost_microphone",
        CallView::Talking if scene.muted => "call.muted",
        CallView::Talking => "call.talking",
    })
}

/// Why this device has no part in a call.
pub const fn obstacle(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NoWebrtc => "call.no_webrtc",
        Obstacle::Forbidden => "call.forbidden",
        Obstacle::Denied => "call.denied",
        Obstacle::NoDevice => "call.no_device",
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::language::Language;

    use super::*;

    #[test]
    fn an_end_says_why_and_how_long() {
        let words = Words::read(Language::It, include_str!("../texts/it.json")).unwrap();
        let ended = |why, seconds| step(&words, &CallStep::Ended { by: Party::System, why, seconds });
        assert_eq!(ended(CallEnd::HungUp, 61), "Chiamata terminata: durata circa 2 minuti");
        assert_eq!(ended(CallEnd::Unanswered, 0), "La proposta di chiamata è scaduta senza risposta");
        assert!(ended(CallEnd::NoConnection, 5).contains("perdita del collegamento"));
        assert!(ended(CallEnd::NoMicrophone, 0).contains("microfono"));
    }
}
