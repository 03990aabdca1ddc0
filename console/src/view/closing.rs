// SPDX-License-Identifier: EUPL-1.2
//! The dialog that ends a conversation: three levels of a topic, and an outcome. It is sent only when all four are chosen.

use infocig_protocol::{desk::Topic, entry::Outcome};
use leptos::prelude::*;

use super::dialog::{Cancel, Modal};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{Connection, Conversation, DeskState, Dialog, assignment::Assignment, topics::TopicChoice},
    text,
};

const OUTCOMES: [(Outcome, &str); 3] =
    [(Outcome::Online, "online"), (Outcome::LineaInps, "linea_inps"), (Outcome::Abandoned, "abandoned")];
/// The `data-part`s of the levels; a missing outcome has its own.
const MISSING: [&str; 3] = ["topic-1", "topic-2", "topic-3"];

#[component]
pub(crate) fn Closing(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let Conversation { choice, assignment, .. } = conversation.clone();
    let over = Memo::new(move |_| {
        assignment.with(|assignment| assignment.as_ref().and_then(Assignment::wrap_up).is_some())
    });
    let live = move || state.session.connection.get() == Connection::Live;
    let missing = {
        let choice = choice.clone();
        Memo::new(move |_| choice.with(|choice| choice.missing()))
    };
    let unavailable = move || missing.get().is_some() || !live();
    let hint = move || {
        let key = match (missing.get(), live()) {
            (Some(level), _) => text::missing(level),
            (None, false) => "close.needs_link",
            (None, true) if over.get() => return String::new(),
            (None, true) => "close.hint",
        };
        i18n.text(key)
    };
    let levels = [0, 1, 2].map(|level| {
        let (chosen, about) = (choice.clone(), conversation.clone());
        let choose = Callback::new(move |id: String| {
            let mut choice = about.choice.get_untracked();
            choice.choose(&state.session.topics(), level, &id);
            intents.choose_topic(&about, choice);
        });
        view! { <Level part="topic" level choice=Signal::derive(move || chosen.get()) choose/> }
    });
    let answered = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.is_answered())
    };
    let chosen = choice;
    let outcome = Signal::derive(move || chosen.with(|choice| choice.outcome));
    let about = conversation.clone();
    let choose = Callback::new(move |outcome: Outcome| {
        let mut choice = about.choice.get_untracked();
        choice.outcome = Some(outcome);
        intents.choose_topic(&about, choice);
    });
    let ended = conversation.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(level) = missing.get_untracked() {
            let _always_there = parts.focus(MISSING.get(level).copied().unwrap_or("outcome"));
        } else if !untrack(unavailable) && intents.close(&ended) {
            state.screen.dialog.set(None);
        }
    };
    view! {
        <Modal
            which=Dialog::Closing(conversation.id.clone())
            part="close-dialog"
            heading=i18n.fill("close.question", &[("name", &conversation.person.name)])
        >
            // `novalidate`: the browser's own messages may be in another language than the console.
            <form class="form" novalidate=true on:submit=submit>
                <div class="levels">{levels}</div>
                <Outcomes part="outcome" chosen=outcome answered=answered.into() choose/>
                <p class="quiet" role="status">{hint}</p>
                <div class="buttons">
                    <button
                        type="submit"
                        class="button primary"
                        data-part="close-confirm"
                        aria-disabled=move || unavailable().to_string()
                    >
                        {move || i18n.text(if over.get() { "wrap_up.done" } else { "close.action" })}
                    </button>
                    <Cancel/>
                </div>
            </form>
        </Modal>
    }
}

/// The outcomes to choose from.
#[component]
pub(super) fn Outcomes(
    /// The `data-part` of each.
    part: &'static str,
    chosen: Signal<Option<Outcome>>,
    /// Whether an advisor has answered: the person reads the outcome too, so "answered online" is not offered before.
    answered: Signal<bool>,
    choose: Callback<Outcome>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let outcomes = OUTCOMES.map(|(outcome, word)| {
        let untrue = move || outcome == Outcome::Online && !answered.get();
        let means =
            move || i18n.text(if untrue() { "outcome.online_untrue" } else { text::outcome_means(outcome) });
        view! {
            <label class="option" class:unavailable=untrue>
                <input
                    type="radio"
                    name=part
                    disabled=untrue
                    data-part=part
                    value=word
                    prop:checked=move || chosen.get() == Some(outcome)
                    on:change=move |_| choose.run(outcome)
                />
                <span class="option-text">
                    <span class="name">{i18n.text(text::outcome(outcome))}</span>
                    <span class="quiet">{means}</span>
                </span>
            </label>
        }
    });
    view! {
        <fieldset class="outcomes">
            <legend class="label">{i18n.text("outcome.title")}</legend>
            {outcomes}
        </fieldset>
    }
}

/// One level of a topic.
#[component]
pub(super) fn Level(
    /// The beginning of its `data-part`.
    part: &'static str,
    /// From 0.
    level: usize,
    choice: Signal<TopicChoice>,
    choose: Callback<String>,
    /// Its error as a sentence.
    #[prop(optional, into)]
    wrong: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let id = format!("{part}-{}", level + 1);
    let tree =
        move || state.session.welcome.with(|welcome| welcome.as_ref().map(|welcome| welcome.topics.clone()));
    let options = Memo::new(move |_| {
        let tree = tree().unwrap_or_default();
        choice.with(|choice| choice.options(&tree, level).to_vec())
    });
    let none = Memo::new(move |_| options.with(Vec::is_empty));
    let chosen = Memo::new(move |_| choice.with(|choice| choice.at(level).unwrap_or_default().to_string()));
    let said = Memo::new(move |_| wrong.and_then(|wrong| wrong.get()));
    let error_id = format!("{id}-error");
    let describes = {
        let error_id = error_id.clone();
        move || said.with(Option::is_some).then(|| error_id.clone())
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
            <label class="label" for=id.clone()>{text::TOPIC_LEVELS.get(level).map(|key| i18n.text(key))}</label>
            <select
                class="field"
                id=id.clone()
                data-part=id
                required=true
                disabled=move || none.get()
                aria-invalid=move || said.with(Option::is_some).then_some("true")
                aria-describedby=describes
                prop:value=move || chosen.get()
                on:change=move |event| choose.run(event_target_value(&event))
            >
                <option value="" prop:selected=move || chosen.with(String::is_empty)>
                    {move || i18n.text(if none.get() { "topic.above" } else { "topic.choose" })}
                </option>
                {listed}
            </select>
            <p class="error" id=error_id>{move || said.get()}</p>
        </div>
    }
}
