// SPDX-License-Identifier: EUPL-1.2
//! Keys: what each does, and the list of them. A key presses the button that does the same: there is one way to do a thing.

use infocig_client::dom;
use infocig_protocol::id::ConversationId;
use leptos::{ev, prelude::*};

use super::{Intents, Order, dialog::Modal, handing::Cancel};
use crate::{
    host::{self, Place},
    speech::Speech,
    state::{
        DeskState, Dialog,
        alerts::Choices,
        keys::{Act, Pressed, act},
    },
    text,
};

/// Listens to keys as long as the current owner lives.
pub(super) fn listen() {
    let state = expect_context::<DeskState>();
    let place = expect_context::<Place>();
    let Order(order) = expect_context();
    let handle = window_event_listener(ev::keydown, move |key| {
        if key.default_prevented() || dom::is_composing(&key) {
            return;
        }
        let name = key.key();
        let pressed = Pressed {
            key: &name,
            in_field: host::is_in_field(&key),
            in_dialog: place.has_dialog(),
            modified: key.ctrl_key() || key.alt_key() || key.meta_key(),
        };
        if let Some(act) = act(pressed, state.choices.get_untracked().keys)
            && perform(act, &state, place, order)
        {
            key.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// `false` if there was nothing to do it with.
fn perform(act: Act, state: &DeskState, place: Place, order: Memo<Vec<ConversationId>>) -> bool {
    match act {
        Act::Help => place.press("shortcuts-open"),
        Act::Accept => place.press("accept"),
        Act::Decline => place.press("decline"),
        Act::Open(index) => {
            let there = order.with_untracked(|order| order.get(index).cloned());
            if let Some(id) = &there {
                state.select(id);
            }
            there.is_some()
        }
        Act::Write => place.focus("composer"),
        Act::LeaveField => place.focus("on-screen"),
        Act::Replies => place.press("replies-open"),
        Act::Notes => place.press("notes-open"),
        Act::Past => place.press("past-open"),
        Act::Cases => place.press("cases-open"),
        Act::Forward => place.press("forward"),
        Act::Supervision => place.focus("segnalazioni"),
        Act::Transfer => place.press("transfer") || place.press("retract"),
        Act::Invite => place.press("invite"),
        Act::Close => place.press("close"),
        Act::Presence => place.focus("presence-switch"),
        Act::Queue => place.focus("queue"),
    }
}

/// The list of keys, and the way to switch letters off.
#[component]
pub(crate) fn Keys() -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let on = move || state.choices.get().keys;
    let supervises = state.supervision.with_untracked(|all| all.is_shown());
    let rows = Act::KEYS
        .into_iter()
        .filter(|(_, act)| *act != Act::Supervision || supervises)
        .map(|(key, act)| (key, text::key(act)))
        .chain([("/", "keys.slash"), ("?", text::key(Act::Help))])
        .map(|(key, does)| {
            view! {
                <div class="key">
                    <dt><kbd>{key}</kbd></dt>
                    <dd>{speech.say(does)}</dd>
                </div>
            }
        })
        .collect_view();
    let switch = move |event| {
        let keys = event_target_checked(&event);
        intents.choose(Choices { keys, ..state.choices.get_untracked() });
    };
    view! {
        <Modal which=Dialog::Keys part="shortcuts" heading=speech.say("keys.title")>
            <label class="option">
                <input type="checkbox" data-part="shortcuts-on" prop:checked=on on:change=switch/>
                <span class="option-words">
                    <span class="name">{speech.say("keys.on")}</span>
                    <span class="quiet">{speech.say("keys.hint")}</span>
                </span>
            </label>
            <dl class="keys">{rows}</dl>
            <div class="buttons">
                <Cancel words="do.close"/>
            </div>
        </Modal>
    }
}
