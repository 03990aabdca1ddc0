// SPDX-License-Identifier: EUPL-1.2
//! Where the conversation stands: in words, in the queue, by whom it is answered; and its log.

use infocig_client::{link::LinkState, page};
use infocig_protocol::entry::Phase;

use super::log;
use crate::{
    dom::{El, button, el, line},
    text,
    ui::Ui,
};

/// The conversation, but for what is being written.
pub(crate) fn conversation(ui: Ui) -> El {
    let state = ui.state;
    let phase = move || {
        let phase = state.read(|s| s.phase.clone());
        ui.words(|words| text::phase(words, phase.as_ref()))
    };
    let away = move || {
        let advisor = state.read(|s| match &s.phase {
            Some(Phase::Active { advisor, .. }) if s.advisor_away && s.link == LinkState::Live => {
                Some(advisor.clone())
            }
            _ => None,
        });
        advisor.map(|advisor| ui.fill("presence.away", &[("advisor", &advisor)]))
    };
    let place = move || {
        let place = state.read(|s| s.place.filter(|_| s.is_waiting()));
        place.map(|place| ui.words(|words| text::place(words, place)))
    };
    let link_lost =
        move || state.read(|s| s.link == LinkState::Lost && !s.is_closed()).then(|| ui.say("link.lost"));
    el("div")
        .class("conversation")
        .with(line("p", "phase", "").attr("role", "status").part("phase").reads(phase))
        .tells("presence", "place", place)
        .switch(
            move || state.read(|s| s.ends_unanswered.filter(|_| !s.is_closed())),
            move |closes| closes.map(|closes| unanswered(ui, &page::clock(closes))),
        )
        .tells("presence", "presence", away)
        .tells("notice", "link", link_lost)
        .when(
            move || state.read(|s| s.writes && s.asks_question()),
            move || ui.later.place(ui, move |later| (later.question)(ui)),
        )
        .tells("presence", "question-sending", move || {
            state.read(|s| s.says_question()).then(|| ui.say("question.sending"))
        })
        .when(
            move || state.read(|s| s.writes && s.offers_cases()),
            move || ui.later.place(ui, move |later| (later.own_cases)(ui)),
        )
        .with(log(ui))
}

fn unanswered(ui: Ui, clock: &str) -> El {
    el("div")
        .class("notice warning")
        .attr("role", "alert")
        .part("unanswered")
        .with(line("p", "", &ui.fill("stay.warning", &[("clock", clock)])))
        .with(button("button", "stay", &ui.say("stay.button"), move || ui.act(|chat| chat.stay())))
}
