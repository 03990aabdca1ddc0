// SPDX-License-Identifier: EUPL-1.2
//! The conversation on screen: who asks, what was said, what to answer, whom to ask, how to end.

use infocig_protocol::{desk::AssignmentState, id::ConversationId};
use leptos::prelude::*;

use super::{
    Intents, cases::Cases, composer::Composer, log::Log, notes::Notes, past::PastTalks, person::Person,
};
use crate::{
    host::{self, Place},
    speech::Speech,
    state::{
        Connection, Conversation, DeskState, Dialog, Ending, forwarding::Stage, hand::Hand, keys::Act,
        offer::seconds_left,
    },
    text,
};

/// The selected conversation, or how to begin.
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
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let heading = NodeRef::<leptos::html::H2>::new();
    heading.on_load(move |heading| {
        if state.moved.get_untracked() {
            host::focus(&heading);
        }
    });
    view! {
        <div class="nothing">
            <h2 class="heading" id="on-screen" tabindex="-1" node_ref=heading>{speech.say("talk.none")}</h2>
            <p class="quiet">{speech.say("talk.none_hint")}</p>
        </div>
    }
}

#[component]
fn Shown(conversation: Conversation) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let Conversation { phase, held, connection, .. } = conversation.clone();
    let writable = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.is_writable())
    };
    let link = move || {
        let said = text::conversation_link(connection.get());
        said.filter(|_| writable.get()).map(|key| speech.say(key))
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
    let typing = StoredValue::new(speech.fill("person.typing", &[("name", &name)]));
    let for_foot = conversation.clone();
    let foot = move || {
        let conversation = for_foot.clone();
        if writable.get() {
            view! { <Composer conversation/> }.into_any()
        } else {
            view! { <Over conversation/> }.into_any()
        }
    };
    let hand = conversation.hand.clone();
    let stands = move || {
        let hand = hand.with(|hand| text::hand(&speech.words(), hand.as_ref().map(|hand| &hand.state)));
        hand.unwrap_or_else(|| phase.with(|phase| speech.say(text::phase(phase.as_ref(), held.get()))))
    };
    let why = {
        let (hand, person) = (conversation.hand.clone(), conversation.person.clone());
        move || {
            let why =
                hand.with(|hand| hand.as_ref().filter(|hand| hand.holds()).map(|hand| hand.why.clone()));
            why.map(|why| text::why(&speech.words(), &why, &person))
        }
    };
    let state = expect_context::<DeskState>();
    let Conversation { notes_open, past_open, cases_open, .. } = conversation.clone();
    let notes_open = Memo::new(move |_| notes_open.get());
    let past_open = Memo::new(move |_| past_open.get());
    let cases_open = Memo::new(move |_| cases_open.get() && state.has_cases.get());
    let beside = move || notes_open.get() || past_open.get() || cases_open.get();
    let question = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.question())
    };
    let for_beside = StoredValue::new(conversation.clone());
    view! {
        <div class="who" data-part="person">
            <div class="on-screen-head">
                <div class="back"><button type="button" class="button slim" data-part="back" on:click=move |_| state.deselect()>{speech.say("talk.back")}</button></div>
                <h2 class="heading" id="on-screen" tabindex="-1" data-part="on-screen">{name}</h2>
                <p class="presence">
                    {move || {
                        presence
                            .get()
                            .map(|connected| {
                                view! {
                                    <span class:away=!connected data-part="presence">{speech.say(text::presence(connected))}</span>
                                }
                            })
                    }}
                </p>
                <p class="tag" data-part="phase">{stands}</p>
            </div>
            <Person person question/>
            <p class="quiet why">{why}</p>
        </div>
        <Tools conversation=conversation.clone()/>
        <Under conversation=conversation.clone()/>
        <div class="talk" class:with-beside=beside>
            <div class="said-and-written">
                <Log conversation/>
                <div class="beneath">
                    <p class="link" role="status">{link}</p>
                    <Show when=move || writes.get()>
                        <p class="quiet" data-part="typing">{typing.get_value()}</p>
                    </Show>
                </div>
                {foot}
            </div>
            <Show when=beside>
                <div class="beside">
                    <Show when=move || notes_open.get()>
                        <Notes conversation=for_beside.get_value()/>
                    </Show>
                    <Show when=move || cases_open.get()>
                        <Cases conversation=for_beside.get_value()/>
                    </Show>
                    <Show when=move || past_open.get()>
                        <PastTalks conversation=for_beside.get_value()/>
                    </Show>
                </div>
            </Show>
        </div>
    }
}

/// What can be done with it besides writing. A button each, which keys press too.
#[component]
fn Tools(conversation: Conversation) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let place = expect_context::<Place>();
    let Conversation { hand, notes, notes_open, past, past_open, cases_open, forwarding, .. } =
        conversation.clone();
    let stage = Memo::new(move |_| forwarding.with(|forwarding| forwarding.stage()));
    let sending = Signal::derive(move || stage.get() == Stage::Sending);
    let has_cases = {
        let cases_open = cases_open.clone();
        // Cases are asked for as long as one can write, and what was read of them stays.
        let conversation = conversation.clone();
        Memo::new(move |_| state.has_cases.get() && (conversation.is_writable() || cases_open.get()))
    };
    Effect::new(move |before: Option<bool>| {
        let there = has_cases.get();
        if before == Some(true) && !there {
            // The button that was pressed is gone.
            request_animation_frame(move || place.adopt("on-screen"));
        }
        there
    });
    let tools_of = StoredValue::new(conversation.clone());
    let toggle_cases =
        Callback::new(move |()| tools_of.with_value(|conversation| intents.toggle_cases(conversation)));
    let forward =
        Callback::new(move |()| tools_of.with_value(|conversation| intents.begin_forward(conversation)));
    let forward_words = Signal::derive(move || speech.say(text::forward(stage.get())));
    let may_forward = {
        let writable = conversation.clone();
        Memo::new(move |_| writable.is_writable() || matches!(stage.get(), Stage::Written | Stage::Refused))
    };
    let cases_open = StoredValue::new(cases_open);
    let writable = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.is_writable())
    };
    let hand = Memo::new(move |_| hand.get());
    let holds =
        Memo::new(move |_| writable.get() && hand.with(|hand| hand.as_ref().is_some_and(Hand::holds)));
    let passes = Memo::new(move |_| hand.with(|hand| hand.as_ref().is_some_and(Hand::passes)));
    let ending = {
        let ending = conversation.ending.clone();
        Memo::new(move |_| ending.get() == Ending::Said)
    };
    let dead = Signal::derive(move || ending.get() || state.connection.get() != Connection::Live);
    let id = StoredValue::new(conversation.id);
    let open = move |dialog: fn(ConversationId) -> Dialog| {
        Callback::new(move |()| {
            if !dead.get_untracked() {
                state.dialog.set(Some(dialog(id.get_value())));
            }
        })
    };
    let toggle_notes = toggles(notes_open.clone());
    let toggle_past = toggles(past_open.clone());
    let toggle_replies = Callback::new(move |()| state.replies_open.update(|open| *open = !*open));
    let begin_transfer = open(Dialog::Transfer);
    let hand_on = Callback::new(move |()| {
        if passes.get_untracked() {
            intents.retract(&id.get_value());
        } else {
            begin_transfer.run(());
        }
    });
    let leave = Callback::new(move |()| intents.leave(&id.get_value()));
    let with_count = move |key, count| text::with_count(&speech.words(), key, count);
    let note_words = Signal::derive(move || with_count("notes.title", notes.with(|notes| notes.count())));
    let past_words = Signal::derive(move || with_count("past.button", past.with(|past| past.listed.len())));
    view! {
        <div class="tools" role="group" aria-label=speech.say("talk.tools")>
            <Show when=move || writable.get()>
                <Tool part="replies-open" act=Act::Replies words=speech.say("replies.title") expanded=state.replies_open press=toggle_replies/>
            </Show>
            <Tool
                part="notes-open"
                look="note-button"
                act=Act::Notes
                words=note_words
                expanded=Signal::derive(move || notes_open.get())
                press=toggle_notes
            />
            <Tool
                part="past-open"
                act=Act::Past
                words=past_words
                expanded=Signal::derive(move || past_open.get())
                press=toggle_past
            />
            <Show when=move || has_cases.get()>
                <Tool
                    part="cases-open"
                    act=Act::Cases
                    words=speech.say("cases.title")
                    expanded=Signal::derive(move || cases_open.get_value().get())
                    press=toggle_cases
                />
            </Show>
            <Show when=move || may_forward.get()>
                <Tool part="forward" act=Act::Forward words=forward_words dialog=true dead=sending press=forward/>
            </Show>
            <Show when=move || holds.get()>
                // One button, so that whoever pressed it keeps the focus.
                <Tool
                    part=Signal::derive(move || if passes.get() { "retract" } else { "transfer" })
                    act=Act::Transfer
                    words=Signal::derive(move || speech.say(text::transfer(passes.get())))
                    dialog=Signal::derive(move || !passes.get())
                    dead
                    press=hand_on
                />
                <Tool part="invite" act=Act::Invite words=speech.say("hand.invite") dialog=true dead press=open(Dialog::Invite)/>
                <Tool part="close" look="end" act=Act::Close words=speech.say("close.do") dialog=true dead press=open(Dialog::Closing)/>
            </Show>
            <Show when=move || writable.get() && !holds.get()>
                <Tool part="leave" look="end" words=speech.say("hand.leave") dead press=leave/>
            </Show>
        </div>
    }
}

fn toggles(shown: ArcRwSignal<bool>) -> Callback<()> {
    Callback::new(move |()| shown.update(|shown| *shown = !*shown))
}

/// One of the tools, with the key that presses it, as long as letters are keys.
#[component]
fn Tool(
    #[prop(into)] part: Signal<&'static str>,
    #[prop(default = "")] look: &'static str,
    #[prop(optional)] act: Option<Act>,
    #[prop(into)] words: Signal<String>,
    /// Whether what it opens shows.
    #[prop(optional, into)]
    expanded: Option<Signal<bool>>,
    /// Whether it opens a dialog.
    #[prop(default = false.into(), into)]
    dialog: Signal<bool>,
    #[prop(optional, into)] dead: Option<Signal<bool>>,
    press: Callback<()>,
) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let key = move || act.map(Act::key).filter(|_| state.choices.with(|choices| choices.keys));
    view! {
        <button
            type="button"
            class=format!("button slim {look}")
            data-part=part
            aria-haspopup=move || dialog.get().then_some("dialog")
            aria-expanded=move || expanded.map(|expanded| expanded.get().to_string())
            aria-disabled=move || dead.map(|dead| dead.get().to_string())
            aria-keyshortcuts=key
            on:click=move |_| press.run(())
        >
            {words}
            {move || key().map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
}

/// What is under way with it.
#[component]
fn Under(conversation: Conversation) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let Conversation { hand, wish, not_done, forwarding, .. } = conversation;
    let not_forwarded = move || {
        let refused = forwarding.with(|forwarding| forwarding.refused)?;
        Some(view! {
            <p class="notice" role="alert" data-part="not-forwarded">{speech.say(text::not_forwarded(refused))}</p>
        })
    };
    let stands = move || {
        hand.with(|hand| match hand.as_ref().map(|hand| &hand.state) {
            Some(AssignmentState::Held { transferring_to: Some(to), .. }) => {
                Some(speech.fill("hand.passing_means", &[("name", to)]))
            }
            Some(AssignmentState::Held { helpers, .. }) if !helpers.is_empty() => {
                Some(speech.fill("hand.helpers", &[("names", &helpers.join(", "))]))
            }
            Some(
                AssignmentState::Held { .. }
                | AssignmentState::Helping { .. }
                | AssignmentState::WrapUp { .. }
                | AssignmentState::Offered { .. }
                | AssignmentState::Invited { .. },
            )
            | None => None,
        })
    };
    let asked = move || wish.with(|wish| wish.as_ref().map(|wish| text::wish(&speech.words(), wish)));
    let refused = move || {
        not_done.with(|not_done| {
            let (wish, code) = not_done.as_ref()?;
            Some(view! { <p class="notice" role="alert">{text::not_done(&speech.words(), wish, *code)}</p> })
        })
    };
    view! {
        <div class="under">
            {refused}
            {not_forwarded}
            <p role="status" data-part="under-way">{asked}</p>
            <p>{stands}</p>
        </div>
    }
}

/// What is left to do with a conversation that cannot be written in.
#[component]
fn Over(conversation: Conversation) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let id = conversation.id.clone();
    let hand = conversation.hand.clone();
    let wrap_up = Memo::new(move |_| hand.with(|hand| hand.as_ref().and_then(Hand::wrap_up)));
    let left = move || {
        wrap_up
            .get()
            .map(|(until, _)| text::wrap_up_left(&speech.words(), seconds_left(until, state.now.get())))
    };
    let why = {
        let conversation = conversation.clone();
        move || {
            speech.say(match wrap_up.get() {
                Some((_, true)) => "over.topic_missing",
                Some((_, false)) => "over.wrap_up",
                None if conversation.is_closed() => "over.read_only",
                None => "trouble.not_mine",
            })
        }
    };
    let phase = Memo::new(move |_| wrap_up.get().map(|(_, missing)| missing));
    let conversation = StoredValue::new(conversation);
    let live = move || state.connection.get() == Connection::Live;
    let finish = move |_| {
        let conversation = conversation.get_value();
        // What was said already is said again; what this page never knew is asked for.
        if !intents.close(&conversation) && untrack(live) {
            state.dialog.set(Some(Dialog::Closing(conversation.id)));
        }
    };
    let buttons = move || {
        let Some(missing) = phase.get() else {
            let id = id.clone();
            return view! {
                <button type="button" class="button" data-part="dismiss" on:click=move |_| intents.dismiss(&id)>
                    {speech.say("over.dismiss")}
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
                {speech.say(if missing { "over.classify" } else { "over.done" })}
            </button>
        }
        .into_any()
    };
    let part = NodeRef::<leptos::html::Div>::new();
    part.on_load(|part| host::adopt_focus(&part));
    view! {
        <div class="over" tabindex="-1" node_ref=part>
            <p class="name">{why}</p>
            <p class="quiet" role="timer" aria-live="off">{left}</p>
            {buttons}
        </div>
    }
}
