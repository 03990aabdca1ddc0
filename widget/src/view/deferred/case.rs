// SPDX-License-Identifier: EUPL-1.2
//! A case as a card, and the person's own cases while they wait.

use std::rc::Rc;

use infocig_client::cases;
use infocig_protocol::{
    case::{Case, CaseStep},
    time::Timestamp,
};
use leptos::prelude::*;

use crate::{
    once::{all, nothing, once, optional},
    state::OwnCases,
    text::deferred::case as words,
    ui::{Ui, act},
    view::{
        button::Button,
        confirm::Confirm,
        pieces::{Block, Paragraph, truth},
        switch::Switch,
    },
};

/// The progress of a case according to the registry at an instant. In a list its steps are collapsed.
#[component]
pub(crate) fn Card(case: Case, as_of: Timestamp, folded: bool) -> impl IntoView {
    let ui = Ui::current();
    let title = view! {
        <h3>{ui.words(|all| cases::heading(all, &case))}</h3>
        <span class="standing">{ui.text(cases::status(case.status))}</span>
    };
    let body = view! {
        <ol>{all(case.steps.iter().map(|step| step_line(ui, step)))}</ol>
        <Paragraph text=ui.text(words::payment(case.payment))/>
        {all(ui.words(|all| words::references(all, &case)).into_iter().map(|text| view! { <Paragraph text/> }))}
        <Paragraph class="meta" text=ui.fill("case.as_of", &[("moment", &*ui.moment(as_of))])/>
    };
    if !folded {
        return once(view! { <article class="case" data-part="case">{title}{body}</article> });
    }
    let reached = case.reached().map_or_else(String::new, |step| {
        [ui.text(cases::step(step.phase)), ui.words(|all| cases::done(all, step))].join(": ")
    });
    once(view! {
        <details class="case" data-part="case">
            <summary>{title}<span class="meta">{reached}</span></summary>
            {body}
        </details>
    })
}

fn step_line(ui: Ui, step: &CaseStep) -> impl IntoView + use<> {
    let done = ui.words(|all| cases::done(all, step));
    view! {
        <li data-done=truth(step.on.is_some())>
            {ui.text(cases::step(step.phase))}<span class="when">{done}</span>
        </li>
    }
}

/// The person's own cases, with a button that leaves the queue because they answered the question.
#[component]
pub(crate) fn OwnCasesList() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Block part="cases">
            <Switch on=move || ui.state.read(|s| s.cases.clone()) let:cases>
                {match cases {
                    OwnCases::Folded | OwnCases::Absent => nothing(),
                    OwnCases::Loading => once(view! {
                        <Paragraph role="status" part="cases-coming" text=ui.text("cases.coming")/>
                    }),
                    OwnCases::Loaded(known) => once(view! { <Found cases=known.cases as_of=known.as_of/> }),
                    OwnCases::Failed => once(view! { <Failed/> }),
                }}
            </Switch>
        </Block>
    })
}

#[component]
fn Found(cases: Vec<Case>, as_of: Timestamp) -> impl IntoView {
    let ui = Ui::current();
    let count = cases.len();
    let part = if count == 0 { "cases-none" } else { "cases-found" };
    let folded = count > 1;
    let cards = all(cases.into_iter().map(|case| view! { <Card case as_of folded/> }));
    let served = optional((count > 0).then(|| {
        let on_confirm = Rc::new(move || ui.act(|chat| chat.self_served()));
        view! {
            <Confirm
                part="self-served"
                label="cases.self_served"
                question="cases.self_served_question"
                on_confirm
            />
        }
    }));
    once(view! {
        <Block>
            <Paragraph role="status" part text=ui.words(|all| words::found(all, count))/>
            {cards}
            {served}
        </Block>
    })
}

#[component]
fn Failed() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Block role="alert">
            <Paragraph text=ui.text("cases.failed")/>
            <Button
                class="button"
                part="cases-retry"
                label=ui.text("panel.retry")
                on_press=|| act(|chat| chat.load_cases())
            />
        </Block>
    })
}
