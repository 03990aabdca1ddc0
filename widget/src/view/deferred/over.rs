// SPDX-License-Identifier: EUPL-1.2
//! The views after the end: the receipt, the rating, and the next step.

use infocig_client::clock;
use infocig_protocol::http::Verdict;
use leptos::prelude::*;

use super::{rating::Rating, receipt::Receipt, refusal::Channels, written_request::WrittenRequestForm};
use crate::{
    once::{once, optional},
    state::{Availability, ChatState},
    ui::{Ui, act},
    view::{
        button::Button,
        pieces::{Block, Paragraph},
        switch::{ShowWhen, StatusLine, Switch},
    },
};

/// The views after the end of a conversation.
#[component]
pub(crate) fn Over() -> impl IntoView {
    let ui = Ui::current();
    let state = ui.state;
    let left = move || {
        Some(state.draft()).filter(|draft| !draft.is_empty() && !state.read(ChatState::may_write_request))
    };
    let unsent = move |left| {
        view! {
            <Block class="notice" part="unsent">
                <Paragraph text=ui.text("end.unsent")/>
                <blockquote>{left}</blockquote>
            </Block>
        }
    };
    let awaiting = move || state.read(|s| s.awaits_office()).then(|| ui.text("office.awaiting"));
    // The rating is about an answer: without one it is not asked for.
    let is_asked = move || !state.read(|s| s.receipt().is_some_and(|receipt| receipt.ended_unanswered()));
    once(view! {
        <Block class="over">
            <Switch on=left let:left>{optional(left.map(unsent))}</Switch>
            <StatusLine class="presence" part="awaiting" text=awaiting/>
            <ShowWhen holds=move || state.read(|s| s.may_write_request())>
                <WrittenRequestForm/>
            </ShowWhen>
            <Receipt/>
            <ShowWhen holds=is_asked>
                <Rating/>
            </ShowWhen>
            <Switch on=move || state.read(|s| (s.availability.clone(), s.phase.clone())) let:now>
                <Next availability=now.0/>
            </Switch>
        </Block>
    })
}

/// The next step: a new conversation if the service is open, else the time of opening and other channels.
#[component]
fn Next(availability: Availability) -> impl IntoView {
    let ui = Ui::current();
    match availability {
        Availability::Known(admission) if admission.verdict != Verdict::Open => once(view! {
            <Block class="notice" part="elsewhere">
                <Paragraph class="reason" text=admission.message/>
                <Paragraph text=ui.text("panel.elsewhere")/>
                <Channels channels=admission.channels/>
            </Block>
        }),
        // The service closed the conversation after this answer was given: a new answer is on its way.
        Availability::Known(admission)
            if ui.state.read(|s| s.was_closed_after(clock::parse_rfc3339(&admission.at))) =>
        {
            once(view! {
                <Paragraph
                    class="notice"
                    role="status"
                    part="checking"
                    text=ui.text("launcher.checking")
                />
            })
        }
        Availability::Checking | Availability::Known(_) | Availability::Unknown => once(view! {
            <Block class="foot">
                <Button
                    class="button primary"
                    part="begin-again"
                    label=ui.text("end.begin_again")
                    on_press=|| act(|chat| chat.enter())
                />
            </Block>
        }),
    }
}
