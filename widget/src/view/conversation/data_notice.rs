// SPDX-License-Identifier: EUPL-1.2
//! What people are told about their data before they write: the administration's own words, and how long what is kept, folded.
//!
//! Both are texts that follow the newest answer of the service: a page that was loaded again knows them a moment later.

use infocig_protocol::http::Admission;
use leptos::prelude::*;

use crate::{
    once::once,
    ui::Ui,
    view::live_text::{LiveText, live, live_text},
};

/// The notice; empty until the service has said it.
#[component]
pub(super) fn DataNotice() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <p class="hint" use:live_text=of_newest(ui, |said| said.data_notice.clone().unwrap_or_default())></p>
        <details class="hint" data-part="kept">
            <summary>{ui.text("privacy.kept")}</summary>
            <p use:live_text=of_newest(ui, |said| said.kept.join("\n"))></p>
        </details>
    })
}

fn of_newest(ui: Ui, text: fn(&Admission) -> String) -> LiveText {
    live(move || ui.state.read(|s| s.admission().map(text).unwrap_or_default()))
}
