// SPDX-License-Identifier: EUPL-1.2
//! The history: every version, what it changed, and the way back to its text.

use infocig_protocol::policy::{PolicyDocument, PolicyVersion};
use leptos::prelude::*;

use super::{Section, preview::Changes};
use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        rules::{ActState, RulesAct, Standing},
    },
    text::{reports, rules as text},
};

#[component]
pub(super) fn HistorySection() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let overview = state.rules.overview;
    let minute = Memo::new(move |_| state.clock.now.get().as_millis().div_euclid(60_000));
    let rows = Memo::new(move |_| {
        minute.track();
        let now = state.clock.now.get_untracked();
        overview.with(|overview| {
            let row = |version: &PolicyVersion| (version.clone(), overview.standing(version, now));
            overview.versions.iter().map(row).collect::<Vec<_>>()
        })
    });
    let has_next = Memo::new(move |_| overview.with(|overview| overview.next.is_some()));
    let only_first = Memo::new(move |_| rows.with(|rows| rows.len() == 1));
    // The draft's text has the focus once it is there.
    Effect::new(move |_| {
        if matches!(state.rules.act.get(), Some((RulesAct::Resume(_), ActState::Done { .. }))) {
            request_animation_frame(move || {
                let _always_there = parts.focus("rules-document");
            });
        }
    });
    let more = move |_| {
        intents.more_versions();
        // The button is removed with the last page.
        request_animation_frame(move || parts.adopt("rules-history-heading"));
    };
    view! {
        <Section part="rules-history" heading="rules.history">
            <Show when=move || only_first.get()>
                <p class="quiet" data-part="rules-history-empty">{i18n.text("rules.history_empty")}</p>
            </Show>
            <ol class="list">
                <For each=move || rows.get() key=|(version, standing)| (version.number, *standing, version.decided.map(|at| at.as_millis())) let:row>
                    <Row version=row.0 standing=row.1/>
                </For>
            </ol>
            <Show when=move || has_next.get()>
                <div class="buttons">
                    <button type="button" class="button slim" data-part="rules-more" on:click=more>
                        {i18n.text("rules.more")}
                    </button>
                </div>
            </Show>
        </Section>
    }
}

#[component]
fn Row(version: PolicyVersion, standing: Standing) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let words = i18n.words();
    let number = version.number;
    let name = i18n.fill("rules.version", &[("number", &number.to_string())]);
    let label = |key| i18n.fill("rules.button_of", &[("action", &i18n.text(key)), ("version", &name)]);
    let is_shown = move || state.rules.shown.get() == Some(number);
    let toggle = move |_| intents.show_differences((!untrack(is_shown)).then_some(number));
    // Those of a version that waits are beside its buttons above.
    let waits = matches!(standing, Standing::Proposed(_) | Standing::Scheduled(_));
    let is_shown = move || !waits && is_shown();
    let differences = (version.base.is_some() && !waits).then(|| {
        view! {
            <button
                type="button"
                class="button slim"
                data-part="rules-differences"
                aria-label=label("rules.differences")
                aria-expanded=move || is_shown().to_string()
                on:click=toggle
            >
                {i18n.text("rules.differences")}
            </button>
        }
    });
    let busy = move || state.rules.is_busy().to_string();
    let decided = text::decided(&words, &version, standing == Standing::Withdrawn);
    view! {
        <li class="row" data-part="rules-version" data-version=number>
            <p class="tags">
                <span class="name">{name.clone()}</span>
                <span class="tag" class:current=standing == Standing::InForce>{text::standing(&words, standing)}</span>
            </p>
            <p>{text::made(&words, &version)}</p>
            {text::reason(&words, &version).map(|reason| view! { <p><q>{reason}</q></p> })}
            {decided.map(|decided| view! { <p class="quiet">{decided}</p> })}
            <div class="buttons">
                {differences}
                <button
                    type="button"
                    class="button slim"
                    data-part="rules-resume"
                    aria-label=label("rules.resume")
                    aria-disabled=busy
                    on:click=move |_| intents.resume_version(number)
                >
                    {i18n.text("rules.resume")}
                </button>
            </div>
            <Show when=is_shown>
                <Differences/>
            </Show>
        </li>
    }
}

/// What the version that is shown changed, against the one it was made from.
#[component]
pub(super) fn Differences() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let differences = state.rules.differences;
    let loading = move || differences.with(|one| one.loading).then(|| i18n.text("pages.loading"));
    let failed = move || {
        let error = differences.with(|one| one.error.filter(|_| !one.loading));
        error.map(|error| i18n.text(reports::report_error(error)))
    };
    let shown = Memo::new(move |_| differences.with(|one| one.answer.clone()));
    let changes = move || {
        shown.get().map(|PolicyDocument { changes, .. }| {
            if changes.is_empty() {
                view! { <p class="quiet">{i18n.text("rules.no_differences")}</p> }.into_any()
            } else {
                view! { <Changes changes/> }.into_any()
            }
        })
    };
    view! {
        <div class="differences" data-part="rules-differences-shown">
            <p class="quiet" role="status">{loading}</p>
            <p class="error" role="status">{failed}</p>
            {changes}
        </div>
    }
}
