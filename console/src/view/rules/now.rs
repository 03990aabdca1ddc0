// SPDX-License-Identifier: EUPL-1.2
//! What is in force now, and the versions that wait for an approval or for their instant.

use infocig_protocol::policy::PolicyVersion;
use leptos::prelude::*;

use super::{ActStatus, Section, after};
use crate::{
    i18n::I18n,
    intents::Intents,
    state::{
        DeskState,
        rules::{RulesAct, Standing, Waiting},
    },
    text::rules as text,
    view::moment,
};

#[component]
pub(super) fn NowSection() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let overview = state.rules.overview;
    let closure = Memo::new(move |_| overview.with(|overview| overview.closure.clone()));
    let banner = Memo::new(move |_| overview.with(|overview| overview.banner.clone()));
    let current = Memo::new(move |_| overview.with(|overview| overview.current().cloned()));
    let four_eyes = Memo::new(move |_| overview.with(|overview| overview.four_eyes));
    // The minute is enough: the instant of a scheduled version comes with the next answer.
    let minute = Memo::new(move |_| state.clock.now.get().as_millis().div_euclid(60_000));
    let waiting = Memo::new(move |_| {
        minute.track();
        let (me, now) = (state.session.id.get(), state.clock.now.get_untracked());
        overview.with(|overview| overview.waiting(me.as_ref(), now))
    });
    let decides = |act| matches!(act, RulesAct::Approve(_) | RulesAct::Withdraw(_));
    after(decides, |parts| {
        let _always_there = parts.focus("rules-now-heading");
    });
    let closure_words = move || match closure.get() {
        Some(closure) => view! {
            <p class="notice-line" data-part="rules-closure">
                {i18n.text("rules.closed_now")} " " <q lang="it">{closure}</q>
            </p>
        }
        .into_any(),
        None => view! { <p data-part="rules-no-closure">{i18n.text("rules.not_closed")}</p> }.into_any(),
    };
    let banner_words = move || match banner.get() {
        Some(banner) => view! {
            <p class="rules-banner" data-part="rules-banner-shown">
                {i18n.text("rules.banner_now")} " " <q lang="it">{banner}</q>
            </p>
        }
        .into_any(),
        None => view! { <p class="quiet">{i18n.text("rules.no_banner")}</p> }.into_any(),
    };
    let rows = move || waiting.get().into_iter().map(|waiting| view! { <Row waiting/> }).collect_view();
    view! {
        <Section part="rules-now" heading="rules.now">
            {closure_words}
            {banner_words}
            {move || current.get().map(|version| view! { <Current version/> })}
            <p class="quiet" data-part="rules-four-eyes">
                {move || i18n.text(if four_eyes.get() { "rules.four_eyes" } else { "rules.two_eyes" })}
            </p>
            <ActStatus part="rules-decided" mine=decides/>
            <Show when=move || !waiting.with(Vec::is_empty)>
                <h4 class="label" id="rules-waiting">{i18n.text("rules.waiting")}</h4>
                <ul class="list" aria-labelledby="rules-waiting">{rows}</ul>
            </Show>
        </Section>
    }
}

#[component]
fn Current(version: PolicyVersion) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let words = i18n.words();
    let number = version.number.to_string();
    // The installation's own document holds from the beginning on.
    let since = version.from.filter(|from| from.as_millis() > 0);
    let line = match since {
        Some(since) => {
            i18n.fill("rules.current_since", &[("number", &number), ("moment", &moment(i18n, since))])
        }
        None => i18n.fill("rules.current", &[("number", &number)]),
    };
    let reason = text::reason(&words, &version);
    view! {
        <p data-part="rules-current">
            <span class="name">{line}</span> " " {text::made(&words, &version)}
            {reason.map(|reason| view! { " " <q>{reason}</q> })}
        </p>
    }
}

#[component]
fn Row(waiting: Waiting) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let words = i18n.words();
    let Waiting { version, standing, own } = waiting;
    let number = version.number;
    let name = i18n.fill("rules.version", &[("number", &number.to_string())]);
    let is_proposed = matches!(standing, Standing::Proposed(_));
    let approves = untrack(|| state.session.rights.get().approves_rules);
    let busy = move || state.rules.is_busy().to_string();
    let hint = (is_proposed && own).then(|| i18n.text("rules.own_proposal"));
    let button = |part: &'static str, key: &'static str, act: fn(Intents, u32)| {
        let label = i18n.fill("rules.button_of", &[("action", &i18n.text(key)), ("version", &name)]);
        view! {
            <button
                type="button"
                class="button slim"
                data-part=part
                aria-label=label
                aria-disabled=busy
                on:click=move |_| act(intents, number)
            >
                {i18n.text(key)}
            </button>
        }
    };
    let is_shown = move || state.rules.shown.get() == Some(number);
    let toggle = move |_| intents.show_differences((!untrack(is_shown)).then_some(number));
    view! {
        <li class="row" data-part="rules-waiting-row" data-version=number>
            <p><span class="name">{name.clone()}</span> " · " {text::standing(&words, standing)}</p>
            <p>{text::made(&words, &version)}</p>
            {text::reason(&words, &version).map(|reason| view! { <p><q>{reason}</q></p> })}
            {hint.map(|hint| view! { <p class="quiet">{hint}</p> })}
            <div class="buttons">
                {(is_proposed && approves && !own).then(|| button("rules-approve", "rules.approve", Intents::approve))}
                {button("rules-withdraw", "rules.withdraw", Intents::withdraw)}
                <button
                    type="button"
                    class="button slim"
                    data-part="rules-differences-waiting"
                    aria-expanded=move || is_shown().to_string()
                    on:click=toggle
                >
                    {i18n.text("rules.differences")}
                </button>
            </div>
            <Show when=is_shown>
                <super::history::Differences/>
            </Show>
        </li>
    }
}
