// SPDX-License-Identifier: EUPL-1.2
//! The choice of the console's language. Each language has its own name for itself.

use infocig_client::words::own_name;
use infocig_protocol::language::Language;
use leptos::prelude::*;

use crate::{i18n::I18n, intents::Intents};

/// The select, and the report of texts that could not be loaded.
#[component]
pub(crate) fn Languages() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let intents = expect_context::<Intents>();
    let options = Language::ALL.map(|language| {
        view! {
            <option
                value=language.as_str()
                lang=language.as_str()
                prop:selected=move || i18n.chosen() == language
            >
                {own_name(language)}
            </option>
        }
    });
    let choose = move |event| {
        if let Some(language) = Language::of_tag(&event_target_value(&event)) {
            intents.choose_language(language);
        }
    };
    let missing = move || {
        let language = i18n.failed()?;
        Some(i18n.fill("language.missing", &[("language", own_name(language))]))
    };
    view! {
        <select
            class="field language"
            data-part="language"
            aria-label=i18n.text("language.choose")
            on:change=choose
        >
            {options}
        </select>
        <p class="error" role="status" data-part="language-error">{missing}</p>
    }
}
