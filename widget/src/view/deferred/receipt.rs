// SPDX-License-Identifier: EUPL-1.2
//! The receipt at the end: number, outcome, and the transcript as a document or a text file.

use infocig_client::http::TranscriptFormat;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    once::{all, once, optional},
    paper, state,
    text::{deferred::office as words, segnalazione::segnalazione},
    ui::Ui,
    view::{
        button::{Button, LiveButton},
        pieces::{Aside, Block, Heading, Paragraph},
        switch::Switch,
    },
};

/// The progress of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetch {
    No,
    UnderWay(TranscriptFormat),
    Failed(TranscriptFormat),
}

/// The receipt of an ended conversation.
#[component]
pub(crate) fn Receipt() -> impl IntoView {
    let ui = Ui::current();
    let fetch = RwSignal::new(Fetch::No);
    let failed = move || match fetch.get() {
        Fetch::Failed(format) => Some(format),
        Fetch::No | Fetch::UnderWay(_) => None,
    };
    let retry = move |format| {
        view! {
            <Block role="alert">
                <Paragraph class="error" text=ui.text("receipt.failed")/>
                <Button
                    class="button quiet"
                    part="receipt-retry"
                    label=ui.text("panel.retry")
                    on_press=move || take(ui, fetch, format)
                />
            </Block>
        }
    };
    once(view! {
        <Aside part="receipt" labelled_by="receipt-title">
            <Heading id="receipt-title" text=ui.text("receipt.title")/>
            <Switch on=move || (ui.state.read(|s| s.receipt()), number(ui)) let:known>
                {optional(known.0.map(|receipt| view! { <Rows receipt number=known.1/> }))}
            </Switch>
            <Block class="actions">
                <Take fetch part="receipt-print" format=TranscriptFormat::Html label="receipt.print"/>
                <Take fetch part="receipt-save" format=TranscriptFormat::Text label="receipt.save"/>
            </Block>
            <Switch on=failed let:format>{optional(format.map(retry))}</Switch>
        </Aside>
    })
}

/// A button that fetches a document.
#[component]
fn Take(
    fetch: RwSignal<Fetch>,
    part: &'static str,
    format: TranscriptFormat,
    label: &'static str,
) -> impl IntoView {
    let ui = Ui::current();
    let label = move || ui.text(if fetch.get() == Fetch::UnderWay(format) { "panel.coming" } else { label });
    once(view! { <LiveButton class="button" part label on_press=move || take(ui, fetch, format)/> })
}

fn number(ui: Ui) -> Option<String> {
    ui.state.read(|s| s.access.as_ref().map(|access| access.conversation.number()))
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

#[component]
fn Rows(receipt: state::Receipt, number: Option<String>) -> impl IntoView {
    let ui = Ui::current();
    // Without an outcome of an advisor, the missing answer is the outcome.
    let came =
        if receipt.ended_unanswered() { "outcome.unanswered" } else { words::outcome(receipt.outcome) };
    let state::Receipt { began, ended, segnalazioni, .. } = receipt;
    let office = segnalazioni.into_iter().map(|one| {
        let said = ui.words(|all| segnalazione(all, &one.state, one.number.as_deref()));
        Some(("receipt.office", said))
    });
    let rows = [
        number.map(|number| ("receipt.number", number)),
        began.map(|at| ("receipt.began", ui.moment(at))),
        Some(("receipt.ended", ui.moment(ended))),
        Some(("receipt.outcome", ui.text(came))),
    ];
    let row = |(name, value)| view! { <Block><dt>{ui.text(name)}</dt><dd>{value}</dd></Block> };
    once(view! { <dl>{all(rows.into_iter().chain(office).flatten().map(row))}</dl> })
}
