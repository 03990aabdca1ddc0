// SPDX-License-Identifier: EUPL-1.2
//! The choice of the case a segnalazione is about.

use infocig_client::cases::heading as case_heading;
use infocig_protocol::id::CaseId;
use leptos::prelude::*;

use super::Form;
use crate::{
    i18n::I18n,
    state::{DeskState, forwarding},
};

/// The cases of the registry's newest answer, and "none".
#[component]
pub(super) fn CaseChoice(form: Form) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let draft = form.draft;
    let cases = form.conversation.with_value(|conversation| conversation.cases.clone());
    let cases = Memo::new(move |_| cases.get());
    let chosen = Memo::new(move |_| draft.with(|draft| draft.case.clone()));
    let chosen_word =
        move || chosen.with(|chosen| chosen.as_ref().map_or_else(String::new, CaseId::to_string));
    let options = move || {
        cases.with(|cases| {
            cases
                .listed()
                .iter()
                .map(|case| {
                    let (id, words) = (case.id.clone(), case_heading(&i18n.words(), case));
                    let value = id.to_string();
                    let is = move || chosen.with(|chosen| chosen.as_ref() == Some(&id));
                    view! { <option value=value prop:selected=is>{words}</option> }
                })
                .collect_view()
        })
    };
    // After a reload the draft has its case before the registry has answered.
    let unknown = move || {
        let id = chosen.get().filter(|id| cases.with(|cases| cases.find(id).is_none()))?;
        let value = id.to_string();
        Some(view! { <option value=value prop:selected=true>{i18n.text("forward.unknown_case")}</option> })
    };
    let choose = move |event| {
        let word = event_target_value(&event);
        let case = cases
            .with_untracked(|cases| cases.listed().iter().find(|case| case.id.as_str() == word).cloned());
        form.change(|draft| forwarding::choose_case(draft, case.as_ref()));
    };
    let hint = move || {
        cases.with(|cases| {
            i18n.text(match (cases.loading, cases.error, cases.listed()) {
                (true, _, []) => "cases.coming",
                (_, Some(_), []) => "forward.cases_unavailable",
                (_, _, []) => "cases.none",
                _ => "forward.case_hint",
            })
        })
    };
    view! {
        <Show when=move || state.has_cases.get()>
            <div class="level">
                <label class="label" for="forward-case">{i18n.text("forward.case")}</label>
                <select
                    class="field"
                    id="forward-case"
                    data-part="forward-case"
                    aria-describedby="forward-case-hint"
                    prop:value=chosen_word
                    on:change=choose
                >
                    <option value="" prop:selected=move || chosen.with(Option::is_none)>
                        {i18n.text("forward.no_case")}
                    </option>
                    {unknown}
                    {options}
                </select>
                <p class="quiet" id="forward-case-hint" role="status">{hint}</p>
            </div>
        </Show>
    }
}
