// SPDX-License-Identifier: EUPL-1.2
//! One side of one conversation: it writes the messages of its script, records every entry, and detects the end.

use std::{collections::BTreeSet, sync::PoisonError};

use infocig_client::{
    link::LinkState,
    session::{Event, Session},
};
use infocig_protocol::{
    entry::{Entry, EntryBody, Party},
    id::{ConversationId, MessageId},
};
use tokio::time::{Instant, sleep_until};

use super::run::{Ending, Moment, Pace, RunPhase, Script, SharedState, SideResult};
use crate::{
    driver::Driver,
    random::Random,
    transcript::{DeliveryState, Side, Written},
};

/// The conversation of an advisor, and the set to which they add it in order to end it at the desk.
pub(super) type AtDesk = (ConversationId, Ending);

/// Runs one side of a conversation until it has ended. With `at_desk`, the side ends it at the desk.
pub(super) async fn converse(
    state: &SharedState,
    ticket: String,
    path: &str,
    script: Script,
    at_desk: Option<AtDesk>,
) -> SideResult {
    let party = script.party;
    match Participant::start(state, ticket, path, script, at_desk) {
        Ok(mut participant) => {
            let failure = participant.run(state).await.err();
            SideResult { side: participant.side(), failure }
        }
        Err(failure) => {
            let side = Side { party, written: Vec::new(), seen: Vec::new(), ended: false };
            SideResult { side, failure: Some(failure) }
        }
    }
}

struct Participant {
    script: Script,
    at_desk: Option<AtDesk>,
    driver: Driver<Session>,
    random: Random,
    link: LinkState,
    written: Vec<(MessageId, String)>,
    refused: BTreeSet<MessageId>,
    seen: Vec<Entry>,
    /// It does nothing by itself before this instant.
    not_before: Instant,
    hangs_up: Option<Instant>,
    closing: bool,
    ended: bool,
}

impl Participant {
    fn start(
        state: &SharedState,
        ticket: String,
        path: &str,
        script: Script,
        at_desk: Option<AtDesk>,
    ) -> Result<Self, String> {
        let which = script.number * 2 + u64::from(script.party == Party::Advisor);
        let random = Random::fork(!script.seed, which);
        let session = Session::new(ticket, Vec::new());
        let url = state.target.socket(path);
        let driver = Driver::start(session, &url, state.target.issuer.origin(), random.clone());
        let driver = driver.map_err(|error| error.to_string())?;
        let hangs_up = script.hangs_up_after.map(|after| Instant::now() + after);
        let mut participant = Self {
            script,
            at_desk,
            driver,
            random,
            link: LinkState::Connecting,
            written: Vec::new(),
            refused: BTreeSet::new(),
            seen: Vec::new(),
            not_before: Instant::now(),
            hangs_up,
            closing: false,
            ended: false,
        };
        participant.schedule_pause();
        Ok(participant)
    }

    /// Runs until the end of the conversation, or until a failure.
    async fn run(&mut self, state: &SharedState) -> Result<(), String> {
        let mut phase = state.phase.subscribe();
        while !self.ended {
            let due = self.due();
            tokio::select! {
                event = self.driver.next() => self.apply(event)?,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => self.act(state)?,
                _ = phase.changed() => {
                    if *phase.borrow() == RunPhase::Aborted {
                        return Err(self.describe());
                    }
                    self.driver.nudge();
                }
            }
        }
        Ok(())
    }

    /// When the next action is due.
    fn due(&self) -> Option<Instant> {
        if self.closing {
            return None;
        }
        let acts = self.may_write() || self.may_close();
        let hangs_up = self.hangs_up.into_iter();
        acts.then_some(self.not_before).into_iter().chain(hangs_up).min()
    }

    fn may_write(&self) -> bool {
        let waits = self.script.pace == Pace::Full && self.driver.machine().outbox().next().is_some();
        !self.has_written_all() && !waits
    }

    fn has_written_all(&self) -> bool {
        u64::try_from(self.written.len()).unwrap_or(u64::MAX) >= self.script.messages
    }

    fn may_close(&self) -> bool {
        self.script.closes && self.has_written_all() && self.messages_seen() >= self.script.all
    }

    fn messages_seen(&self) -> u64 {
        let messages = self.seen.iter().filter(|entry| matches!(entry.body, EntryBody::Message { .. }));
        u64::try_from(messages.count()).unwrap_or(u64::MAX)
    }

    fn act(&mut self, state: &SharedState) -> Result<(), String> {
        if self.may_close() || self.hangs_up.is_some_and(|at| at <= Instant::now()) {
            state.announce(Moment::Closing);
            self.closing = true;
            if let Some((conversation, ending)) = &self.at_desk {
                ending.lock().unwrap_or_else(PoisonError::into_inner).insert(conversation.clone());
            } else {
                self.driver.act(|session, _| session.close());
            }
            return Ok(());
        }
        if self.may_write() && self.not_before <= Instant::now() {
            state.announce(Moment::Writing);
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), String> {
        let Script { seed, number, party, .. } = self.script;
        let side = if party == Party::Advisor { "a" } else { "c" };
        let place = self.written.len() + 1;
        let id = MessageId::parse(format!("{seed:x}-{side}{number}-{place}"))
            .map_err(|error| error.to_string())?;
        let more =
            "perché la CIG non è arrivata? ".repeat(usize::try_from(self.random.within(0..6)).unwrap_or(0));
        let text = format!("{side}{number}, messaggio {place}. {more}");
        self.written.push((id.clone(), text.clone()));
        // A page that becomes visible reconnects at once, which half of the writers do.
        if self.link == LinkState::Lost && self.random.one_in(2) {
            self.driver.nudge();
        }
        self.driver.act(|session, _| session.post(id, text));
        self.schedule_pause();
        Ok(())
    }

    fn schedule_pause(&mut self) {
        if self.script.pace == Pace::Human {
            self.not_before = Instant::now() + self.random.millis(300..3_000);
        }
    }

    fn apply(&mut self, event: Event) -> Result<(), String> {
        if let Event::Entries(entries) = event {
            self.ended |= entries.iter().any(|entry| matches!(entry.body, EntryBody::Closed { .. }));
            self.seen.extend(entries);
        } else if let Event::Began { .. } = event {
            self.seen.clear();
        } else if let Event::NotSent { message, .. } = event {
            self.refused.insert(message.id);
        } else if let Event::Refused(code) = event {
            return Err(format!("refused with {}: {}", code.as_str(), self.describe()));
        } else if let Event::Link(link) = event {
            self.link = link;
            if link == LinkState::Over && !self.ended {
                return Err(format!("the link is over: {}", self.describe()));
            }
        }
        Ok(())
    }

    fn describe(&self) -> String {
        let Script { party, number, messages, .. } = self.script;
        format!(
            "{party:?} of {number}: link {:?}, {} of {messages} written, {} not acknowledged, {} entries seen, closing: {}",
            self.link,
            self.written.len(),
            self.driver.machine().outbox().count(),
            self.seen.len(),
            self.closing
        )
    }

    fn side(&self) -> Side {
        let waiting: BTreeSet<MessageId> =
            self.driver.machine().outbox().map(|pending| pending.id.clone()).collect();
        let delivery = |id: &MessageId| {
            if self.refused.contains(id) {
                DeliveryState::Refused
            } else if waiting.contains(id) {
                DeliveryState::Open
            } else {
                DeliveryState::Acknowledged
            }
        };
        let written = self.written.iter();
        let written =
            written.map(|(id, text)| Written { id: id.clone(), text: text.clone(), delivery: delivery(id) });
        Side {
            party: self.script.party,
            written: written.collect(),
            seen: self.seen.clone(),
            ended: self.ended,
        }
    }
}
