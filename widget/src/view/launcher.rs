// SPDX-License-Identifier: EUPL-1.2
//! The button, and beside it whether the service is open.

use crate::{
    dom::{El, button, el, line},
    state::{Availability, Stage},
    ui::Ui,
};
use infocig_protocol::http::Verdict;

/// The button that opens the chat or comes back to it.
pub(crate) fn launcher(ui: Ui) -> El {
    let state = ui.state;
    let label = move || {
        ui.say(state.read(|s| match s.stage == Stage::Inside {
            true if s.is_closed() => "launcher.review",
            true => "launcher.return",
            false => "launcher.open",
        }))
    };
    let press = line("span", "", "").reads(label);
    let unread = line("span", "badge", "").part("unread").reads(move || match state.read(|s| s.unread) {
        0 => String::new(),
        count => ui.words(|words| words.count("launcher.unread", count)),
    });
    let launch = button("button primary", "launcher", "", move || ui.act(|chat| chat.launch()));
    // Whoever is about to press is about to need it.
    let launch =
        launch.on("pointerenter", move |_| ui.talk.bring_early()).on("focus", move |_| ui.talk.bring_early());
    el("div")
        .class("launcher")
        .shows("hidden", move || state.read(|s| s.shown).then_some(""))
        .with(launch.with(press).with(unread))
        .with(
            line("p", "status", "")
                .attr("role", "status")
                .part("status")
                .shows("data-verdict", move || {
                    state.read(|s| (s.stage != Stage::Inside).then(|| verdict(&s.availability)))
                })
                .reads(move || sentence(ui, &state.read(|s| s.availability.clone()))),
        )
        .when(
            move || state.read(|s| s.availability.clone()) == Availability::Unknown,
            move || {
                button("button quiet", "check", &ui.say("panel.retry"), move || {
                    ui.act(|chat| chat.check_availability());
                })
            },
        )
        .with(button("button quiet", "history", &ui.say("history.title"), move || {
            ui.act(|chat| chat.look_for_history());
        }))
}

fn sentence(ui: Ui, availability: &Availability) -> String {
    match availability {
        Availability::Checking => ui.say("launcher.checking"),
        Availability::Known(admission) => admission.message.clone(),
        Availability::Unknown => ui.say("launcher.unchecked"),
    }
}

/// For the stylesheet: the mark beside the words, and the button, which does not look like the way in where there is none now.
fn verdict(availability: &Availability) -> &'static str {
    match availability {
        Availability::Known(admission) if admission.verdict == Verdict::Open => "open",
        Availability::Known(_) => "closed",
        Availability::Checking | Availability::Unknown => "unknown",
    }
}
