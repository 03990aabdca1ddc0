// SPDX-License-Identifier: EUPL-1.2
//! How the segnalazioni of the service fare: for supervisors alone, what was given up first, with the way to send it again.

use infocig_protocol::{
    desk::DeskWelcome,
    segnalazione::{Delivery, SegnalazioneOverview},
};
use leptos::prelude::*;

use super::{Intents, moment};
use crate::{
    host::Place,
    speech::Speech,
    state::{DeskState, supervision::Retry},
    text,
};

/// Every segnalazione, or nothing for whoever is no supervisor.
#[component]
pub(crate) fn Supervision() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let shown = Memo::new(move |_| state.supervision.with(|all| all.is_shown()));
    view! {
        <Show when=move || shown.get()>
            <Overview/>
        </Show>
    }
}

#[component]
fn Overview() -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let place = expect_context::<Place>();
    let all = state.supervision;
    let listed = Memo::new(move |_| all.with(|all| all.listed.clone().unwrap_or_default()));
    let coming = Memo::new(move |_| all.with(|all| all.coming));
    let none = Memo::new(move |_| listed.with(Vec::is_empty));
    let count = Memo::new(move |_| {
        let (number, stopped) = all.with(|all| (all.listed.as_ref().map_or(0, Vec::len), all.stopped()));
        (number > 0).then(|| text::segnalazioni_count(&speech.words(), number, stopped))
    });
    let trouble =
        move || all.with(|all| all.trouble.map(|trouble| speech.say(text::segnalazioni_trouble(trouble))));
    // Whoever sent one again stays here when its button goes.
    let pressed = StoredValue::new(false);
    Effect::new(move |_| {
        listed.track();
        if pressed.get_value() {
            request_animation_frame(move || place.adopt("segnalazioni"));
        }
    });
    let retry = Callback::new(move |key: String| {
        pressed.set_value(true);
        intents.retry_segnalazione(key);
    });
    let heads = move || text::COLUMNS.map(|head| view! { <th scope="col">{speech.say(head)}</th> });
    view! {
        <section class="panel supervision" data-part="segnalazioni" aria-labelledby="segnalazioni" tabindex="-1">
            <h2 class="heading" id="segnalazioni">
                {speech.say("reports.title")} <span class="count" role="status">{move || count.get()}</span>
            </h2>
            <p class="troubled" role="status" data-part="segnalazioni-trouble">{trouble}</p>
            <Show when=move || none.get()>
                <p class="empty" data-part="segnalazioni-none">{speech.say("reports.none")}</p>
                <p class="quiet">{speech.say("reports.none_hint")}</p>
            </Show>
            <Show when=move || !none.get()>
                <div class="table" role="region" aria-label=speech.say("reports.title") tabindex="0">
                    <table>
                        <thead><tr>{heads()}</tr></thead>
                        <tbody>
                            // A row that changed is another row; the others keep the focus that is in them.
                            <For each=move || listed.get() key=|one| format!("{one:?}") let:one>
                                <Row one retry/>
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            <div class="buttons">
                <button
                    type="button"
                    class="button slim"
                    data-part="segnalazioni-refresh"
                    aria-disabled=move || coming.get().to_string()
                    on:click=move |_| intents.supervise()
                >
                    {speech.say("do.refresh")}
                </button>
            </div>
        </section>
    }
}

#[component]
fn Row(one: SegnalazioneOverview, retry: Callback<String>) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let SegnalazioneOverview { key, at, office, number, delivery, attempts, last_error } = one;
    let when = moment(speech, at);
    // The names of provinces come with the desk's welcome, which may come later.
    let office = Memo::new(move |_| {
        let named = |welcome: &Option<DeskWelcome>| {
            let provinces = welcome.as_ref().map(|welcome| welcome.provinces.as_slice());
            text::office(&speech.words(), &office, provinces.unwrap_or_default())
        };
        state.welcome.with(named)
    });
    let label = {
        let when = when.clone();
        move || speech.fill("reports.resend_which", &[("when", &when), ("office", &office.get())])
    };
    let retried = {
        let key = key.clone();
        Memo::new(move |_| state.supervision.with(|all| all.retried(&key)))
    };
    let failed = move || match retried.get() {
        Retry::Failed(trouble) => Some(speech.say(text::not_resent(trouble))),
        Retry::No | Retry::Coming => None,
    };
    let coming = move || retried.get() == Retry::Coming;
    let which = key.clone();
    let button = (delivery == Delivery::Stopped).then(|| {
        view! {
            <button
                type="button"
                class="button slim"
                data-part="segnalazione-retry"
                aria-label=label
                aria-disabled=move || coming().to_string()
                on:click=move |_| retry.run(which.clone())
            >
                {move || speech.say(if coming() { "reports.resending" } else { "reports.resend" })}
            </button>
        }
    });
    view! {
        <tr data-part="segnalazione-row" data-key=key data-delivery=text::delivery_key(delivery)>
            <th scope="row">{when}</th>
            <td>{move || office.get()}</td>
            <td class="number">{number.unwrap_or_else(|| text::NO_NUMBER.to_string())}</td>
            <td><span class="tag">{speech.say(text::delivery_word(delivery))}</span></td>
            <td>{attempts}</td>
            // The service's own sentence.
            <td lang="en">{last_error}</td>
            <td>
                {button}
                <p class="troubled" role="status">{failed}</p>
            </td>
        </tr>
    }
}
