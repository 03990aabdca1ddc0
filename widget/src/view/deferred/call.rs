// SPDX-License-Identifier: EUPL-1.2
//! The place of an entry that this module does not read: a call's, which has a module of its own; and the button that asks for a
//! call. The module is asked for here and nowhere else.

use infocig_protocol::codec::Object;
use leptos::prelude::*;

use crate::{
    once::{Once, element, once},
    state::ConversationAccess,
    ui::Ui,
    view::{button::Button, pieces::Block},
};

/// The button that asks the advisor to talk. The module of calls does so for the number 0, which no entry has, and hides the button
/// while there is a call.
pub(super) fn ask() -> Once {
    let ui = Ui::current();
    let place = element(view! { <span></span> });
    let asks = place.element();
    let press = move || {
        if let (Some(place), Some(line)) = (&asks, line(ui, 0).element()) {
            place.replace_children_with_node_1(&line);
        }
    };
    once(view! {
        <Block class="call-ask">
            <Button class="button quiet" part="call-ask" label=ui.text("call.ask") on_press=press/>
            {place}
        </Block>
    })
}

/// `<info-cig-call>`, which that module fills with words once it is there. Until then, and where the entry is something else, it is
/// empty.
pub(super) fn call(seq: u64) -> Once {
    once(line(Ui::current(), seq))
}

fn line(ui: Ui, seq: u64) -> Once {
    let line = element(view! { <info-cig-call class="system" data-part="system"></info-cig-call> });
    let access = ui.chat().and_then(|chat| {
        let ConversationAccess { conversation, ticket, .. } = ui.state.peek(|s| s.access.clone())?;
        let access = Object::new()
            .text("seq", &seq.to_string())
            .text("edge", &chat.edge())
            .text("conversation", conversation.as_str())
            .text("ticket", &ticket);
        Some(access.done())
    });
    if let (Some(line), Some(access)) = (line.element(), access) {
        let language = ui.words(|words| Some(words.language())).unwrap_or_default();
        let _set = line.set_attribute("lang", language.as_str());
        // Not an attribute: scripts that copy pages would read it.
        let _set = js_sys::Reflect::set(&line, &"access".into(), &access.into());
        ui.load_calls();
    }
    line
}
