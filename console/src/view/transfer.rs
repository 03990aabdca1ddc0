// SPDX-License-Identifier: EUPL-1.2
//! The dialogs that transfer a conversation and that ask a colleague to join.

use infocig_protocol::{
    desk::{DeskQueue, Presence},
    id::AdvisorId,
};
use leptos::prelude::*;

use super::dialog::{Cancel, Modal};
use crate::{
    i18n::I18n,
    intents::{Intents, Target},
    state::{Connection, Conversation, DeskState, Dialog},
    text,
};

/// A colleague in the list of a dialog.
#[derive(Clone, PartialEq)]
struct Candidate {
    advisor: AdvisorId,
    name: String,
    status: String,
    can: bool,
}

/// The colleagues at the desk, those of the queue of the conversation who can take it first.
fn candidates(state: &DeskState, i18n: I18n, conversation: &Conversation) -> Memo<Vec<Candidate>> {
    let state = *state;
    let assignment = conversation.assignment.clone();
    Memo::new(move |_| {
        let capacity =
            state.session.welcome.with(|welcome| welcome.as_ref().map_or(0, |welcome| welcome.capacity));
        let mut all: Vec<Candidate> = state
            .others()
            .into_iter()
            .filter(|one| {
                let queue = assignment.with(|assignment| assignment.as_ref()?.queue.clone());
                one.queues.is_empty() || queue.is_none_or(|queue| one.queues.contains(&queue))
            })
            .map(|one| Candidate {
                status: text::colleague(&i18n.words(), &one, capacity),
                can: one.presence == Presence::Available && !one.lost && one.load < capacity,
                advisor: one.advisor,
                name: one.name,
            })
            .collect();
        all.sort_by_key(|one| !one.can);
        all
    })
}

/// The choice of a colleague or the queue, and a note.
#[component]
pub(crate) fn Transfer(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let candidates = candidates(&state, i18n, &conversation);
    let queues = {
        let assignment = conversation.assignment.clone();
        Memo::new(move |_| {
            let queue = assignment.with(|assignment| assignment.as_ref()?.queue.clone());
            state.other_queues(queue.as_ref(), false)
        })
    };
    let (to, set_to) = signal(None::<String>);
    let (note, set_note) = signal(String::new());
    let too_long =
        Memo::new(move |_| note.with(|note| text::note_too_long(&i18n.words(), note.trim().chars().count())));
    let live = move || state.session.connection.get() == Connection::Live;
    // A chosen colleague may have become unavailable since.
    let chosen = Memo::new(move |_| {
        let to = to.get()?;
        if to == QUEUE {
            return Some(Target::Queue);
        }
        if let Some(id) = to.strip_prefix(OTHER_QUEUE) {
            let other = queues.with(|queues| queues.iter().find(|one| one.id.as_str() == id).cloned())?;
            return Some(Target::OtherQueue(other.id, other.name));
        }
        let candidates = candidates.get();
        candidates
            .into_iter()
            .find(|one| one.can && one.advisor.as_str() == to)
            .map(|one| Target::Colleague(one.advisor, one.name))
    });
    let unavailable = move || chosen.with(Option::is_none) || too_long.with(Option::is_some) || !live();
    let id = conversation.id.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(unavailable) {
            return;
        }
        if let Some(to) = chosen.get_untracked() {
            intents.transfer(&id, to, note.get_untracked());
            state.screen.dialog.set(None);
        }
    };
    let rows = move || {
        candidates
            .get()
            .into_iter()
            .map(|one| {
                let value = one.advisor.to_string();
                view! {
                    <Place
                        value=value.clone()
                        name=one.name
                        hint=one.status
                        can=one.can
                        chosen=Signal::derive({
                            let value = value.clone();
                            move || to.with(|to| to.as_ref() == Some(&value))
                        })
                        choose=Callback::new(move |()| set_to.set(Some(value.clone())))
                    />
                }
            })
            .collect_view()
    };
    let queue_rows = move || {
        let row = |one: DeskQueue| {
            let value = [OTHER_QUEUE, one.id.as_str()].concat();
            let chosen = {
                let value = value.clone();
                Signal::derive(move || to.with(|to| to.as_ref() == Some(&value)))
            };
            let choose = {
                let value = value.clone();
                Callback::new(move |()| set_to.set(Some(value.clone())))
            };
            let name = i18n.fill("transfer.other_queue", &[("queue", &one.name)]);
            view! { <Place value name hint=i18n.text("transfer.other_queue_hint") can=true chosen choose/> }
        };
        queues.get().into_iter().map(row).collect_view()
    };
    view! {
        <Modal
            which=Dialog::Transfer(conversation.id.clone())
            part="transfer-dialog"
            heading=i18n.fill("transfer.whom", &[("name", &conversation.person.name)])
        >
            <form class="form" on:submit=submit>
                <fieldset class="targets">
                    <legend class="label">{i18n.text("transfer.to")}</legend>
                    {rows}
                    <Place
                        value=QUEUE.to_string()
                        name=i18n.text("transfer.queue")
                        hint=i18n.text("transfer.queue_hint")
                        can=true
                        chosen=Signal::derive(move || to.with(|to| to.as_deref() == Some(QUEUE)))
                        choose=Callback::new(move |()| set_to.set(Some(QUEUE.to_string())))
                    />
                    {queue_rows}
                </fieldset>
                <label class="label" for="transfer-note">{i18n.text("transfer.note")}</label>
                <textarea
                    class="field internal"
                    id="transfer-note"
                    data-part="transfer-note"
                    rows="3"
                    aria-invalid=move || too_long.with(Option::is_some).then_some("true")
                    on:input=move |event| set_note.set(event_target_value(&event))
                ></textarea>
                <p class="error" role="status">{move || too_long.get()}</p>
                <p class="quiet">{i18n.text("transfer.hint")}</p>
                <div class="buttons">
                    <button
                        type="submit"
                        class="button primary"
                        data-part="transfer-confirm"
                        aria-disabled=move || unavailable().to_string()
                    >
                        {i18n.text("assignment.transfer")}
                    </button>
                    <Cancel/>
                </div>
            </form>
        </Modal>
    }
}

#[component]
fn Place(
    value: String,
    name: String,
    hint: String,
    can: bool,
    chosen: Signal<bool>,
    choose: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="option" class:unavailable=!can>
            <input
                type="radio"
                name="transfer-to"
                data-part="transfer-to"
                value=value
                disabled=!can
                prop:checked=move || chosen.get()
                on:change=move |_| choose.run(())
            />
            <span class="option-text">
                <span class="name">{name}</span>
                <span class="quiet">{hint}</span>
            </span>
        </label>
    }
}

/// The choice of a colleague.
#[component]
pub(crate) fn Invite(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let candidates = candidates(&state, i18n, &conversation);
    let live = move || state.session.connection.get() == Connection::Live;
    let nobody = Memo::new(move |_| !candidates.with(|all| all.iter().any(|one| one.can)));
    let id = conversation.id.clone();
    let rows = move || {
        candidates
            .get()
            .into_iter()
            .map(|one| {
                let Candidate { advisor, name, status, can } = one;
                let id = id.clone();
                let label =
                    text::labelled(&i18n.words(), &i18n.text("invite.action"), &[&*name, &status].join(", "));
                let shown = name.clone();
                let ask = move |_| {
                    if can && untrack(live) {
                        intents.invite(&id, advisor.clone(), name.clone());
                        state.screen.dialog.set(None);
                    }
                };
                view! {
                    <li class="option" class:unavailable=!can>
                        <span class="option-text">
                            <span class="name">{shown}</span>
                            <span class="quiet">{status}</span>
                        </span>
                        <button
                            type="button"
                            class="button"
                            data-part="invite-to"
                            aria-label=label
                            aria-disabled=move || (!can || !live()).to_string()
                            on:click=ask
                        >
                            {i18n.text("invite.action")}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Modal
            which=Dialog::Invite(conversation.id.clone())
            part="invite-dialog"
            heading=i18n.fill("invite.whom", &[("name", &conversation.person.name)])
        >
            <p class="quiet">{i18n.text("invite.hint")}</p>
            <Show when=move || nobody.get()>
                <p class="notice">{i18n.text("invite.nobody")}</p>
            </Show>
            <ul class="targets">{rows}</ul>
            <div class="buttons">
                <Cancel/>
            </div>
        </Modal>
    }
}

const QUEUE: &str = "queue";
/// An id of an advisor has no colon.
const OTHER_QUEUE: &str = "queue:";
