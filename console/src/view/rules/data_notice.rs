// SPDX-License-Identifier: EUPL-1.2
//! What people are told about their data before they write: the administration's own words.

use infocig_protocol::language::Language;
use leptos::prelude::*;

use super::TextFields;
use crate::{
    i18n::I18n,
    state::{
        DeskState,
        rules::{FiveTexts, data_notice, is_json, put_data_notice},
    },
};

#[component]
pub(super) fn DataNoticeForm() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let rules = expect_context::<DeskState>().rules;
    let readable = Memo::new(move |_| rules.document.with(|document| is_json(document)));
    let said = RwSignal::new(None::<String>);
    // A notice without Italian is on screen alone: the draft has none.
    let typed = RwSignal::new(FiveTexts::default());
    let lacks_italian = RwSignal::new(false);
    Effect::new(move |_| {
        typed.set(rules.document.with(|document| data_notice(document)));
        lacks_italian.set(false);
    });
    let write = Callback::new(move |(language, text): (Language, String)| {
        let mut texts = typed.get_untracked();
        *texts.of_mut(language) = text;
        let put = rules.document.with_untracked(|document| put_data_notice(document, &texts));
        typed.set(texts);
        lacks_italian.set(put.is_none());
        if let Some(put) = put {
            rules.document.set(put);
            said.set(Some(i18n.text("rules.data_notice_put")));
        }
    });
    let error = Signal::derive(move || lacks_italian.get().then(|| i18n.text("rules.italian_missing")));
    view! {
        <details class="rules-form" data-part="data-notice-form">
            <summary class="summary-heading">{i18n.text("rules.data_notice")}</summary>
            <p class="quiet">{i18n.text("rules.data_notice_means")}</p>
            <p class="act-status" role="status" data-part="data-notice-status">{move || said.get()}</p>
            <Show
                when=move || readable.get()
                fallback=move || view! { <p class="error">{i18n.text("rules.text_first")}</p> }
            >
                <TextFields
                    part="data-notice"
                    legend="rules.data_notice_text"
                    texts=typed.into()
                    write
                    error
                    hint=Some("rules.data_notice_hint")
                />
            </Show>
        </details>
    }
}
