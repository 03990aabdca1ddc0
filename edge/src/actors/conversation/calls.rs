// SPDX-License-Identifier: EUPL-1.2
//! Calls: their steps are entries, and what the two devices tell each other is passed on and never stored.

use infocig_domain::people::Speaker;
use infocig_protocol::{
    call::{CallAct, CallNews, Signal},
    entry::Party,
    frame::ServerFrame,
    id::ConversationId,
    problem::Code,
    time::Timestamp,
};

use super::ConversationActor;
use crate::{
    actors::{AlarmUpdate, Effects, Recipient, actor::to_text},
    problem::{Error, Refusal},
    sql::Sql,
};

impl<S: Sql> ConversationActor<S> {
    /// A side acts on a call.
    pub(super) fn call(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        act: CallAct,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        if let CallAct::Signal(signal) = act {
            return self.signal(id, speaker, signal, now);
        }
        let mut conversation = self.conversation_of(id)?;
        let transition = self
            .message_rates
            .with(speaker, |limiter| conversation.call(speaker, act, self.calls, limiter, now))?;
        if transition.is_empty() {
            return Ok(Effects { alarm: AlarmUpdate::Keep, ..Effects::default() });
        }
        Ok(self.commit(conversation, None, transition, now)?)
    }

    /// The party of a call who may use the relay: the holder of a ticket, once both want the call and until it ends.
    pub fn relay(
        &self,
        id: &ConversationId,
        ticket: &str,
        call: u64,
        now: Timestamp,
    ) -> Result<Speaker, Error> {
        let (conversation, speaker) = self.enter(id, ticket, now)?;
        if conversation.may_relay(&speaker, call) {
            Ok(speaker)
        } else {
            Err(Refusal::new(Code::NotAssigned, "there is no such call of this party").into())
        }
    }

    /// Passes a signal on to the other seat of the call. One that comes too late, or of a device that is out, is dropped: its
    /// sender learns of that by the seats.
    fn signal(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        signal: Signal,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let conversation = self.conversation_of(id)?;
        let Some(other) = conversation.passes_signal(speaker, &signal) else {
            return Ok(Effects { alarm: AlarmUpdate::Keep, ..Effects::default() });
        };
        if !signal.says.is_bounded() {
            let detail = "a signal has 1 to 24000 characters";
            return Err(Refusal::new(Code::FrameMalformed, detail).into());
        }
        if !self.signal_rates.admits(speaker, now) {
            return Err(Refusal::new(Code::TooFast, "many signals in a short time").into());
        }
        let recipient = match (other, conversation.active_holder()) {
            (Party::Advisor, Some(holder)) => Recipient::Holder(id.clone(), holder.clone()),
            (Party::Citizen | Party::Advisor | Party::System, _) => Recipient::Citizen(id.clone()),
        };
        let frame = to_text(&ServerFrame::Call(CallNews::Signal(signal)))?;
        Ok(Effects { direct: vec![(recipient, frame)], alarm: AlarmUpdate::Keep, ..Effects::default() })
    }
}
