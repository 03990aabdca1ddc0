// SPDX-License-Identifier: EUPL-1.2
//! Calls, as a desk knows them: while an advisor talks with a person they can answer fewer others.
//!
//! The places a call takes up are those of the rules it was offered under, and end with it or with the assignment. They may
//! take an advisor beyond their capacity, who is then offered nothing until enough has left them.

use infocig_protocol::{call::CallStep, id::ConversationId, time::Timestamp};

use super::{
    Desk,
    queue::{CallUnderWay, Stage},
};
use crate::figures::EventKind;

impl Desk {
    /// A call was accepted or declined, or is over. One that is over may be of an assignment before.
    pub(super) fn called(&mut self, id: &ConversationId, call: CallUnderWay, step: &CallStep, at: Timestamp) {
        self.happened(id, EventKind::Call { step: step.clone() }, at);
        self.edit(id, |conversation| {
            let Stage::Held(held) = &mut conversation.stage else { return };
            match step {
                CallStep::Accepted {} => held.call = Some(call),
                CallStep::Declined {} | CallStep::Ended { .. } => {
                    held.call = held.call.filter(|other| other.number != call.number);
                }
                CallStep::Offered { .. } | CallStep::Began {} => {}
            }
        });
    }
}
