// SPDX-License-Identifier: EUPL-1.2
//! Limits and times of the draft, each a number in a field.

use leptos::prelude::*;

use crate::{
    i18n::I18n,
    state::{
        DeskState,
        rules::{NUMBERS, Number, is_json},
    },
};

#[component]
pub(super) fn NumberForms() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let rules = expect_context::<DeskState>().rules;
    let readable = Memo::new(move |_| rules.document.with(|document| is_json(document)));
    let said = RwSignal::new(None::<String>);
    let fields = move || NUMBERS.iter().map(|number| view! { <NumberField number said/> }).collect_view();
    view! {
        <details class="rules-form" data-part="numbers">
            <summary class="summary-heading">{i18n.text("rules.numbers")}</summary>
            <p class="quiet">{i18n.text("rules.numbers_mean")}</p>
            <p class="act-status" role="status" data-part="numbers-status">{move || said.get()}</p>
            <Show
                when=move || readable.get()
                fallback=move || view! { <p class="error">{i18n.text("rules.text_first")}</p> }
            >
                <div class="filters numbers">{fields}</div>
            </Show>
        </details>
    }
}

#[component]
fn NumberField(number: &'static Number, said: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let rules = expect_context::<DeskState>().rules;
    let id = format!("number-{}", number.path.join("-").replace('_', "-"));
    let (hint, wrong) = (format!("{id}-hint"), format!("{id}-error"));
    let described = format!("{hint} {wrong}");
    let is_wrong = RwSignal::new(false);
    let value = Memo::new(move |_| rules.document.with(|document| number.read(document)));
    let change = move |event| {
        let put = rules.document.with_untracked(|document| number.put(document, &event_target_value(&event)));
        is_wrong.set(put.is_none());
        if let Some(put) = put {
            rules.document.set(put);
            said.set(Some(i18n.fill("rules.number_put", &[("field", &i18n.text(number.label))])));
        }
    };
    view! {
        <div class="labelled">
            <label for=id.clone()>{i18n.text(number.label)}</label>
            <input
                id=id.clone()
                class="field"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                data-part=id
                aria-invalid=move || is_wrong.get().then_some("true")
                aria-describedby=described
                prop:value=move || value.get()
                on:change=change
            />
            <p class="quiet" id=hint>{number.is_optional.then(|| i18n.text("rules.number_optional"))}</p>
            <p class="error" id=wrong role="status">{move || is_wrong.get().then(|| i18n.text("rules.number_wrong"))}</p>
        </div>
    }
}
