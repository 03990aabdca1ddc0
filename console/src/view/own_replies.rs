// SPDX-License-Identifier: EUPL-1.2
//! The advisor's own quick replies under the list of all of them: each to change or throw away, and the form of one.

use infocig_protocol::{desk::QuickReply, language::Language, limits::MAX_REPLY_NAME_CHARS};
use leptos::{ev, prelude::*};

use super::rules::TextFields;
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        own_replies::{OwnReplyError, OwnReplyForm, OwnReplyNews},
    },
};

#[component]
pub(super) fn OwnReplies() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let own = expect_context::<DeskState>().own_replies;
    let rows = move || own.kept.get().into_iter().map(|reply| view! { <Row reply/> }).collect_view();
    let has_room = Memo::new(move |_| own.has_room() || own.form.with(|form| form.id.is_some()));
    let news = move || {
        own.news.get().map(|news| {
            i18n.text(match news {
                OwnReplyNews::Kept => "own_replies.kept",
                OwnReplyNews::Dropped => "own_replies.dropped",
                OwnReplyNews::NoLink => "own_replies.no_link",
                OwnReplyNews::Refused => "own_replies.refused",
            })
        })
    };
    let failed = move || matches!(own.news.get(), Some(OwnReplyNews::NoLink | OwnReplyNews::Refused));
    view! {
        <details class="own-replies" data-part="own-replies">
            <summary data-part="own-replies-open">{i18n.text("own_replies.title")}</summary>
            <p class="quiet" data-part="own-replies-heading" tabindex="-1">{i18n.text("own_replies.mean")}</p>
            <p class="act-status" class:error=failed role="status" data-part="own-replies-status">{news}</p>
            <ul class="list">{rows}</ul>
            <Show
                when=move || has_room.get()
                fallback=move || view! { <p class="quiet">{i18n.text("own_replies.full")}</p> }
            >
                <Form/>
            </Show>
        </details>
    }
}

#[component]
fn Row(reply: QuickReply) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let own = expect_context::<DeskState>().own_replies;
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let label = |key| i18n.fill("rules.button_of", &[("action", &i18n.text(key)), ("version", &reply.name)]);
    let (change, drop) = (label("rules.change"), label("rules.remove"));
    let edited = reply.clone();
    let edit = move |_| {
        own.form.set(OwnReplyForm::of(&edited));
        own.news.set(None);
        request_animation_frame(move || {
            let _always_there = parts.focus("own-reply-name");
        });
    };
    let id = reply.id.clone();
    let throw_away = move |_| {
        intents.drop_reply(id.clone());
        request_animation_frame(move || {
            let _always_there = parts.focus("own-replies-heading");
        });
    };
    view! {
        <li class="row" data-part="own-reply-row">
            <p class="name">{reply.name.clone()}</p>
            <p class="quiet" lang=Language::It.as_str()>{reply.text.clone()}</p>
            <div class="buttons">
                <button type="button" class="button slim" data-part="own-reply-change" aria-label=change on:click=edit>
                    {i18n.text("rules.change")}
                </button>
                <button type="button" class="button slim" data-part="own-reply-remove" aria-label=drop on:click=throw_away>
                    {i18n.text("rules.remove")}
                </button>
            </div>
        </li>
    }
}

#[component]
fn Form() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let own = expect_context::<DeskState>().own_replies;
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let is_change = Memo::new(move |_| own.form.with(|form| form.id.is_some()));
    let sent = Memo::new(move |_| own.form.with(|form| form.sent));
    let error = Memo::new(move |_| own.form.with(|form| form.error().filter(|_| form.tried)));
    let no_name = Memo::new(move |_| error.get() == Some(OwnReplyError::NoName));
    let name_error = move || {
        let name = i18n.text("rules.reply_name");
        no_name.get().then(|| i18n.fill("rules.field_missing", &[("field", &name)]))
    };
    let text_error = Signal::derive(move || match error.get() {
        Some(OwnReplyError::NoText) => Some(i18n.text("rules.italian_missing")),
        Some(OwnReplyError::TooLong(over)) => {
            Some(i18n.words().count("own_replies.too_long", u64::try_from(over).unwrap_or(u64::MAX)))
        }
        Some(OwnReplyError::NoName) | None => None,
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if sent.get_untracked() {
            return;
        }
        intents.keep_reply();
        let wrong = error.get_untracked();
        let part = match wrong {
            Some(OwnReplyError::NoName) => "own-reply-name",
            Some(OwnReplyError::NoText | OwnReplyError::TooLong(_)) => "own-reply-text-it",
            None => return,
        };
        let _always_there = parts.focus(part);
    };
    let texts = Signal::derive(move || own.form.with(|form| form.texts.clone()));
    let write = Callback::new(move |(language, text): (Language, String)| {
        own.form.update(|form| *form.texts.of_mut(language) = text);
    });
    view! {
        <form class="form" data-part="own-reply-form" novalidate on:submit=submit>
            <h4 class="label">
                {move || i18n.text(if is_change.get() { "own_replies.change" } else { "own_replies.new" })}
            </h4>
            <div class="labelled">
                <label for="own-reply-name">
                    {i18n.fill("rules.required", &[("field", &i18n.text("rules.reply_name"))])}
                </label>
                <input
                    id="own-reply-name"
                    class="field"
                    type="text"
                    data-part="own-reply-name"
                    autocomplete="off"
                    maxlength=MAX_REPLY_NAME_CHARS.to_string()
                    aria-required="true"
                    aria-invalid=move || no_name.get().then_some("true")
                    aria-describedby="own-reply-name-error"
                    prop:value=move || own.form.with(|form| form.name.clone())
                    on:input=move |event| own.form.update(|form| form.name = event_target_value(&event))
                />
                <p class="error" id="own-reply-name-error" role="status">{name_error}</p>
            </div>
            <TextFields
                part="own-reply-text"
                legend="rules.reply_text"
                texts
                write
                error=text_error
                hint=Some("own_replies.hint")
            />
            <div class="buttons">
                <button
                    type="submit"
                    class="button"
                    data-part="own-reply-keep"
                    aria-disabled=move || sent.get().to_string()
                >
                    {i18n.text("own_replies.keep")}
                </button>
                <Show when=move || is_change.get() && !sent.get()>
                    <button
                        type="button"
                        class="button"
                        data-part="own-reply-cancel"
                        on:click=move |_| own.form.set(OwnReplyForm::default())
                    >
                        {i18n.text("action.cancel")}
                    </button>
                </Show>
            </div>
        </form>
    }
}
