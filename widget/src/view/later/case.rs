// SPDX-License-Identifier: EUPL-1.2
//! A case as a card, and the person's own cases while they wait.

use infocig_client::cases;
use infocig_protocol::{case::Case, time::Timestamp};

use crate::{
    dom::{El, button, el, line},
    state::OwnCases,
    text::case as words,
    ui::Ui,
    view::talk::confirm,
};

/// How far a case has come, as the registry said at an instant; where there may be several, its steps are folded.
pub(crate) fn card(ui: Ui, case: &Case, as_of: Timestamp, folded: bool) -> El {
    let steps = case.steps.iter().map(|step| {
        el("li")
            .attr("data-done", if step.on.is_some() { "true" } else { "false" })
            .says(&ui.say(cases::step(step.phase)))
            .with(line("span", "when", &ui.words(|all| cases::done(all, step))))
    });
    let references = ui.words(|all| words::references(all, case));
    let title = line("h3", "", &ui.words(|all| cases::heading(all, case)));
    let standing = line("span", "standing", &ui.say(cases::status(case.status)));
    let whole = if folded {
        let reached = case.reached().map_or_else(String::new, |step| {
            [ui.say(cases::step(step.phase)), ui.words(|all| cases::done(all, step))].join(": ")
        });
        let summary = el("summary").with(title).with(standing).with(line("span", "meta", &reached));
        el("details").with(summary)
    } else {
        el("article").with(title).with(standing)
    };
    whole
        .class("case")
        .part("case")
        .with(el("ol").with_all(steps))
        .with(line("p", "", &ui.say(words::payment(case.payment))))
        .with_all(references.iter().map(|text| line("p", "", text)))
        .with(line("p", "meta", &ui.fill("case.as_of", &[("moment", &ui.moment(as_of))])))
}

/// The person's own cases, and the way out for whoever finds the answer in them.
pub(crate) fn own_cases(ui: Ui) -> El {
    let state = ui.state;
    let look = move || ui.act(|chat| chat.look_at_cases());
    el("div").part("cases").switch(
        move || state.read(|s| s.cases.clone()),
        move |cases| match cases {
            OwnCases::Folded | OwnCases::Absent => None,
            OwnCases::Coming => Some(status("cases-coming", &ui.say("cases.coming"))),
            OwnCases::Known(known) => {
                let count = known.cases.len();
                let part = if count == 0 { "cases-none" } else { "cases-found" };
                let found = el("div").with(status(part, &ui.words(|all| words::found(all, count))));
                if count == 0 {
                    return Some(found);
                }
                let cards = known.cases.iter().map(|case| card(ui, case, known.as_of, count > 1));
                Some(found.with_all(cards).with(confirm(
                    ui,
                    "self-served",
                    "cases.self_served",
                    "cases.self_served_question",
                    move || ui.act(|chat| chat.self_served()),
                )))
            }
            OwnCases::Failed => {
                Some(
                    el("div")
                        .attr("role", "alert")
                        .with(line("p", "", &ui.say("cases.failed")))
                        .with(button("button", "cases-retry", &ui.say("panel.retry"), look)),
                )
            }
        },
    )
}

fn status(part: &str, text: &str) -> El {
    line("p", "", text).attr("role", "status").part(part)
}
