// SPDX-License-Identifier: EUPL-1.2
//! The acts of a supervisor on a conversation: their buttons, confirmations and dialogs, and what the desk refused.

use infocig_protocol::{
    desk::{DeskQueue, Presence, TransferTo},
    id::ConversationId,
};
use leptos::prelude::*;

use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        Connection, Conversation, DeskState, Dialog,
        supervision::panel::{PanelState, RefusedRequest, SupervisorRequest},
        topics::TopicChoice,
    },
    text,
    view::{
        closing::{Level, Outcomes},
        dialog::{Cancel, Modal},
    },
};

/// The button of an act. Taking over, reassigning, ending, blocking and whispering open a dialog
/// first.
#[component]
pub(in crate::view) fn Act(id: ConversationId, request: SupervisorRequest) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let words = i18n.text(text::act(request));
    let of = {
        let (id, words) = (id.clone(), words.clone());
        move || {
            let short = text::short_id(&id);
            match state.panel.conversation(&id) {
                Some(one) => {
                    let name = state.panel.name(&one.advisor);
                    i18n.fill("supervise.which", &[("act", &words), ("id", &short), ("name", &name)])
                }
                None => i18n.fill("supervise.which_waiting", &[("act", &words), ("id", &short)]),
            }
        }
    };
    let pending = {
        let id = id.clone();
        Memo::new(move |_| state.panel.pending(&id))
    };
    let mine = {
        let id = id.clone();
        Memo::new(move |_| {
            let me = state.session.welcome.with(|welcome| welcome.as_ref().map(|welcome| welcome.id.clone()));
            state.panel.conversation(&id).is_some_and(|one| Some(&one.advisor) == me.as_ref())
        })
    };
    let disabled =
        move || mine.get() || pending.get().is_some() || state.session.connection.get() != Connection::Live;
    let dialog = match request {
        SupervisorRequest::Observe | SupervisorRequest::Join | SupervisorRequest::Lift => None,
        SupervisorRequest::Whisper => Some(Dialog::Whisper(id.clone())),
        SupervisorRequest::TakeOver => Some(Dialog::TakeOver(id.clone())),
        SupervisorRequest::Reassign => Some(Dialog::Reassign(id.clone())),
        SupervisorRequest::End => Some(Dialog::End(id.clone())),
        SupervisorRequest::Block => Some(Dialog::Block(id.clone())),
    };
    let opens = dialog.is_some();
    let press = move |_| {
        if untrack(disabled) {
            return;
        }
        match (&dialog, request) {
            (Some(dialog), _) => state.screen.dialog.set(Some(dialog.clone())),
            (None, SupervisorRequest::Join) => intents.join(&id),
            (None, _) => intents.observe(&id),
        }
    };
    let said =
        move || if pending.get() == Some(request) { i18n.text("supervise.coming") } else { words.clone() };
    view! {
        <button
            type="button"
            class="button slim"
            data-part=part(request)
            aria-label=of
            aria-haspopup=opens.then_some("dialog")
            aria-disabled=move || disabled().to_string()
            on:click=press
        >
            {said}
        </button>
    }
}

const fn part(request: SupervisorRequest) -> &'static str {
    match request {
        SupervisorRequest::Observe => "observe",
        SupervisorRequest::Whisper => "whisper",
        SupervisorRequest::Join => "join",
        SupervisorRequest::TakeOver => "take-over",
        SupervisorRequest::Reassign => "reassign",
        SupervisorRequest::End => "end",
        SupervisorRequest::Block => "block",
        SupervisorRequest::Lift => "lift",
    }
}

/// The newest act that the desk refused.
#[component]
pub(in crate::view) fn Refused() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let refused = move || {
        state.panel.refused.get().map(|RefusedRequest { request, code, .. }| {
            view! { <p class="notice">{text::act_refused(&i18n.words(), request, code)}</p> }
        })
    };
    view! { <div role="alert" class="refused-act" data-part="act-refused">{refused}</div> }
}

/// The name of the advisor who holds a conversation; `None` while it waits.
fn holder(panel: PanelState, id: &ConversationId) -> Option<String> {
    let held = panel.conversation(id)?;
    Some(panel.name(&held.advisor))
}

/// Confirms that a conversation is taken over.
#[component]
pub(in crate::view) fn TakeOver(id: ConversationId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let (heading, means) = match untrack(|| holder(state.panel, &id)) {
        Some(name) => (
            i18n.fill("supervise.take_over_question", &[("name", &name)]),
            i18n.fill("supervise.take_over_means", &[("name", &name)]),
        ),
        None => (i18n.text("supervise.take_over_waiting"), i18n.text("supervise.take_over_waiting_means")),
    };
    let which = Dialog::TakeOver(id.clone());
    let confirm = move |_| {
        state.screen.dialog.set(None);
        intents.take_over(&id);
    };
    view! {
        <Modal which part="take-over-dialog" heading>
            <p>{means}</p>
            <div class="buttons">
                <button type="button" class="button primary" data-part="take-over-confirm" on:click=confirm>
                    {i18n.text("supervise.take_over")}
                </button>
                <Cancel/>
            </div>
        </Modal>
    }
}

/// The choice of a colleague or of the queue.
#[component]
pub(in crate::view) fn Reassign(id: ConversationId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let (to, set_to) = signal(None::<TransferTo>);
    let candidates = {
        let id = id.clone();
        Memo::new(move |_| {
            let holder = state.panel.conversation(&id).map(|one| one.advisor);
            let queue = state.panel.queue_of(&id);
            state.panel.panel.with(|panel| {
                let all = panel.as_ref().map(|panel| panel.advisors.clone()).unwrap_or_default();
                let mut all: Vec<_> =
                    all.into_iter().filter(|one| Some(&one.advisor) != holder.as_ref()).collect();
                if let Some(queue) = &queue {
                    all.retain(|one| one.queues.contains(queue));
                }
                let can = |one: &infocig_protocol::supervision::PanelAdvisor| {
                    one.presence == Presence::Available && one.lost.is_none() && one.load < one.capacity
                };
                all.sort_by_key(|one| !can(one));
                all.into_iter().map(|one| (can(&one), one)).collect::<Vec<_>>()
            })
        })
    };
    let chosen = Memo::new(move |_| match to.get()? {
        to @ (TransferTo::Queue | TransferTo::OtherQueue(_)) => Some(to),
        TransferTo::Advisor(advisor) => {
            let there = candidates.with(|all| all.iter().any(|(can, one)| *can && one.advisor == advisor));
            there.then_some(TransferTo::Advisor(advisor))
        }
    });
    let live = move || state.session.connection.get() == Connection::Live;
    let option = move |value: TransferTo, name: String, hint: String, can: bool| {
        let (is, key) = (
            value.clone(),
            match &value {
                TransferTo::Queue => "queue".to_string(),
                TransferTo::OtherQueue(queue) => format!("queue:{queue}"),
                TransferTo::Advisor(advisor) => advisor.to_string(),
            },
        );
        view! {
            <label class="option" class:unavailable=!can>
                <input
                    type="radio"
                    name="reassign-to"
                    data-part="reassign-to"
                    value=key
                    disabled=!can
                    prop:checked=move || to.with(|to| to.as_ref() == Some(&is))
                    on:change=move |_| set_to.set(Some(value.clone()))
                />
                <span class="option-text">
                    <span class="name">{name}</span>
                    <span class="quiet">{hint}</span>
                </span>
            </label>
        }
    };
    let rows = move || {
        let words = i18n.words();
        candidates
            .get()
            .into_iter()
            .map(|(can, one)| {
                let (load, capacity) = (one.load.to_string(), one.capacity.to_string());
                let places = words.fill("panel.places_of", &[("load", &load), ("capacity", &capacity)]);
                let hint = format!("{} · {places}", text::panel_presence(&words, &one));
                option(TransferTo::Advisor(one.advisor), one.name, hint, can)
            })
            .collect_view()
    };
    let queue_rows = {
        let id = id.clone();
        move || {
            let queue = state.panel.queue_of(&id);
            let row = |one: DeskQueue| {
                let name = i18n.fill("transfer.other_queue", &[("queue", &one.name)]);
                option(TransferTo::OtherQueue(one.id), name, i18n.text("transfer.other_queue_hint"), true)
            };
            // A supervisor of one queue has no other to move it to.
            let others = queue.map(|queue| state.other_queues(Some(&queue), true)).unwrap_or_default();
            others.into_iter().map(row).collect_view()
        }
    };
    let heading = i18n.fill("supervise.reassign_question", &[("id", &text::short_id(&id))]);
    let which = Dialog::Reassign(id.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(to) = chosen.get_untracked().filter(|_| untrack(live)) {
            state.screen.dialog.set(None);
            intents.reassign(&id, to);
        }
    };
    view! {
        <Modal which part="reassign-dialog" heading>
            <form class="form" on:submit=submit>
                <fieldset class="targets">
                    <legend class="label">{i18n.text("transfer.to")}</legend>
                    {rows}
                    {option(TransferTo::Queue, i18n.text("transfer.queue"), i18n.text("transfer.queue_hint"), true)}
                    {queue_rows}
                </fieldset>
                <p class="quiet">{i18n.text("supervise.reassign_means")}</p>
                <div class="buttons">
                    <button
                        type="submit"
                        class="button primary"
                        data-part="reassign-confirm"
                        aria-disabled=move || (chosen.with(Option::is_none) || !live()).to_string()
                    >
                        {i18n.text("supervise.reassign")}
                    </button>
                    <Cancel/>
                </div>
            </form>
        </Modal>
    }
}

/// The `data-part`s of the levels in [`End`]; a missing outcome has its own.
const MISSING: [&str; 3] = ["end-topic-1", "end-topic-2", "end-topic-3"];

/// Topic and outcome of a conversation of somebody else, and its end.
#[component]
pub(in crate::view) fn End(id: ConversationId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let choice = RwSignal::new(TopicChoice::default());
    let name = untrack(|| holder(state.panel, &id)).unwrap_or_default();
    let missing = Memo::new(move |_| choice.with(|choice| choice.missing()));
    let live = move || state.session.connection.get() == Connection::Live;
    let hint = move || {
        i18n.text(match (missing.get(), live()) {
            (Some(level), _) => text::missing(level),
            (None, false) => "close.needs_link",
            (None, true) => "supervise.end_means",
        })
    };
    let levels = [0, 1, 2].map(|level| {
        let choose = Callback::new(move |id: String| {
            choice.update(|choice| choice.choose(&state.session.topics(), level, &id));
        });
        view! { <Level part="end-topic" level choice=Signal::derive(move || choice.get()) choose/> }
    });
    let outcome = Signal::derive(move || choice.with(|choice| choice.outcome));
    let about = id.clone();
    let answered = Signal::derive(move || {
        state.panel.conversation(&about).is_some_and(|conversation| conversation.answered)
    });
    let choose = Callback::new(move |outcome| choice.update(|choice| choice.outcome = Some(outcome)));
    let which = Dialog::End(id.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(level) = missing.get_untracked() {
            let _always_there = parts.focus(MISSING.get(level).copied().unwrap_or("end-outcome"));
        } else if untrack(live) && intents.end(&id, &choice.get_untracked()) {
            state.screen.dialog.set(None);
        }
    };
    view! {
        <Modal which part="end-dialog" heading=i18n.fill("supervise.end_question", &[("name", &name)])>
            <form class="form" novalidate=true on:submit=submit>
                <div class="levels">{levels}</div>
                <Outcomes part="end-outcome" chosen=outcome answered choose/>
                <p class="quiet" role="status">{hint}</p>
                <div class="buttons">
                    <button
                        type="submit"
                        class="button primary"
                        data-part="end-confirm"
                        aria-disabled=move || (missing.get().is_some() || !live()).to_string()
                    >
                        {i18n.text("supervise.end")}
                    </button>
                    <Cancel/>
                </div>
            </form>
        </Modal>
    }
}

/// The form of words for the advisors of a conversation alone.
#[component]
fn WhisperForm(
    id: ConversationId,
    /// Called once the words are sent.
    sent: Callback<()>,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let draft = RwSignal::new(String::new());
    let too_long = Memo::new(move |_| {
        draft.with(|draft| text::note_too_long(&i18n.words(), draft.trim().chars().count()))
    });
    let live = move || state.session.connection.get() == Connection::Live;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if intents.whisper(&id, &draft.get_untracked()) {
            draft.set(String::new());
            sent.run(());
        }
    };
    view! {
        <form class="form whisper" on:submit=submit>
            <label class="label" for="whisper-text">{i18n.text("supervise.whisper_label")}</label>
            <textarea
                class="field internal"
                id="whisper-text"
                data-part="whisper-text"
                rows="2"
                aria-describedby="whisper-hint"
                aria-invalid=move || too_long.with(Option::is_some).then_some("true")
                prop:value=move || draft.get()
                on:input=move |event| draft.set(event_target_value(&event))
            ></textarea>
            <p class="quiet" id="whisper-hint">{i18n.text("supervise.whisper_means")}</p>
            <p class="error" role="status">{move || too_long.get()}</p>
            <div class="buttons">
                <button
                    type="submit"
                    class="button note-button"
                    data-part="whisper-send"
                    aria-disabled=move || (!live() || too_long.with(Option::is_some)).to_string()
                >
                    {i18n.text("supervise.whisper_send")}
                </button>
            </div>
        </form>
    }
}

/// The dialog of a whisper, from the panel.
#[component]
pub(in crate::view) fn Whisper(id: ConversationId) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let name = untrack(|| holder(state.panel, &id)).unwrap_or_default();
    let which = Dialog::Whisper(id.clone());
    view! {
        <Modal which part="whisper-dialog" heading=i18n.fill("supervise.whisper_question", &[("name", &name)])>
            <WhisperForm id sent=Callback::new(move |()| state.screen.dialog.set(None))/>
            <div class="buttons"><Cancel/></div>
        </Modal>
    }
}

/// In the place of the composer while a supervisor reads: the whisper, and the further acts.
#[component]
pub(in crate::view) fn Observed(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let id = conversation.id;
    let live = move || state.session.connection.get() == Connection::Live;
    let stop = {
        let id = id.clone();
        move |_| intents.stop_observing(&id)
    };
    let acts = [
        SupervisorRequest::Join,
        SupervisorRequest::TakeOver,
        SupervisorRequest::Reassign,
        SupervisorRequest::End,
        SupervisorRequest::Block,
    ]
    .map(|request| view! { <Act id=id.clone() request/> });
    view! {
        <div class="wrap-up observed" data-part="observed">
            <p class="name">{i18n.text("supervise.reading")}</p>
            <Refused/>
            <WhisperForm id sent=Callback::new(|()| ())/>
            <div class="acts">
                {acts}
                <button
                    type="button"
                    class="button slim"
                    data-part="stop-observing"
                    aria-disabled=move || (!live()).to_string()
                    on:click=stop
                >
                    {i18n.text("supervise.stop")}
                </button>
            </div>
        </div>
    }
}
