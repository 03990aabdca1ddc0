// SPDX-License-Identifier: EUPL-1.2
//! The language of the console: its words are brought when somebody asks for it, and it is kept on this device once spoken.

use infocig_client::words::Words;
use infocig_protocol::language::Language;
use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::Console;
use crate::{host, state::alerts::Choices};

impl Console {
    /// Has the console speak another language, as soon as its words are here.
    pub(crate) fn speak(&self, language: Language) {
        if !self.speech.ask(language) {
            return;
        }
        let (me, read) = (self.me.clone(), self.read.clone());
        spawn_local(async move {
            let words = bring(&read, language).await;
            if let Some(console) = me.upgrade() {
                console.speech.came(language, words);
            }
        });
    }

    /// Speaks in other words once they are here, and no dialog is open: what is written in one does not outlive it.
    pub(super) fn keep_language(&self) {
        let (me, state, speech) = (self.me.clone(), self.state, self.speech);
        Effect::new(move |_| {
            if speech.is_ready()
                && state.dialog.with(Option::is_none)
                && let Some(language) = speech.take_up()
                && let Some(console) = me.upgrade()
            {
                host::say_when_stopped(speech.say("app.stopped"));
                console.keep_choices(Choices { language: Some(language), ..state.choices.get_untracked() });
            }
        });
    }
}

/// Brings the texts of a language. `None` if they do not come or are none.
async fn bring(read: &Function, language: Language) -> Option<Words> {
    let coming = read.call1(&JsValue::NULL, &JsValue::from_str(language.as_str())).ok()?;
    let texts = JsFuture::from(coming.dyn_into::<Promise>().ok()?).await.ok()?;
    Words::read(language, &texts.as_string()?)
}
