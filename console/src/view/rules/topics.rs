// SPDX-License-Identifier: EUPL-1.2
//! The topics that advisors give to a conversation at its end: a tree, and the form that adds or renames one.

use leptos::{ev, prelude::*};

use crate::{
    dom::Parts,
    i18n::I18n,
    state::{
        DeskState,
        rules::{TopicForm, TopicTarget, WrittenTopic, topic_at, topics, without_topic},
    },
};

#[component]
pub(super) fn TopicForms() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let rules = expect_context::<DeskState>().rules;
    let parts = expect_context::<Parts>();
    let written = Memo::new(move |_| rules.document.with(|document| topics(document)));
    let said = RwSignal::new(None::<String>);
    let remove = Callback::new(move |topic: WrittenTopic| {
        let without = rules.document.with_untracked(|document| without_topic(document, &topic.place));
        let Some(without) = without else { return };
        rules.document.set(without);
        // The places of those after it have changed.
        rules.topic.set(TopicForm::default());
        let words = i18n.words();
        let others = u64::try_from(topic.under()).unwrap_or(u64::MAX);
        said.set(Some(match others {
            0 => words.fill("rules.topic_removed", &[("topic", &topic.name)]),
            others => words.count_of("rules.topics_removed", others, &[("topic", &topic.name)]),
        }));
        request_animation_frame(move || {
            let _always_there = parts.focus("topics-heading");
        });
    });
    let tree = move || written.get().map(|all| branch(all, remove));
    view! {
        <details class="rules-form" data-part="topics">
            <summary class="summary-heading">{i18n.text("rules.topics")}</summary>
            <p class="quiet" data-part="topics-heading" tabindex="-1">{i18n.text("rules.topics_mean")}</p>
            <p class="act-status" role="status" data-part="topics-status">{move || said.get()}</p>
            <Show
                when=move || written.with(Option::is_some)
                fallback=move || view! { <p class="error">{i18n.text("rules.text_first")}</p> }
            >
                {tree}
                <Form said/>
            </Show>
        </details>
    }
}

/// Topics of one level, with those under them.
fn branch(topics: Vec<WrittenTopic>, remove: Callback<WrittenTopic>) -> AnyView {
    let topic = |topic: WrittenTopic| {
        let under = (!topic.topics.is_empty()).then(|| branch(topic.topics.clone(), remove));
        view! {
            <li class="topic-row" data-part="topic-row">
                <Row topic remove/>
                {under}
            </li>
        }
    };
    view! { <ul class="topic-tree">{topics.into_iter().map(topic).collect_view()}</ul> }.into_any()
}

#[component]
fn Row(topic: WrittenTopic, remove: Callback<WrittenTopic>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let rules = expect_context::<DeskState>().rules;
    let parts = expect_context::<Parts>();
    let name = topic.name.clone();
    let label = |key| i18n.fill("rules.button_of", &[("action", &i18n.text(key)), ("version", &name)]);
    let [rename_label, under_label, remove_label] =
        ["rules.topic_rename", "rules.topic_under", "rules.remove"].map(label);
    let begin = move |target: TopicTarget, name: String| {
        rules.topic.set(TopicForm { target, name, tried: false });
        request_animation_frame(move || {
            let _always_there = parts.focus("topics-name");
        });
    };
    let (place, old) = (topic.place.clone(), topic.name.clone());
    let rename = move |_| begin(TopicTarget::Rename(place.clone()), old.clone());
    let under = topic.may_have_others().then(|| {
        let place = topic.place.clone();
        view! {
            <button
                type="button"
                class="button slim"
                data-part="topic-under"
                aria-label=under_label
                on:click=move |_| begin(TopicTarget::Under(place.clone()), String::new())
            >
                {i18n.text("rules.topic_under")}
            </button>
        }
    });
    let unfinished = topic.is_unfinished().then(|| {
        view! { <span class="error">{i18n.text("rules.topic_unfinished")}</span> }
    });
    view! {
        <div class="topic-line">
            <span class="topic-name">{name.clone()} " " {unfinished}</span>
            <div class="buttons">
                <button type="button" class="button slim" data-part="topic-rename" aria-label=rename_label on:click=rename>
                    {i18n.text("rules.topic_rename")}
                </button>
                {under}
                <button
                    type="button"
                    class="button slim"
                    data-part="topic-remove"
                    aria-label=remove_label
                    on:click=move |_| remove.run(topic.clone())
                >
                    {i18n.text("rules.remove")}
                </button>
            </div>
        </div>
    }
}

#[component]
fn Form(said: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let rules = expect_context::<DeskState>().rules;
    let parts = expect_context::<Parts>();
    let is_new = Memo::new(move |_| rules.topic.with(|form| form.target == TopicTarget::default()));
    let is_rename =
        Memo::new(move |_| rules.topic.with(|form| matches!(form.target, TopicTarget::Rename(_))));
    let heading = move || {
        let name_of = |place: &[usize]| {
            let topics = rules.document.with(|document| topics(document))?;
            topic_at(&topics, place).map(|topic| topic.name.clone())
        };
        rules.topic.with(|form| match &form.target {
            TopicTarget::Under(place) => name_of(place).map_or_else(
                || i18n.text("rules.topic_new"),
                |topic| i18n.fill("rules.topic_new_under", &[("topic", &topic)]),
            ),
            TopicTarget::Rename(place) => {
                i18n.fill("rules.topic_renamed", &[("topic", &name_of(place).unwrap_or_default())])
            }
        })
    };
    let missing = Memo::new(move |_| rules.topic.with(|form| form.tried && form.is_missing()));
    let error = move || {
        let name = i18n.text("rules.topic_name");
        missing.get().then(|| i18n.fill("rules.field_missing", &[("field", &name)]))
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        rules.topic.update(|form| form.tried = true);
        let put =
            rules.document.with_untracked(|document| rules.topic.with_untracked(|form| form.put(document)));
        let Some(put) = put else {
            let _always_there = parts.focus("topics-name");
            return;
        };
        rules.document.set(put);
        rules.topic.set(TopicForm::default());
        said.set(Some(i18n.text("rules.topic_put")));
        // Another one is often written next.
        let _always_there = parts.focus("topics-name");
    };
    view! {
        <form class="form" data-part="topics-form" novalidate on:submit=submit>
            <h4 class="label" data-part="topics-form-heading">{heading}</h4>
            <div class="labelled">
                <label for="topics-name">
                    {i18n.fill("rules.required", &[("field", &i18n.text("rules.topic_name"))])}
                </label>
                <input
                    id="topics-name"
                    class="field"
                    type="text"
                    data-part="topics-name"
                    autocomplete="off"
                    aria-required="true"
                    aria-invalid=move || missing.get().then_some("true")
                    aria-describedby="topics-name-error"
                    prop:value=move || rules.topic.with(|form| form.name.clone())
                    on:input=move |event| rules.topic.update(|form| form.name = event_target_value(&event))
                />
                <p class="error" id="topics-name-error" role="status">{error}</p>
            </div>
            <div class="buttons">
                <button type="submit" class="button" data-part="topics-put">
                    {move || i18n.text(if is_rename.get() { "rules.reply_put" } else { "rules.closure_add" })}
                </button>
                <Show when=move || !is_new.get()>
                    <button
                        type="button"
                        class="button"
                        data-part="topics-cancel"
                        on:click=move |_| rules.topic.set(TopicForm::default())
                    >
                        {i18n.text("action.cancel")}
                    </button>
                </Show>
            </div>
        </form>
    }
}
