// SPDX-License-Identifier: EUPL-1.2
//! The button that opens the panel, with the availability of the service beside it.

use infocig_protocol::http::Verdict;
use leptos::prelude::*;
use web_sys::Element;

use super::{
    button::Button,
    listens::{listens, on},
    live_text::{live, live_text},
    notice::AskAssistant,
    pieces::flag,
    switch::ShowWhen,
};
use crate::{
    once::once,
    state::{Availability, Stage},
    ui::{Ui, act},
};

/// The button that opens the panel, or returns to the conversation.
#[component]
pub(crate) fn Launcher() -> impl IntoView {
    let ui = Ui::current();
    let state = ui.state;
    let label = move || {
        ui.text(state.read(|s| match s.stage == Stage::InConversation {
            true if s.is_closed() => "launcher.review",
            true => "launcher.return",
            false => "launcher.open",
        }))
    };
    let unread = move || match state.read(|s| s.unread) {
        0 => String::new(),
        count => ui.words(|words| words.count("launcher.unread", count)),
    };
    let verdict =
        move || state.read(|s| (s.stage != Stage::InConversation).then(|| verdict(&s.availability)));
    once(view! {
        <div class="launcher" hidden=move || flag(state.read(|s| s.shown))>
            <button
                class="button primary"
                type="button"
                data-part="launcher"
                use:listens=on("click", |_| act(|chat| chat.launch()))
                use:fetches_early
            >
                <span use:live_text=live(label)></span>
                <span class="badge" data-part="unread" use:live_text=live(unread)></span>
            </button>
            <p
                class="status"
                role="status"
                data-part="status"
                data-verdict=verdict
                use:live_text=live(move || state.read(|s| sentence(ui, &s.availability)))
            ></p>
            <ShowWhen holds=move || state.read(|s| s.availability == Availability::Unknown)>
                <Button
                    class="button quiet"
                    part="check"
                    label=ui.text("panel.retry")
                    on_press=|| act(|chat| chat.check_availability())
                />
            </ShowWhen>
            <ShowWhen holds=move || state.read(|s| s.stage != Stage::InConversation && s.has_assistant())>
                <AskAssistant/>
            </ShowWhen>
            <Button
                class="button quiet"
                part="history"
                label=ui.text("history.title")
                on_press=|| act(|chat| chat.open_history())
            />
        </div>
    })
}

/// A directive: fetches the conversation chunk when the pointer or the focus reaches the button, before it is pressed.
fn fetches_early(button: Element) {
    for event in ["pointerenter", "focus"] {
        listens(button.clone(), on(event, |_| Ui::current().conversation().any().fetch_early()));
    }
}

fn sentence(ui: Ui, availability: &Availability) -> String {
    match availability {
        Availability::Checking => ui.text("launcher.checking"),
        Availability::Known(admission) => admission.message.clone(),
        Availability::Unknown => ui.text("launcher.unchecked"),
    }
}

/// The class for the stylesheet: the mark beside the status, and a less prominent button while nobody can enter.
fn verdict(availability: &Availability) -> &'static str {
    match availability {
        Availability::Known(admission) if admission.verdict == Verdict::Open => "open",
        Availability::Known(_) => "closed",
        Availability::Checking | Availability::Unknown => "unknown",
    }
}
