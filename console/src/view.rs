// SPDX-License-Identifier: EUPL-1.2
//! What the console looks like: the queue and the advisor's conversations beside the one on screen.
//!
//! Views read [`DeskState`](crate::state::DeskState) and call [`Intents`]; none touches a socket or writes a signal in an effect.

#![expect(unreachable_pub, reason = "the component macro makes what it writes public")]

mod closing;
mod composer;
mod conversation;
mod header;
mod log;
mod mine;
mod person;
mod queue;
mod sign_in;

use std::rc::Rc;

use infocig_protocol::{desk::WaitingConversation, id::ConversationId};
use leptos::prelude::*;

use self::{conversation::OnScreen, header::Header, mine::Mine, queue::Queue, sign_in::SignIn};
use crate::{
    console::Console,
    state::{Conversation, DeskState, Standing},
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

    fn send(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.send(conversation));
    }

    fn close(self, conversation: &Conversation) {
        self.0.try_with_value(|console| console.close(conversation));
    }

    fn dismiss(self, conversation: &ConversationId) {
        self.0.try_with_value(|console| console.dismiss(conversation));
    }
}

/// The whole console. Before somebody has a seat, only the page's own content shows.
#[component]
pub(crate) fn App() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let has_sat =
        Memo::new(move |_| matches!(state.standing.get(), Standing::Seated | Standing::SignedOutAgain));
    let announced =
        move || state.announcement.with(|announcement| announcement.as_ref().map(text::announcement));
    view! {
        <SignIn/>
        <Show when=move || has_sat.get()>
            <div class="console">
                <Header/>
                <div class="columns">
                    <div class="lists">
                        <Queue/>
                        <Mine/>
                    </div>
                    <OnScreen/>
                </div>
                <p class="unseen" role="status">{announced}</p>
            </div>
        </Show>
    }
}
