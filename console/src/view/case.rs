// SPDX-License-Identifier: EUPL-1.2
//! A case as it is shown: in the log as both sides saw it, beside the conversation as it stands.

use infocig_client::{cases, dates::Moment};
use infocig_protocol::{case::Case, time::Timestamp};
use leptos::prelude::*;

use super::person::Fact;
use crate::{speech::Speech, text};

/// A case in the log, with the instant the registry spoke of.
#[component]
pub(super) fn CaseCard(case: Case, as_of: Timestamp) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let said = text::as_of(&speech.words(), &Moment::in_italy(as_of));
    view! {
        <div class="case-card" data-part="case-card">
            <p class="case-head">
                <span class="name">{text::case_title(&case)}</span>
                " "
                <span class="tag">{speech.say(cases::status(case.status))}</span>
            </p>
            <p>{cases::period(&speech.words(), &case)}</p>
            <CaseFacts case=case.clone()/>
            <Steps case/>
            <p class="quiet">{said}</p>
        </div>
    }
}

/// The numbers a case has, and who pays.
#[component]
pub(super) fn CaseFacts(case: Case) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let numbers = [
        (speech.say("field.matricola"), case.matricola),
        (speech.say("field.protocol"), case.protocol),
        (speech.say("field.ticket"), case.ticket),
    ];
    let numbers = numbers
        .into_iter()
        .filter_map(|(label, value)| Some(view! { <Fact label value=value?/> }))
        .collect_view();
    view! {
        <dl class="facts">
            <Fact label=speech.say("field.payment") value=speech.say(text::payment(case.payment))/>
            {numbers}
        </dl>
    }
}

/// The steps that apply to a case, in order, with their days.
#[component]
pub(super) fn Steps(case: Case) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let steps = case
        .steps
        .iter()
        .map(|step| {
            view! {
                <li class="step" class:open=step.on.is_none()>
                    <span class="name" lang=cases::step_language(step.phase)>{speech.say(cases::step(step.phase))}</span>
                    " · "
                    <span>{cases::done(&speech.words(), step)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps" data-part="case-steps" aria-label=speech.say("cases.steps")>{steps}</ol> }
}
