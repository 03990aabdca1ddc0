// SPDX-License-Identifier: EUPL-1.2
//! The actor of a desk.
//!
//! Every link of an advisor shows the same picture: a snapshot first, then deltas to it. The pictures the links show are kept
//! in memory alone ([`shown`]), for as long as the links are there.

mod panel;
mod shown;

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use infocig_domain::{
    admission::Load,
    audit::AuditEvent,
    desk::{
        Desk, DeskTransition,
        own_replies::may_keep,
        queue::{Ending, Stage},
    },
    notification::{ConversationCommand, ConversationNotification, DeskNotification},
    people::{Advisor, Role, Speaker},
    policy::{DeskQueues, DeskRules, Policy},
    refusal::About,
    retention::DataClass,
    staff::Right,
};
use infocig_protocol::{
    close,
    desk::{AssignedConversation, AssignmentState, DeskClientFrame, DeskPicture, DeskServerFrame},
    id::{AdvisorId, ConversationId, DeskId, QueueId},
    problem::Code,
    time::Timestamp,
    version,
};

use self::{panel::PanelState, shown::ShownPictures};
use super::{
    Accepted, Actor, Effects, EndedSession, LinkState, LinkedActor, Publication, Recipient,
    actor::{flooded, hello_expected, hello_repeated, read_frame, to_text, too_old},
    rate_limits::RateLimits,
};
use crate::{
    auth::ticket::{Ticket, TicketScope},
    metrics::ObjectMetrics,
    problem::{Error, Fault, Refusal},
    sql::Sql,
    store::{
        DeskStore, Destination, Inbox, Outbox, OutboxMessage, next_night,
        rebuild::{Copied, Eraser},
        restorations::Restorations,
    },
};

/// A desk.
pub struct DeskActor<S> {
    store: DeskStore<S>,
    id: DeskId,
    /// The rules it was opened with: those in force.
    policy: Policy,
    queues: Arc<DeskQueues>,
    rules: Arc<DeskRules>,
    ticket_key: String,
    /// The desk as the store has it.
    current: RefCell<Option<Desk>>,
    frame_rates: RateLimits<AdvisorId>,
    /// The picture that the links of each advisor show.
    shown: RefCell<ShownPictures>,
    /// The panel that supervisors were last sent.
    panel: Cell<PanelState>,
    /// The names of the webhooks that are told of its conversations.
    webhooks: Vec<String>,
    eraser: Eraser,
    /// Whether it may still have rows of an audit trail of its own.
    has_old_audit: Cell<bool>,
}

impl<S: Sql> DeskActor<S> {
    /// The desk over its object's store. Its id must be given the first time.
    pub fn open(sql: S, id: Option<DeskId>, policy: &Policy, ticket_key: String) -> Result<Self, Fault> {
        let store = DeskStore::open(sql)?;
        let id = store.id(id)?;
        let (queues, rules) = (Arc::new(policy.queues_of(&id)), Arc::new(policy.desk.clone()));
        let frame_rates = RateLimits::of_frames(policy.messages);
        let (current, shown, panel) = (RefCell::new(None), RefCell::default(), Cell::default());
        let (webhooks, policy) = (Vec::new(), policy.clone());
        let has_old_audit = Cell::new(store.has_old_audit()?);
        Ok(Self {
            store,
            id,
            policy,
            queues,
            rules,
            ticket_key,
            current,
            frame_rates,
            shown,
            panel,
            webhooks,
            eraser: Eraser::of_many(Copied::All),
            has_old_audit,
        })
    }

    /// The same, with the names of the webhooks that are told of its conversations.
    #[must_use]
    pub fn with_webhooks(self, webhooks: Vec<String>) -> Self {
        Self { webhooks, ..self }
    }

    /// Does what a restored desk must do once: nobody holds a conversation until its object has said that it waits, and nothing
    /// is sent that was decided before. Nobody is connected yet.
    pub fn recover(&self, now: Timestamp) -> Result<(), Fault> {
        let restorations = Restorations::new(self.store.sql());
        if restorations.pending()?.is_none() {
            return Ok(());
        }
        let mut conversations = self.store.rows()?.conversations;
        conversations.retain(|conversation| !matches!(conversation.stage, Stage::WrapUp(_)));
        for conversation in &mut conversations {
            conversation.returned |= conversation.held().is_some();
            conversation.stage = Stage::Waiting { since: now };
            (conversation.offer, conversation.spoke, conversation.last_announced) = (None, None, None);
        }
        self.store.sql().transaction(|| {
            restorations.apply()?;
            let changed =
                DeskTransition { changed_conversations: conversations, ..DeskTransition::default() };
            self.store.save(&changed, now)?;
            self.outbox().forget_conversations()
        })
    }

    /// The night in which the bytes of what has left the desk are erased, or a message that was given up is as old as the
    /// conversations that are forgotten.
    fn next_night(&self) -> Result<Option<Timestamp>, Fault> {
        let due = |oldest| self.policy.retention.due_after(DataClass::Conversations, oldest);
        let letter = self.outbox().oldest_dead_letter()?.and_then(due).map(next_night);
        Ok(self.eraser.due(self.store.sql(), next_night)?.into_iter().chain(letter).min())
    }

    /// Deletes the messages that were given up and are as old as the conversations that are forgotten: cards may be in them.
    fn forget_old_dead_letters(&self, now: Timestamp) -> Result<(), Fault> {
        let before = self.policy.retention.due_before(DataClass::Conversations, now);
        let oldest = self.outbox().oldest_dead_letter()?;
        let Some(before) = before.filter(|before| oldest.is_some_and(|oldest| oldest < *before)) else {
            return Ok(());
        };
        self.store.sql().transaction(|| {
            self.eraser.mark(self.store.sql(), now)?;
            self.outbox().forget_dead_letters_before(before)
        })
    }

    /// Forgets a person who is erased: blocks, which have their name, and messages about them that were given up.
    pub fn forget_person(&self, object: &str, now: Timestamp) -> Result<Effects, Fault> {
        self.store.forget_dead_letters(object, now)?;
        self.act(now, |desk| desk.forget_person(object, now))
    }

    /// The load of a queue, for a person who would enter it now.
    pub fn load(&self, queue: &QueueId, now: Timestamp) -> Result<Load, Fault> {
        self.look_at(|desk| desk.load(queue, now))
    }

    /// Numbers for whoever operates the service.
    pub fn metrics(&self, now: Timestamp) -> Result<ObjectMetrics, Fault> {
        let (queues, presences) = self.look_at(|desk| (desk.measures(now), desk.presences()))?;
        Ok(ObjectMetrics {
            outbox: self.outbox().metrics()?,
            queues: queues.into_iter().map(Into::into).collect(),
            advisors: presences.into_iter().map(|(word, number)| (word.into(), number)).collect(),
            ..ObjectMetrics::default()
        })
    }

    /// Acts at this desk, as the audit trail is told of them.
    fn audited(&self, acts: Vec<AuditEvent>) -> Vec<AuditEvent> {
        let here = |act| AuditEvent { desk: Some(self.id.clone()), ..act };
        acts.into_iter().map(here).collect()
    }

    /// Tells the audit trail of rows that this desk kept itself before there was one for the installation, some at a time. `false`
    /// if none is left.
    fn tell_old_audit(&self, now: Timestamp) -> Result<bool, Fault> {
        if !self.has_old_audit.get() {
            return Ok(false);
        }
        let told = self.store.sql().transaction(|| {
            let acts = self.store.take_old_audit(OLD_ACTS)?;
            let told = !acts.is_empty();
            self.outbox().audit(self.audited(acts), now)?;
            Ok(told)
        })?;
        self.has_old_audit.set(told);
        Ok(told)
    }

    fn hello(&self, client_version: u16, ticket: &str, now: Timestamp) -> Result<Effects, Error> {
        let version = version::negotiate(client_version).ok_or_else(too_old)?;
        let scope = TicketScope::Desk(self.id.clone());
        let closes = |refusal: Refusal| refusal.closing(close::REFUSED);
        let ticket = Ticket::verify(ticket, &self.ticket_key, &scope, now).map_err(closes)?;
        let session = ticket.session.clone();
        if session.as_deref().map_or(Ok(false), |session| self.store.is_signed_off(session))? {
            return Err(closes(Self::signed_off()).into());
        }
        let role = match (ticket.roles.may(Right::Supervise), ticket.roles.may(Right::Answer)) {
            (true, _) => Role::Supervisor,
            (false, true) => Role::Advisor,
            (false, false) => {
                let detail = "the roles of its holder do not let them answer people";
                return Err(closes(Refusal::new(Code::TicketInvalid, detail)).into());
            }
        };
        let (until, profile) = (ticket.ends(), ticket.profile);
        let Speaker::Advisor(advisor) = ticket.speaker else {
            return Err(closes(Refusal::new(Code::TicketInvalid, "not an advisor's ticket")).into());
        };
        if !self.queues.ids().any(|queue| profile.serves(queue)) {
            let detail = "its holder belongs to no queue of this desk";
            return Err(closes(Refusal::new(Code::TicketInvalid, detail)).into());
        }
        if role == Role::Supervisor {
            // The new link shows no panel yet.
            self.panel.take();
        }
        let arrived = self.act(now, |desk| desk.on_connect(advisor.clone(), profile, role, now))?;
        let welcome = self.look_at(|desk| desk.welcome(&advisor, version))?;
        let mut replies = vec![to_text(&DeskServerFrame::Welcome(welcome))?];
        let own = self.store.own_replies(&advisor.id)?;
        if !own.is_empty() {
            replies.push(to_text(&DeskServerFrame::OwnReplies { replies: own })?);
        }
        replies.extend(arrived.replies);
        let speaker = Speaker::Advisor(advisor);
        let accepted = Some(Accepted { speaker, until, session, observes: false, resumed: false });
        // The new link shows no picture yet.
        Ok(Effects { accepted, replies, publish: true, ..arrived })
    }

    /// The refusal of links whose session has ended: their holder signs in again.
    fn signed_off() -> Refusal {
        Refusal::new(Code::TicketExpired, "its holder has signed out")
    }

    fn command(&self, advisor: &AdvisorId, frame: DeskClientFrame, now: Timestamp) -> Result<Effects, Error> {
        let done = match frame {
            DeskClientFrame::Hello { .. } => return Err(hello_repeated().into()),
            DeskClientFrame::Presence { presence } => {
                self.act(now, |desk| desk.set_presence(advisor, presence, now))
            }
            DeskClientFrame::Take { conversation } => {
                self.act(now, |desk| desk.take(&conversation, advisor, now))
            }
            DeskClientFrame::Accept { conversation } => {
                self.act(now, |desk| desk.accept(&conversation, advisor, now))
            }
            DeskClientFrame::Decline { conversation } => {
                self.act(now, |desk| desk.decline(&conversation, advisor, now))
            }
            DeskClientFrame::Transfer { conversation, to, note } => {
                self.act(now, |desk| desk.transfer(&conversation, advisor, to, note, now))
            }
            DeskClientFrame::Retract { conversation } => {
                self.act(now, |desk| desk.retract(&conversation, advisor, now))
            }
            DeskClientFrame::Hold { conversation, hold } => {
                self.act(now, |desk| desk.hold(&conversation, advisor, hold, now))
            }
            DeskClientFrame::Resume { conversation } => {
                self.act(now, |desk| desk.resume(&conversation, advisor, now))
            }
            DeskClientFrame::Invite { conversation, advisor: colleague } => {
                self.act(now, |desk| desk.invite(&conversation, advisor, &colleague, now))
            }
            DeskClientFrame::Leave { conversation } => {
                self.act(now, |desk| desk.leave(&conversation, advisor, now))
            }
            DeskClientFrame::Note { conversation, note } => {
                self.act(now, |desk| desk.note(&conversation, advisor, note, now))
            }
            DeskClientFrame::Notes { conversation } => return self.notes(conversation, advisor),
            DeskClientFrame::KeepReply { reply } => {
                may_keep(&reply, &self.store.own_replies(advisor)?)?;
                self.store.keep_reply(advisor, &reply)?;
                return self.own_replies(advisor);
            }
            DeskClientFrame::DropReply { id } => {
                self.store.drop_reply(advisor, &id)?;
                return self.own_replies(advisor);
            }
            DeskClientFrame::Close { conversation, topic, outcome } => {
                let ending = Ending { topic, outcome };
                self.act(now, |desk| desk.close(&conversation, advisor, ending, now))
            }
            DeskClientFrame::Warn { conversation } => {
                self.act(now, |desk| desk.warn(&conversation, advisor, now))
            }
            DeskClientFrame::Block { conversation, block } => {
                self.act(now, |desk| desk.block(&conversation, advisor, block, now))
            }
            DeskClientFrame::Lift { conversation, reason } => {
                self.act(now, |desk| desk.lift(&conversation, advisor, reason, now))
            }
            DeskClientFrame::Reassign { conversation, to } => {
                self.act(now, |desk| desk.reassign(&conversation, advisor, to, now))
            }
            DeskClientFrame::End { conversation, topic, outcome } => {
                let ending = Ending { topic, outcome };
                self.act(now, |desk| desk.end(&conversation, advisor, ending, now))
            }
            DeskClientFrame::TakeOver { conversation } => {
                self.act(now, |desk| desk.take_over(&conversation, advisor, now))
            }
            DeskClientFrame::Join { conversation } => {
                self.act(now, |desk| desk.join(&conversation, advisor, now))
            }
            DeskClientFrame::Observe { conversation } => {
                self.act(now, |desk| desk.observe(&conversation, advisor, now))
            }
            DeskClientFrame::Whisper { conversation, note } => {
                self.act(now, |desk| desk.whisper(&conversation, advisor, note, now))
            }
        };
        Ok(done?)
    }

    /// Tells an advisor of their own quick replies, wherever they are connected.
    fn own_replies(&self, advisor: &AdvisorId) -> Result<Effects, Error> {
        let frame = to_text(&DeskServerFrame::OwnReplies { replies: self.store.own_replies(advisor)? })?;
        let direct = vec![(Recipient::Advisor(advisor.clone()), frame)];
        Ok(Effects { direct, ..Effects::default() })
    }

    /// The notes of a conversation, for the advisors it is open to.
    fn notes(&self, conversation: ConversationId, advisor: &AdvisorId) -> Result<Effects, Error> {
        if !self.look_at(|desk| desk.may_read_notes(&conversation, advisor))? {
            let refusal = Refusal::new(Code::NotAssigned, "this advisor does not hold the conversation");
            return Err(Refusal { about: Some(About::Conversation(conversation)), ..refusal }.into());
        }
        let notes = self.store.notes(&conversation)?;
        let frame = to_text(&DeskServerFrame::Notes { conversation, notes })?;
        Ok(Effects { replies: vec![frame], ..Effects::default() })
    }

    /// Applies a rule to the desk, stores the result, and makes the frames to send for it.
    fn act(&self, now: Timestamp, rule: impl FnOnce(&mut Desk) -> DeskTransition) -> Result<Effects, Fault> {
        // Taken out, so that nothing is left of it in memory if storing fails.
        let current = self.current.take();
        let mut desk = current.map_or_else(|| self.restored(), Ok)?;
        let mut transition = rule(&mut desk);
        let mut replies = Vec::new();
        if let Some(refused) = transition.refused.take() {
            replies.push(Self::refusal_frame(refused.into())?);
        }
        if let Some(stored) = self.repeat_note(&mut transition)? {
            replies.push(to_text(&stored)?);
        }
        if !transition.stores_nothing() {
            self.store.sql().transaction(|| {
                self.store.save(&transition, now)?;
                self.outbox().send(&transition.notifications, now)?;
                self.outbox().audit(self.audited(std::mem::take(&mut transition.audit)), now)?;
                let announce = |event| self.outbox().announce(&self.webhooks, event, now);
                transition.events.iter().try_for_each(announce)
            })?;
        }
        self.current.replace(Some(desk));
        let direct = transition.to_advisors.iter().map(|(advisor, frame)| {
            let recipient = Recipient::Advisor(advisor.clone());
            Ok((recipient, to_text(frame)?))
        });
        let direct = direct.collect::<Result<_, Fault>>()?;
        let last = self.panels(transition.pictures_changed || transition.panel_changed, now)?;
        Ok(Effects { replies, direct, publish: transition.pictures_changed, last, ..Effects::default() })
    }

    /// Drops a new note whose id is stored already, and returns the frame with the stored one, for the advisor who repeats it.
    fn repeat_note(&self, transition: &mut DeskTransition) -> Result<Option<DeskServerFrame>, Fault> {
        let Some((conversation, note)) = &transition.new_note else { return Ok(None) };
        let Some(known) = self.store.note(conversation, &note.id)? else { return Ok(None) };
        let frame = DeskServerFrame::Notes { conversation: conversation.clone(), notes: vec![known] };
        transition.to_advisors.retain(|(_, frame)| !matches!(frame, DeskServerFrame::Notes { .. }));
        transition.new_note = None;
        transition.audit.clear();
        Ok(Some(frame))
    }

    /// An advisor's picture, with a ticket for each conversation that is open to them. A ticket is valid from the instant the
    /// conversation came to them, so that it is the same in every picture.
    fn picture(&self, advisor: &Advisor, now: Timestamp) -> Result<DeskPicture, Fault> {
        let mut picture = self.look_at(|desk| desk.picture(&advisor.id, now))?;
        let shown = self.shown.borrow();
        let known = shown.own(&advisor.id).iter();
        let known: BTreeMap<_, _> =
            known.map(|own| ((&own.conversation, own.since), own.ticket.as_ref())).collect();
        for own in &mut picture.mine {
            match own.state {
                AssignmentState::Held { .. }
                | AssignmentState::Helping { .. }
                | AssignmentState::Observing { .. }
                | AssignmentState::WrapUp { .. } => {
                    let signed = known.get(&(&own.conversation, own.since)).copied().flatten().cloned();
                    own.ticket = Some(signed.map_or_else(|| self.ticket(own, advisor), Ok)?);
                }
                AssignmentState::Offered { .. } | AssignmentState::Invited { .. } => {}
            }
        }
        Ok(picture)
    }

    fn ticket(&self, own: &AssignedConversation, advisor: &Advisor) -> Result<String, Fault> {
        let scope = TicketScope::Conversation(own.conversation.clone());
        Ticket::new(scope, Speaker::Advisor(advisor.clone()), own.since).sign(&self.ticket_key)
    }

    /// Runs `work` in one transaction; the desk in memory is dropped where it fails.
    fn in_transaction(&self, work: impl FnOnce() -> Result<Effects, Fault>) -> Result<Effects, Fault> {
        self.store.sql().transaction(work).inspect_err(|_| {
            self.current.replace(None);
        })
    }

    fn look_at<T>(&self, look: impl FnOnce(&Desk) -> T) -> Result<T, Fault> {
        let mut current = self.current.borrow_mut();
        let desk = match current.take() {
            Some(desk) => desk,
            None => self.restored()?,
        };
        Ok(look(current.insert(desk)))
    }

    fn restored(&self) -> Result<Desk, Fault> {
        Ok(Desk::restore(Arc::clone(&self.queues), Arc::clone(&self.rules), self.store.rows()?))
    }
}

impl<S: Sql> Actor for DeskActor<S> {
    type Sql = S;
    type Effects = Effects;

    const CLASS: &'static str = "desk";

    fn outbox(&self) -> Outbox<'_, S> {
        Outbox::new(self.store.sql())
    }

    fn on_notification(
        &self,
        source: &str,
        id: i64,
        notification: &str,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let notification: DeskNotification = OutboxMessage::read(notification)?;
        let applied = self.in_transaction(|| {
            if !Inbox::new(self.store.sql()).is_new(source, id, now)? {
                return Ok(Effects::default());
            }
            if let DeskNotification::RulesChanged { .. } = notification {
                return self.act(now, |desk| desk.on_new_rules(&self.policy, now));
            }
            let ended = match &notification {
                DeskNotification::SignedOff { session, until, .. } => {
                    self.store.sign_off(session, *until, now)?;
                    let refusal = Self::refusal_frame(Self::signed_off())?;
                    Some(EndedSession { session: session.clone(), refusal })
                }
                DeskNotification::Waiting { .. }
                | DeskNotification::Question { .. }
                | DeskNotification::Spoke { .. }
                | DeskNotification::Resumed { .. }
                | DeskNotification::Call { .. }
                | DeskNotification::Connector(_)
                | DeskNotification::RulesChanged { .. }
                | DeskNotification::Closed { .. } => None,
            };
            let applied = self.act(now, |desk| desk.apply(notification, now))?;
            Ok(Effects { ended, ..applied })
        });
        Ok(applied?)
    }

    fn wake(&self, now: Timestamp) -> Result<Option<Effects>, Fault> {
        if self.next_night()?.is_some_and(|night| night <= now) {
            self.forget_old_dead_letters(now)?;
            self.eraser.erase(self.store.sql(), now)?;
        }
        if self.tell_old_audit(now)? {
            return Ok(Some(Effects::default()));
        }
        if self.look_at(Desk::next_wake)?.is_some_and(|due| due <= now) {
            return self.act(now, |desk| desk.wake(now)).map(Some);
        }
        let last = self.panels(false, now)?;
        Ok((!last.is_empty()).then(|| Effects { last, ..Effects::default() }))
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        let panel = self.panel.get().due;
        if self.has_old_audit.get() {
            return Ok(Some(Timestamp::from_millis(0)));
        }
        let night = self.next_night()?;
        Ok(self.look_at(Desk::next_wake)?.into_iter().chain(panel).chain(night).min())
    }

    fn delivered(&self, message: &OutboxMessage, now: Timestamp) -> Result<Effects, Fault> {
        let command = match &message.destination {
            Destination::Conversation(_) => Some(OutboxMessage::stored(&message.notification)?),
            Destination::Desk(_)
            | Destination::Register
            | Destination::LineaInps
            | Destination::Audit
            | Destination::Webhook(_) => None,
        };
        let Some(ConversationNotification { conversation, command }) = command else {
            self.outbox().delete(message)?;
            return Ok(Effects::default());
        };
        self.in_transaction(|| {
            self.outbox().delete(message)?;
            match command {
                ConversationCommand::Assigned { assignment_epoch, .. } => {
                    self.act(now, |desk| desk.confirm(&conversation, assignment_epoch, now))
                }
                ConversationCommand::Observed { advisor, .. } => {
                    self.act(now, |desk| desk.confirm_observer(&conversation, &advisor.id, now))
                }
                ConversationCommand::Released { .. }
                | ConversationCommand::Joined { .. }
                | ConversationCommand::Left { .. }
                | ConversationCommand::Unobserved { .. }
                | ConversationCommand::Hold { .. }
                | ConversationCommand::Resume { .. }
                | ConversationCommand::Warn {}
                | ConversationCommand::Block { .. }
                | ConversationCommand::Lift {}
                | ConversationCommand::Forget {}
                | ConversationCommand::Close { .. }
                | ConversationCommand::Closing(_)
                | ConversationCommand::Place(_)
                | ConversationCommand::Segnalazione(_) => Ok(Effects::default()),
            }
        })
    }
}

impl<S: Sql> LinkedActor for DeskActor<S> {
    fn receive(&self, link: &LinkState, text: &str, now: Timestamp) -> Result<Effects, Error> {
        if link.advisor().is_some_and(|advisor| !self.frame_rates.admits(advisor, now)) {
            return Err(flooded().into());
        }
        let frame = read_frame(link, text, DeskClientFrame::NAMES)?;
        match (&link.speaker, frame) {
            (None, DeskClientFrame::Hello { version, ticket }) => self.hello(version, &ticket, now),
            (Some(Speaker::Advisor(advisor)), frame) => self.command(&advisor.id, frame, now),
            (None | Some(Speaker::Citizen), _) => Err(hello_expected().into()),
        }
    }

    fn reconcile_connections(&self, links: &[LinkState], now: Timestamp) -> Result<Effects, Fault> {
        let connected: BTreeSet<AdvisorId> = links.iter().filter_map(LinkState::advisor).cloned().collect();
        self.act(now, |desk| desk.reconcile_connections(&connected, now))
    }

    fn on_last_disconnect(&self, link: &LinkState, now: Timestamp) -> Result<Effects, Fault> {
        let Some(advisor) = link.advisor() else { return Ok(Effects::default()) };
        self.shown.borrow_mut().remove(advisor);
        self.act(now, |desk| desk.on_last_disconnect(advisor, now))
    }

    fn publish(&self, speaker: &Speaker, full: bool, now: Timestamp) -> Result<Publication, Fault> {
        let Speaker::Advisor(advisor) = speaker else { return Ok(Publication::default()) };
        let picture = self.picture(advisor, now)?;
        let mut shown = self.shown.borrow_mut();
        let before = shown.of(&advisor.id);
        let snapshot = if full { Some(to_text(&DeskServerFrame::Desk(picture.clone()))?) } else { None };
        let changes = before.as_ref().and_then(|before| picture.changes_since(before));
        let update = changes.map(|changes| to_text(&DeskServerFrame::Changed(changes))).transpose()?;
        if before.as_ref() != Some(&picture) {
            shown.insert(advisor.id.clone(), picture);
        }
        Ok(Publication { snapshot, update })
    }

    fn refusal_frame(refusal: Refusal) -> Result<String, Fault> {
        let Refusal { code, detail, about, .. } = refusal;
        let conversation = match about {
            Some(About::Conversation(conversation)) => Some(conversation),
            Some(About::Message(_)) | None => None,
        };
        to_text(&DeskServerFrame::Refused { code, detail, conversation })
    }
}

/// A message of them has some 100 kB.
const OLD_ACTS: u32 = 200;

#[cfg(test)]
mod tests;
