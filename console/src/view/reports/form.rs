// SPDX-License-Identifier: EUPL-1.2
//! Fields of the forms of these pages.

use leptos::prelude::*;

use crate::{i18n::I18n, state::DeskState};

/// A list of which one is chosen. The options are pairs of value and text.
#[component]
pub(in crate::view) fn Choice(
    id: &'static str,
    /// The key of its label.
    label: &'static str,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] chosen: Signal<String>,
    choose: Callback<String>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let options = move || {
        let option = |(value, name): (String, String)| {
            let this = value.clone();
            view! { <option value=value prop:selected=move || chosen.get() == this>{name}</option> }
        };
        options.get().into_iter().map(option).collect_view()
    };
    view! {
        <div class="labelled">
            <label for=id>{i18n.text(label)}</label>
            <select id=id class="field" data-part=id on:change=move |event| choose.run(event_target_value(&event))>
                {options}
            </select>
        </div>
    }
}

/// A field for a text or a day.
#[component]
pub(in crate::view) fn Field(
    id: &'static str,
    /// The key of its label.
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(into)] value: Signal<String>,
    write: Callback<String>,
    /// The key of the sentence under it.
    #[prop(optional)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let hint_id = hint.map(|_| format!("{id}-hint"));
    view! {
        <div class="labelled">
            <label for=id>{i18n.text(label)}</label>
            <input
                id=id
                class="field"
                type=kind
                data-part=id
                autocomplete="off"
                aria-describedby=hint_id.clone()
                prop:value=move || value.get()
                on:change=move |event| write.run(event_target_value(&event))
            />
            {hint.map(|key| view! { <p class="quiet" id=hint_id>{i18n.text(key)}</p> })}
        </div>
    }
}

/// A field for the id of an advisor, with those at the desk to choose from.
#[component]
pub(super) fn AdvisorField(
    id: &'static str,
    /// The key of its label.
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    write: Callback<String>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let advisors = move || {
        state.presence.colleagues.with(|colleagues| {
            colleagues
                .iter()
                .map(|one| view! { <option value=one.advisor.as_str().to_string()>{one.name.clone()}</option> })
                .collect_view()
        })
    };
    view! {
        <div class="labelled">
            <label for=id>{i18n.text(label)}</label>
            <input
                id=id
                class="field"
                type="text"
                list=format!("{id}-names")
                data-part=id
                autocomplete="off"
                aria-describedby=format!("{id}-hint")
                prop:value=move || value.get()
                on:change=move |event| write.run(event_target_value(&event))
            />
            <datalist id=format!("{id}-names")>{advisors}</datalist>
            <p class="quiet" id=format!("{id}-hint")>{i18n.text("search.advisor_hint")}</p>
        </div>
    }
}
