// SPDX-License-Identifier: EUPL-1.2
//! A segnalazione as the advisor writes it: prefilled, validated field by field, on its way until the log shows it.
//!
//! - A conversation has one draft at a time. Its id is made with the draft and stays the same however often it is sent, so that
//!   a repeated send is stored once.
//! - A refused segnalazione is a draft again, unchanged, with the reason.

use infocig_protocol::{
    case::{BenefitKind, Case, Question, is_reference},
    desk::Topic,
    entry::{Entry, EntryBody},
    id::{ConversationId, MessageId},
    limits::{MAX_ATTACHED, MAX_DESCRIPTION_CHARS},
    person::PersonCard,
    problem::Code,
    segnalazione::SegnalazioneDraft,
    skill::Skill,
};

use leptos::prelude::*;

use super::{Conversation, DeskState, Dialog, topics::TopicChoice};

/// The segnalazione of a conversation, from the first draft until the log shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forwarding {
    /// Absent until the form is opened.
    pub draft: Option<SegnalazioneDraft>,
    /// It was sent, and the log does not show it yet.
    pub sent: bool,
    /// The reason why the service refused it.
    pub refused: Option<Code>,
    /// The advisor changed something. An untouched draft is prefilled again whenever the form opens.
    touched: bool,
}

/// How far a segnalazione is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardingStage {
    /// The advisor has written nothing.
    None,
    /// There is an unsent draft.
    Written,
    Sending,
    Refused,
}

/// A field of the form, in the order of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The application's protocol number.
    Protocol,
    /// The application's ticket.
    Ticket,
    /// The province of the office.
    Office,
    /// A level of the topic, from 0.
    Topic(usize),
    Description,
    /// The attached messages.
    Messages,
}

/// The error of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldError {
    /// Not the form of a protocol number.
    Protocol,
    /// Not the form of a ticket.
    Ticket,
    /// Not the code of a province.
    Office,
    /// A level of the topic is not chosen.
    Topic(usize),
    DescriptionMissing,
    /// Longer than [`MAX_DESCRIPTION_CHARS`], by so many characters.
    DescriptionTooLong(usize),
    /// More than [`MAX_ATTACHED`], by so many.
    TooManyMessages(usize),
}

impl FieldError {
    /// The field that has this error.
    pub const fn field(self) -> Field {
        match self {
            Self::Protocol => Field::Protocol,
            Self::Ticket => Field::Ticket,
            Self::Office => Field::Office,
            Self::Topic(level) => Field::Topic(level),
            Self::DescriptionMissing | Self::DescriptionTooLong(_) => Field::Description,
            Self::TooManyMessages(_) => Field::Messages,
        }
    }
}

impl Forwarding {
    /// A draft that the page had before it was reloaded, or one that has just been sent.
    pub fn restored(draft: SegnalazioneDraft, sent: bool) -> Self {
        Self { draft: Some(draft), sent, refused: None, touched: true }
    }

    /// The advisor opens the form. `false` while the segnalazione is on its way.
    pub fn begin(&mut self, prefilled: impl FnOnce() -> Option<SegnalazioneDraft>) -> bool {
        if self.sent {
            return false;
        }
        if self.draft.is_none() || !self.touched {
            self.draft = prefilled();
        }
        self.draft.is_some()
    }

    /// The advisor changes the draft. A segnalazione that is on its way stays as it was sent.
    pub fn write(&mut self, draft: SegnalazioneDraft) {
        if !self.sent {
            (self.draft, self.touched) = (Some(draft), true);
        }
    }

    /// Marks the draft as sent and returns it, trimmed; `None` if a field has an error or it is on its way already.
    pub fn send(&mut self, tree: &[Topic]) -> Option<SegnalazioneDraft> {
        let draft = self.draft.as_ref().filter(|_| !self.sent)?;
        let ready = ready(draft, tree)?;
        *self = Self::restored(ready.clone(), true);
        Some(ready)
    }

    /// The service refused the segnalazione with this id. `false` if it is another one.
    pub fn refuse(&mut self, id: &MessageId, code: Code) -> bool {
        let ours = self.sent && self.draft.as_ref().is_some_and(|draft| draft.id == *id);
        if ours {
            (self.sent, self.refused) = (false, Some(code));
        }
        ours
    }

    /// Nothing that is on its way will be stored. `false` if nothing is on its way.
    pub fn refuse_any(&mut self, code: Code) -> bool {
        let id = self.draft.as_ref().map(|draft| draft.id.clone());
        id.is_some_and(|id| self.refuse(&id, code))
    }

    /// A segnalazione that the log shows has arrived: the next form begins empty.
    pub fn remove_arrived(&mut self, entries: &[Entry]) {
        let Some(draft) = &self.draft else { return };
        let is_ours =
            |entry: &Entry| matches!(&entry.body, EntryBody::Segnalazione { id, .. } if *id == draft.id);
        if entries.iter().any(is_ours) {
            *self = Self::default();
        }
    }

    pub fn stage(&self) -> ForwardingStage {
        match (self.touched, self.sent, self.refused) {
            (false, ..) => ForwardingStage::None,
            (true, true, _) => ForwardingStage::Sending,
            (true, false, Some(_)) => ForwardingStage::Refused,
            (true, false, None) => ForwardingStage::Written,
        }
    }
}

/// A draft with the person's province, their answers before the conversation, and the topic chosen so far.
pub fn prefilled(
    id: MessageId,
    person: &PersonCard,
    question: Option<&Question>,
    choice: &TopicChoice,
) -> SegnalazioneDraft {
    let said = question.and_then(|question| question.about);
    SegnalazioneDraft {
        id,
        office: person.province.clone(),
        topic: choice.path(),
        description: String::new(),
        kind: said.or_else(|| person.about.and_then(kind_of)),
        case: None,
        protocol: question.and_then(|question| question.protocol.clone()),
        ticket: None,
        attached: Vec::new(),
    }
}

/// The kind of wage integration that a skill is about.
const fn kind_of(skill: Skill) -> Option<BenefitKind> {
    match skill {
        Skill::Cigo => Some(BenefitKind::Cigo),
        Skill::Cigs => Some(BenefitKind::Cigs),
        Skill::AisFis => Some(BenefitKind::AisFis),
        Skill::Fondi => Some(BenefitKind::Fondi),
        Skill::Pagamenti => None,
    }
}

/// Sets the case of a draft and takes over its numbers. Without a case the numbers stay as they are.
pub fn choose_case(draft: &mut SegnalazioneDraft, case: Option<&Case>) {
    draft.case = case.map(|case| case.id.clone());
    if let Some(case) = case {
        draft.kind = Some(case.kind);
        draft.protocol.clone_from(&case.protocol);
        draft.ticket.clone_from(&case.ticket);
    }
}

/// Attaches the message of an entry, or detaches it.
pub fn attach(draft: &mut SegnalazioneDraft, seq: u64, goes: bool) {
    draft.attached.retain(|other| *other != seq);
    if goes {
        draft.attached.push(seq);
        draft.attached.sort_unstable();
    }
}

/// The messages that can be attached, oldest first: the newest [`MAX_ATTACHED`] of the log.
pub fn attachable(log: &[Entry]) -> Vec<Entry> {
    let said = log.iter().rev().filter(|entry| entry.message().is_some());
    let mut newest: Vec<Entry> = said.take(MAX_ATTACHED).cloned().collect();
    newest.reverse();
    newest
}

/// The errors of a draft, in the order of the form.
pub fn field_errors(draft: &SegnalazioneDraft, tree: &[Topic]) -> Vec<FieldError> {
    let draft = &tidied(draft);
    let mut found = Vec::new();
    let reference = |text: &Option<String>| text.as_deref().is_none_or(is_reference);
    if !reference(&draft.protocol) {
        found.push(FieldError::Protocol);
    }
    if !reference(&draft.ticket) {
        found.push(FieldError::Ticket);
    }
    if draft.office.len() != 3 || !draft.office.bytes().all(|byte| byte.is_ascii_digit()) {
        found.push(FieldError::Office);
    }
    let chosen = TopicChoice::of(&draft.topic, tree);
    found.extend(chosen.missing().filter(|level| *level < 3).map(FieldError::Topic));
    match draft.description.chars().count() {
        0 => found.push(FieldError::DescriptionMissing),
        count => {
            let over = count.checked_sub(MAX_DESCRIPTION_CHARS).filter(|over| *over > 0);
            found.extend(over.map(FieldError::DescriptionTooLong));
        }
    }
    let over = draft.attached.len().checked_sub(MAX_ATTACHED).filter(|over| *over > 0);
    found.extend(over.map(FieldError::TooManyMessages));
    found
}

/// The segnalazione as it is sent; `None` if a field has an error.
pub fn ready(draft: &SegnalazioneDraft, tree: &[Topic]) -> Option<SegnalazioneDraft> {
    let tidy = tidied(draft);
    (field_errors(&tidy, tree).is_empty() && tidy.wrong().is_none()).then_some(tidy)
}

/// The draft without blanks around its texts; empty optional texts become absent.
fn tidied(draft: &SegnalazioneDraft) -> SegnalazioneDraft {
    let tidy = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(String::from)
    };
    SegnalazioneDraft {
        office: draft.office.trim().to_string(),
        description: draft.description.trim().to_string(),
        protocol: tidy(&draft.protocol),
        ticket: tidy(&draft.ticket),
        ..draft.clone()
    }
}

impl DeskState {
    /// Shows the form of a refused segnalazione if its conversation is on screen and no dialog is open. `false` otherwise.
    pub(super) fn show_refusal(&self, conversation: &Conversation) -> bool {
        let shows =
            self.screen.is_selected(&conversation.id) && self.screen.dialog.with_untracked(Option::is_none);
        if shows {
            self.screen.dialog.set(Some(Dialog::Forward(conversation.id.clone())));
        }
        shows
    }

    /// Restores the draft that the page had before it was reloaded. Returns it if it was sent: it must be sent again.
    pub fn restore_forwarding(
        &self,
        id: &ConversationId,
        sent: bool,
        draft: SegnalazioneDraft,
    ) -> Option<SegnalazioneDraft> {
        let conversation = self.conversation(id)?;
        if conversation.forwarding.with_untracked(|one| one.draft.is_some()) {
            return None;
        }
        conversation.forwarding.set(Forwarding::restored(draft.clone(), sent));
        sent.then_some(draft)
    }

    /// The advisor sends the draft. Returns it as it must be sent, unless a field has an error or nobody can write any more.
    pub fn forward(&self, conversation: &Conversation) -> Option<SegnalazioneDraft> {
        if !untrack(|| conversation.is_writable()) {
            return None;
        }
        let tree = self.session.topics();
        let draft = conversation.forwarding.try_update(|one| one.send(&tree)).flatten()?;
        let unchosen = conversation.choice.with_untracked(|choice| choice.at(0).is_none());
        if unchosen {
            conversation.choice.update(|choice| {
                let outcome = choice.outcome;
                *choice = TopicChoice::of(&draft.topic, &tree);
                choice.outcome = outcome;
            });
        }
        Some(draft)
    }
}

#[cfg(test)]
mod tests;
