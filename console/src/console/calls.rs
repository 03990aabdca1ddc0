// SPDX-License-Identifier: EUPL-1.2
//! Calls: this device in the calls of each conversation that has a link, and the advisor's acts on them.

use std::rc::Rc;

use infocig_client::{
    call_driver::{CallDriver, CallHooks},
    http,
};
use infocig_protocol::{entry::Party, id::ConversationId};
use leptos::prelude::*;

use super::Console;
use crate::intents::CallIntents;

impl CallIntents for Console {
    fn offer_call(&self, id: &ConversationId) {
        self.with_call(id, CallDriver::offer);
    }

    fn accept_call(&self, id: &ConversationId) {
        self.with_call(id, CallDriver::accept);
    }

    fn decline_call(&self, id: &ConversationId) {
        self.with_call(id, CallDriver::decline);
    }

    fn take_call(&self, id: &ConversationId) {
        self.with_call(id, CallDriver::take);
    }

    fn leave_call(&self, id: &ConversationId) {
        self.with_call(id, CallDriver::leave);
    }

    fn mute_call(&self, id: &ConversationId, muted: bool) {
        self.with_call(id, |call| call.mute(muted));
    }

    fn switch_text(&self, id: &ConversationId, on: bool) {
        self.with_call(id, |call| call.switch_text(on));
    }

    fn write_text(&self, id: &ConversationId, line: &str) {
        self.with_call(id, |call| call.write_text(line));
    }

    fn end_text_line(&self, id: &ConversationId) {
        self.with_call(id, CallDriver::end_text_line);
    }
}

impl Console {
    fn with_call(&self, id: &ConversationId, act: impl FnOnce(&CallDriver)) {
        if let Some(call) = self.call_driver(id) {
            act(&call);
        }
    }

    /// The device in the calls of a conversation whose link is being opened.
    pub(super) fn start_call_driver(&self, conversation: &ConversationId) -> Rc<CallDriver> {
        let (sender, asker) = (self.me.clone(), self.me.clone());
        let (to, of) = (conversation.clone(), conversation.clone());
        let state = self.state;
        let (shown, heard, read) = (conversation.clone(), conversation.clone(), conversation.clone());
        let hooks = CallHooks {
            send: Box::new(move |act| {
                if let Some(driver) = sender.upgrade().and_then(|console| console.driver(&to)) {
                    driver.with(|session| session.call(act));
                }
            }),
            relay: Box::new(move |call| {
                let ticket = asker.upgrade().and_then(|console| {
                    console.ticket(&of).map(|ticket| (console.config.edge.clone(), ticket))
                });
                let conversation = of.clone();
                Box::pin(async move {
                    let (edge, ticket) = ticket?;
                    http::relay(&edge, &ticket, &conversation, call).await.ok()
                })
            }),
            show: Box::new(move |scene| {
                if let Some(conversation) = state.conversation(&shown) {
                    conversation.call.set(scene);
                }
            }),
            levels: Box::new(move |levels| {
                if let Some(conversation) = state.conversation(&heard) {
                    conversation.levels.set(levels);
                }
            }),
            text: Box::new(move |text| {
                if let Some(conversation) = state.conversation(&read) {
                    conversation.text.set(text);
                }
            }),
        };
        CallDriver::start(Party::Advisor, conversation.as_str(), hooks)
    }
}
