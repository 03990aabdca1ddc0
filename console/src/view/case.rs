// SPDX-License-Identifier: EUPL-1.2
//! A case as it is shown: in the log as both sides saw it, beside the conversation as it stands.

use infocig_client::page;
use infocig_protocol::{case::Case, time::Timestamp};
use leptos::prelude::*;

use super::person::Fact;
use crate::text;

/// A case in the log, with the instant the registry spoke of.
#[component]
pub(super) fn CaseCard(case: Case, as_of: Timestamp) -> impl IntoView {
    view! {
        <div class="case-card" data-part="case-card">
            <p class="case-head">
                <span class="name">{text::case_title(&case)}</span>
                " "
                <span class="tag">{text::standing(case.standing)}</span>
            </p>
            <p>{text::period(&case)}</p>
            <CaseFacts case=case.clone()/>
            <Steps case/>
            <p class="quiet">{text::as_of(&page::day(as_of), &page::clock(as_of))}</p>
        </div>
    }
}

/// The numbers a case has, and who pays.
#[component]
pub(super) fn CaseFacts(case: Case) -> impl IntoView {
    let numbers =
        [(text::MATRICOLA, case.matricola), (text::PROTOCOL, case.protocol), (text::TICKET, case.ticket)];
    let numbers = numbers
        .into_iter()
        .filter_map(|(label, value)| Some(view! { <Fact label value=value?/> }))
        .collect_view();
    view! {
        <dl class="facts">
            <Fact label=text::PAYMENT value=text::payment(case.payment)/>
            {numbers}
        </dl>
    }
}

/// The steps that apply to a case, in order, with their days.
#[component]
pub(super) fn Steps(case: Case) -> impl IntoView {
    let steps = case
        .steps
        .iter()
        .map(|step| {
            view! {
                <li class="step" class:open=step.on.is_none()>
                    <span class="name">{text::case_phase(step.phase)}</span>
                    ": "
                    <span>{text::step_day(step)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps" data-part="case-steps" aria-label=text::STEPS>{steps}</ol> }
}
