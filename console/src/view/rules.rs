// SPDX-License-Identifier: EUPL-1.2
//! The rules, for administrators: what is in force, closing at once, the banner, forms that edit the draft, the draft as text, the
//! history.
//!
//! Focus: an act that takes its own button away leaves the focus on the heading of its section; what it did is said by the
//! section's status.

mod banner;
mod closing;
mod closures;
mod data_notice;
mod draft;
mod history;
mod lists;
mod now;
mod numbers;
mod preview;
mod provinces;
mod retention;
mod topics;

use infocig_protocol::language::Language;
use leptos::prelude::*;

use self::{
    banner::BannerSection, closing::ClosingSection, draft::DraftSection, history::HistorySection,
    now::NowSection,
};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        rules::{ActState, FiveTexts, RulesAct},
    },
    text::{self as texts, rules as text},
};

#[component]
pub(super) fn RulesPage() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let overview = state.rules.overview;
    let is_known = Memo::new(move |_| overview.with(|overview| overview.is_known()));
    let error = Memo::new(move |_| overview.with(|overview| overview.failed));
    let words = move || {
        let stale = is_known.get().then(|| i18n.text("rules.stale"));
        let error = error.get().map(|error| i18n.text(text::error(None, error)));
        error.map(|error| [Some(error), stale].into_iter().flatten().collect::<Vec<_>>().join(" "))
    };
    let loading = move || (!is_known.get() && error.get().is_none()).then(|| i18n.text("pages.loading"));
    view! {
        <section class="panel page rules" data-part="rules" aria-labelledby="page-heading">
            <h2 class="heading" id="page-heading">{i18n.text("pages.rules")}</h2>
            <p class="quiet" role="status" data-part="page-loading">{loading}</p>
            <p class="error" role="status" data-part="page-error">{words}</p>
            <Show when=move || error.get().is_some()>
                <div class="buttons">
                    <button type="button" class="button slim" data-part="page-retry" on:click=move |_| intents.refresh_rules()>
                        {i18n.text("action.retry")}
                    </button>
                </div>
            </Show>
            <Show when=move || is_known.get()>
                <NowSection/>
                <div class="rules-pair">
                    <ClosingSection/>
                    <BannerSection/>
                </div>
                <DraftSection/>
                <HistorySection/>
            </Show>
        </section>
    }
}

/// A section of the page with its heading, which takes the focus after an act of the section.
#[component]
fn Section(
    /// The `data-part` of the section; that of its heading ends in `-heading`.
    part: &'static str,
    /// The key of its heading.
    heading: &'static str,
    children: Children,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let id = format!("{part}-heading");
    let (labelled, named) = (id.clone(), id.clone());
    view! {
        <section class="rules-section" data-part=part aria-labelledby=labelled>
            <h3 class="subheading" id=id data-part=named tabindex="-1">{i18n.text(heading)}</h3>
            {children()}
        </section>
    }
}

/// What the newest act of a section did, or why it failed.
#[component]
fn ActStatus(
    part: &'static str,
    /// Whether an act is one of this section.
    mine: fn(RulesAct) -> bool,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let act = Memo::new(move |_| state.rules.act.get().filter(|(act, _)| mine(*act)));
    let failed = move || matches!(act.get(), Some((_, ActState::Failed(_))));
    let words = move || {
        act.get().map(|(act, state)| match state {
            ActState::Sending => i18n.text("presence.coming"),
            ActState::Done { waits } => i18n.text(text::done(act, waits)),
            ActState::Failed(error) => i18n.text(text::error(Some(act), error)),
        })
    };
    view! {
        <p class="act-status" class:error=failed role="status" data-part=part>{words}</p>
    }
}

/// Calls a function in the layout after an act of some kind was done.
fn after(is_it: impl Fn(RulesAct) -> bool + 'static, then: impl Fn(Parts) + Copy + 'static) {
    let state = expect_context::<DeskState>();
    let parts = expect_context::<Parts>();
    Effect::new(move |before: Option<Option<(RulesAct, ActState)>>| {
        let now = state.rules.act.get();
        let is_new = before.is_some_and(|before| before != now);
        if is_new && matches!(now, Some((act, ActState::Done { .. })) if is_it(act)) {
            request_animation_frame(move || then(parts));
        }
        now
    });
}

/// A field for a text in each language, Italian first. Where one is empty people read Italian.
#[component]
pub(super) fn TextFields(
    /// The beginning of the `data-part` of each.
    #[prop(into)]
    part: String,
    /// The key of the group's name.
    legend: &'static str,
    texts: Signal<FiveTexts>,
    write: Callback<(Language, String)>,
    /// Why the Italian text is not accepted.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// The key of the sentence under the group's name.
    #[prop(default = None)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let (languages_part, hint_id) = (format!("{part}-languages"), format!("{part}-hint"));
    let hinted = hint.map(|_| hint_id.clone());
    let field = move |language: Language| {
        let is_italian = language == Language::It;
        let id = format!("{part}-{}", language.as_str());
        let error_id = format!("{id}-error");
        let name = i18n.text(texts::language(language));
        let label = if is_italian { i18n.fill("rules.required", &[("field", &name)]) } else { name };
        let described = is_italian.then(|| error_id.clone());
        let (labelled, named) = (id.clone(), id.clone());
        view! {
            <div class="labelled">
                <label for=labelled>{label}</label>
                <textarea
                    class="field text-in-language"
                    id=id
                    data-part=named
                    lang=language.as_str()
                    rows="2"
                    aria-required=is_italian.then_some("true")
                    aria-describedby=described
                    aria-invalid=move || (is_italian && error.with(Option::is_some)).then_some("true")
                    prop:value=move || texts.with(|texts| texts.of(language).clone())
                    on:input=move |event| write.run((language, event_target_value(&event)))
                ></textarea>
                {is_italian.then(|| view! { <p class="error" id=error_id role="status">{move || error.get()}</p> })}
            </div>
        }
    };
    let others = [Language::De, Language::Fr, Language::Sl, Language::En].map(&field).collect_view();
    let written = untrack(|| texts.with(FiveTexts::has_other_languages));
    view! {
        <fieldset class="five-texts" aria-describedby=hinted>
            <legend class="label">{i18n.text(legend)}</legend>
            {hint.map(|key| view! { <p class="quiet" id=hint_id>{i18n.text(key)}</p> })}
            {field(Language::It)}
            <details class="other-languages" data-part=languages_part open=written>
                <summary>{i18n.text("rules.in_other_languages")}</summary>
                <p class="quiet">{i18n.text("rules.other_languages")}</p>
                {others}
            </details>
        </fieldset>
    }
}
