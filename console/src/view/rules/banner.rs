// SPDX-License-Identifier: EUPL-1.2
//! The service banner: its texts, until when, and taking it down.

use infocig_protocol::language::Language;
use leptos::{ev, prelude::*};

use super::{ActStatus, Section, TextFields, after};
use crate::{
    i18n::I18n,
    intents::Intents,
    state::{DeskState, rules::RulesAct},
};

#[component]
pub(super) fn BannerSection() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let rules = state.rules;
    let form = rules.banner;
    let is_up = Memo::new(move |_| rules.overview.with(|overview| overview.banner.is_some()));
    let mine = |act| matches!(act, RulesAct::Announce | RulesAct::TakeDown);
    after(mine, |parts| {
        let _always_there = parts.focus("rules-banner-heading");
    });
    let write = Callback::new(move |(language, said): (Language, String)| {
        form.update(|form| *form.texts.of_mut(language) = said);
    });
    let error = Signal::derive(move || {
        let missing = form.with(|form| form.tried && form.texts.it.trim().is_empty());
        missing.then(|| i18n.text("rules.italian_missing"))
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        intents.announce();
    };
    let busy = move || rules.is_busy().to_string();
    view! {
        <Section part="rules-banner" heading="rules.banner">
            <p class="quiet">{i18n.text("rules.banner_means")}</p>
            <ActStatus part="rules-banner-status" mine/>
            <Show when=move || is_up.get()>
                <div class="buttons">
                    <button type="button" class="button" data-part="rules-banner-down" aria-disabled=busy on:click=move |_| intents.take_down()>
                        {i18n.text("rules.banner_down")}
                    </button>
                </div>
            </Show>
            <form class="form" on:submit=submit>
                <TextFields
                    part="banner"
                    legend="rules.banner_text"
                    texts=Signal::derive(move || form.with(|form| form.texts.clone()))
                    write
                    error
                />
                <div class="labelled">
                    <label for="banner-until">{i18n.text("rules.banner_until")}</label>
                    <input
                        id="banner-until"
                        class="field"
                        type="datetime-local"
                        data-part="banner-until"
                        aria-describedby="banner-until-hint"
                        prop:value=move || form.with(|form| form.until.clone())
                        on:change=move |event| form.update(|form| form.until = event_target_value(&event))
                    />
                    <p class="quiet" id="banner-until-hint">{i18n.text("rules.banner_until_hint")}</p>
                </div>
                <div class="buttons">
                    <button type="submit" class="button" data-part="rules-banner-up" aria-disabled=busy>
                        {i18n.text("rules.banner_up")}
                    </button>
                </div>
            </form>
        </Section>
    }
}
