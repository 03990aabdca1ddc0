// SPDX-License-Identifier: EUPL-1.2
//! What a person takes away at the end: the number, what came of it, and all that was said, on paper or as a text.

use infocig_client::http::TranscriptFormat;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{ChatHandle, button, focus_panel, moment};
use crate::{
    paper,
    state::{ChatState, Receipt},
    text::{self, office as words},
};

/// How far a document has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetch {
    No,
    UnderWay(TranscriptFormat),
    Failed(TranscriptFormat),
}

/// The receipt, once the conversation is over.
#[component]
pub(crate) fn ReceiptView(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let fetch = RwSignal::new(Fetch::No);
    let number = move || state.door.with(|door| door.as_ref().map(|door| door.conversation.number()));
    let take = move |format| {
        let Some(number) = untrack(number) else { return };
        if matches!(fetch.get_untracked(), Fetch::UnderWay(_)) {
            return;
        }
        fetch.set(Fetch::UnderWay(format));
        let chat = chat.get_value();
        spawn_local(async move {
            let done = match (chat.transcript(format).await, format) {
                (Ok(page), TranscriptFormat::Html) => paper::open(&page, &format!("info-cig-{number}.html")),
                (Ok(plain), TranscriptFormat::Text) => paper::save(&plain, &format!("info-cig-{number}.txt")),
                (Err(_), _) => None,
            };
            let _gone = fetch.try_set(if done.is_some() { Fetch::No } else { Fetch::Failed(format) });
        });
    };
    let taking = move |part: &'static str, format, words: &'static str| {
        let label =
            Signal::derive(
                move || if fetch.get() == Fetch::UnderWay(format) { words::PREPARING } else { words },
            );
        button("button", part, label, move |_| take(format))
    };
    let rows = move || {
        let Receipt { began, ended, outcome, unanswered, segnalazioni } = state.receipt()?;
        // Where nobody said what came of it and nobody ever answered, that is what came of it.
        let came = if unanswered && outcome.is_none() { words::UNANSWERED } else { words::outcome(outcome) };
        let office = segnalazioni
            .into_iter()
            .map(|one| Some((words::RECEIPT_OFFICE, words::segnalazione(&one.state, one.number.as_deref()))));
        let rows = [
            number().map(|number| (words::RECEIPT_NUMBER, number)),
            began.map(|at| (words::RECEIPT_BEGAN, moment(at))),
            Some((words::RECEIPT_ENDED, moment(ended))),
            Some((words::RECEIPT_OUTCOME, came.into())),
        ];
        let rows = rows.into_iter().chain(office).flatten();
        Some(rows.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view())
    };
    view! {
        <section class="aside" data-part="receipt" aria-labelledby="receipt-title">
            <h3 id="receipt-title">{words::RECEIPT}</h3>
            <dl>{rows}</dl>
            <div class="actions">
                {taking("receipt-print", TranscriptFormat::Html, words::PRINT)}
                {taking("receipt-save", TranscriptFormat::Text, words::SAVE)}
            </div>
            {move || match fetch.get() {
                Fetch::Failed(format) => Some(view! {
                    <div role="alert">
                        <p class="error">{words::RECEIPT_FAILED}</p>
                        {button("button quiet", "receipt-retry", text::RETRY, move |event| {
                            focus_panel(event);
                            take(format);
                        })}
                    </div>
                }),
                Fetch::No | Fetch::UnderWay(_) => None,
            }}
        </section>
    }
}
