// SPDX-License-Identifier: EUPL-1.2
//! Keyboard shortcuts and their dialog. A shortcut presses the button with the same action: each action has one code path.

use infocig_client::dom::is_composing;
use infocig_protocol::id::ConversationId;
use leptos::{ev, prelude::*};

use super::{
    Order,
    dialog::{Cancel, Modal},
};
use crate::{
    dom::{self, Parts},
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState, Dialog,
        preferences::Preferences,
        screen::Area,
        shortcuts::{KeyPress, Shortcut, shortcut_for},
    },
    text,
};

/// Listens to key presses until the current owner is disposed.
pub(super) fn listen() {
    let state = expect_context::<DeskState>();
    let parts = expect_context::<Parts>();
    let Order(order) = expect_context();
    let handle = window_event_listener(ev::keydown, move |key| {
        if key.default_prevented() || is_composing(&key) {
            return;
        }
        let name = key.key();
        let pressed = KeyPress {
            key: &name,
            in_field: dom::is_in_field(&key),
            in_dialog: parts.has_dialog(),
            modified: key.ctrl_key() || key.alt_key() || key.meta_key(),
        };
        if let Some(shortcut) = shortcut_for(pressed, state.preferences.chosen.get_untracked().keys)
            && perform(shortcut, &state, parts, order)
        {
            key.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Performs a shortcut. `false` if its button or field is not on screen.
fn perform(shortcut: Shortcut, state: &DeskState, parts: Parts, order: Memo<Vec<ConversationId>>) -> bool {
    match shortcut {
        Shortcut::Help => parts.press("shortcuts-open"),
        Shortcut::Accept => parts.press("accept"),
        Shortcut::Decline => parts.press("decline"),
        Shortcut::Open(index) => {
            let there = order.with_untracked(|order| order.get(index).cloned());
            if let Some(id) = &there {
                state.select(id);
            }
            there.is_some()
        }
        Shortcut::Write => parts.focus("composer"),
        Shortcut::LeaveField => parts.focus("on-screen"),
        Shortcut::Replies => parts.press("replies-open"),
        Shortcut::Suggest => parts.press("suggest"),
        Shortcut::Notes => parts.press("notes-open"),
        Shortcut::History => parts.press("history-open"),
        Shortcut::Cases => parts.press("cases-open"),
        Shortcut::Forward => parts.press("forward"),
        Shortcut::Supervision => {
            let supervises = untrack(|| state.supervises());
            if supervises {
                state.open_area(Area::Supervision);
                request_animation_frame(move || {
                    let _not_there_yet = parts.focus("segnalazioni") || parts.focus("panel");
                });
            }
            supervises
        }
        Shortcut::Transfer => parts.press("transfer") || parts.press("retract"),
        Shortcut::Hold => parts.press("hold") || parts.press("resume"),
        Shortcut::Invite => parts.press("invite"),
        Shortcut::Close => parts.press("close"),
        Shortcut::Presence => parts.focus("presence-switch"),
        Shortcut::Queue => parts.focus("queue"),
    }
}

/// The list of shortcuts, and the switch for those of one letter.
#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let on = move || state.preferences.chosen.get().keys;
    let supervises = state.supervision.with_untracked(|all| all.is_shown());
    let rows = Shortcut::KEYS
        .into_iter()
        .filter(|(_, shortcut)| *shortcut != Shortcut::Supervision || supervises)
        .map(|(key, shortcut)| (key, text::shortcut(shortcut)))
        .chain([("/", "keys.slash"), ("?", text::shortcut(Shortcut::Help))])
        .map(|(key, does)| {
            view! {
                <div class="key">
                    <dt><kbd>{key}</kbd></dt>
                    <dd>{i18n.text(does)}</dd>
                </div>
            }
        })
        .collect_view();
    let switch = move |event| {
        let keys = event_target_checked(&event);
        intents.set_preferences(Preferences { keys, ..state.preferences.chosen.get_untracked() });
    };
    view! {
        <Modal which=Dialog::Shortcuts part="shortcuts" heading=i18n.text("keys.title")>
            <label class="option">
                <input type="checkbox" data-part="shortcuts-on" prop:checked=on on:change=switch/>
                <span class="option-text">
                    <span class="name">{i18n.text("keys.on")}</span>
                    <span class="quiet">{i18n.text("keys.hint")}</span>
                </span>
            </label>
            <dl class="keys">{rows}</dl>
            <div class="buttons">
                <Cancel label="action.close"/>
            </div>
        </Modal>
    }
}
