// SPDX-License-Identifier: EUPL-1.2
//! The parts of a case that the log (as both sides saw it) and the panel of cases (as it is) share.

use infocig_client::{cases, dates::Moment};
use infocig_protocol::{case::Case, time::Timestamp};
use leptos::prelude::*;

use super::person::Fact;
use crate::{i18n::I18n, text};

/// A case in the log, with the instant of the registry's answer.
#[component]
pub(super) fn CaseCard(case: Case, as_of: Timestamp) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let said = text::as_of(&i18n.words(), &Moment::in_italy(as_of));
    view! {
        <div class="case-card" data-part="case-card">
            <p class="case-head">
                <span class="name">{text::case_title(&case)}</span>
                " "
                <span class="tag">{i18n.text(cases::status(case.status))}</span>
            </p>
            <p>{cases::period(&i18n.words(), &case)}</p>
            <CaseFacts case=case.clone()/>
            <Steps case/>
            <p class="quiet">{said}</p>
        </div>
    }
}

/// The numbers of a case, and its payer.
#[component]
pub(super) fn CaseFacts(case: Case) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let numbers = [
        (i18n.text("field.matricola"), case.matricola),
        (i18n.text("field.protocol"), case.protocol),
        (i18n.text("field.ticket"), case.ticket),
    ];
    let numbers = numbers
        .into_iter()
        .filter_map(|(label, value)| Some(view! { <Fact label value=value?/> }))
        .collect_view();
    view! {
        <dl class="facts">
            <Fact label=i18n.text("field.payment") value=i18n.text(text::payment(case.payment))/>
            {numbers}
        </dl>
    }
}

/// The steps of a case in order, with their days.
#[component]
pub(super) fn Steps(case: Case) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let steps = case
        .steps
        .iter()
        .map(|step| {
            view! {
                <li class="step" class:open=step.on.is_none()>
                    <span class="name" lang=cases::step_language(step.phase)>{i18n.text(cases::step(step.phase))}</span>
                    " · "
                    <span>{cases::done(&i18n.words(), step)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps" data-part="case-steps" aria-label=i18n.text("cases.steps")>{steps}</ol> }
}
