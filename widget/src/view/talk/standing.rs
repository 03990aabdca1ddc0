// SPDX-License-Identifier: EUPL-1.2
//! Where the conversation stands: in words, in the queue, by whom it is answered; and its log.

use infocig_client::{dates, link::LinkState};
use infocig_protocol::entry::Phase;
use leptos::prelude::untrack;

use super::log;
use crate::{
    dom::{El, button, el, line},
    state::OwnCases,
    text,
    ui::Ui,
    view::later::Later,
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
    // The line is there before the desk has said a place, so that nothing below it moves.
    let place = move || {
        let (waiting, place) = state.read(|s| (s.is_waiting(), s.place));
        let said =
            || place.map_or_else(|| "\u{a0}".into(), |place| ui.words(|words| text::place(words, place)));
        waiting.then(said)
    };
    let link_lost =
        move || state.read(|s| s.link == LinkState::Lost && !s.is_closed()).then(|| ui.say("link.lost"));
    el("div")
        .class("conversation")
        .with(line("p", "phase", "").attr("role", "status").part("phase").reads(phase))
        .tells("presence", "place", place)
        .switch(
            move || state.read(|s| s.ends_unanswered.filter(|_| !s.is_closed())),
            move |closes| closes.map(|closes| unanswered(ui, &dates::clock(closes))),
        )
        .tells("presence", "presence", away)
        .tells("notice", "link", link_lost)
        .when(
            move || state.read(|s| s.writes && s.asks_question()),
            move || {
                fold(
                    ui,
                    ("question-toggle", "question.title"),
                    move || state.read(|s| s.written_question()).0,
                    move || state.change(|s| s.write_question(|unfolded, _| *unfolded ^= true)),
                    |later| later.question,
                )
            },
        )
        .tells("presence", "question-sending", move || {
            state.read(|s| s.says_question()).then(|| ui.say("question.sending"))
        })
        .when(
            move || state.read(|s| s.writes && s.offers_cases()),
            move || {
                let unfolded = move || state.read(|s| s.cases.clone()) != OwnCases::Folded;
                let toggle = move || {
                    if untrack(unfolded) {
                        state.change(|s| s.cases = OwnCases::Folded);
                    } else {
                        ui.act(|chat| chat.look_at_cases());
                    }
                };
                fold(ui, ("cases-toggle", "cases.title"), unfolded, toggle, |later| later.own_cases)
            },
        )
        .with(log(ui))
}

/// Something that is folded until it is wanted: its heading is here at once, what is in it may still have to come.
fn fold(
    ui: Ui,
    (id, title): (&'static str, &'static str),
    unfolded: impl Fn() -> bool + Copy + 'static,
    toggle: impl Fn() + 'static,
    inside: fn(Later) -> fn(Ui) -> El,
) -> El {
    let heading = button("button quiet fold", id, &ui.say(title), toggle)
        .attr("id", id)
        .shows("aria-expanded", move || Some(if unfolded() { "true" } else { "false" }));
    el("div")
        .class("folded")
        .with(heading)
        .when(unfolded, move || ui.later.place(ui, move |later| inside(later)(ui)))
}

fn unanswered(ui: Ui, clock: &str) -> El {
    el("div")
        .class("notice warning")
        .attr("role", "alert")
        .part("unanswered")
        .with(line("p", "", &ui.fill("stay.warning", &[("clock", clock)])))
        .with(button("button", "stay", &ui.say("stay.button"), move || ui.act(|chat| chat.stay())))
}
