// SPDX-License-Identifier: EUPL-1.2
//! The choice of provinces by name.

use infocig_protocol::desk::ProvinceName;
use leptos::{ev, prelude::*};

use crate::{dom::Parts, i18n::I18n, state::DeskState};

/// Provinces, chosen by name one after the other.
#[component]
pub(super) fn Provinces(
    /// The beginning of the `data-part` of each element.
    part: &'static str,
    /// The ISTAT codes that are chosen; none for all of Italy.
    codes: Signal<Vec<String>>,
    choose: Callback<Vec<String>>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let parts = expect_context::<Parts>();
    let named_part = move |name: &str| format!("{part}-{name}");
    let known = Memo::new(move |_| state.rules.overview.with(|overview| overview.provinces.clone()));
    let typed = RwSignal::new(String::new());
    let unknown = RwSignal::new(false);
    let options = move || {
        let names = known.get().into_iter();
        names.map(|one| view! { <option value=one.name></option> }).collect_view()
    };
    let add = move || {
        let name = typed.with_untracked(|typed| typed.trim().to_lowercase());
        if name.is_empty() {
            return;
        }
        let found = known.with_untracked(|known| {
            known.iter().find(|one| one.name.to_lowercase() == name).map(|one| one.code.clone())
        });
        unknown.set(found.is_none());
        if let Some(code) = found {
            let mut chosen = codes.get_untracked();
            if !chosen.contains(&code) {
                chosen.push(code);
                choose.run(chosen);
            }
            typed.set(String::new());
        }
    };
    // The key that would send the form adds the province that was typed.
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            add();
        }
    };
    let named = move |code: &str| {
        let named =
            |known: &Vec<ProvinceName>| known.iter().find(|one| one.code == code).map(|one| one.name.clone());
        known.with(named).unwrap_or_else(|| code.to_string())
    };
    let chosen = move || {
        let chip = |code: String| {
            let name = named(&code);
            let label =
                i18n.fill("rules.button_of", &[("action", &i18n.text("rules.remove")), ("version", &name)]);
            let remove = move |_| {
                choose.run(codes.get_untracked().into_iter().filter(|one| *one != code).collect());
                request_animation_frame(move || {
                    let _always_there = parts.focus(&named_part("province"));
                });
            };
            view! {
                <li>
                    <button type="button" class="button slim" data-part=named_part("province-chosen") aria-label=label on:click=remove>
                        {name} <span aria-hidden="true">{" ✕"}</span>
                    </button>
                </li>
            }
        };
        codes.get().into_iter().map(chip).collect_view()
    };
    let none = move || codes.with(Vec::is_empty).then(|| i18n.text("rules.closure_everywhere"));
    let error = move || unknown.get().then(|| i18n.text("rules.unknown_province"));
    view! {
        <div class="labelled">
            <label for=named_part("province")>{i18n.text("rules.closure_provinces")}</label>
            <div class="buttons">
                <input
                    id=named_part("province")
                    class="field province"
                    type="text"
                    list=named_part("provinces")
                    data-part=named_part("province")
                    autocomplete="off"
                    aria-describedby=named_part("province-error")
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:keydown=on_key
                />
                <button type="button" class="button slim" data-part=named_part("province-add") on:click=move |_| add()>
                    {i18n.text("rules.add")}
                </button>
            </div>
            <datalist id=named_part("provinces")>{options}</datalist>
            <p class="error" id=named_part("province-error") role="status">{error}</p>
            <p class="quiet">{none}</p>
            <ul class="chips">{chosen}</ul>
        </div>
    }
}
