// SPDX-License-Identifier: EUPL-1.2
//! The segnalazioni of the service, for supervisors: stopped deliveries first, with the button that requests them again.

pub(super) mod acts;
pub(super) mod blocks;
pub(super) mod panel;

use infocig_protocol::{
    desk::DeskWelcome,
    segnalazione::{Delivery, SegnalazioneOverview},
};
use leptos::prelude::*;

use super::moment;
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{DeskState, supervision::Retry},
    text,
};

/// The list; nothing for an advisor who is no supervisor.
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
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let all = state.supervision;
    let listed = Memo::new(move |_| all.with(|all| all.listed.clone().unwrap_or_default()));
    let coming = Memo::new(move |_| all.with(|all| all.loading));
    let none = Memo::new(move |_| listed.with(Vec::is_empty));
    let count = Memo::new(move |_| {
        let (number, stopped) = all.with(|all| (all.listed.as_ref().map_or(0, Vec::len), all.stopped()));
        (number > 0).then(|| text::segnalazioni_count(&i18n.words(), number, stopped))
    });
    let trouble =
        move || all.with(|all| all.error.map(|trouble| i18n.text(text::segnalazioni_error(trouble))));
    // The button of a retry is removed with the next list: the section takes the focus.
    let pressed = StoredValue::new(false);
    Effect::new(move |_| {
        listed.track();
        if pressed.get_value() {
            request_animation_frame(move || parts.adopt("segnalazioni"));
        }
    });
    let retry = Callback::new(move |key: String| {
        pressed.set_value(true);
        intents.retry_segnalazione(key);
    });
    let heads = move || text::COLUMNS.map(|head| view! { <th scope="col">{i18n.text(head)}</th> });
    view! {
        <section class="panel supervision" data-part="segnalazioni" aria-labelledby="segnalazioni" tabindex="-1">
            <h2 class="heading" id="segnalazioni">
                {i18n.text("reports.title")} <span class="count" role="status">{move || count.get()}</span>
            </h2>
            <p class="error" role="status" data-part="segnalazioni-error">{trouble}</p>
            <Show when=move || none.get()>
                <p class="empty" data-part="segnalazioni-none">{i18n.text("reports.none")}</p>
                <p class="quiet">{i18n.text("reports.none_hint")}</p>
            </Show>
            <Show when=move || !none.get()>
                <div class="table" role="region" aria-label=i18n.text("reports.title") tabindex="0">
                    <table>
                        <thead><tr>{heads()}</tr></thead>
                        <tbody>
                            // Keyed by content: a changed row is made anew, the others keep the focus in them.
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
                    on:click=move |_| intents.refresh_supervision()
                >
                    {i18n.text("action.refresh")}
                </button>
            </div>
        </section>
    }
}

#[component]
fn Row(one: SegnalazioneOverview, retry: Callback<String>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let SegnalazioneOverview { key, at, office, number, delivery, attempts, last_error } = one;
    let when = moment(i18n, at);
    // The names of provinces come with the desk's welcome, which may arrive after the list.
    let office = Memo::new(move |_| {
        let named = |welcome: &Option<DeskWelcome>| {
            let provinces = welcome.as_ref().map(|welcome| welcome.provinces.as_slice());
            text::office(&i18n.words(), &office, provinces.unwrap_or_default())
        };
        state.session.welcome.with(named)
    });
    let label = {
        let when = when.clone();
        move || i18n.fill("reports.resend_which", &[("when", &when), ("office", &office.get())])
    };
    let retried = {
        let key = key.clone();
        Memo::new(move |_| state.supervision.with(|all| all.retried(&key)))
    };
    let failed = move || match retried.get() {
        Retry::Failed(trouble) => Some(i18n.text(text::not_resent(trouble))),
        Retry::No | Retry::Loading => None,
    };
    let coming = move || retried.get() == Retry::Loading;
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
                {move || i18n.text(if coming() { "reports.resending" } else { "reports.resend" })}
            </button>
        }
    });
    view! {
        <tr data-part="segnalazione-row" data-key=key data-delivery=text::delivery_key(delivery)>
            <th scope="row">{when}</th>
            <td>{move || office.get()}</td>
            <td class="number">{number.unwrap_or_else(|| text::NO_NUMBER.to_string())}</td>
            <td><span class="tag">{i18n.text(text::delivery_word(delivery))}</span></td>
            <td>{attempts}</td>
            // An error of the service, which is in English.
            <td lang="en">{last_error}</td>
            <td>
                {button}
                <p class="error" role="status">{failed}</p>
            </td>
        </tr>
    }
}
