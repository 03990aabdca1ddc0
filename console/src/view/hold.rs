// SPDX-License-Identifier: EUPL-1.2
//! The dialog that puts a conversation on hold: the reason, which the person does not read, and the minutes, which they do.

use infocig_protocol::{
    desk::{HoldDraft, HoldReason},
    limits::MAX_REASON_CHARS,
};
use leptos::prelude::*;

use super::dialog::{Cancel, Modal};
use crate::{
    i18n::I18n,
    intents::Intents,
    state::{Connection, Conversation, DeskState, Dialog},
    text,
};

#[component]
pub(crate) fn HoldDialog(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let listed = state.session.welcome.with_untracked(|welcome| {
        welcome.as_ref().map(|welcome| welcome.hold_minutes.clone()).unwrap_or_default()
    });
    let reason = RwSignal::new(HoldReason::Case);
    let minutes = RwSignal::new(listed.first().copied());
    let words = RwSignal::new(String::new());
    let over = Memo::new(move |_| {
        let characters = words.with(|words| words.trim().chars().count());
        characters.checked_sub(MAX_REASON_CHARS).filter(|over| *over > 0)
    });
    let live = move || state.session.connection.get() == Connection::Live;
    let unavailable = move || over.get().is_some() || !live();
    let id = conversation.id.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(minutes) = minutes.get_untracked().filter(|_| !untrack(unavailable)) else { return };
        let words = words.with_untracked(|words| words.trim().to_string());
        let text = Some(words).filter(|words| !words.is_empty());
        intents.hold(&id, HoldDraft { reason: reason.get_untracked(), text, minutes });
        state.screen.dialog.set(None);
    };
    let reasons = HoldReason::ALL.map(|one| {
        let chosen = Signal::derive(move || reason.get() == one);
        let choose = Callback::new(move |()| reason.set(one));
        view! {
            <Choice part="hold-reason" name=i18n.text(text::hold_reason(one)) chosen choose/>
        }
    });
    let lengths = listed
        .into_iter()
        .map(|one| {
            let chosen = Signal::derive(move || minutes.get() == Some(one));
            let choose = Callback::new(move |()| minutes.set(Some(one)));
            view! {
                <Choice part="hold-minutes" name=i18n.words().count("time.minutes", one.into()) chosen choose/>
            }
        })
        .collect_view();
    view! {
        <Modal
            which=Dialog::Hold(conversation.id.clone())
            part="hold-dialog"
            heading=i18n.fill("hold.question", &[("name", &conversation.person.name)])
        >
            <form class="form" on:submit=submit>
                <fieldset class="choices">
                    <legend class="label">{i18n.text("hold.reason")}</legend>
                    {reasons}
                </fieldset>
                <label class="label" for="hold-text">{i18n.text("hold.text")}</label>
                <input
                    class="field internal"
                    id="hold-text"
                    data-part="hold-text"
                    autocomplete="off"
                    aria-describedby="hold-text-error"
                    aria-invalid=move || over.get().is_some().then_some("true")
                    on:input=move |event| words.set(event_target_value(&event))
                />
                <p class="error" role="status" id="hold-text-error">
                    {move || over.get().map(|over| i18n.words().count("reason.too_long", over as u64))}
                </p>
                <fieldset class="choices">
                    <legend class="label">{i18n.text("hold.minutes")}</legend>
                    {lengths}
                </fieldset>
                <p class="quiet">{i18n.text("hold.means")}</p>
                <div class="buttons">
                    <button
                        type="submit"
                        class="button primary"
                        data-part="hold-confirm"
                        aria-disabled=move || unavailable().to_string()
                    >
                        {i18n.text("hold.action")}
                    </button>
                    <Cancel/>
                </div>
            </form>
        </Modal>
    }
}

/// One of several choices in a group, of which one is always made.
#[component]
pub(super) fn Choice(
    /// The `data-part` of each, and the name of the group.
    part: &'static str,
    name: String,
    chosen: Signal<bool>,
    choose: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="option">
            <input
                type="radio"
                name=part
                data-part=part
                prop:checked=move || chosen.get()
                on:change=move |_| choose.run(())
            />
            <span class="option-text"><span class="name">{name}</span></span>
        </label>
    }
}
