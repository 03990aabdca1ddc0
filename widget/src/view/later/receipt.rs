// SPDX-License-Identifier: EUPL-1.2
//! What a person takes away at the end: the number, what came of it, and all that was said, on paper or as a text.

use infocig_client::http::TranscriptFormat;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    dom::{El, button, el, line},
    paper,
    state::Receipt,
    text::office as words,
    ui::Ui,
};

/// How far a document has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetch {
    No,
    UnderWay(TranscriptFormat),
    Failed(TranscriptFormat),
}

/// The receipt, once the conversation is over.
pub(crate) fn receipt(ui: Ui) -> El {
    let fetch = RwSignal::new(Fetch::No);
    let taking = move |part, format, key: &'static str| {
        button("button", part, "", move || take(ui, fetch, format))
            .reads(move || ui.say(if fetch.get() == Fetch::UnderWay(format) { "panel.coming" } else { key }))
    };
    el("section")
        .class("aside")
        .part("receipt")
        .attr("aria-labelledby", "receipt-title")
        .with(line("h3", "", &ui.say("receipt.title")).attr("id", "receipt-title"))
        .switch(
            move || (ui.state.read(|s| s.receipt()), number(ui)),
            move |(receipt, number)| receipt.map(|receipt| rows(ui, receipt, number)),
        )
        .with(
            el("div")
                .class("actions")
                .with(taking("receipt-print", TranscriptFormat::Html, "receipt.print"))
                .with(taking("receipt-save", TranscriptFormat::Text, "receipt.save")),
        )
        .switch(
            move || fetch.get(),
            move |state| {
                let Fetch::Failed(format) = state else { return None };
                let again = button("button quiet", "receipt-retry", &ui.say("panel.retry"), move || {
                    take(ui, fetch, format);
                });
                Some(
                    el("div")
                        .attr("role", "alert")
                        .with(line("p", "error", &ui.say("receipt.failed")))
                        .with(again),
                )
            },
        )
}

fn number(ui: Ui) -> Option<String> {
    ui.state.read(|s| {
        let door = &s.door;
        door.as_ref().map(|door| door.conversation.number())
    })
}

fn take(ui: Ui, fetch: RwSignal<Fetch>, format: TranscriptFormat) {
    let (Some(number), Some(chat)) = (untrack(|| number(ui)), ui.chat()) else { return };
    if matches!(fetch.get_untracked(), Fetch::UnderWay(_)) {
        return;
    }
    fetch.set(Fetch::UnderWay(format));
    spawn_local(async move {
        let name = ["info-cig-", &number].concat();
        let done = match (chat.transcript(format).await, format) {
            (Ok(page), TranscriptFormat::Html) => paper::open(&page, &[&*name, ".html"].concat()),
            (Ok(plain), TranscriptFormat::Text) => paper::save(&plain, &[&*name, ".txt"].concat()),
            (Err(_), _) => None,
        };
        let _gone = fetch.try_set(if done.is_some() { Fetch::No } else { Fetch::Failed(format) });
    });
}

fn rows(ui: Ui, receipt: Receipt, number: Option<String>) -> El {
    // Where nobody said what came of it and nobody ever answered, that is what came of it.
    let came = if receipt.is_of_nobody() { "outcome.unanswered" } else { words::outcome(receipt.outcome) };
    let Receipt { began, ended, segnalazioni, .. } = receipt;
    let office = segnalazioni.into_iter().map(|one| {
        let said = ui.words(|all| words::segnalazione(all, &one.state, one.number.as_deref()));
        Some(("receipt.office", said))
    });
    let rows = [
        number.map(|number| ("receipt.number", number)),
        began.map(|at| ("receipt.began", ui.moment(at))),
        Some(("receipt.ended", ui.moment(ended))),
        Some(("receipt.outcome", ui.say(came))),
    ];
    let rows = rows.into_iter().chain(office).flatten();
    el("dl").with_all(
        rows.map(|(name, value)| el("div").with(line("dt", "", &ui.say(name))).with(line("dd", "", &value))),
    )
}
