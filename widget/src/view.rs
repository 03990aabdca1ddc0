// SPDX-License-Identifier: EUPL-1.2
//! The components. They read the state and call the controller ([`crate::actions`]); they hold no rules.

#![expect(unreachable_pub, reason = "`#[component]` makes a function public whatever it is declared as")]

pub(crate) mod button;
pub(crate) mod checked_form;
pub(crate) mod checked_text;
pub(crate) mod chunk_place;
mod composer;
pub(crate) mod confirm;
pub(crate) mod conversation;
pub(crate) mod deferred;
mod launcher;
pub(crate) mod linked_text;
pub(crate) mod listens;
pub(crate) mod live_text;
pub(crate) mod notice;
pub(crate) mod panel;
pub(crate) mod pieces;
pub(crate) mod sensitive_data_prompt;
mod surface;
pub(crate) mod switch;
pub(crate) mod text_field;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use self::{
    launcher::Launcher,
    listens::{listens, on},
    panel::Panel,
    pieces::Block,
    switch::{ShowWhen, Switch},
};
use crate::{
    once::{Once, once, optional},
    ui::Ui,
};

/// The whole widget. A change of the language rebuilds it.
pub(crate) fn widget(ui: Ui) -> Once {
    provide_context(ui);
    once(view! { <InfoCig/> })
}

/// The button, the panel while it is open, and the live region for screen readers.
#[component]
fn InfoCig() -> impl IntoView {
    let ui = Ui::current();
    let state = ui.state;
    once(view! {
        <Block>
            <Switch on=move || state.read(|s| s.language) let:language>
                <div
                    class="widget"
                    lang=language.as_str()
                    use:keeps_events
                >
                    <Launcher/>
                    <ShowWhen holds=move || state.read(|s| s.shown)>
                        <Panel/>
                    </ShowWhen>
                    <Switch on=move || ui.conversation().any().progress() let:_progress>
                        {optional(ui.conversation().get().map(|chunk| (chunk.announcer)()))}
                    </Switch>
                </div>
            </Switch>
        </Block>
    })
}

/// A directive: stops events that the page must not handle.
fn keeps_events(widget: Element) {
    for event in ["keydown", "keypress", "keyup"] {
        listens(widget.clone(), on(event, |event| keep_typing(event.unchecked_ref())));
    }
    // A page that traps the focus in a dialog would move it back there.
    for event in ["focusin", "focusout"] {
        listens(widget.clone(), on(event, |event| event.stop_propagation()));
    }
}

/// Stops keys typed in a field: outside the shadow root their target is the element, so that the page would take letters for
/// its shortcuts. Keys with Ctrl, Alt or Meta reach the page, except letters typed with `AltGr`.
fn keep_typing(event: &KeyboardEvent) {
    let combined = event.ctrl_key() || event.alt_key() || event.meta_key();
    let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let field = field.is_some_and(|field| matches!(&*field.tag_name(), "TEXTAREA" | "INPUT" | "SELECT"));
    if field && (!combined || event.get_modifier_state("AltGraph")) {
        event.stop_propagation();
    }
}
