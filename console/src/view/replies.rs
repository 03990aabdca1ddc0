// SPDX-License-Identifier: EUPL-1.2
//! Quick replies: a search field and a list, for keyboard and pointer. A chosen reply goes into the draft and is not sent.

use infocig_client::dom::is_composing;
use infocig_protocol::desk::QuickReply;
use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::own_replies::OwnReplies;
use crate::{
    dom::{self, Parts},
    i18n::I18n,
    intents::Intents,
    state::{Conversation, DeskState, replies},
    text,
};

#[component]
pub(crate) fn Replies(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let (query, set_query) = signal(String::new());
    let (at, set_at) = signal(0_usize);
    let found = Memo::new(move |_| {
        let mut all = state.own_replies.kept.get();
        state.session.welcome.with(|welcome| all.extend(welcome.iter().flat_map(|one| one.replies.clone())));
        replies::search(&all, &query.get())
    });
    let field = NodeRef::<html::Input>::new();
    field.on_load(|field| dom::focus(&field));
    let (person, language) = (conversation.person.name.clone(), conversation.person.language);
    let fill = move |reply: &QuickReply| {
        let (text, _) = reply.text_in(language);
        replies::fill(text, &person, &state.session.advisor.get_untracked())
    };
    let leave = move || {
        state.screen.replies_open.set(false);
        let _none_if_it_ended = parts.focus("composer");
    };
    let choose = {
        let fill = fill.clone();
        move |reply: &QuickReply| {
            let draft = conversation.draft.get_untracked();
            let whole = replies::append(&draft, &fill(reply));
            leave();
            if !parts.type_over("composer", &whole) {
                intents.write(&conversation, whole);
            }
        }
    };
    let keys = {
        let choose = choose.clone();
        move |key: KeyboardEvent| {
            if is_composing(&key) {
                return;
            }
            let forward = match key.key().as_str() {
                "ArrowDown" => true,
                "ArrowUp" => false,
                "Enter" => {
                    key.prevent_default();
                    if let Some(reply) = found.with_untracked(|found| found.get(at.get_untracked()).cloned())
                    {
                        choose(&reply);
                    }
                    return;
                }
                "Escape" => {
                    key.prevent_default();
                    key.stop_propagation();
                    leave();
                    return;
                }
                _ => return,
            };
            key.prevent_default();
            set_at.update(|at| *at = replies::step(*at, forward, found.with_untracked(Vec::len)));
        }
    };
    let options = move || {
        found
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, reply)| {
                let choose = choose.clone();
                let text = fill(&reply);
                let (_, said_in) = reply.text_in(language);
                let name = reply.name.clone();
                let option = NodeRef::<html::Li>::new();
                let chosen = Memo::new(move |_| at.get() == index);
                Effect::new(move |_| {
                    if chosen.get()
                        && let Some(option) = option.get()
                    {
                        dom::bring_into_view(&option);
                    }
                });
                view! {
                    <li
                        class="reply"
                        data-part="reply"
                        data-reply=reply.id.clone()
                        role="option"
                        id=format!("reply-{index}")
                        aria-selected=move || chosen.get().to_string()
                        node_ref=option
                        on:click=move |_| choose(&reply)
                    >
                        <span class="name">{name}</span>
                        <span class="quiet" lang=said_in.as_str()>{text}</span>
                    </li>
                }
            })
            .collect_view()
    };
    let active = move || (found.with(|found| !found.is_empty())).then(|| format!("reply-{}", at.get()));
    view! {
        <div class="replies" data-part="replies">
            <label class="label" for="replies-search">{i18n.text("replies.search")}</label>
            <input
                class="field"
                id="replies-search"
                data-part="replies-search"
                type="text"
                role="combobox"
                autocomplete="off"
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls="replies-list"
                aria-describedby="replies-hint"
                aria-activedescendant=active
                node_ref=field
                on:input=move |event| {
                    set_query.set(event_target_value(&event));
                    set_at.set(0);
                }
                on:keydown=keys
            />
            <p class="quiet" id="replies-hint">{i18n.text("replies.hint")}</p>
            <ul class="reply-list" id="replies-list" role="listbox" aria-label=i18n.text("replies.title")>{options}</ul>
            <p class="visually-hidden" role="status">{move || text::replies_found(&i18n.words(), found.with(Vec::len))}</p>
            <Show when=move || found.with(Vec::is_empty)>
                <p aria-hidden="true">{i18n.text("replies.none")}</p>
            </Show>
            <OwnReplies/>
        </div>
    }
}
