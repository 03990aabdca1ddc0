// SPDX-License-Identifier: EUPL-1.2
//! After the end: what came of it, one question, and where to go from here.

use infocig_client::clock;
use infocig_protocol::http::Verdict;

use super::{rating::rating, receipt::receipt, write::write};
use crate::{
    dom::{El, button, el, line},
    state::Availability,
    ui::Ui,
    view::notice::channels,
};

/// After the end: begin again if the service is open, else when it opens and where else to go.
pub(crate) fn over(ui: Ui) -> El {
    let state = ui.state;
    let left = move || {
        state.read(|s| {
            let draft = &s.draft;
            (!draft.is_empty() && !state.read(|s| s.may_write())).then(|| draft.clone())
        })
    };
    el("div")
        .class("over")
        .switch(left, move |left| {
            left.map(|left| {
                el("div")
                    .class("notice")
                    .part("left-over")
                    .with(line("p", "", &ui.say("end.left_over")))
                    .with(line("blockquote", "", &left))
            })
        })
        .tells("presence", "awaiting", move || {
            state.read(|s| s.awaits_office()).then(|| ui.say("office.awaiting"))
        })
        .when(move || state.read(|s| s.may_write()), move || write(ui))
        .with(receipt(ui))
        // Whoever nobody answered is not asked about an answer.
        .when(
            move || !state.read(|s| s.receipt().is_some_and(|receipt| receipt.is_of_nobody())),
            move || rating(ui),
        )
        .switch(
            move || (state.read(|s| s.availability.clone()), state.read(|s| s.phase.clone())),
            move |(availability, _)| Some(next(ui, availability)),
        )
}

/// Where to go from the end.
fn next(ui: Ui, availability: Availability) -> El {
    match availability {
        Availability::Known(admission) if admission.verdict != Verdict::Open => el("div")
            .class("notice")
            .part("elsewhere")
            .with(line("p", "reason", &admission.message))
            .with(line("p", "", &ui.say("panel.elsewhere")))
            .with(channels(&admission.channels)),
        // The service ended it: that it is open is an old answer, and the new one is on its way.
        Availability::Known(admission)
            if ui.state.read(|s| s.was_closed_after(clock::parse_rfc3339(&admission.at))) =>
        {
            line("p", "notice", &ui.say("launcher.checking")).attr("role", "status").part("checking")
        }
        Availability::Checking | Availability::Known(_) | Availability::Unknown => {
            let again = button("button primary", "begin-again", &ui.say("end.begin_again"), move || {
                ui.act(|chat| chat.enter());
            });
            el("div").class("foot").with(again)
        }
    }
}
