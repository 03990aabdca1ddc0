// SPDX-License-Identifier: EUPL-1.2
//! The choice of the console's language. Each language is called by its own name.

use infocig_client::words::own_name;
use infocig_protocol::language::Language;
use leptos::prelude::*;

use super::Intents;
use crate::speech::Speech;

/// The languages there are, and that one did not come.
#[component]
pub(crate) fn Languages() -> impl IntoView {
    let speech = expect_context::<Speech>();
    let intents = expect_context::<Intents>();
    let options = Language::ALL.map(|language| {
        view! {
            <option
                value=language.as_str()
                lang=language.as_str()
                prop:selected=move || speech.chosen() == language
            >
                {own_name(language)}
            </option>
        }
    });
    let choose = move |event| {
        if let Some(language) = Language::of_tag(&event_target_value(&event)) {
            intents.speak(language);
        }
    };
    let missing = move || {
        let language = speech.missing()?;
        Some(speech.fill("language.missing", &[("language", own_name(language))]))
    };
    view! {
        <select
            class="field language"
            data-part="language"
            aria-label=speech.say("language.choose")
            on:change=choose
        >
            {options}
        </select>
        <p class="troubled" role="status" data-part="language-missing">{missing}</p>
    }
}
