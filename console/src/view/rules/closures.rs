// SPDX-License-Identifier: EUPL-1.2
//! Closures of whole days: those of the draft, and the form that adds one to it.

use infocig_client::dates::{Day, Moment};
use infocig_protocol::{language::Language, person::Category};
use leptos::{ev, prelude::*};

use super::{TextFields, provinces::Provinces};
use crate::{
    dom::Parts,
    i18n::I18n,
    state::{
        DeskState,
        rules::{ClosureError, ClosureForm, WrittenClosure, closures, without_closure},
    },
    text::{self as texts, rules as text},
    view::reports::form::Field,
};

#[component]
pub(super) fn ClosureForms() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let parts = expect_context::<Parts>();
    let rules = state.rules;
    let written = Memo::new(move |_| rules.document.with(|document| closures(document)));
    let said = RwSignal::new(None::<String>);
    let remove = Callback::new(move |index: usize| {
        let without = rules.document.with_untracked(|document| without_closure(document, index));
        if let Some(without) = without {
            rules.document.set(without);
            said.set(Some(i18n.text("rules.closure_removed")));
            request_animation_frame(move || {
                let _always_there = parts.focus("closures-heading");
            });
        }
    });
    let rows = move || {
        let rows = written.get().unwrap_or_default().into_iter().enumerate();
        rows.map(|(index, closure)| view! { <Row index closure remove/> }).collect_view()
    };
    view! {
        <details class="rules-form" data-part="closures">
            <summary class="summary-heading">{i18n.text("rules.closures")}</summary>
            <p class="quiet" data-part="closures-heading" tabindex="-1">{i18n.text("rules.closures_mean")}</p>
            <p class="act-status" role="status" data-part="closures-status">{move || said.get()}</p>
            <Show
                when=move || written.with(Option::is_some)
                fallback=move || view! { <p class="error">{i18n.text("rules.text_first")}</p> }
            >
                <ul class="list">{rows}</ul>
                <Form said/>
            </Show>
        </details>
    }
}

#[component]
fn Row(index: usize, closure: WrittenClosure, remove: Callback<usize>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let words = i18n.words();
    let days = days(i18n, &closure);
    let provinces = state
        .rules
        .overview
        .with_untracked(|overview| text::provinces(&words, &closure.provinces, &overview.provinces));
    let categories: Vec<String> =
        closure.categories.iter().map(|one| i18n.text(texts::category(*one))).collect();
    let whom = if categories.is_empty() { i18n.text("rules.everybody") } else { categories.join(", ") };
    let label = i18n.fill("rules.button_of", &[("action", &i18n.text("rules.remove")), ("version", &days)]);
    view! {
        <li class="row" data-part="closure-row">
            <p class="name">{days}</p>
            <p><q lang="it">{closure.reason}</q></p>
            <p class="quiet">{whom} " · " {provinces}</p>
            <button type="button" class="button slim" data-part="closure-remove" aria-label=label on:click=move |_| remove.run(index)>
                {i18n.text("rules.remove")}
            </button>
        </li>
    }
}

/// The days of a closure; of one with hours what is written.
fn days(i18n: I18n, closure: &WrittenClosure) -> String {
    let words = i18n.words();
    let whole = Day::parse(&closure.from).zip(Day::parse(&closure.to)).filter(|_| closure.to.len() == 10);
    let Some((from, to)) = whole else {
        let written = |text: &str| match (Moment::parse(text), Day::parse(text)) {
            (Some(moment), _) => moment.text(&words),
            (None, Some(day)) => day.text(&words),
            (None, None) => text.into(),
        };
        let (from, to) = (written(&closure.from), written(&closure.to));
        return i18n.fill("period.days", &[("from", &from), ("to", &to)]);
    };
    let last = to.plus_days(-1);
    if last <= from {
        return from.text(&words);
    }
    i18n.fill("period.days", &[("from", &from.text(&words)), ("to", &last.text(&words))])
}

#[component]
fn Form(said: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let parts = expect_context::<Parts>();
    let rules = state.rules;
    let form = rules.closure;
    let of = move |read: fn(&ClosureForm) -> String| Signal::derive(move || form.with(read));
    let write = move |with: fn(&mut ClosureForm, String)| {
        Callback::new(move |value: String| form.update(|form| with(form, value)))
    };
    let error = move |wanted: &'static [ClosureError]| {
        Signal::derive(move || {
            let errors = form.with(|form| if form.tried { form.errors() } else { Vec::new() });
            let found = errors.into_iter().find(|error| wanted.contains(error));
            found.map(|error| i18n.text(text::closure_error(error)))
        })
    };
    let say = Callback::new(move |(language, said): (Language, String)| {
        form.update(|form| *form.texts.of_mut(language) = said);
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        form.update(|form| form.tried = true);
        let added =
            rules.document.with_untracked(|document| form.with_untracked(|form| form.added_to(document)));
        let Some(added) = added else {
            let first = form.with_untracked(|form| form.errors().first().copied());
            let part = match first {
                Some(ClosureError::Reason) => "closure-it",
                Some(ClosureError::Source) => "closure-source",
                Some(ClosureError::Backwards) => "closure-to",
                Some(ClosureError::Day) | None => "closure-from",
            };
            let _always_there = parts.focus(part);
            return;
        };
        rules.document.set(added);
        form.set(ClosureForm::default());
        said.set(Some(i18n.text("rules.closure_added")));
        request_animation_frame(move || {
            let _always_there = parts.focus("rules-check");
        });
    };
    let days_error = error(&[ClosureError::Day, ClosureError::Backwards]);
    let source_error = error(&[ClosureError::Source]);
    let categories = Category::ALL.map(|one| {
        let chosen = move || form.with(|form| form.categories.contains(&one));
        let toggle = move |event| {
            let chosen = event_target_checked(&event);
            form.update(|form| {
                form.categories.retain(|other| *other != one);
                if chosen {
                    form.categories.push(one);
                }
            });
        };
        view! {
            <label class="option">
                <input type="checkbox" data-part="closure-category" value=one.as_str() prop:checked=chosen on:change=toggle/>
                <span class="option-text"><span class="name">{i18n.text(texts::category(one))}</span></span>
            </label>
        }
    });
    view! {
        <form class="form" data-part="closure-form" on:submit=submit>
            <div class="filters">
                <Field
                    id="closure-from"
                    label="rules.closure_from"
                    kind="date"
                    value=of(|form| form.from.clone())
                    write=write(|form, day| form.from = day)
                />
                <Field
                    id="closure-to"
                    label="rules.closure_to"
                    kind="date"
                    value=of(|form| form.to.clone())
                    write=write(|form, day| form.to = day)
                    hint="rules.closure_to_hint"
                />
            </div>
            <p class="error" role="status" data-part="closure-days-error">{move || days_error.get()}</p>
            <fieldset class="choices">
                <legend class="label">{i18n.text("rules.closure_whom")}</legend>
                {categories}
            </fieldset>
            <Provinces
                part="closure"
                codes=Signal::derive(move || form.with(|form| form.provinces.clone()))
                choose=Callback::new(move |codes| form.update(|form| form.provinces = codes))
            />
            <TextFields
                part="closure"
                legend="rules.closure_reason"
                texts=Signal::derive(move || form.with(|form| form.texts.clone()))
                write=say
                error=error(&[ClosureError::Reason])
            />
            <Field
                id="closure-source"
                label="rules.closure_source"
                value=of(|form| form.source.clone())
                write=write(|form, source| form.source = source)
                hint="rules.closure_source_hint"
            />
            <p class="error" role="status" data-part="closure-source-error">{move || source_error.get()}</p>
            <div class="buttons">
                <button type="submit" class="button" data-part="closure-add">{i18n.text("rules.closure_add")}</button>
            </div>
        </form>
    }
}
