// SPDX-License-Identifier: EUPL-1.2
//! A text with its links, each of which opens in a new tab.

use infocig_protocol::links::{self, Piece};
use leptos::prelude::*;

use crate::{
    once::{all, once},
    ui::Ui,
};

/// The text of a message, or of an answer.
#[component]
pub(crate) fn LinkedText(text: String) -> impl IntoView {
    let ui = Ui::current();
    let piece = |piece| match piece {
        Piece::Words(words) => once(view! { <span>{words.to_owned()}</span> }),
        Piece::Link(link) => once(view! {
            <a href=link.to_owned() target="_blank" rel="noopener noreferrer">
                {link.to_owned()}
                <span class="unseen">{[" (", &*ui.text("log.new_tab"), ")"].concat()}</span>
            </a>
        }),
    };
    once(view! { <p class="text" dir="auto">{all(links::pieces(&text).into_iter().map(piece))}</p> })
}
