// SPDX-License-Identifier: EUPL-1.2
//! Ending a conversation: three levels of a topic and an outcome. Nothing is sent before all of it is chosen.

use infocig_protocol::{desk::Topic, entry::Outcome};
use leptos::prelude::*;

use super::{Intents, dialog::Modal, handing::Cancel};
use crate::{
    state::{Connection, Conversation, DeskState, Dialog, hand::Hand},
    text,
};

const OUTCOMES: [(Outcome, &str); 3] =
    [(Outcome::Online, "online"), (Outcome::LineaInps, "linea_inps"), (Outcome::Abandoned, "abandoned")];

/// What it was about and what came of it.
#[component]
pub(crate) fn Closing(conversation: Conversation) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let Conversation { choice, hand, .. } = conversation.clone();
    let over = Memo::new(move |_| hand.with(|hand| hand.as_ref().and_then(Hand::wrap_up).is_some()));
    let live = move || state.connection.get() == Connection::Live;
    let missing = {
        let choice = choice.clone();
        Memo::new(move |_| choice.with(|choice| choice.missing()))
    };
    let unavailable = move || missing.get().is_some() || !live();
    let hint = move || match (missing.get(), live()) {
        (Some(level), _) => text::missing(level),
        (None, false) => text::CLOSE_NEEDS_LINK,
        (None, true) if over.get() => "",
        (None, true) => text::CLOSE_HINT,
    };
    let levels = [0, 1, 2].map(|level| {
        view! { <Level conversation=conversation.clone() level/> }
    });
    let outcomes = OUTCOMES.map(|(outcome, word)| {
        let (chosen, choose) = (choice.clone(), choice.clone());
        view! {
            <label class="option">
                <input
                    type="radio"
                    name="outcome"
                    data-part="outcome"
                    value=word
                    prop:checked=move || chosen.with(|choice| choice.outcome == Some(outcome))
                    on:change=move |_| choose.update(|choice| choice.outcome = Some(outcome))
                />
                <span class="option-words">
                    <span class="name">{text::outcome(outcome)}</span>
                    <span class="quiet">{text::outcome_means(outcome)}</span>
                </span>
            </label>
        }
    });
    let ended = conversation.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(unavailable) && intents.close(&ended) {
            state.dialog.set(None);
        }
    };
    view! {
        <Modal
            which=Dialog::Closing(conversation.id.clone())
            part="close-dialog"
            heading=text::close_question(&conversation.person.name)
        >
            <form class="form" on:submit=submit>
                <div class="levels">{levels}</div>
                <fieldset class="outcomes">
                    <legend class="label">{text::OUTCOME}</legend>
                    {outcomes}
                </fieldset>
                <p class="quiet" role="status">{hint}</p>
                <div class="buttons">
                    <button
                        type="submit"
                        class="button primary"
                        data-part="close-confirm"
                        aria-disabled=move || unavailable().to_string()
                    >
                        {move || if over.get() { text::DONE } else { text::CLOSE_CONFIRM }}
                    </button>
                    <Cancel/>
                </div>
            </form>
        </Modal>
    }
}

/// One level of the topic.
#[component]
fn Level(conversation: Conversation, level: usize) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let choice = conversation.choice;
    let id = format!("topic-{}", level + 1);
    let tree = move || state.welcome.with(|welcome| welcome.as_ref().map(|welcome| welcome.topics.clone()));
    let options = {
        let choice = choice.clone();
        Memo::new(move |_| {
            let tree = tree().unwrap_or_default();
            choice.with(|choice| choice.options(&tree, level).to_vec())
        })
    };
    let none = Memo::new(move |_| options.with(Vec::is_empty));
    let chosen = {
        let choice = choice.clone();
        Memo::new(move |_| choice.with(|choice| choice.at(level).unwrap_or_default().to_string()))
    };
    let choose = move |event| {
        let tree = untrack(tree).unwrap_or_default();
        choice.update(|choice| choice.choose(&tree, level, &event_target_value(&event)));
    };
    let listed = move || {
        options
            .get()
            .into_iter()
            .map(|Topic { id, name, .. }| {
                let selected = {
                    let id = id.clone();
                    move || chosen.with(|chosen| *chosen == id)
                };
                view! { <option value=id prop:selected=selected>{name}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="level">
            <label class="label" for=id.clone()>{text::TOPIC_LEVELS.get(level).copied()}</label>
            <select
                class="field"
                id=id.clone()
                data-part=id
                required=true
                disabled=move || none.get()
                prop:value=move || chosen.get()
                on:change=choose
            >
                <option value="" prop:selected=move || chosen.with(String::is_empty)>
                    {move || if none.get() { text::CHOOSE_ABOVE_FIRST } else { text::CHOOSE }}
                </option>
                {listed}
            </select>
        </div>
    }
}
