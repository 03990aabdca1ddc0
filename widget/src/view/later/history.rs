// SPDX-License-Identifier: EUPL-1.2
//! The person's conversations, and one of them read again.

use infocig_protocol::segnalazione::PastConversation;
use leptos::prelude::*;

use super::receipt::receipt;
use crate::{
    dom::{El, button, el, line, whenever},
    state::{Past, Shared, Stage},
    text::{self, office as words},
    ui::Ui,
    view::talk::{Talk, log},
};

/// The list, or the one that was opened.
pub(crate) fn history(ui: Ui) -> El {
    let opened = RwSignal::new(None::<PastConversation>);
    let coming = move || ui.state.read(|s| s.history == Past::Coming);
    whenever(coming, move || {
        if coming() {
            ui.act(|chat| chat.find_history());
        }
    });
    el("div").class("inside").switch(
        move || opened.get(),
        move |past| {
            Some(match past {
                Some(past) => ui.talk.place(ui, move |talk| {
                    reading(ui, talk, &past, move || {
                        opened.set(None);
                        ui.act(|chat| chat.look_for_history());
                    })
                }),
                None => list(ui, opened),
            })
        },
    )
}

fn list(ui: Ui, opened: RwSignal<Option<PastConversation>>) -> El {
    let status = move |part, key| line("p", "", &ui.say(key)).attr("role", "status").part(part);
    el("div")
        .class("notice tall")
        .part("history-list")
        .with(line("h3", "", &ui.say("history.title")).takes_focus())
        .switch(
            move || ui.state.read(|s| s.history.clone()),
            move |history| {
                Some(match history {
                    Past::Hidden | Past::Coming => status("history-coming", "history.coming"),
                    Past::Known(past) if past.is_empty() => status("history-none", "history.none"),
                    Past::Known(past) => {
                        el("ul").with_all(past.into_iter().map(|past| row(ui, past, opened)))
                    }
                    Past::Failed(trouble) => {
                        let retry = move || ui.act(|chat| chat.look_for_history());
                        el("div")
                            .attr("role", "alert")
                            .with(line("p", "", &ui.say(text::trouble(trouble))))
                            .with(button("button", "history-retry", &ui.say("panel.retry"), retry))
                    }
                })
            },
        )
        .with(button("button quiet", "back", &ui.say("panel.back"), move || ui.act(|chat| chat.minimise())))
}

fn row(ui: Ui, past: PastConversation, opened: RwSignal<Option<PastConversation>>) -> El {
    let is_open = past.closed.is_none();
    let at = ui.moment(past.opened);
    let office = past.segnalazioni.iter().map(|one| {
        let said = ui.words(|all| words::segnalazione(all, &one.state, one.number.as_deref()));
        line("p", "", &said).part("history-segnalazione")
    });
    let row = el("li")
        .part("history-item")
        .with(el("p").with(line("strong", "", &at)))
        .with_all(
            past.preview
                .iter()
                .map(|preview| line("p", "", preview).attr("dir", "auto").part("history-begins")),
        )
        .with(line("p", "", &ui.say(words::past(&past))).part("history-outcome"))
        .with_all(office);
    let label = ui.say(if is_open { "history.go_on" } else { "history.open" });
    let open = button("button", "history-open", &label, move || {
        if is_open {
            ui.act(|chat| chat.go_on(past.clone()));
        } else {
            opened.set(Some(past.clone()));
        }
    });
    row.with(open.attr("aria-label", &[&*label, ": ", &at].concat()))
}

/// A conversation that is over, beside whatever else goes on: what an office answers still comes.
fn reading(ui: Ui, talk: Talk, past: &PastConversation, on_back: impl Fn() + 'static) -> El {
    let state = Shared::new();
    let title = [ui.moment(past.opened), ui.say(words::past(past))].join(", ");
    let Some(chat) = ui.chat() else { return el("div") };
    let ui = ui.beside(chat.look_at(talk, past, state));
    el("div")
        .class("inside")
        .with(
            el("div")
                .class("aside")
                .with(button("button quiet", "history-back", &ui.say("history.back"), on_back))
                .with(line("h3", "", &title).takes_focus()),
        )
        .with(log(ui))
        // The list has another ticket for each.
        .switch(
            move || {
                if let Stage::Stuck(trouble) = state.read(|s| s.stage.clone()) { Some(trouble) } else { None }
            },
            move |trouble| {
                let said = |trouble| line("p", "error", &ui.say(text::trouble(trouble)));
                trouble.map(|trouble| said(trouble).attr("role", "alert").part("history-trouble"))
            },
        )
        .switch(
            move || state.read(|s| s.is_closed()),
            move |closed| {
                Some(if closed {
                    receipt(ui)
                } else {
                    line("p", "presence", &ui.say("phase.connecting"))
                        .attr("role", "status")
                        .part("history-link")
                })
            },
        )
}
