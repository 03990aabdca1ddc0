// SPDX-License-Identifier: EUPL-1.2
//! The keys of what both interfaces say of a call. Each has its own texts for them: one speaks to the person, the other of them.

use infocig_protocol::{
    call::{CallEnd, CallStep},
    entry::Party,
};

use super::{
    CallView,
    quality::Quality,
    scene::{CallScene, Obstacle},
    text::LOSS,
};
use crate::words::Words;

/// A step of a call, for the log; `{person}` is the person's name. Minutes are rounded up: a talk of some seconds was one.
pub fn step(words: &Words, step: &CallStep, person: &str) -> String {
    words.fill(
        match step {
            CallStep::Offered { by: Party::Citizen } => "entry.call_asked",
            CallStep::Offered { by: Party::Advisor | Party::System } => "entry.call_offered",
            CallStep::Accepted {} => "entry.call_accepted",
            CallStep::Declined {} => "entry.call_declined",
            CallStep::Began {} => "entry.call_began",
            CallStep::Ended { why, seconds, .. } if *seconds == 0 => match why {
                CallEnd::Withdrawn => "entry.call_withdrawn",
                CallEnd::Unanswered => "entry.call_unanswered",
                CallEnd::NoMicrophone => "entry.call_no_microphone",
                CallEnd::HungUp | CallEnd::NoConnection | CallEnd::ConversationEnded | CallEnd::HandedOn => {
                    "entry.call_failed"
                }
            },
            CallStep::Ended { why, seconds, .. } => {
                let broke = *why == CallEnd::NoConnection;
                let key = if broke { "entry.call_broke" } else { "entry.call_ended" };
                return words.count(key, seconds.div_ceil(60));
            }
        },
        &[("person", person)],
    )
}

/// What is going on. Without a call there is nothing to say.
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
        CallView::Talking if matches!(scene.quality, Some(Quality::Unstable)) => "call.unstable",
        CallView::Talking => "call.talking",
    })
}

/// How good the connection is.
pub const fn quality(quality: Quality) -> &'static str {
    match quality {
        Quality::Good => "call.quality_good",
        Quality::Unstable => "call.quality_unstable",
    }
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

/// A line of real-time text, with a word where some of it was lost.
pub fn text(words: &Words, line: &str) -> String {
    line.replace(LOSS, &words.text("call.text_lost"))
}

#[cfg(test)]
mod tests {
    use infocig_protocol::language::Language;

    use super::*;

    #[test]
    fn an_end_says_why_and_how_long() {
        let (person, advisor) =
            (include_str!("../../../call/texts/it.json"), include_str!("../../../console/texts/it.json"));
        let lapsed = [
            (person, "La proposta di chiamata è scaduta senza risposta"),
            (advisor, "Nessuno ha risposto alla proposta di chiamata"),
        ];
        for (texts, unanswered) in lapsed {
            let words = Words::read(Language::It, texts).unwrap();
            let ended =
                |why, seconds| step(&words, &CallStep::Ended { by: Party::System, why, seconds }, "Ada");
            assert_eq!(ended(CallEnd::HungUp, 61), "Chiamata terminata: durata circa 2 minuti");
            assert_eq!(ended(CallEnd::Unanswered, 0), unanswered);
            assert!(ended(CallEnd::NoConnection, 5).contains("perdita del collegamento"));
            assert!(ended(CallEnd::NoMicrophone, 0).contains("microfono"));
        }
    }
}
