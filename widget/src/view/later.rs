// SPDX-License-Identifier: EUPL-1.2
//! The part with what a person may need after they have begun to talk: cases, history, options, what comes at the end.

mod case;
mod history;
mod options;
mod over;
mod question;
mod rating;
mod receipt;
mod sound;
mod write;

use infocig_protocol::{case::Case, time::Timestamp};
use leptos::wasm_split::SplitLoaderError;

use crate::{chat::Chat, dom::El, part::Bringing, ui::Ui};

/// What the part holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Later {
    /// How far a case has come; where there may be several, its steps are folded.
    pub(crate) card: fn(Ui, &Case, Timestamp, bool) -> El,
    /// The person's conversations.
    pub(crate) history: fn(Ui) -> El,
    /// What a person can choose for themself.
    pub(crate) options: fn(Ui) -> El,
    /// The person's own cases.
    pub(crate) own_cases: fn(Ui) -> El,
    /// What the question is about.
    pub(crate) question: fn(Ui) -> El,
    /// What follows the end.
    pub(crate) over: fn(Ui) -> El,
    /// A letter to the office.
    pub(crate) write: fn(Ui) -> El,
    /// What was written to the office and is not known to have arrived goes again.
    pub(crate) write_again: fn(&Chat),
    /// The sound of a message.
    pub(crate) chime: fn(),
}

/// Brings the part.
pub(crate) fn bring() -> Bringing<Later> {
    Box::pin(later())
}

#[cfg(feature = "split")]
#[allow(clippy::unnecessary_wraps, reason = "the form of a part that may not come")]
#[leptos::wasm_split::wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn later() -> Result<Later, SplitLoaderError> {
    Ok(table())
}

/// The part is in the module already.
#[cfg(not(feature = "split"))]
fn later() -> std::future::Ready<Result<Later, SplitLoaderError>> {
    std::future::ready(Ok(table()))
}

fn table() -> Later {
    Later {
        card: case::card,
        history: history::history,
        options: options::options,
        own_cases: case::own_cases,
        question: question::question,
        over: over::over,
        write: write::write,
        write_again: Chat::write_again,
        chime: sound::chime,
    }
}
