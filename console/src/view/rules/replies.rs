// SPDX-License-Identifier: EUPL-1.2
//! The quick replies of the draft, and the form that adds or changes one.

use leptos::{ev, prelude::*};

use crate::{
    dom::Parts,
    i18n::I18n,
    state::{
        DeskState,
        rules::{ReplyForm, WrittenReply, replies, without_reply},
    },
    view::reports::form::Field,
};

#[component]
pub(super) fn ReplyForms() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let parts = expect_context::<Parts>();
    let rules = state.rules;
    let written = Memo::new(move |_| rules.document.with(|document| replies(document)));
    let said = RwSignal::new(None::<String>);
    let remove = Callback::new(move |index: usize| {
        let without = rules.document.with_untracked(|document| without_reply(document, index));
        if let Some(without) = without {
            rules.document.set(without);
            // The places of those after it have changed.
            rules.reply.update(|form| form.index = None);
            said.set(Some(i18n.text("rules.reply_removed")));
            request_animation_frame(move || {
                let _always_there = parts.focus("replies-heading");
            });
        }
    });
    let rows = move || {
        let rows = written.get().unwrap_or_default().into_iter().enumerate();
        rows.map(|(index, reply)| view! { <Row index reply remove/> }).collect_view()
    };
    view! {
        <details class="rules-form" data-part="quick-replies">
            <summary class="summary-heading">{i18n.text("rules.replies")}</summary>
            <p class="quiet" data-part="replies-heading" tabindex="-1">{i18n.text("rules.replies_mean")}</p>
            <p class="act-status" role="status" data-part="replies-status">{move || said.get()}</p>
            <Show
                when=move || written.with(Option::is_some)
                fallback=move || view! { <p class="error">{i18n.text("rules.text_first")}</p> }
            >
                <ul class="list reply-rows">{rows}</ul>
                <Form said/>
            </Show>
        </details>
    }
}

#[component]
fn Row(index: usize, reply: WrittenReply, remove: Callback<usize>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let parts = expect_context::<Parts>();
    let label = |key| i18n.fill("rules.button_of", &[("action", &i18n.text(key)), ("version", &reply.name)]);
    let (change, take_away) = (label("rules.change"), label("rules.remove"));
    let form = ReplyForm::of(&reply, index);
    let edit = move |_| {
        state.rules.reply.set(form.clone());
        request_animation_frame(move || {
            let _always_there = parts.focus("reply-name");
        });
    };
    view! {
        <li class="row" data-part="reply-row">
            <p class="name" lang="it">{reply.name}</p>
            <p class="text" lang="it">{reply.text}</p>
            <div class="buttons">
                <button type="button" class="button slim" data-part="reply-change" aria-label=change on:click=edit>
                    {i18n.text("rules.change")}
                </button>
                <button type="button" class="button slim" data-part="reply-remove" aria-label=take_away on:click=move |_| remove.run(index)>
                    {i18n.text("rules.remove")}
                </button>
            </div>
        </li>
    }
}

#[component]
fn Form(said: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let parts = expect_context::<Parts>();
    let rules = state.rules;
    let form = rules.reply;
    let is_new = Memo::new(move |_| form.with(|form| form.index.is_none()));
    let error =
        move || form.with(|form| form.tried && !form.is_whole()).then(|| i18n.text("rules.reply_not_whole"));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        form.update(|form| form.tried = true);
        let put =
            rules.document.with_untracked(|document| form.with_untracked(|form| form.put_into(document)));
        let Some(put) = put else {
            let missing = form.with_untracked(|form| form.name.trim().is_empty());
            let _always_there = parts.focus(if missing { "reply-name" } else { "reply-text" });
            return;
        };
        rules.document.set(put);
        form.set(ReplyForm::default());
        said.set(Some(i18n.text("rules.reply_added")));
        request_animation_frame(move || {
            let _always_there = parts.focus("rules-check");
        });
    };
    view! {
        <form class="form" data-part="reply-form" on:submit=submit>
            <h4 class="label">
                {move || i18n.text(if is_new.get() { "rules.reply_new" } else { "rules.reply_changed" })}
            </h4>
            <Field
                id="reply-name"
                label="rules.reply_name"
                value=Signal::derive(move || form.with(|form| form.name.clone()))
                write=Callback::new(move |name| form.update(|form| form.name = name))
            />
            <div class="labelled">
                <label for="reply-text">{i18n.text("rules.reply_text")}</label>
                <textarea
                    class="field"
                    id="reply-text"
                    data-part="reply-text"
                    lang="it"
                    rows="3"
                    aria-describedby="reply-text-hint"
                    prop:value=move || form.with(|form| form.text.clone())
                    on:input=move |event| form.update(|form| form.text = event_target_value(&event))
                ></textarea>
                <p class="quiet" id="reply-text-hint">{i18n.fill("rules.reply_hint", &[("variables", "{nome}, {consulente}")])}</p>
            </div>
            <p class="error" role="status">{error}</p>
            <div class="buttons">
                <button type="submit" class="button" data-part="reply-add">
                    {move || i18n.text(if is_new.get() { "rules.reply_add" } else { "rules.reply_put" })}
                </button>
                <Show when=move || !is_new.get()>
                    <button type="button" class="button" data-part="reply-cancel" on:click=move |_| form.set(ReplyForm::default())>
                        {i18n.text("action.cancel")}
                    </button>
                </Show>
            </div>
        </form>
    }
}
