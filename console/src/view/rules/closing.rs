// SPDX-License-Identifier: EUPL-1.2
//! Closing at once, in two presses: why and until when; then the sentence people will read, and the confirmation. And opening
//! again.

use leptos::{ev, prelude::*};

use super::{ActStatus, Section, after};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        rules::{RulesAct, is_closed_at_once},
    },
    text::rules as text,
    view::hold::Choice,
};

#[component]
pub(super) fn ClosingSection() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let rules = state.rules;
    let form = rules.closing;
    let minute = Memo::new(move |_| state.clock.now.get().as_millis().div_euclid(60_000));
    let end = Memo::new(move |_| {
        minute.track();
        form.with(|form| form.end(state.clock.now.get_untracked()))
    });
    let is_wrong = Memo::new(move |_| {
        minute.track();
        form.with(|form| form.until(state.clock.now.get_untracked()).is_none())
    });
    let confirming = Memo::new(move |_| form.with(|form| form.confirming));
    let is_closed = Memo::new(move |_| rules.overview.with(|overview| overview.closure.is_some()));
    // The document in force is known where the draft was made from it; elsewhere the service answers.
    let can_reopen = Memo::new(move |_| {
        minute.track();
        let now = state.clock.now.get_untracked();
        let in_force = rules.overview.with(|overview| overview.in_force);
        let known = rules.base.get() == Some(in_force) && rules.original.with(|text| !text.is_empty());
        is_closed.get() && (!known || rules.original.with(|text| is_closed_at_once(text, now)))
    });
    let mine = |act| matches!(act, RulesAct::Close | RulesAct::Reopen);
    after(mine, |parts| {
        let _always_there = parts.focus("rules-closing-heading");
    });
    let reasons = move || {
        text::CLOSING_REASONS.map(|one| {
            let chosen = Signal::derive(move || form.with(|form| form.reason == one));
            let choose = Callback::new(move |()| form.update(|form| form.reason = one));
            view! { <Choice part="rules-reason" name=i18n.text(text::closing_reason(one)) chosen choose/> }
        })
    };
    let ask = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !is_wrong.get_untracked() {
            form.update(|form| {
                form.until = end.get_untracked();
                form.confirming = true;
            });
            request_animation_frame(move || {
                let _always_there = parts.focus("rules-close-question");
            });
        }
    };
    let back = move |_| {
        form.update(|form| form.confirming = false);
        request_animation_frame(move || {
            let _always_there = parts.focus("rules-close");
        });
    };
    let error = move || is_wrong.get().then(|| i18n.text("rules.until_passed"));
    let day_ends = move || {
        let ends = rules.day_ends.get().filter(|ends| *ends != end.get());
        ends.map(|ends| {
            let label = i18n.fill("rules.until_end_of_day", &[("clock", &ends)]);
            view! {
                <button
                    type="button"
                    class="button slim"
                    data-part="rules-until-end"
                    on:click=move |_| form.update(|form| form.until.clone_from(&ends))
                >
                    {label}
                </button>
            }
        })
    };
    let sentence = move || form.with(|form| text::closing_sentence(&i18n.words(), form.reason, &end.get()));
    let busy = move || rules.is_busy().to_string();
    view! {
        <Section part="rules-closing" heading="rules.close_now">
            <ActStatus part="rules-closing-status" mine/>
            <Show when=move || is_closed.get() && !can_reopen.get()>
                <p data-part="rules-calendar">{i18n.text("rules.closed_by_calendar")}</p>
            </Show>
            <Show when=move || can_reopen.get()>
                <p>{i18n.text("rules.reopen_means")}</p>
                <div class="buttons">
                    <button type="button" class="button primary" data-part="rules-reopen" aria-disabled=busy on:click=move |_| intents.reopen()>
                        {i18n.text("rules.reopen")}
                    </button>
                </div>
            </Show>
            <Show
                when=move || confirming.get()
                fallback=move || {
                    view! {
                        <form class="form" on:submit=ask>
                            <fieldset class="choices">
                                <legend class="label">{i18n.text("rules.why")}</legend>
                                {reasons()}
                            </fieldset>
                            <div class="labelled">
                                <label for="rules-until">{i18n.text("rules.until")}</label>
                                <div class="buttons">
                                    <input
                                        id="rules-until"
                                        class="field time"
                                        type="time"
                                        data-part="rules-until"
                                        aria-describedby="rules-until-error"
                                        aria-invalid=move || is_wrong.get().then_some("true")
                                        prop:value=move || end.get()
                                        on:change=move |event| form.update(|form| form.until = event_target_value(&event))
                                    />
                                    {day_ends}
                                </div>
                                <p class="error" id="rules-until-error" role="status">{error}</p>
                            </div>
                            <p class="quiet">{i18n.text("rules.close_means")}</p>
                            <div class="buttons">
                                <button
                                    type="submit"
                                    class="button"
                                    data-part="rules-close"
                                    aria-disabled=move || is_wrong.get().to_string()
                                >
                                    {i18n.text("rules.close_now")}
                                </button>
                            </div>
                        </form>
                    }
                }
            >
                <div class="question" data-part="rules-close-question" tabindex="-1" role="group" aria-labelledby="rules-close-asked">
                    <p class="name" id="rules-close-asked">{i18n.text("rules.close_question")}</p>
                    <p><q data-part="rules-close-sentence">{sentence}</q></p>
                    <div class="buttons">
                        <button type="button" class="button primary" data-part="rules-close-confirm" aria-disabled=busy on:click=move |_| intents.close_now()>
                            {i18n.text("rules.close_confirm")}
                        </button>
                        <button type="button" class="button" data-part="rules-close-back" on:click=back>
                            {i18n.text("action.cancel")}
                        </button>
                    </div>
                </div>
            </Show>
        </Section>
    }
}
