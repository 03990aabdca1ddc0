// SPDX-License-Identifier: EUPL-1.2
//! Blocks: the dialog that ends a conversation with one, the list of those that last, and the dialog that lifts one.

use infocig_protocol::{
    desk::BlockDraft, id::ConversationId, limits::MAX_REASON_CHARS, supervision::PanelBlock,
};
use leptos::prelude::*;

use super::panel::{Table, keep_focus, of_panel};
use crate::{
    i18n::I18n,
    intents::Intents,
    state::{Connection, DeskState, Dialog, supervision::panel::SupervisorRequest},
    text,
    view::{
        dialog::{Cancel, Modal},
        hold::Choice,
        moment,
    },
};

/// How far a reason of so many characters is over its limit.
fn over(text: RwSignal<String>) -> Option<usize> {
    let characters = text.with(|text| text.trim().chars().count());
    characters.checked_sub(MAX_REASON_CHARS).filter(|over| *over > 0)
}

fn is_empty(text: RwSignal<String>) -> bool {
    text.with(|text| text.trim().is_empty())
}

/// A reason, which must be written.
#[component]
fn Reason(part: &'static str, label: &'static str, text: RwSignal<String>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let hint = format!("{part}-hint");
    let hint_id = hint.clone();
    let said = move || match over(text) {
        Some(over) => i18n.words().count("reason.too_long", over as u64),
        None => i18n.text("reason.limit"),
    };
    view! {
        <label class="label" for=part>{i18n.text(label)}</label>
        <textarea
            class="field internal"
            id=part
            data-part=part
            rows="2"
            required=true
            aria-describedby=hint
            aria-invalid=move || over(text).is_some().then_some("true")
            prop:value=move || text.get()
            on:input=move |event| text.set(event_target_value(&event))
        ></textarea>
        <p class="quiet" role="status" id=hint_id>{said}</p>
    }
}

/// The hours and the reason of a block, which ends a conversation.
#[component]
pub(in crate::view) fn BlockDialog(id: ConversationId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let listed = state.session.welcome.with_untracked(|welcome| {
        welcome.as_ref().map(|welcome| welcome.block_hours.clone()).unwrap_or_default()
    });
    let hours = RwSignal::new(listed.first().copied());
    let (reason, unwarned) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let warned = {
        let id = id.clone();
        Memo::new(move |_| state.panel.conversation(&id).is_some_and(|one| one.warned.is_some()))
    };
    let live = move || state.session.connection.get() == Connection::Live;
    let incomplete = move || {
        let is_wrong = |text| is_empty(text) || over(text).is_some();
        is_wrong(reason) || !warned.get() && is_wrong(unwarned)
    };
    let heading = i18n.fill("block.question", &[("id", &text::short_id(&id))]);
    let which = Dialog::Block(id.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(hours) = hours.get_untracked().filter(|_| untrack(live) && !untrack(incomplete)) else {
            return;
        };
        let trimmed = |text: RwSignal<String>| text.with_untracked(|text| text.trim().to_string());
        let unwarned = (!warned.get_untracked()).then(|| trimmed(unwarned));
        state.screen.dialog.set(None);
        intents.block(&id, BlockDraft { hours, reason: trimmed(reason), unwarned });
    };
    let lengths = listed
        .into_iter()
        .map(|one| {
            let chosen = Signal::derive(move || hours.get() == Some(one));
            let choose = Callback::new(move |()| hours.set(Some(one)));
            let name = text::block_length(&i18n.words(), one.into());
            view! { <Choice part="block-hours" name chosen choose/> }
        })
        .collect_view();
    view! {
        <Modal which part="block-dialog" heading>
            <form class="form" novalidate=true on:submit=submit>
                <p>{i18n.text("block.means")}</p>
                <fieldset class="choices">
                    <legend class="label">{i18n.text("block.hours")}</legend>
                    {lengths}
                </fieldset>
                <Reason part="block-reason" label="block.reason" text=reason/>
                <Show when=move || !warned.get()>
                    <Reason part="block-unwarned" label="block.unwarned" text=unwarned/>
                </Show>
                <div class="buttons">
                    <button
                        type="submit"
                        class="button primary"
                        data-part="block-confirm"
                        aria-disabled=move || (incomplete() || !live()).to_string()
                    >
                        {i18n.text("supervise.block")}
                    </button>
                    <Cancel/>
                </div>
            </form>
        </Modal>
    }
}

/// The reason for which a block is lifted.
#[component]
pub(in crate::view) fn LiftDialog(id: ConversationId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let reason = RwSignal::new(String::new());
    let live = move || state.session.connection.get() == Connection::Live;
    let incomplete = move || is_empty(reason) || over(reason).is_some();
    let name = untrack(|| state.panel.block(&id)).map(|block| block.name).unwrap_or_default();
    let which = Dialog::Lift(id.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(live) && !untrack(incomplete) {
            state.screen.dialog.set(None);
            intents.lift(&id, reason.with_untracked(|reason| reason.trim().to_string()));
        }
    };
    view! {
        <Modal which part="lift-dialog" heading=i18n.fill("block.lift_question", &[("name", &name)])>
            <form class="form" novalidate=true on:submit=submit>
                <Reason part="lift-reason" label="block.lift_reason" text=reason/>
                <div class="buttons">
                    <button
                        type="submit"
                        class="button primary"
                        data-part="lift-confirm"
                        aria-disabled=move || (incomplete() || !live()).to_string()
                    >
                        {i18n.text("block.lift")}
                    </button>
                    <Cancel/>
                </div>
            </form>
        </Modal>
    }
}

/// The blocks that last.
#[component]
pub(super) fn Blocks() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let ids = of_panel(state.panel, |panel| {
        panel.blocks.iter().map(|one| one.conversation.clone()).collect::<Vec<_>>()
    });
    let ids = Memo::new(move |_| ids.get().unwrap_or_default());
    let focus_within = keep_focus(ids, "panel-blocks");
    view! {
        <Table
            part="panel-blocks"
            focus_within
            heading="block.title"
            none="block.none"
            empty=Signal::derive(move || ids.with(Vec::is_empty))
            columns=&["panel.conversation", "block.person", "block.until", "block.reason", "block.by", "panel.actions"]
        >
            <For each=move || ids.get() key=|id| id.clone() let:id><BlockRow id/></For>
        </Table>
    }
}

#[component]
fn BlockRow(id: ConversationId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let row = {
        let id = id.clone();
        Memo::new(move |_| state.panel.block(&id))
    };
    let of = move |read: fn(I18n, &PanelBlock) -> String| {
        move || row.with(|row| row.as_ref().map(|row| read(i18n, row)))
    };
    let pending = {
        let id = id.clone();
        Memo::new(move |_| state.panel.pending(&id) == Some(SupervisorRequest::Lift))
    };
    let disabled = move || pending.get() || state.session.connection.get() != Connection::Live;
    let label = move || {
        let name = row.with(|row| row.as_ref().map(|row| row.name.clone())).unwrap_or_default();
        i18n.fill("block.lift_of", &[("name", &name)])
    };
    let (short, title, dialog) = (text::short_id(&id), id.to_string(), Dialog::Lift(id));
    let press = move |_| {
        if !untrack(disabled) {
            state.screen.dialog.set(Some(dialog.clone()));
        }
    };
    view! {
        <tr data-part="block-row">
            <th scope="row" class="number" title=title>{short}</th>
            <td>{of(|_, row| row.name.clone())}</td>
            <td>{of(|i18n, row| moment(i18n, row.until))}</td>
            <td>
                <ul class="remarks">
                    <li>{of(|_, row| row.reason.clone())}</li>
                    {move || row.with(|row| {
                        let queue = state.queue_name(Some(&row.as_ref()?.queue))?;
                        Some(view! { <li>{i18n.fill("queue.in_queue", &[("queue", &queue)])}</li> })
                    })}
                    {move || row.with(|row| {
                        let unwarned = row.as_ref()?.unwarned.as_ref()?;
                        Some(view! { <li>{i18n.fill("block.unwarned_because", &[("reason", unwarned)])}</li> })
                    })}
                </ul>
            </td>
            <td>{of(|_, row| row.by.clone())}</td>
            <td>
                <button
                    type="button"
                    class="button slim"
                    data-part="lift"
                    aria-haspopup="dialog"
                    aria-label=label
                    aria-disabled=move || disabled().to_string()
                    on:click=press
                >
                    {i18n.text("block.lift")}
                </button>
            </td>
        </tr>
    }
}
