// SPDX-License-Identifier: EUPL-1.2
//! What the draft would change: the places of the document, the time in which each may enter, and the days that are closed.

use infocig_client::dates::Day;
use infocig_protocol::policy::{PolicyChange, PolicyDay, PolicyPreview, PolicyWeek};
use leptos::prelude::*;

use crate::{i18n::I18n, state::DeskState, text::rules as text};

/// The answer to the newest check, as long as the text is the one that was checked.
#[component]
pub(super) fn Preview() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let rules = state.rules;
    let answer = Memo::new(move |_| {
        let checked = rules.is_checked();
        rules.preview.with(|preview| preview.answer.clone()).filter(|_| checked)
    });
    let said = move || {
        answer.with(|answer| {
            answer.as_ref().map(|answer| match answer.changes.len() {
                0 => i18n.text("rules.no_changes"),
                n => i18n.words().count("rules.changes_found", n as u64),
            })
        })
    };
    let shown = move || answer.get().map(|preview| view! { <Answer preview/> });
    view! {
        <p role="status" class="act-status" data-part="rules-checked">{said}</p>
        {shown}
    }
}

#[component]
fn Answer(preview: PolicyPreview) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let PolicyPreview { changes, weeks, days, .. } = preview;
    let has_changes = !changes.is_empty();
    let no_weeks = weeks.is_empty().then(|| {
        view! { <p class="quiet" data-part="rules-no-weeks">{i18n.text("rules.no_weeks")}</p> }
    });
    let no_days = days.is_empty().then(|| view! { <p class="quiet">{i18n.text("rules.no_days")}</p> });
    view! {
        <div class="preview rules-preview" data-part="rules-preview">
            {has_changes.then(|| view! { <Changes changes/> })}
            <h4 class="label">{i18n.text("rules.weeks")}</h4>
            {no_weeks}
            {(!weeks.is_empty()).then(|| view! { <Weeks weeks/> })}
            <h4 class="label">{i18n.text("rules.days")}</h4>
            {no_days}
            {(!days.is_empty()).then(|| view! { <Days days/> })}
        </div>
    }
}

/// The places that differ, with their values before and after.
#[component]
pub(super) fn Changes(changes: Vec<PolicyChange>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let value = move |value: Option<String>| match value {
        Some(value) => view! { <dd><code translate="no">{value}</code></dd> }.into_any(),
        None => view! { <dd class="quiet">{i18n.text("rules.nothing")}</dd> }.into_any(),
    };
    let rows = changes.into_iter().map(|change| {
        view! {
            <li class="rules-change" data-part="rules-change">
                <p class="name"><code translate="no">{change.path}</code></p>
                <dl>
                    <dt>{i18n.text("rules.before")}</dt>
                    {value(change.before)}
                    <dt>{i18n.text("rules.after")}</dt>
                    {value(change.after)}
                </dl>
            </li>
        }
    });
    let rows = rows.collect_view();
    // A region that scrolls takes the focus, so that keys scroll it.
    view! {
        <h4 class="label">{i18n.text("rules.changes")}</h4>
        <div class="long" role="region" aria-label=i18n.text("rules.changes") tabindex="0">
            <ul class="rules-changes">{rows}</ul>
        </div>
    }
}

#[component]
fn Weeks(weeks: Vec<PolicyWeek>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let words = i18n.words();
    let names = state.rules.overview.with_untracked(|overview| overview.provinces.clone());
    let rows = weeks.into_iter().map(|week| {
        let [monday, who, portal] = text::week_of(&words, &week);
        view! {
            <tr data-part="rules-week" data-week=week.week>
                <th scope="row">{monday}</th>
                <td>{who}</td>
                <td>{portal}</td>
                <td>{text::provinces(&words, &week.provinces, &names)}</td>
                <td class="number">{text::open_time(&words, week.before_minutes)}</td>
                <td class="number">{text::open_time(&words, week.after_minutes)}</td>
            </tr>
        }
    });
    let heads = WEEK_HEADS.map(|key| view! { <th scope="col">{i18n.text(key)}</th> }).collect_view();
    view! {
        <div class="table long" role="region" aria-label=i18n.text("rules.weeks") tabindex="0">
            <table data-part="rules-weeks">
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Days(days: Vec<PolicyDay>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let words = i18n.words();
    let names = state.rules.overview.with_untracked(|overview| overview.provinces.clone());
    let rows = days.into_iter().map(|day| {
        let named = Day::parse(&day.day).map_or_else(|| day.day.clone(), |day| day.text(&words));
        let hours =
            if day.hours.is_empty() { i18n.text("rules.closed_all_day") } else { day.hours.join(", ") };
        view! {
            <tr data-part="rules-day" data-day=day.day>
                <th scope="row">{named}</th>
                <td lang="it">{day.reason}</td>
                <td>{text::provinces(&words, &day.provinces, &names)}</td>
                <td>{hours}</td>
            </tr>
        }
    });
    let heads = DAY_HEADS.map(|key| view! { <th scope="col">{i18n.text(key)}</th> }).collect_view();
    view! {
        <div class="table long" role="region" aria-label=i18n.text("rules.days") tabindex="0">
            <table data-part="rules-days">
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

const WEEK_HEADS: [&str; 6] =
    ["rules.week", "rules.whom", "rules.portal", "rules.provinces", "rules.before", "rules.after"];
const DAY_HEADS: [&str; 4] = ["rules.day", "rules.day_reason", "rules.provinces", "rules.hours"];
