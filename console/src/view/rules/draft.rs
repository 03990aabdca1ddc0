// SPDX-License-Identifier: EUPL-1.2
//! The draft of the next version: by form or as text, checked, and published as it was checked.

use leptos::{ev, prelude::*};

use super::{
    ActStatus, Section, after, closures::ClosureForms, data_notice::DataNoticeForm, lists::ListForms,
    numbers::NumberForms, preview::Preview, retention::RetentionForms, topics::TopicForms,
};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        rules::{ActState, RulesAct, caret},
    },
    text::reports,
};

#[component]
pub(super) fn DraftSection() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let rules = state.rules;
    let mine = |act| matches!(act, RulesAct::Publish | RulesAct::Resume(_));
    after(
        |act| act == RulesAct::Publish,
        |parts| {
            let _always_there = parts.focus("rules-draft-heading");
        },
    );
    let is_changed = Memo::new(move |_| rules.is_changed());
    let base = Memo::new(move |_| rules.base.get());
    let state_of_draft = move || {
        let base = base.get().map(|base| base.to_string())?;
        let key = if is_changed.get() { "rules.draft_changed" } else { "rules.draft_same" };
        Some(i18n.fill(key, &[("number", &base)]))
    };
    let has_document = Memo::new(move |_| rules.base.with(Option::is_some));
    view! {
        <Section part="rules-draft" heading="rules.draft">
            <p class="quiet">{i18n.text("rules.draft_means")}</p>
            <ActStatus part="rules-draft-status" mine/>
            <Show
                when=move || has_document.get()
                fallback=move || view! { <p class="quiet" role="status">{i18n.text("pages.loading")}</p> }
            >
                <p data-part="rules-draft-state">{state_of_draft}</p>
                <Behind/>
                <ClosureForms/>
                <ListForms/>
                <TopicForms/>
                <NumberForms/>
                <RetentionForms/>
                <DataNoticeForm/>
                <Text/>
                <Preview/>
                <Publish/>
                <Show when=move || is_changed.get()>
                    <div class="buttons">
                        <button type="button" class="button slim" data-part="rules-discard" on:click=move |_| intents.discard_rules()>
                            {i18n.text("rules.discard")}
                        </button>
                    </div>
                </Show>
            </Show>
        </Section>
    }
}

/// Another version was published since the draft was begun.
#[component]
fn Behind() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let newest = Memo::new(move |_| state.rules.is_behind().filter(|_| state.rules.is_changed()));
    let words =
        move || newest.get().map(|newest| i18n.fill("rules.behind", &[("number", &newest.to_string())]));
    view! {
        <div role="status" class="rules-behind">
            <Show when=move || newest.get().is_some()>
                <p class="notice" data-part="rules-behind">{words}</p>
                <div class="buttons">
                    <button type="button" class="button slim" data-part="rules-compare" on:click=move |_| intents.compare_with_newest()>
                        {i18n.text("rules.compare")}
                    </button>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn Text() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let rules = state.rules;
    let loading = Memo::new(move |_| rules.preview.with(|preview| preview.loading));
    let error = Memo::new(move |_| rules.preview.with(|preview| preview.error.filter(|_| !preview.loading)));
    // A fault is shown as long as its text stands.
    let fault = Memo::new(move |_| {
        let same = rules.checked.with(|checked| rules.document.with(|text| checked.as_ref() == Some(text)));
        let found = rules.preview.with(|preview| preview.answer.as_ref().and_then(|one| one.fault.clone()));
        found.filter(|_| same)
    });
    let go_there = move |_| {
        let Some(fault) = fault.get_untracked() else { return };
        let at = rules.document.with_untracked(|text| caret(text, fault.line, fault.column));
        parts.place_caret("rules-document", at, fault.line);
    };
    let faulty = move || {
        fault.get().map(|fault| {
            let line = fault.line.to_string();
            let label = i18n.fill("rules.fault_at", &[("line", &line), ("column", &fault.column.to_string())]);
            view! {
                <div class="notice" data-part="rules-fault">
                    <p class="error">{label}</p>
                    <p lang="en" class="fault-reason">{fault.reason}</p>
                    <div class="buttons">
                        <button type="button" class="button slim" data-part="rules-fault-go" on:click=go_there>
                            {i18n.fill("rules.fault_go", &[("line", &line)])}
                        </button>
                    </div>
                </div>
            }
        })
    };
    let failed = move || error.get().map(|error| i18n.text(reports::report_error(error)));
    let write = move |event| rules.document.set(event_target_value(&event));
    view! {
        <div class="labelled">
            <label for="rules-document">{i18n.text("rules.document")}</label>
            <p class="quiet" id="rules-document-hint">{i18n.text("rules.document_hint")}</p>
            <textarea
                class="field document"
                id="rules-document"
                data-part="rules-document"
                rows="18"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                translate="no"
                aria-describedby="rules-document-hint"
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                prop:value=move || rules.document.get()
                on:input=write
            ></textarea>
        </div>
        <div class="buttons">
            <button
                type="button"
                class="button"
                data-part="rules-check"
                aria-disabled=move || loading.get().to_string()
                on:click=move |_| {
                    if !loading.get_untracked() {
                        intents.check_rules();
                    }
                }
            >
                {i18n.text("rules.check")}
            </button>
            <p role="status" class="quiet">{move || loading.get().then(|| i18n.text("rules.checking"))}</p>
        </div>
        <p class="error" role="status" data-part="rules-check-error">{failed}</p>
        <div role="status">{faulty}</div>
    }
}

#[component]
fn Publish() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let rules = state.rules;
    let four_eyes = Memo::new(move |_| rules.overview.with(|overview| overview.four_eyes));
    let is_checked = Memo::new(move |_| rules.is_checked());
    let later = RwSignal::new(untrack(|| !rules.from.with(String::is_empty)));
    let tried = RwSignal::new(false);
    // The next version is for at once again.
    Effect::new(move |_| {
        if matches!(rules.act.get(), Some((RulesAct::Publish, ActState::Done { .. }))) {
            later.set(false);
            tried.set(false);
        }
    });
    let no_reason = Memo::new(move |_| rules.reason.with(|reason| reason.trim().is_empty()));
    let no_instant = Memo::new(move |_| later.get() && rules.from.with(String::is_empty));
    let reason_error = move || (tried.get() && no_reason.get()).then(|| i18n.text("rules.reason_missing"));
    let from_error = move || (tried.get() && no_instant.get()).then(|| i18n.text("rules.from_missing"));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !is_checked.get_untracked() {
            return;
        }
        tried.set(true);
        if no_reason.get_untracked() {
            let _always_there = parts.focus("rules-why");
        } else if no_instant.get_untracked() {
            let _always_there = parts.focus("rules-from");
        } else {
            tried.set(false);
            intents.publish_rules();
        }
    };
    let when = [(false, "rules.at_once"), (true, "rules.from")].map(|(is_later, key)| {
        let chosen = Signal::derive(move || later.get() == is_later);
        let choose = Callback::new(move |()| {
            later.set(is_later);
            if !is_later {
                rules.from.set(String::new());
            }
        });
        let part = if is_later { "rules-later" } else { "rules-at-once" };
        view! {
            <label class="option">
                <input
                    type="radio"
                    name="rules-when"
                    data-part=part
                    prop:checked=move || chosen.get()
                    on:change=move |_| choose.run(())
                />
                <span class="option-text"><span class="name">{i18n.text(key)}</span></span>
            </label>
        }
    });
    let label = move || {
        i18n.text(match (four_eyes.get(), later.get()) {
            (true, _) => "rules.propose",
            (false, true) => "rules.publish_later",
            (false, false) => "rules.publish",
        })
    };
    let unavailable = move || !is_checked.get() || rules.is_busy();
    let hint = move || (!is_checked.get()).then(|| i18n.text("rules.check_first"));
    view! {
        <form class="form" data-part="rules-publish-form" on:submit=submit>
            <div class="labelled">
                <label for="rules-why">{i18n.text("rules.reason")}</label>
                <input
                    id="rules-why"
                    class="field"
                    type="text"
                    data-part="rules-why"
                    autocomplete="off"
                    maxlength=MAX_REASON
                    aria-required="true"
                    aria-describedby="rules-why-hint rules-why-error"
                    aria-invalid=move || (tried.get() && no_reason.get()).then_some("true")
                    prop:value=move || rules.reason.get()
                    on:input=move |event| rules.reason.set(event_target_value(&event))
                />
                <p class="quiet" id="rules-why-hint">{i18n.text("rules.reason_hint")}</p>
                <p class="error" id="rules-why-error" role="status">{reason_error}</p>
            </div>
            <fieldset class="choices">
                <legend class="label">{i18n.text("rules.when")}</legend>
                {when}
            </fieldset>
            <Show when=move || later.get()>
                <div class="labelled">
                    <label for="rules-from">{i18n.text("rules.from_when")}</label>
                    <input
                        id="rules-from"
                        class="field"
                        type="datetime-local"
                        data-part="rules-from"
                        aria-describedby="rules-from-error"
                        aria-invalid=move || (tried.get() && no_instant.get()).then_some("true")
                        prop:value=move || rules.from.get()
                        on:change=move |event| rules.from.set(event_target_value(&event))
                    />
                    <p class="error" id="rules-from-error" role="status">{from_error}</p>
                </div>
            </Show>
            <p class="quiet" id="rules-publish-hint">{hint}</p>
            <div class="buttons">
                <button
                    type="submit"
                    class="button primary"
                    data-part="rules-publish"
                    aria-describedby="rules-publish-hint"
                    aria-disabled=move || unavailable().to_string()
                >
                    {label}
                </button>
            </div>
        </form>
    }
}

/// The longest reason that the service takes.
const MAX_REASON: &str = "500";
