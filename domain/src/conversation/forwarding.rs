// SPDX-License-Identifier: EUPL-1.2
//! Forwarding to an office, and the later states of a segnalazione.

use infocig_protocol::{
    entry::{Entry, EntryBody},
    frame::ServerFrame,
    id::{AdvisorId, MessageId},
    limits::MAX_ATTACHED_CHARS,
    problem::Code,
    segnalazione::{SegnalazioneDraft, SegnalazioneState, SegnalazioneStatus},
    time::Timestamp,
};

use super::{Conversation, Transition};
use crate::{
    linea_inps::Segnalazione, notification::Notification, people::Speaker, province::Province,
    refusal::Refusal,
};

impl Conversation {
    /// An advisor who holds the conversation or helps in it sends a segnalazione to an office. `attached` are
    /// the entries the draft names, as the log has them; `known` is the entry they already wrote under this id, if any.
    pub fn forward(
        &mut self,
        speaker: &Speaker,
        draft: &SegnalazioneDraft,
        attached: &[Entry],
        known: Option<Entry>,
        now: Timestamp,
    ) -> Result<Transition, Refusal> {
        if let Some(entry) = known {
            return Ok(Transition::reply(ServerFrame::Entries { entries: vec![entry] }));
        }
        let refusal = |reason| Refusal::of_message(reason, draft.id.clone());
        let advisor = match speaker {
            Speaker::Advisor(advisor) => advisor.clone(),
            Speaker::Citizen => {
                let detail = "only an advisor of this conversation hands it to an office";
                return Err(refusal((Code::NotAssigned, detail)));
            }
        };
        self.may_speak(speaker).map_err(refusal)?;
        let unknown_office = Province::by_code(&draft.office).is_none();
        let wrong = draft.wrong().or(unknown_office.then_some("no province has that code"));
        let wrong = wrong.or((attached.len() != draft.attached.len()).then_some("no such message"));
        let said: usize =
            attached.iter().filter_map(Entry::message).map(|(.., text)| text.chars().count()).sum();
        let wrong =
            wrong.or((said > MAX_ATTACHED_CHARS).then_some("the messages are too long to be attached"));
        let taken = self.segnalazioni.iter().any(|one| one.id == draft.id);
        let wrong = wrong.or(taken.then_some("another segnalazione has that id"));
        let wrong = wrong.or((self.segnalazioni.len() >= MOST_SEGNALAZIONI).then_some("too many of them"));
        if let Some(wrong) = wrong {
            return Err(refusal((Code::SegnalazioneInvalid, wrong)));
        }
        let Self { id, person, subject, .. } = &*self;
        let segnalazione = Segnalazione::of_draft(id, person, subject, &advisor, draft, attached, now);
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.send(draft.id.clone(), Some(&advisor.id), segnalazione, now, &mut transition);
        Ok(transition)
    }

    /// A segnalazione is on its way, posted by an advisor or, without one, by the person.
    pub(super) fn send(
        &mut self,
        id: MessageId,
        author: Option<&AdvisorId>,
        segnalazione: Segnalazione,
        now: Timestamp,
        transition: &mut Transition,
    ) {
        let state = SegnalazioneState::Sending {};
        let body = EntryBody::Segnalazione { id: id.clone(), number: None, state: state.clone() };
        self.append_posted(body, author, now, transition);
        self.segnalazioni.push(SegnalazioneStatus { id, number: None, state });
        transition.notifications.push(Notification::LineaInps(Box::new(segnalazione)));
    }

    /// The state of a segnalazione changed. States only move forward: one that comes late changes nothing.
    pub(super) fn move_on(&mut self, update: SegnalazioneStatus, now: Timestamp) -> Transition {
        let Some(known) = self.segnalazioni.iter_mut().find(|known| known.id == update.id) else {
            return Transition::default();
        };
        if update.state.rank() <= known.state.rank() {
            return Transition::default();
        }
        let number = update.number.or_else(|| known.number.take());
        *known = SegnalazioneStatus { id: update.id, number, state: update.state };
        let SegnalazioneStatus { id, number, state } = known.clone();
        self.changed(EntryBody::Segnalazione { id, number, state }, now)
    }

    /// Whether an office still owes an answer: the person's page goes on listening, even after the end.
    pub fn awaits_office(&self) -> bool {
        self.segnalazioni.iter().any(|one| !one.state.is_final())
    }
}

/// Nobody needs more from one conversation.
const MOST_SEGNALAZIONI: usize = 10;
