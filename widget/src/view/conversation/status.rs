// SPDX-License-Identifier: EUPL-1.2
//! The state of the conversation (phase, place in the queue, advisor), and below it the log.

use infocig_client::{dates, link::LinkState};
use infocig_protocol::entry::Phase;
use leptos::prelude::*;

use super::log::Log;
use crate::{
    once::{Once, once, optional},
    state::{ChatState, OwnCases},
    text,
    ui::{Ui, act},
    view::{
        button::{Button, ToggleButton},
        chunk_place::FromDeferred,
        live_text::{live, live_text},
        pieces::{Block, Paragraph},
        switch::{ShowWhen, StatusLine, Switch},
    },
};

/// The conversation without the composer.
#[component]
pub(crate) fn Conversation() -> impl IntoView {
    let ui = Ui::current();
    let state = ui.state;
    let phase = move || state.read(|s| ui.words(|words| text::phase(words, s.phase.as_ref())));
    let away = move || {
        let advisor = state.read(|s| match &s.phase {
            Some(Phase::Active { advisor, .. }) if s.advisor_away && s.link == LinkState::Live => {
                Some(advisor.clone())
            }
            _ => None,
        });
        advisor.map(|advisor| ui.fill("presence.away", &[("advisor", &advisor)]))
    };
    // The line is present before the desk has announced a place, so that the views below do not move.
    let place = move || {
        state.read(|s| {
            let place = s.queue_place.as_ref();
            let said =
                || place.map_or_else(|| "\u{a0}".into(), |place| ui.words(|words| text::place(words, place)));
            s.is_waiting().then(said)
        })
    };
    let link_lost =
        move || state.read(|s| s.link == LinkState::Lost && !s.is_closed()).then(|| ui.text("link.lost"));
    let question_sending =
        move || state.read(|s| s.is_question_sending()).then(|| ui.text("question.sending"));
    once(view! {
        <Block class="conversation">
            <p class="phase" role="status" data-part="phase" use:live_text=live(phase)></p>
            <StatusLine class="presence" part="place" text=place/>
            <Switch on=move || state.read(|s| s.auto_close_at.filter(|_| !s.is_closed())) let:closes>
                {optional(closes.map(|closes| view! { <Unanswered clock=dates::clock(closes)/> }))}
            </Switch>
            <StatusLine class="presence" part="presence" text=away/>
            <StatusLine class="notice" part="link" text=link_lost/>
            <ShowWhen holds=move || state.read(|s| s.is_writer && s.offers_question())>
                <Fold section=&QUESTION/>
            </ShowWhen>
            <StatusLine class="presence" part="question-sending" text=question_sending/>
            <ShowWhen holds=move || state.read(|s| s.is_writer && s.offers_cases())>
                <Fold section=&CASES/>
            </ShowWhen>
            <ShowWhen holds=move || state.read(|s| s.is_writer && s.offers_assistant())>
                <Fold section=&ASSISTANT/>
            </ShowWhen>
            <ShowWhen holds=move || state.read(|s| s.is_writer && s.offers_call())>
                <FromDeferred make=|chunk| (chunk.ask_to_call)()/>
            </ShowWhen>
            <Log/>
        </Block>
    })
}

/// A collapsible section. Its heading is shown at once; its content is in a chunk that comes later.
struct Section {
    /// The id and part of its heading.
    id: &'static str,
    title: &'static str,
    unfolded: fn(&ChatState) -> bool,
    toggle: fn(Ui),
    content: fn() -> Once,
}

static QUESTION: Section = Section {
    id: "question-toggle",
    title: "question.title",
    unfolded: |s| s.question_draft().0,
    toggle: |ui| ui.state.change(|s| s.edit_question_draft(|unfolded, _| *unfolded ^= true)),
    content: || once(view! { <FromDeferred make=|chunk| (chunk.question)()/> }),
};

static CASES: Section = Section {
    id: "cases-toggle",
    title: "cases.title",
    unfolded: |s| s.cases != OwnCases::Folded,
    toggle: |ui| {
        if ui.state.peek(|s| s.cases != OwnCases::Folded) {
            ui.state.change(|s| s.cases = OwnCases::Folded);
        } else {
            ui.act(|chat| chat.load_cases());
        }
    },
    content: || once(view! { <FromDeferred make=|chunk| (chunk.own_cases)()/> }),
};

static ASSISTANT: Section = Section {
    id: "assistant-toggle",
    title: "launcher.assistant",
    unfolded: |s| s.assistant.shown,
    toggle: |ui| ui.state.change(|s| s.assistant.shown ^= true),
    content: || once(view! { <FromDeferred make=|chunk| (chunk.assistant_form)()/> }),
};

#[component]
fn Fold(section: &'static Section) -> impl IntoView {
    let ui = Ui::current();
    let unfolded = move || ui.state.read(section.unfolded);
    once(view! {
        <Block class="folded">
            <ToggleButton
                class="button quiet fold"
                part=section.id
                id=section.id
                label=ui.text(section.title)
                expanded=unfolded
                on_press=move || (section.toggle)(ui)
            />
            <ShowWhen holds=unfolded>
                {(section.content)()}
            </ShowWhen>
        </Block>
    })
}

/// The warning before the conversation closes for inactivity, with a button to stay.
#[component]
fn Unanswered(clock: String) -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Block class="notice warning" role="alert" part="unanswered">
            <Paragraph text=ui.fill("stay.warning", &[("clock", &*clock)])/>
            <Button
                class="button"
                part="stay"
                label=ui.text("stay.button")
                on_press=|| act(|chat| chat.stay())
            />
        </Block>
    })
}
