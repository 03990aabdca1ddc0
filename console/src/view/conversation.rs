// SPDX-License-Identifier: EUPL-1.2
//! The conversation on screen: the person, the tools, the log, the composer, and the panels beside them.

use infocig_protocol::{
    desk::{AssignmentState, DeskWelcome},
    id::ConversationId,
    supervision::SupervisorAct,
};
use leptos::prelude::*;

use super::{
    call::{CallBar, CallTool},
    cases::Cases,
    composer::Composer,
    history::HistoryPanel,
    log::Log,
    notes::Notes,
    person::Person,
    queue::InQueue,
    supervision::acts::Observed,
};
use crate::{
    dom::{self, Parts},
    i18n::I18n,
    intents::Intents,
    state::{
        Connection, Conversation, DeskState, Dialog, Ending, assignment::Assignment,
        forwarding::ForwardingStage, offer::seconds_left, shortcuts::Shortcut,
    },
    text,
};

/// The selected conversation, or a hint to select one.
#[component]
pub(crate) fn OnScreen() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let on_screen = Memo::new(move |_| state.on_screen());
    view! {
        <section class="panel on-screen" aria-labelledby="on-screen">
            {move || match on_screen.get() {
                Some(conversation) => view! { <Shown conversation/> }.into_any(),
                None => view! { <Nothing/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let heading = NodeRef::<leptos::html::H2>::new();
    heading.on_load(move |heading| {
        if state.screen.moved.get_untracked() {
            dom::focus(&heading);
        }
    });
    view! {
        <div class="no-conversation">
            <h2 class="heading" id="on-screen" tabindex="-1" node_ref=heading>{i18n.text("conversation.none")}</h2>
            <p class="quiet">{i18n.text("conversation.none_hint")}</p>
        </div>
    }
}

#[component]
fn Shown(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let Conversation { phase, held, connection, .. } = conversation.clone();
    let writable = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.is_writable())
    };
    let link = move || {
        let said = text::conversation_link(connection.get());
        said.filter(|_| writable.get()).map(|key| i18n.text(key))
    };
    let name = conversation.person.name.clone();
    let person = conversation.person.clone();
    let presence = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.citizen_connected())
    };
    let writes = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.citizen_writes())
    };
    let typing = StoredValue::new(i18n.fill("person.typing", &[("name", &name)]));
    let observed = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.is_observed() && !conversation.is_closed())
    };
    let for_foot = conversation.clone();
    let foot = move || {
        let conversation = for_foot.clone();
        if writable.get() {
            view! { <Composer conversation/> }.into_any()
        } else if observed.get() {
            view! { <Observed conversation/> }.into_any()
        } else {
            view! { <Over conversation/> }.into_any()
        }
    };
    let assignment = conversation.assignment.clone();
    let status = move || {
        let assignment = assignment.with(|assignment| {
            text::assignment(&i18n.words(), assignment.as_ref().map(|assignment| &assignment.state))
        });
        assignment.unwrap_or_else(|| phase.with(|phase| i18n.text(text::phase(phase.as_ref(), held.get()))))
    };
    let why = {
        let (assignment, person) = (conversation.assignment.clone(), conversation.person.clone());
        move || {
            let why = assignment.with(|assignment| {
                assignment
                    .as_ref()
                    .filter(|assignment| assignment.holds())
                    .map(|assignment| assignment.why.clone())
            });
            why.map(|why| text::why(&i18n.words(), &why, &person))
        }
    };
    let state = expect_context::<DeskState>();
    let Conversation { notes_open, history_open, cases_open, .. } = conversation.clone();
    let notes_open = Memo::new(move |_| notes_open.get());
    let history_open = Memo::new(move |_| history_open.get());
    let cases_open = Memo::new(move |_| cases_open.get() && state.has_cases.get());
    let beside = move || notes_open.get() || history_open.get() || cases_open.get();
    let question = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.question())
    };
    let for_beside = StoredValue::new(conversation.clone());
    let queue = {
        let assignment = conversation.assignment.clone();
        Signal::derive(move || assignment.with(|assignment| assignment.as_ref()?.queue.clone()))
    };
    view! {
        <div class="conversation-header" data-part="person">
            <div class="on-screen-header">
                <div class="back"><button type="button" class="button slim" data-part="back" on:click=move |_| state.deselect()>{i18n.text("conversation.back")}</button></div>
                <h2 class="heading" id="on-screen" tabindex="-1" data-part="on-screen">{name}</h2>
                <p class="presence">
                    {move || {
                        presence
                            .get()
                            .map(|connected| {
                                view! {
                                    <span class:away=!connected data-part="presence">{i18n.text(text::presence(connected))}</span>
                                }
                            })
                    }}
                </p>
                <p class="tag" data-part="phase">{status}</p>
            </div>
            <Person person question/>
            <InQueue queue/>
            <p class="quiet offer-reason">{why}</p>
        </div>
        <Tools conversation=conversation.clone()/>
        <Pending conversation=conversation.clone()/>
        <CallBar conversation=conversation.clone()/>
        <div class="conversation" class:with-side=beside>
            <div class="log-and-composer">
                <Log conversation/>
                <div class="log-status">
                    <p class="link-status" role="status">{link}</p>
                    <Show when=move || writes.get()>
                        <p class="quiet" data-part="typing">{typing.get_value()}</p>
                    </Show>
                </div>
                {foot}
            </div>
            <Show when=beside>
                <div class="side">
                    <Show when=move || notes_open.get()>
                        <Notes conversation=for_beside.get_value()/>
                    </Show>
                    <Show when=move || cases_open.get()>
                        <Cases conversation=for_beside.get_value()/>
                    </Show>
                    <Show when=move || history_open.get()>
                        <HistoryPanel conversation=for_beside.get_value()/>
                    </Show>
                </div>
            </Show>
        </div>
    }
}

/// The buttons for everything but writing. Shortcuts press them too.
#[component]
fn Tools(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let Conversation { assignment, notes, notes_open, history, history_open, cases_open, forwarding, .. } =
        conversation.clone();
    let stage = Memo::new(move |_| forwarding.with(|forwarding| forwarding.stage()));
    let sending = Signal::derive(move || stage.get() == ForwardingStage::Sending);
    let has_cases = {
        let cases_open = cases_open.clone();
        // Cases can be requested while the conversation is writable. Once open they stay readable.
        let conversation = conversation.clone();
        Memo::new(move |_| state.has_cases.get() && (conversation.is_writable() || cases_open.get()))
    };
    Effect::new(move |before: Option<bool>| {
        let there = has_cases.get();
        if before == Some(true) && !there {
            // The focused button was removed.
            request_animation_frame(move || parts.adopt("on-screen"));
        }
        there
    });
    let tools_of = StoredValue::new(conversation.clone());
    let toggle_cases =
        Callback::new(move |()| tools_of.with_value(|conversation| intents.toggle_cases(conversation)));
    let forward =
        Callback::new(move |()| tools_of.with_value(|conversation| intents.begin_forward(conversation)));
    let forward_words = Signal::derive(move || i18n.text(text::forward(stage.get())));
    let may_forward = {
        let writable = conversation.clone();
        Memo::new(move |_| {
            writable.is_writable()
                || matches!(stage.get(), ForwardingStage::Written | ForwardingStage::Refused)
        })
    };
    let cases_open = StoredValue::new(cases_open);
    let writable = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.is_writable())
    };
    let assignment = Memo::new(move |_| assignment.get());
    let holds = Memo::new(move |_| {
        writable.get() && assignment.with(|assignment| assignment.as_ref().is_some_and(Assignment::holds))
    });
    let passes =
        Memo::new(move |_| assignment.with(|assignment| assignment.as_ref().is_some_and(Assignment::passes)));
    let ending = {
        let ending = conversation.ending.clone();
        Memo::new(move |_| ending.get() == Ending::Requested)
    };
    let disabled = Signal::derive(move || ending.get() || state.session.connection.get() != Connection::Live);
    let id = StoredValue::new(conversation.id);
    let open = move |dialog: fn(ConversationId) -> Dialog| {
        Callback::new(move |()| {
            if !disabled.get_untracked() {
                state.screen.dialog.set(Some(dialog(id.get_value())));
            }
        })
    };
    let toggle_notes = toggles(notes_open.clone());
    let toggle_history = toggles(history_open.clone());
    let toggle_replies = Callback::new(move |()| state.screen.replies_open.update(|open| *open = !*open));
    let begin_transfer = open(Dialog::Transfer);
    let hand_on = Callback::new(move |()| {
        if passes.get_untracked() {
            intents.retract(&id.get_value());
        } else {
            begin_transfer.run(());
        }
    });
    let on_hold = Memo::new(move |_| {
        assignment.with(|assignment| assignment.as_ref().is_some_and(|one| one.on_hold().is_some()))
    });
    let begin_hold = open(Dialog::Hold);
    let hold = Callback::new(move |()| {
        if !on_hold.get_untracked() {
            begin_hold.run(());
        } else if !disabled.get_untracked() {
            intents.resume(&id.get_value());
        }
    });
    let may_hold = Memo::new(move |_| {
        let lists = |welcome: &DeskWelcome| !welcome.hold_minutes.is_empty();
        state.session.welcome.with(|welcome| welcome.as_ref().is_some_and(lists))
    });
    let leave = Callback::new(move |()| intents.leave(&id.get_value()));
    let call = tools_of.with_value(CallTool::of);
    let with_count = move |key, count| text::with_count(&i18n.words(), key, count);
    let note_words = Signal::derive(move || with_count("notes.title", notes.with(|notes| notes.count())));
    let history_words =
        Signal::derive(move || with_count("history.button", history.with(|history| history.listed.len())));
    view! {
        <div class="tools" role="group" aria-label=i18n.text("conversation.tools")>
            <Show when=move || writable.get()>
                <Tool part="replies-open" shortcut=Shortcut::Replies words=i18n.text("replies.title") expanded=state.screen.replies_open press=toggle_replies/>
            </Show>
            <Tool
                part="notes-open"
                look="note-button"
                shortcut=Shortcut::Notes
                words=note_words
                expanded=Signal::derive(move || notes_open.get())
                press=toggle_notes
            />
            <Tool
                part="history-open"
                shortcut=Shortcut::History
                words=history_words
                expanded=Signal::derive(move || history_open.get())
                press=toggle_history
            />
            <Show when=move || has_cases.get()>
                <Tool
                    part="cases-open"
                    shortcut=Shortcut::Cases
                    words=i18n.text("cases.title")
                    expanded=Signal::derive(move || cases_open.get_value().get())
                    press=toggle_cases
                />
            </Show>
            <Show when=move || may_forward.get()>
                <Tool part="forward" shortcut=Shortcut::Forward words=forward_words dialog=true disabled=sending press=forward/>
            </Show>
            <Show when=move || holds.get()>
                // One button with two actions: replacing it would lose the focus of a press.
                <Tool
                    part=Signal::derive(move || if passes.get() { "retract" } else { "transfer" })
                    shortcut=Shortcut::Transfer
                    words=Signal::derive(move || i18n.text(text::transfer(passes.get())))
                    dialog=Signal::derive(move || !passes.get())
                    disabled
                    press=hand_on
                />
                <Show when=move || may_hold.get()>
                    <Tool
                        part=Signal::derive(move || if on_hold.get() { "resume" } else { "hold" })
                        shortcut=Shortcut::Hold
                        words=Signal::derive(move || i18n.text(text::hold(on_hold.get())))
                        dialog=Signal::derive(move || !on_hold.get())
                        disabled
                        press=hold
                    />
                </Show>
                <Show when=move || call.offered.get()>
                    <Tool part="call-offer" words=i18n.text("call.offer") disabled=call.disabled press=call.press/>
                </Show>
                <Tool part="invite" shortcut=Shortcut::Invite words=i18n.text("assignment.invite") dialog=true disabled press=open(Dialog::Invite)/>
                <Tool part="warn" words=i18n.text("warning.tool") dialog=true disabled press=open(Dialog::Warn)/>
                <Tool part="close" look="end" shortcut=Shortcut::Close words=i18n.text("close.action") dialog=true disabled press=open(Dialog::Closing)/>
            </Show>
            <Show when=move || writable.get() && !holds.get()>
                <Tool part="leave" look="end" words=i18n.text("assignment.leave") disabled press=leave/>
            </Show>
        </div>
    }
}

fn toggles(shown: ArcRwSignal<bool>) -> Callback<()> {
    Callback::new(move |()| shown.update(|shown| *shown = !*shown))
}

/// A tool's button, with its shortcut while shortcuts of one letter are on.
#[component]
fn Tool(
    #[prop(into)] part: Signal<&'static str>,
    #[prop(default = "")] look: &'static str,
    #[prop(optional)] shortcut: Option<Shortcut>,
    #[prop(into)] words: Signal<String>,
    /// Whether the panel it opens is open.
    #[prop(optional, into)]
    expanded: Option<Signal<bool>>,
    /// Whether it opens a dialog.
    #[prop(default = false.into(), into)]
    dialog: Signal<bool>,
    #[prop(optional, into)] disabled: Option<Signal<bool>>,
    press: Callback<()>,
) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let key =
        move || shortcut.map(Shortcut::key).filter(|_| state.preferences.chosen.with(|chosen| chosen.keys));
    view! {
        <button
            type="button"
            class=format!("button slim {look}")
            data-part=part
            aria-haspopup=move || dialog.get().then_some("dialog")
            aria-expanded=move || expanded.map(|expanded| expanded.get().to_string())
            aria-disabled=move || disabled.map(|disabled| disabled.get().to_string())
            aria-keyshortcuts=key
            on:click=move |_| press.run(())
        >
            {words}
            {move || key().map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
}

/// Requests that are pending or failed, and a transfer or helpers.
#[component]
fn Pending(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let Conversation { assignment, pending_request, failed_request, forwarding, supervised, .. } =
        conversation;
    let held = assignment.clone();
    let on_hold = move || {
        held.with(|assignment| {
            let hold = assignment.as_ref()?.on_hold()?;
            let words = text::on_hold(&i18n.words(), hold);
            Some(view! { <p class="on-hold" class:due=hold.due data-part="on-hold">{words}</p> })
        })
    };
    let not_forwarded = move || {
        let refused = forwarding.with(|forwarding| forwarding.refused)?;
        Some(view! {
            <p class="notice" role="alert" data-part="forwarding-refused">{i18n.text(text::not_forwarded(refused))}</p>
        })
    };
    let status = move || {
        assignment.with(|assignment| match assignment.as_ref().map(|assignment| &assignment.state) {
            Some(AssignmentState::Held { transferring_to: Some(to), .. }) => {
                Some(i18n.fill("assignment.transferring_means", &[("name", to)]))
            }
            Some(AssignmentState::Held { helpers, observers, .. })
                if !helpers.is_empty() || !observers.is_empty() =>
            {
                let words = i18n.words();
                let said =
                    [("assignment.helpers", helpers), ("panel.observers", observers)].map(|(key, names)| {
                        let names = names.join(", ");
                        (!names.is_empty()).then(|| words.fill(key, &[("names", &names)]))
                    });
                Some(said.into_iter().flatten().collect::<Vec<_>>().join(" · "))
            }
            Some(
                AssignmentState::Held { .. }
                | AssignmentState::Helping { .. }
                | AssignmentState::Observing { .. }
                | AssignmentState::WrapUp { .. }
                | AssignmentState::Offered { .. }
                | AssignmentState::Invited { .. },
            )
            | None => None,
        })
    };
    // Who reads and who takes part stands in the line of the assignment, as long as it lasts.
    let supervised = move || {
        supervised.with(|supervised| {
            let (act, by) = supervised.as_ref()?;
            let lasts = matches!(
                act,
                SupervisorAct::Observes
                    | SupervisorAct::Joined
                    | SupervisorAct::Whispered
                    | SupervisorAct::LeftOff
            );
            (!lasts).then(|| text::supervised(&i18n.words(), *act, by))
        })
    };
    let asked = move || {
        pending_request.with(|pending_request| {
            pending_request
                .as_ref()
                .map(|pending_request| text::pending_request(&i18n.words(), pending_request))
        })
    };
    let refused = move || {
        failed_request.with(|failed_request| {
            let (pending_request, code) = failed_request.as_ref()?;
            Some(view! { <p class="notice" role="alert">{text::failed_request(&i18n.words(), pending_request, *code)}</p> })
        })
    };
    view! {
        <div class="conversation-status">
            {refused}
            {not_forwarded}
            {on_hold}
            <p role="status" data-part="pending-request">{asked}</p>
            <p data-part="supervised">{supervised}</p>
            <p data-part="taking-part">{status}</p>
        </div>
    }
}

/// The place of the composer once the conversation is not writable: the reason, and the button that is left.
#[component]
fn Over(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let id = conversation.id.clone();
    let assignment = conversation.assignment.clone();
    let wrap_up =
        Memo::new(move |_| assignment.with(|assignment| assignment.as_ref().and_then(Assignment::wrap_up)));
    let left = move || {
        wrap_up
            .get()
            .map(|(until, _)| text::wrap_up_left(&i18n.words(), seconds_left(until, state.clock.now.get())))
    };
    let why = {
        let conversation = conversation.clone();
        move || {
            i18n.text(match wrap_up.get() {
                Some((_, true)) => "wrap_up.topic_missing",
                Some((_, false)) => "wrap_up.complete",
                None if conversation.is_closed() => "wrap_up.read_only",
                None => "request_error.not_assigned",
            })
        }
    };
    let phase = Memo::new(move |_| wrap_up.get().map(|(_, missing)| missing));
    let conversation = StoredValue::new(conversation);
    let live = move || state.session.connection.get() == Connection::Live;
    let finish = move |_| {
        let conversation = conversation.get_value();
        // The choice may be complete from before; after a reload it is not here, and the dialog asks for it.
        if !intents.close(&conversation) && untrack(live) {
            state.screen.dialog.set(Some(Dialog::Closing(conversation.id)));
        }
    };
    let buttons = move || {
        let Some(missing) = phase.get() else {
            let id = id.clone();
            return view! {
                <button type="button" class="button" data-part="dismiss" on:click=move |_| intents.dismiss(&id)>
                    {i18n.text("wrap_up.dismiss")}
                </button>
            }
            .into_any();
        };
        view! {
            <button
                type="button"
                class="button primary"
                data-part="finish"
                aria-disabled=move || (!live()).to_string()
                on:click=finish
            >
                {i18n.text(if missing { "wrap_up.classify" } else { "wrap_up.done" })}
            </button>
        }
        .into_any()
    };
    let part = NodeRef::<leptos::html::Div>::new();
    part.on_load(|part| dom::adopt_focus(&part));
    view! {
        <div class="wrap-up" tabindex="-1" node_ref=part>
            <p class="name">{why}</p>
            <p class="quiet" role="timer" aria-live="off">{left}</p>
            {buttons}
        </div>
    }
}
