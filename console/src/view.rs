// SPDX-License-Identifier: EUPL-1.2
//! What the console looks like: the queue and the advisor's conversations beside the one on screen.
//!
//! Views read [`DeskState`](crate::state::DeskState), speak in the words of [`Speech`](crate::speech::Speech) and call
//! [`Intents`]; none touches a socket or writes a signal in an effect. Other words draw the whole anew: what is written, open and
//! on screen is state, and stays.

#![expect(unreachable_pub, reason = "the component macro makes what it writes public")]

mod alerts;
mod case;
mod cases;
mod closing;
mod composer;
mod conversation;
mod dialog;
mod forward;
mod handing;
mod header;
mod keys;
mod language;
mod log;
mod mine;
mod notes;
mod offers;
mod past;
mod person;
mod presence;
mod queue;
mod replies;
mod sign_in;
mod supervision;

use std::rc::Rc;

use infocig_client::dates::Moment;
use infocig_protocol::{
    desk::{Presence, WaitingConversation},
    id::{AdvisorId, CaseId, ConversationId},
    language::Language,
    segnalazione::SegnalazioneDraft,
    time::Timestamp,
};
use leptos::prelude::*;

use self::{
    alerts::AlertChoices,
    closing::Closing,
    conversation::OnScreen,
    forward::Forward,
    handing::{Invite, Transfer},
    header::Header,
    keys::Keys,
    mine::Mine,
    offers::Offers,
    presence::{Colleagues, PresenceSwitch},
    queue::Queue,
    sign_in::SignIn,
    supervision::Supervision,
};
use crate::{
    console::Console,
    host::Place,
    speech::Speech,
    state::{Conversation, DeskState, Dialog, Standing, alerts::Choices, offer::Offer},
    text,
};

/// What an advisor can do that reaches the service.
#[derive(Clone, Copy)]
pub(crate) struct Intents(StoredValue<Rc<Console>, LocalStorage>);

impl Intents {
    /// The intents of a console, which ends with the current owner.
    pub(crate) fn new(console: Rc<Console>) -> Self {
        Self(StoredValue::new_local(console))
    }

    fn take(self, waiting: &WaitingConversation) {
        self.0.try_with_value(|console| console.take(waiting));
    }

    fn write(self, conversation: &Conversation, draft: String) {
        self.0.try_with_value(|console| console.write(conversation, draft));
    }

    fn ask_for_earlier(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.ask_for_earlier(conversation));
    }

    fn toggle_past(self, conversation: &Conversation, id: &ConversationId) {
        self.0.try_with_value(|console| console.toggle_past(conversation, id));
    }

    fn more_past(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.more_past(conversation));
    }

    fn send(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.send(conversation));
    }

    fn close(self, conversation: &Conversation) -> bool {
        self.0.try_with_value(|console| console.close(conversation)) == Some(true)
    }

    fn be(self, presence: Presence) {
        self.0.try_with_value(|console| console.be(presence));
    }

    fn accept(self, offer: &Offer) {
        self.0.try_with_value(|console| console.accept(offer));
    }

    fn decline(self, offer: &Offer) {
        self.0.try_with_value(|console| console.decline(offer));
    }

    fn transfer(self, id: &ConversationId, to: Option<(AdvisorId, String)>, note: String) {
        self.0.try_with_value(|console| console.transfer(id, to, &note));
    }

    fn retract(self, id: &ConversationId) {
        self.0.try_with_value(|console| console.retract(id));
    }

    fn invite(self, id: &ConversationId, advisor: AdvisorId, name: String) {
        self.0.try_with_value(|console| console.invite(id, advisor, name));
    }

    fn leave(self, id: &ConversationId) {
        self.0.try_with_value(|console| console.leave(id));
    }

    fn write_note(self, conversation: &Conversation, draft: String) {
        self.0.try_with_value(|console| console.write_note(conversation, draft));
    }

    fn note(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.note(conversation));
    }

    fn toggle_cases(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.toggle_cases(conversation));
    }

    fn ask_for_cases(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.ask_for_cases(conversation));
    }

    fn share(self, conversation: &Conversation, case: &CaseId) {
        self.0.try_with_value(|console| console.share(conversation, case));
    }

    fn begin_forward(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.begin_forward(conversation));
    }

    fn write_forward(self, conversation: &Conversation, draft: SegnalazioneDraft) {
        self.0.try_with_value(|console| console.write_forward(conversation, draft));
    }

    fn discard_forward(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.discard_forward(conversation));
    }

    fn forward(self, conversation: &Conversation) -> bool {
        self.0.try_with_value(|console| console.forward(conversation)) == Some(true)
    }

    fn supervise(self) {
        self.0.try_with_value(|console| console.supervise());
    }

    fn retry_segnalazione(self, key: String) {
        self.0.try_with_value(|console| console.retry_segnalazione(key));
    }

    fn choose(self, choices: Choices) {
        self.0.try_with_value(|console| console.choose(choices));
    }

    fn speak(self, language: Language) {
        self.0.try_with_value(|console| console.speak(language));
    }

    fn try_alerts(self) {
        self.0.try_with_value(|console| console.try_alerts());
    }

    fn dismiss(self, conversation: &ConversationId) {
        self.0.try_with_value(|console| console.dismiss(conversation));
    }
}

/// The order in which the advisor's conversations show.
#[derive(Clone, Copy)]
struct Order(Memo<Vec<ConversationId>>);

/// The day in Italy at an instant, in words.
fn day(speech: Speech, at: Timestamp) -> String {
    Moment::in_italy(at).day.say(&speech.words())
}

/// An instant, of its day and its time of day in Italy, in words.
fn moment(speech: Speech, at: Timestamp) -> String {
    Moment::in_italy(at).say(&speech.words())
}

/// The console, in the words of now.
#[component]
pub(crate) fn App() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let speech = expect_context::<Speech>();
    let place = expect_context::<Place>();
    let order = Memo::new(move |before: Option<&Vec<ConversationId>>| {
        state.in_order(before.map_or(&[], Vec::as_slice))
    });
    provide_context(Order(order));
    keys::listen();
    let language = Memo::new(move |_| speech.current().language());
    Effect::new(move |before: Option<Language>| {
        let spoken = language.get();
        if before.is_some_and(|before| before != spoken) {
            // The select it was chosen in is another one now.
            request_animation_frame(move || {
                let _hidden_before_sign_in = place.focus("language");
            });
        }
        spoken
    });
    view! {
        // Another language is another view, down to the last node.
        <For each=move || [language.get()] key=|language| *language let:language>
            <Whole language/>
        </For>
    }
}

/// Everything there is to see. Before somebody has a seat, only the page's own content shows.
#[component]
fn Whole(language: Language) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let speech = expect_context::<Speech>();
    let lang = language.as_str();
    let has_sat =
        Memo::new(move |_| matches!(state.standing.get(), Standing::Seated | Standing::SignedOutAgain));
    let talks = Memo::new(move |_| state.selected.with(Option::is_some));
    let place = expect_context::<Place>();
    Effect::new(move || {
        if state.selected.with(Option::is_some) {
            // Laid out first: before that the page may be too short to be scrolled.
            request_animation_frame(move || request_animation_frame(move || place.to_the_top()));
        }
    });
    let announced = move || {
        state.announcement.with(|news| news.as_ref().map(|news| text::announcement(&speech.words(), news)))
    };
    view! {
        <SignIn lang/>
        <Show when=move || has_sat.get()>
            // What is said here changes by itself: a translator would keep the old words. Messages may be translated.
            <div
                class="console"
                lang=lang
                translate="no"
                class:talks=move || talks.get()
            >
                <div class="top">
                    <Header/>
                    <PresenceSwitch/>
                </div>
                <Offers/>
                <div class="columns">
                    <div class="lists">
                        <Mine/>
                        <Queue/>
                        <Colleagues/>
                    </div>
                    <OnScreen/>
                </div>
                <Supervision/>
                <p class="unseen" role="status">{announced}</p>
                <Dialogs/>
            </div>
        </Show>
    }
}

/// The dialog that is open, if what it is about still is.
#[component]
fn Dialogs() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let open = Memo::new(move |_| {
        let dialog = state.dialog.get()?;
        let about = match &dialog {
            Dialog::Closing(id) => state.conversation(id).filter(|one| !one.is_past()),
            Dialog::Transfer(id) | Dialog::Invite(id) => {
                state.conversation(id).filter(Conversation::is_writable)
            }
            // What was written is there to be copied, even when it is too late to send it.
            Dialog::Forward(id) => state.conversation(id),
            Dialog::Alerts | Dialog::Keys => return Some((dialog, None)),
        };
        about.map(|about| (dialog, Some(about)))
    });
    move || match open.get() {
        Some((Dialog::Closing(_), Some(conversation))) => view! { <Closing conversation/> }.into_any(),
        Some((Dialog::Transfer(_), Some(conversation))) => view! { <Transfer conversation/> }.into_any(),
        Some((Dialog::Invite(_), Some(conversation))) => view! { <Invite conversation/> }.into_any(),
        Some((Dialog::Forward(_), Some(conversation))) => view! { <Forward conversation/> }.into_any(),
        Some((Dialog::Alerts, _)) => view! { <AlertChoices/> }.into_any(),
        Some((Dialog::Keys, _)) => view! { <Keys/> }.into_any(),
        Some((Dialog::Closing(_) | Dialog::Transfer(_) | Dialog::Invite(_) | Dialog::Forward(_), None))
        | None => ().into_any(),
    }
}
