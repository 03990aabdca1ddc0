// SPDX-License-Identifier: EUPL-1.2
//! How long what is kept, each class of data with its days and what they rest on.

use leptos::prelude::*;

use crate::{
    i18n::I18n,
    state::{
        DeskState,
        rules::{PERIODS, PeriodError, PeriodForm, PeriodOf, decided_by, is_json, put_decided_by},
    },
};

#[component]
pub(super) fn RetentionForms() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let rules = expect_context::<DeskState>().rules;
    let readable = Memo::new(move |_| rules.document.with(|document| is_json(document)));
    let said = RwSignal::new(None::<String>);
    let periods = move || PERIODS.iter().map(|period| view! { <Period period said/> }).collect_view();
    let who = Memo::new(move |_| rules.document.with(|document| decided_by(document)));
    let nobody = RwSignal::new(false);
    let decide = move |event| {
        let put =
            rules.document.with_untracked(|document| put_decided_by(document, &event_target_value(&event)));
        nobody.set(put.is_none());
        if let Some(put) = put {
            rules.document.set(put);
            said.set(Some(i18n.text("rules.kept_put")));
        }
    };
    view! {
        <details class="rules-form" data-part="retention">
            <summary class="summary-heading">{i18n.text("rules.kept")}</summary>
            <p class="quiet">{i18n.text("rules.kept_mean")}</p>
            <p class="act-status" role="status" data-part="retention-status">{move || said.get()}</p>
            <Show
                when=move || readable.get()
                fallback=move || view! { <p class="error">{i18n.text("rules.text_first")}</p> }
            >
                <div class="labelled">
                    <label for="retention-decided-by">
                        {i18n.fill("rules.required", &[("field", &i18n.text("rules.kept_decided_by"))])}
                    </label>
                    <input
                        id="retention-decided-by"
                        class="field"
                        type="text"
                        data-part="retention-decided-by"
                        autocomplete="off"
                        aria-required="true"
                        aria-invalid=move || nobody.get().then_some("true")
                        aria-describedby="retention-decided-by-hint retention-decided-by-error"
                        prop:value=move || who.get()
                        on:change=decide
                    />
                    <p class="quiet" id="retention-decided-by-hint">{i18n.text("rules.kept_decided_by_hint")}</p>
                    <p class="error" id="retention-decided-by-error" role="status">
                        {move || nobody.get().then(|| i18n.text("rules.kept_nobody"))}
                    </p>
                </div>
                {periods}
            </Show>
        </details>
    }
}

#[component]
fn Period(period: &'static PeriodOf, said: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let rules = expect_context::<DeskState>().rules;
    let part = format!("retention-{}", period.name.replace('_', "-"));
    let [days, basis, hint, wrong] =
        ["days", "basis", "hint", "error"].map(|field| format!("{part}-{field}"));
    let described = format!("{hint} {wrong}");
    // Half a period is on screen alone: the draft has both fields or neither.
    let typed = RwSignal::new(PeriodForm::default());
    Effect::new(move |_| typed.set(rules.document.with(|document| period.read(document))));
    let error = Memo::new(move |_| typed.with(PeriodForm::error));
    let write = move |change: &dyn Fn(&mut PeriodForm)| {
        let mut form = typed.get_untracked();
        change(&mut form);
        let put = rules.document.with_untracked(|document| period.put(document, &form));
        typed.set(form);
        if let Some(put) = put {
            rules.document.set(put);
            said.set(Some(i18n.text("rules.kept_put")));
        }
    };
    let words = move || {
        error.get().map(|error| {
            i18n.text(match error {
                PeriodError::Days => "rules.kept_no_days",
                PeriodError::Basis => "rules.kept_no_basis",
            })
        })
    };
    let wrong_field = move |wrong| move || (error.get() == Some(wrong)).then_some("true");
    view! {
        <fieldset class="choices period" data-part=part>
            <legend class="label">{i18n.text(period.label)}</legend>
            <p class="quiet" id=hint>{i18n.text(period.hint)}</p>
            <div class="filters">
                <div class="labelled">
                    <label for=days.clone()>{i18n.text("rules.kept_days")}</label>
                    <input
                        id=days.clone()
                        class="field"
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        data-part=days
                        aria-describedby=described.clone()
                        aria-invalid=wrong_field(PeriodError::Days)
                        prop:value=move || typed.with(|form| form.days.clone())
                        on:change=move |event| write(&|form| form.days = event_target_value(&event))
                    />
                </div>
                <div class="labelled wide">
                    <label for=basis.clone()>{i18n.text("rules.closure_source")}</label>
                    <input
                        id=basis.clone()
                        class="field"
                        type="text"
                        autocomplete="off"
                        data-part=basis
                        aria-describedby=described
                        aria-invalid=wrong_field(PeriodError::Basis)
                        prop:value=move || typed.with(|form| form.basis.clone())
                        on:change=move |event| write(&|form| form.basis = event_target_value(&event))
                    />
                </div>
            </div>
            <p class="error" id=wrong role="status">{words}</p>
        </fieldset>
    }
}
