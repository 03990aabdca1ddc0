// SPDX-License-Identifier: EUPL-1.2
//! The panel of the person's cases: each with its state, its steps on request, and the button that shows it to the person.

use infocig_client::{
    cases,
    dates::{self, Moment},
};
use infocig_protocol::case::Case;
use leptos::prelude::*;

use super::case::{CaseFacts, Steps};
use crate::{
    i18n::I18n,
    intents::Intents,
    state::{Conversation, DeskState, cases::Shared, minutes_waiting},
    text,
};

#[component]
pub(crate) fn Cases(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let cases = conversation.cases.clone();
    let cases = Memo::new(move |_| cases.get());
    let listed = move || cases.with(|cases| cases.listed().to_vec());
    let coming = Memo::new(move |_| cases.with(|cases| cases.loading));
    let told = Memo::new(move |_| {
        cases.with(|cases| match (&cases.answer, cases.loading, cases.error) {
            (_, _, Some(trouble)) => i18n.text(text::cases_error(trouble)),
            (None, true, None) => i18n.text("cases.coming"),
            (Some(answer), _, None) if answer.cases.is_empty() => i18n.text("cases.none"),
            _ => String::new(),
        })
    });
    let troubled = move || cases.with(|cases| cases.error.is_some());
    let as_of = Memo::new(move |_| cases.with(|cases| cases.answer.as_ref().map(|answer| answer.as_of)));
    let minutes = Memo::new(move |_| as_of.get().map(|at| minutes_waiting(at, state.clock.now.get())));
    let age = move || {
        let at = as_of.get()?;
        Some(text::aged(&i18n.words(), &Moment::in_italy(at), minutes.get()?))
    };
    let known = Memo::new(move |_| as_of.with(Option::is_some));
    let words = move || {
        i18n.text(match (coming.get(), known.get()) {
            (true, false) => "cases.coming",
            (true, true) => "cases.refreshing",
            (false, true) => "action.refresh",
            (false, false) => "action.retry",
        })
    };
    let writable = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.is_writable())
    };
    let shared = StoredValue::new(conversation);
    view! {
        <section class="side-panel cases" data-part="cases" aria-labelledby="cases-heading">
            <h3 class="subheading" id="cases-heading">{i18n.text("cases.title")}</h3>
            <p role="status" class:error=troubled data-part="cases-state">{move || told.get()}</p>
            <p class="quiet" data-part="cases-age">{age}</p>
            <Show when=move || writable.get()>
                // One button with two names: replacing it would lose the focus of a press.
                <button
                    type="button"
                    class="button slim"
                    data-part=move || if known.get() { "cases-refresh" } else { "cases-retry" }
                    aria-disabled=move || coming.get().to_string()
                    on:click=move |_| shared.with_value(|conversation| intents.request_cases(conversation))
                >
                    {words}
                </button>
            </Show>
            <ul class="side-list">
                // Keyed by content: rows are made once, so a changed case needs a new one.
                <For each=listed key=|case| format!("{case:?}") let:case>
                    <Item case conversation=shared.get_value()/>
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Item(case: Case, conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let intents = expect_context::<Intents>();
    let Conversation { cases, entries, .. } = conversation.clone();
    let id = case.id.clone();
    let open = {
        let (cases, id) = (cases.clone(), id.clone());
        Memo::new(move |_| cases.with(|cases| cases.is_open(&id)))
    };
    let toggle = {
        let (cases, id) = (cases.clone(), id.clone());
        move |_| cases.update(|cases| cases.toggle(&id))
    };
    let shared = {
        let id = id.clone();
        Memo::new(move |_| entries.with(|log| cases.with(|cases| cases.shared(&id, log))))
    };
    let told = move || match shared.get() {
        Shared::No | Shared::Loading => None,
        Shared::Failed(trouble) => Some(i18n.text(text::not_shared(trouble))),
        Shared::At(at) => Some(i18n.fill("share.at", &[("clock", &dates::clock(at))])),
    };
    let failed = move || matches!(shared.get(), Shared::Failed(_));
    let title = text::case_title(&case);
    let toggle_label = {
        let title = title.clone();
        move || text::labelled(&i18n.words(), &i18n.text(text::steps(open.get())), &title)
    };
    let share_label = {
        let title = title.clone();
        move || text::labelled(&i18n.words(), &i18n.text(text::share(shared.get())), &title)
    };
    let writable = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.is_writable())
    };
    let for_share = StoredValue::new((conversation, id.clone(), share_label));
    let share = move |_| for_share.with_value(|(conversation, id, _)| intents.share(conversation, id));
    let (standing, period, reached) = (
        i18n.text(cases::status(case.status)),
        cases::period(&i18n.words(), &case),
        text::reached(&i18n.words(), &case),
    );
    let details = StoredValue::new(case);
    view! {
        <li class="case" data-part="case" data-case=id.to_string()>
            <h4 class="name">{title}</h4>
            <p>{period}</p>
            <p class="tag" data-part="case-status">{standing}</p>
            <p class="quiet" data-part="case-reached">{reached}</p>
            <div class="buttons">
                <button
                    type="button"
                    class="button slim"
                    data-part="case-toggle"
                    aria-expanded=move || open.get().to_string()
                    aria-label=toggle_label
                    on:click=toggle
                >
                    {move || i18n.text(text::steps(open.get()))}
                </button>
                <Show when=move || writable.get()>
                    <button
                        type="button"
                        class="button slim"
                        data-part="case-share"
                        aria-label=move || for_share.with_value(|(_, _, label)| label())
                        aria-disabled=move || (shared.get() == Shared::Loading).to_string()
                        on:click=share
                    >
                        {move || i18n.text(text::share(shared.get()))}
                    </button>
                </Show>
            </div>
            <p role="status" class:error=failed data-part="case-shared">{told}</p>
            <Show when=move || open.get()>
                <CaseFacts case=details.get_value()/>
                <Steps case=details.get_value()/>
            </Show>
        </li>
    }
}
