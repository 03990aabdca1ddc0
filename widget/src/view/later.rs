// SPDX-License-Identifier: EUPL-1.2
//! What a person may need after they have begun to write: its own part of the module, which comes when it is wanted or when
//! nothing else is to do, and can be asked for again when it did not come.

mod case;
mod history;
mod options;
mod question;
mod rating;
mod receipt;
mod sound;
mod write;

use infocig_client::page::saves_data;
use infocig_protocol::{case::Case, time::Timestamp};
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use wasm_bindgen_futures::spawn_local;

use crate::{
    dom::{El, button, el, line},
    ui::Ui,
};

/// The views of the part.
#[derive(Clone, Copy)]
pub(crate) struct Views {
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
    /// Whether the person had the answer they came for.
    pub(crate) rating: fn(Ui) -> El,
    /// The sound of a message.
    pub(crate) chime: fn(),
    /// What is taken away at the end.
    pub(crate) receipt: fn(Ui) -> El,
    /// A letter to the office.
    pub(crate) write: fn(Ui) -> El,
}

/// How far the part has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Nobody wanted it yet.
    Unasked,
    /// On its way.
    Coming,
    /// Here.
    There,
    /// It did not come.
    Failed,
}

/// The part, wherever it is: one for all chats of a widget.
#[derive(Clone, Copy)]
pub(crate) struct Later {
    part: RwSignal<Part>,
    views: StoredValue<Option<Views>>,
}

impl Later {
    /// A part nobody has asked for.
    pub(crate) fn new() -> Self {
        Self { part: RwSignal::new(Part::Unasked), views: StoredValue::new(None) }
    }

    /// Brings it, if it is not on its way.
    pub(crate) fn bring(self) {
        if !matches!(self.part.get_untracked(), Part::Unasked | Part::Failed) {
            return;
        }
        self.part.set(Part::Coming);
        spawn_local(async move {
            let views = views().await.ok();
            let part = if views.is_some() { Part::There } else { Part::Failed };
            // The element may have left the page meanwhile.
            if self.views.try_set_value(views).is_none() {
                let _gone = self.part.try_set(part);
            }
        });
    }

    /// Plays the sound of a message, if the part is here.
    pub(crate) fn chime(self) {
        if let Some(views) = self.views.try_get_value().flatten() {
            (views.chime)();
        }
    }

    /// Brings it before it is wanted, unless the person saves data.
    pub(crate) fn bring_early(self) {
        if !saves_data() {
            self.bring();
        }
    }
}

/// What the part makes, in its place as soon as it is here.
pub(crate) fn later(ui: Ui, make: impl Fn(Views) -> El + 'static) -> El {
    fn later(ui: Ui, make: Box<dyn Fn(Views) -> El>) -> El {
        let later = ui.later;
        later.bring();
        el("div").class("later").switch(
            move || later.part.get(),
            move |part| match part {
                Part::There => later.views.get_value().map(&make),
                Part::Unasked | Part::Coming => Some(
                    line("p", "presence", &ui.say("panel.coming"))
                        .attr("role", "status")
                        .part("later-coming"),
                ),
                Part::Failed => Some(
                    el("div")
                        .class("notice")
                        .attr("role", "alert")
                        .part("later-failed")
                        .with(line("p", "", &ui.say("panel.missing")))
                        .with(button("button", "later-retry", &ui.say("panel.retry"), move || later.bring())),
                ),
            },
        )
    }
    later(ui, Box::new(make))
}

#[allow(clippy::unnecessary_wraps, reason = "the form of a part that may not come")]
#[leptos::wasm_split::wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn views() -> Result<Views, SplitLoaderError> {
    Ok(Views {
        card: case::card,
        history: history::history,
        options: options::options,
        own_cases: case::own_cases,
        question: question::question,
        rating: rating::rating,
        chime: sound::chime,
        receipt: receipt::receipt,
        write: write::write,
    })
}
