// SPDX-License-Identifier: EUPL-1.2
//! The dialog that warns a person after abuse: what both sides will read, and the calm replies to try before.

use leptos::prelude::*;

use super::dialog::{Cancel, Modal};
use crate::{
    i18n::I18n,
    intents::Intents,
    state::{Connection, Conversation, DeskState, Dialog, replies},
};

#[component]
pub(crate) fn WarnDialog(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let live = move || state.session.connection.get() == Connection::Live;
    let id = conversation.id.clone();
    let confirm = move |_| {
        if untrack(live) {
            state.screen.dialog.set(None);
            intents.warn(&id);
        }
    };
    let (me, calm) = state.session.welcome.with_untracked(|welcome| {
        let Some(welcome) = welcome else { return (String::new(), Vec::new()) };
        let calm = welcome.replies.iter().filter(|reply| reply.id.starts_with("avviso"));
        (welcome.advisor.clone(), calm.cloned().collect::<Vec<_>>())
    });
    let person = conversation.person.name.clone();
    let heading = i18n.fill("warning.question", &[("name", &person)]);
    let which = Dialog::Warn(conversation.id.clone());
    let calm = calm
        .into_iter()
        .map(|reply| {
            let words = replies::fill(&reply.text, &person, &me);
            let (said, about) = (words.clone(), conversation.clone());
            let send = move |_| {
                state.screen.dialog.set(None);
                intents.say(&about, said.clone());
            };
            view! {
                <li class="option">
                    <span class="option-text">{words}</span>
                    <button
                        type="button"
                        class="button"
                        data-part="warn-reply"
                        aria-label=i18n.fill("warning.send_of", &[("name", &reply.name)])
                        on:click=send
                    >
                        {i18n.text("warning.send")}
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <Modal which part="warn-dialog" heading>
            <p>{i18n.text("warning.before")}</p>
            <ul class="targets">{calm}</ul>
            <p>{i18n.text("warning.means")}</p>
            <blockquote class="quiet">{i18n.text("event.warned")}</blockquote>
            <div class="buttons">
                <button
                    type="button"
                    class="button primary"
                    data-part="warn-confirm"
                    aria-disabled=move || (!live()).to_string()
                    on:click=confirm
                >
                    {i18n.text("warning.action")}
                </button>
                <Cancel/>
            </div>
        </Modal>
    }
}
