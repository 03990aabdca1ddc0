// SPDX-License-Identifier: EUPL-1.2
//! The panel: a heading, and what belongs to how far the person has come.

use infocig_client::{link::LinkState, page};
use infocig_protocol::{entry::Phase, http::Verdict};
use leptos::{html, prelude::*};
use web_sys::Element;

use super::{
    ChatHandle, button,
    case::OwnCasesView,
    composer::{Composer, Elsewhere},
    ending::Ending,
    history::History,
    notice::{Channels, Refusal, Stuck},
    question::QuestionForm,
    receipt::ReceiptView,
    status,
    transcript::Transcript,
    write::Write,
};
use crate::{
    state::{Availability, ChatState, Past, Stage},
    text,
};

/// The panel. Focus goes to it when it opens, and back to the page when it closes.
#[component]
pub(crate) fn Panel(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let section = NodeRef::<html::Section>::new();
    section.on_load(|section| {
        let _focused = section.focus();
    });
    let minimise = move || {
        state.shown.set(false);
        state.history.set(Past::Hidden);
    };
    let looking_back = Memo::new(move |_| state.history.with(|past| *past != Past::Hidden));
    // What had the focus may have gone with the stage before.
    Effect::new(move |before: Option<()>| {
        let _changed = (state.stage.get(), looking_back.get());
        if let (Some(()), Some(section)) = (before, section.get_untracked()) {
            let _focused = section.focus();
        }
    });
    // So may what had it with any other part.
    let held = StoredValue::new_local(None::<Element>);
    let hold = move || {
        request_animation_frame(move || {
            let lost = held.try_with_value(|held| held.as_ref().is_some_and(|held| !held.is_connected()));
            if let (Some(true), Some(section)) = (lost, section.try_get_untracked().flatten()) {
                let _focused = section.focus();
            }
        });
    };
    let let_go = move |left: Element| {
        request_animation_frame(move || {
            // It comes back to what had it when the window does.
            let here = document().has_focus().unwrap_or(true);
            let elsewhere = here && left.is_connected() && held.try_get_value().flatten() == Some(left);
            if elsewhere {
                held.set_value(None);
            }
        });
    };
    Effect::new(move |_| {
        let _changed = (state.phase.get(), state.writes.get(), state.asked.get());
        let _changed =
            (state.ends_unanswered.get(), state.link.get(), state.older.get(), state.request.get());
        let _changed = (state.cases.get(), state.availability.get());
        hold();
    });
    let body = move || {
        if looking_back.get() {
            return view! { <History state chat on_back=UnsyncCallback::new(move |()| minimise()) /> }
                .into_any();
        }
        match state.stage.get() {
            Stage::Idle | Stage::Entering => status("notice", "phase", text::ENTERING),
            Stage::Refused(admission) => {
                view! { <Refusal admission state chat on_back=minimise /> }.into_any()
            }
            Stage::Stuck(trouble) => view! { <Stuck trouble chat on_back=minimise /> }.into_any(),
            Stage::Writing => view! { <Write state chat /> }.into_any(),
            Stage::Inside => view! { <Inside state chat /> }.into_any(),
        }
    };
    view! {
        <section
            class="panel"
            data-part="panel"
            aria-labelledby="title"
            tabindex="-1"
            node_ref=section
            on:focusin=move |event| held.set_value(Some(event_target(&event)))
            on:focusout=move |event| let_go(event_target(&event))
            on:keydown=move |event| if event.key() == "Escape" { minimise() }
        >
            <header class="bar">
                <div>
                    <h2 id="title">{text::TITLE}</h2>
                    <p>{text::SUBTITLE}</p>
                </div>
                {button("button quiet", "minimise", text::MINIMISE, move |_| minimise())}
            </header>
            {body}
        </section>
    }
}

/// The conversation itself.
#[component]
fn Inside(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let phase = move || {
        state.phase.with(|phase| phase.as_ref().map_or_else(|| text::LINK_CONNECTING.into(), text::phase))
    };
    let away = move || match state.phase.get() {
        Some(Phase::Active { advisor, .. })
            if state.advisor_away.get() && state.link.get() == LinkState::Live =>
        {
            Some(text::away(&advisor))
        }
        _ => None,
    };
    let place = move || match state.phase.get() {
        Some(Phase::Waiting { .. }) => state.place.get().map(text::place),
        _ => None,
    };
    let unanswered = move || {
        let closes = state.ends_unanswered.get().filter(|_| !state.is_closed());
        closes.map(|closes| text::ends_unanswered(&page::clock(closes)))
    };
    let asks_question = Memo::new(move |_| state.writes.get() && state.asks_question());
    let offers_cases = Memo::new(move |_| state.writes.get() && state.offers_cases());
    let link_lost = move || state.link.get() == LinkState::Lost && !state.is_closed();
    view! {
        <p class="phase" role="status" data-part="phase">{phase}</p>
        {move || place().map(|place| status("presence", "place", place))}
        {move || unanswered().map(|warning| view! {
            <div class="notice warning" role="alert" data-part="unanswered">
                <p>{warning}</p>
                {button("button", "stay", text::STAY, move |_| chat.with_value(|c| c.stay()))}
            </div>
        })}
        {move || away().map(|away| status("presence", "presence", away))}
        {move || link_lost().then(|| status("notice", "link", text::LINK_LOST))}
        {move || asks_question.get().then(|| view! { <QuestionForm state chat /> }.into_any())}
        {move || state.says_question().then(|| status("presence", "question-sending", text::case::QUESTION_SENDING))}
        {move || offers_cases.get().then(|| view! { <OwnCasesView state chat /> }.into_any())}
        <Transcript state chat />
        {move || if state.is_closed() {
            view! { <Over state chat /> }.into_any()
        } else if state.writes.get() {
            view! { <Composer state chat /> <Ending state chat /> }.into_any()
        } else {
            view! { <Elsewhere chat /> }.into_any()
        }}
    }
}

/// After the end: begin again if the service is open, else when it opens and where else to go.
#[component]
fn Over(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let left = move || {
        state.draft.with(|draft| {
            (!draft.is_empty() && !state.may_write()).then(|| {
                view! {
                    <div class="notice" data-part="left-over">
                        <p>{text::LEFT_OVER}</p>
                        <blockquote>{draft.clone()}</blockquote>
                    </div>
                }
            })
        })
    };
    let next = move || {
        match state.availability.get() {
        Availability::Known(admission) if admission.verdict != Verdict::Open => view! {
            <div class="notice" data-part="elsewhere">
                <p class="reason">{admission.message}</p>
                <p>{text::ELSEWHERE}</p>
                <Channels channels=admission.channels />
            </div>
        }
        .into_any(),
        // The service ended it: that it is open is an old answer, and the new one is on its way.
        Availability::Known(admission) if state.was_closed_after(page::instant(&admission.at)) => {
            status("notice", "checking", text::CHECKING)
        }
        Availability::Checking | Availability::Known(_) | Availability::Unknown => view! {
            <div class="foot">
                {button("button primary", "begin-again", text::BEGIN_AGAIN, move |_| chat.with_value(|c| c.enter()))}
            </div>
        }
        .into_any(),
    }
    };
    let awaiting =
        move || state.awaits_office().then(|| status("presence", "awaiting", text::office::AWAITING));
    view! { {left} {awaiting} <Write state chat /> <ReceiptView state chat /> {next} }
}
