// SPDX-License-Identifier: EUPL-1.2
//! The button, and beside it whether the service is open.

use infocig_protocol::http::Verdict;
use leptos::prelude::*;

use super::{ChatHandle, button};
use crate::{
    state::{Availability, ChatState, Stage},
    text,
};

/// The button that opens the chat or comes back to it.
#[component]
pub(crate) fn Launcher(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let label =
        Signal::derive(move || if state.stage.get() == Stage::Inside { text::RETURN } else { text::LAUNCH });
    let unknown = move || state.availability.get() == Availability::Unknown;
    view! {
        <div class="launcher" class:hidden=move || state.shown.get()>
            {button("button primary", "launcher", label, move |_| chat.with_value(|c| c.launch()))}
            <p class="status" data-part="status" role="status" data-verdict=move || verdict(&state.availability.get())>
                {move || sentence(&state.availability.get())}
            </p>
            {move || unknown().then(|| {
                button("button quiet", "check", text::RETRY, move |_| chat.with_value(|c| c.check_availability()))
            })}
            {button("button quiet", "history", text::office::HISTORY, move |_| chat.with_value(|c| c.look_for_history()))}
        </div>
    }
}

fn sentence(availability: &Availability) -> String {
    match availability {
        Availability::Checking => text::CHECKING.into(),
        Availability::Known(admission) => admission.message.clone(),
        Availability::Unknown => text::UNCHECKED.into(),
    }
}

/// For the stylesheet's mark beside the words.
fn verdict(availability: &Availability) -> &'static str {
    match availability {
        Availability::Known(admission) if admission.verdict == Verdict::Open => "open",
        Availability::Known(_) => "closed",
        Availability::Checking | Availability::Unknown => "unknown",
    }
}
