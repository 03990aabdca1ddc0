// SPDX-License-Identifier: EUPL-1.2
//! Intents about preferences. A language is stored once it is current: its texts may not load.

use infocig_client::words::Words;
use infocig_protocol::language::Language;
use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::Console;
use crate::{
    alerts, dom, drafts,
    intents::PreferenceIntents,
    state::preferences::{Permission, Preferences},
};

impl PreferenceIntents for Console {
    fn set_preferences(&self, preferences: Preferences) {
        let state = self.state.preferences;
        let asks = preferences.desktop && state.permission.get_untracked() == Permission::Unasked;
        state.trial.set(None);
        self.store_preferences(preferences);
        self.alerts.check_audible(preferences);
        if asks {
            spawn_local(alerts::ask_for_permission(state.permission));
        }
    }

    fn choose_language(&self, language: Language) {
        if !self.i18n.request(language) {
            return;
        }
        let (me, load_texts) = (self.me.clone(), self.load_texts.clone());
        spawn_local(async move {
            let words = load(&load_texts, language).await;
            if let Some(console) = me.upgrade() {
                console.i18n.loaded(language, words);
            }
        });
    }

    fn try_alerts(&self) {
        self.state.preferences.permission.set(alerts::permission());
        let context = self.state.alert_context();
        self.alerts.try_out(context, &self.i18n.words(), self.state.preferences.trial);
    }
}

impl Console {
    fn store_preferences(&self, preferences: Preferences) {
        self.state.preferences.chosen.set(preferences);
        drafts::persist_preferences(preferences);
    }

    /// Makes a loaded language current while no dialog is open: another language makes all views anew, and the fields of a
    /// dialog hold text that is not in the state.
    pub(super) fn watch_language(&self) {
        let (me, state, i18n) = (self.me.clone(), self.state, self.i18n);
        Effect::new(move |_| {
            if i18n.is_ready()
                && state.screen.dialog.with(Option::is_none)
                && let Some(language) = i18n.apply_loaded()
                && let Some(console) = me.upgrade()
            {
                dom::report_panics(i18n.text("app.stopped"));
                let chosen = state.preferences.chosen.get_untracked();
                console.store_preferences(Preferences { language: Some(language), ..chosen });
            }
        });
    }
}

/// Loads the texts of a language. `None` if they cannot be loaded or read.
async fn load(load_texts: &Function, language: Language) -> Option<Words> {
    let coming = load_texts.call1(&JsValue::NULL, &JsValue::from_str(language.as_str())).ok()?;
    let texts = JsFuture::from(coming.dyn_into::<Promise>().ok()?).await.ok()?;
    Words::read(language, &texts.as_string()?)
}
