// SPDX-License-Identifier: EUPL-1.2
//! Suggestions of the automatic assistant, over the log: the newest message of the person, and up to three texts that answer it.
//! A chosen text goes into the draft with its source and is not sent. In the panel each has a key, its number.

use infocig_client::dom::is_composing;
use infocig_protocol::assistant::Passage;
use leptos::{ev::KeyboardEvent, prelude::*};

use super::{log::with_links, proposal::Proposal};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        Conversation, DeskState,
        shortcuts::Shortcut,
        suggestions::{self, Progress},
    },
    text,
};

/// The button that opens the panel and asks. Without a message of the person it says that there is nothing to ask.
#[component]
pub(crate) fn SuggestButton(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let Conversation { entries, suggestions, .. } = conversation.clone();
    let has_question = Memo::new(move |_| entries.with(|log| suggestions::question_in(log).is_some()));
    let shown = {
        let suggestions = suggestions.clone();
        Memo::new(move |_| {
            suggestions.with(|suggestions| suggestions.shown) && !state.screen.replies_open.get()
        })
    };
    let press = move |_| {
        if shown.get_untracked() {
            suggestions.update(|suggestions| suggestions.shown = false);
        } else if has_question.get_untracked() {
            state.screen.replies_open.set(false);
            intents.open_suggestions(&conversation);
            // The panel is made after this: then its keys work at once.
            request_animation_frame(move || {
                let _closed_since = parts.focus("suggestions-insert") || parts.focus("suggestions");
            });
        }
    };
    let key = move || state.preferences.chosen.with(|chosen| chosen.keys).then(|| Shortcut::Suggest.key());
    view! {
        <button
            type="button"
            class="button slim"
            data-part="suggest"
            aria-expanded=move || shown.get().to_string()
            aria-disabled=move || (!has_question.get()).to_string()
            aria-keyshortcuts=key
            on:click=press
        >
            {move || i18n.text(text::suggest(has_question.get()))}
            {move || key().map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
}

#[component]
pub(crate) fn Suggestions(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let Conversation { entries, suggestions, draft, .. } = conversation.clone();
    let proposing = StoredValue::new(conversation.clone());
    let asked = {
        let suggestions = suggestions.clone();
        Memo::new(move |_| suggestions.get())
    };
    let newest = Memo::new(move |_| entries.with(|log| suggestions::question_in(log)));
    let can_ask_again = Memo::new(move |_| asked.with(|asked| asked.can_ask_again(newest.get().as_deref())));
    let failed = move || asked.with(|asked| matches!(asked.progress(), Progress::Failed(_)));
    let question = move || {
        i18n.fill(
            "suggestions.question",
            &[("question", asked.with(|asked| asked.question().to_string()).as_str())],
        )
    };

    let leave = move || {
        suggestions.update(|suggestions| suggestions.shown = false);
        let _none_if_it_ended = parts.focus("composer");
    };
    let choose = {
        let (leave, conversation) = (leave.clone(), conversation.clone());
        move |index: usize| {
            let passage = asked.with_untracked(|asked| asked.passages().get(index).cloned());
            let Some(Passage { text, .. }) = passage else { return };
            let whole = suggestions::insert(&draft.get_untracked(), &text);
            leave();
            if !parts.type_over("composer", &whole) {
                intents.write(&conversation, whole);
            }
        }
    };
    let keys = {
        let (leave, choose) = (leave.clone(), choose.clone());
        move |key: KeyboardEvent| {
            if is_composing(&key) || key.ctrl_key() || key.alt_key() || key.meta_key() {
                return;
            }
            if key.key() == "Escape" {
                key.prevent_default();
                leave();
                return;
            }
            let number = key
                .key()
                .parse::<usize>()
                .ok()
                .filter(|number| (1..=suggestions::MAX_SHOWN).contains(number));
            if let Some(number) = number {
                // A number opens no conversation while its key is a passage's.
                key.prevent_default();
                choose(number - 1);
            }
        }
    };
    // The focus waits on the panel until there is something to press; it is not taken from the field.
    Effect::new(move |before: Option<usize>| {
        let found = asked.with(|asked| asked.passages().len());
        if before == Some(0) && found > 0 && parts.is_focused("suggestions") {
            request_animation_frame(move || {
                let _closed_since = parts.focus("suggestions-insert");
            });
        }
        found
    });
    let passages = move || {
        let item = |(index, passage): (usize, Passage)| {
            let choose = choose.clone();
            view! { <Suggestion number=index + 1 passage choose=Callback::new(move |()| choose(index))/> }
        };
        asked.with(|asked| asked.passages().to_vec()).into_iter().enumerate().map(item).collect_view()
    };
    let again = move |_| {
        // The button goes: the panel takes its focus.
        let _no_panel = parts.focus("suggestions");
        intents.request_suggestions(&conversation);
    };
    let again = StoredValue::new(again);
    view! {
        <section
            class="suggestions"
            data-part="suggestions"
            aria-labelledby="suggestions-heading"
            tabindex="-1"
            on:keydown=keys
        >
            <h3 class="subheading" id="suggestions-heading">{i18n.text("suggestions.title")}</h3>
            <p class="quiet asked" dir="auto" data-part="suggestions-question">{question}</p>
            <p role="status" class:error=failed data-part="suggestions-state">
                {move || asked.with(|asked| text::suggestions(&i18n.words(), asked))}
            </p>
            <ol class="suggestion-list">{passages}</ol>
            <Proposal conversation=proposing.get_value()/>
            <div class="buttons">
                <Show when=move || can_ask_again.get()>
                    <button
                        type="button"
                        class="button slim"
                        data-part="suggestions-again"
                        on:click=move |press| again.with_value(|again| again(press))
                    >
                        {move || i18n.text(asked.with(|asked| text::suggest_again(asked.progress())))}
                    </button>
                </Show>
                <button type="button" class="button slim" data-part="suggestions-close" on:click=move |_| leave()>
                    {i18n.text("action.close")}
                </button>
            </div>
        </section>
    }
}

/// A text of the assistant, folded because advisors know most of them. What it says about the person is open.
#[component]
fn Suggestion(number: usize, passage: Passage, choose: Callback<()>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let Passage { entry, title, text, language } = passage;
    let language = language.as_str();
    let words = view! { <p class="text" lang=language translate="yes">{with_links(&text)}</p> };
    let (name, shown) = if entry.is_some() {
        let summary = title.clone();
        (title, view! { <details><summary lang=language>{summary}</summary>{words}</details> }.into_any())
    } else {
        let name = i18n.text("suggestions.about_person");
        (name.clone(), view! { <div><p class="name">{name}</p>{words}</div> }.into_any())
    };
    view! {
        <li class="suggestion assistant" data-part="suggestion">
            {shown}
            <button
                type="button"
                class="button slim"
                data-part="suggestions-insert"
                aria-keyshortcuts=number.to_string()
                on:click=move |_| choose.run(())
            >
                {i18n.text("suggestions.insert")}
                <span class="visually-hidden">" "{name}</span>
                <kbd aria-hidden="true">{number}</kbd>
            </button>
        </li>
    }
}
