// SPDX-License-Identifier: EUPL-1.2
//! A segnalazione as the advisor writes it: filled in with what is known, checked field by field, on its way until the log
//! has it.
//!
//! - One is written at a time. Its id is made when it is begun and stays its own however often it is sent.
//! - What was refused is open again with everything as it was, and the reason.

use infocig_protocol::{
    case::{BenefitKind, Case, Question, is_reference},
    desk::Topic,
    entry::{Entry, EntryBody},
    id::MessageId,
    limits::{MAX_ATTACHED, MAX_DESCRIPTION_CHARS},
    person::PersonCard,
    problem::Code,
    segnalazione::SegnalazioneDraft,
    skill::Skill,
};

use super::topics::Choice;

/// What is being written to an office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forwarding {
    /// As it is written so far; absent until it is begun.
    pub draft: Option<SegnalazioneDraft>,
    /// It was sent, and the log is yet to show it.
    pub sent: bool,
    /// Why it was not accepted.
    pub refused: Option<Code>,
    /// Somebody wrote in it: what was only filled in is filled in anew.
    touched: bool,
}

/// What the tool says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is written.
    None,
    /// Something is.
    Written,
    /// It is on its way.
    Sending,
    /// It was not accepted.
    Refused,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The application's protocol number.
    Protocol,
    /// Its ticket.
    Ticket,
    /// Whose office.
    Office,
    /// A level of the topic, from 0.
    Topic(usize),
    /// What the office must do.
    Description,
    /// What was said.
    Messages,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No such protocol number can be.
    Protocol,
    /// No such ticket can be.
    Ticket,
    /// Not the code of a province.
    Office,
    /// A level of the topic is not chosen.
    Topic(usize),
    /// Nothing is said.
    DescriptionMissing,
    /// More is said than can be, by so many characters.
    DescriptionTooLong(usize),
    /// More messages are chosen than can be, by so many.
    TooManyMessages(usize),
}

impl Wrong {
    /// Where it is wrong.
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
    /// What an earlier life of the page left.
    pub fn restored(draft: SegnalazioneDraft, sent: bool) -> Self {
        Self { draft: Some(draft), sent, refused: None, touched: true }
    }

    /// The advisor begins to write, or goes on. `false` while what they wrote is on its way.
    pub fn begin(&mut self, prefilled: impl FnOnce() -> Option<SegnalazioneDraft>) -> bool {
        if self.sent {
            return false;
        }
        if self.draft.is_none() || !self.touched {
            self.draft = prefilled();
        }
        self.draft.is_some()
    }

    /// The advisor writes. What is on its way stays as it is.
    pub fn write(&mut self, draft: SegnalazioneDraft) {
        if !self.sent {
            (self.draft, self.touched) = (Some(draft), true);
        }
    }

    /// The advisor sends it, if nothing is wrong with it. What goes is what is kept, under the same id every time.
    pub fn send(&mut self, tree: &[Topic]) -> Option<SegnalazioneDraft> {
        let draft = self.draft.as_ref().filter(|_| !self.sent)?;
        let ready = ready(draft, tree)?;
        *self = Self::restored(ready.clone(), true);
        Some(ready)
    }

    /// The service did not accept it. `false` if it is another one.
    pub fn refuse(&mut self, id: &MessageId, code: Code) -> bool {
        let ours = self.sent && self.draft.as_ref().is_some_and(|draft| draft.id == *id);
        if ours {
            (self.sent, self.refused) = (false, Some(code));
        }
        ours
    }

    /// What is on its way will not arrive. `false` if nothing is.
    pub fn refuse_any(&mut self, code: Code) -> bool {
        let id = self.draft.as_ref().map(|draft| draft.id.clone());
        id.is_some_and(|id| self.refuse(&id, code))
    }

    /// What is in the log is not on its way any more.
    pub fn arrived(&mut self, entries: &[Entry]) {
        let Some(draft) = &self.draft else { return };
        let is_ours =
            |entry: &Entry| matches!(&entry.body, EntryBody::Segnalazione { id, .. } if *id == draft.id);
        if entries.iter().any(is_ours) {
            *self = Self::default();
        }
    }

    /// Where it is.
    pub fn stage(&self) -> Stage {
        match (self.touched, self.sent, self.refused) {
            (false, ..) => Stage::None,
            (true, true, _) => Stage::Sending,
            (true, false, Some(_)) => Stage::Refused,
            (true, false, None) => Stage::Written,
        }
    }
}

/// A segnalazione with what is known: the person's province, what they said, what the advisor said it was about.
pub fn prefilled(
    id: MessageId,
    person: &PersonCard,
    question: Option<&Question>,
    choice: &Choice,
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

/// The kind of wage integration a field of the matter is about.
const fn kind_of(skill: Skill) -> Option<BenefitKind> {
    match skill {
        Skill::Cigo => Some(BenefitKind::Cigo),
        Skill::Cigs => Some(BenefitKind::Cigs),
        Skill::AisFis => Some(BenefitKind::AisFis),
        Skill::Fondi => Some(BenefitKind::Fondi),
        Skill::Pagamenti => None,
    }
}

/// It is about a case, whose numbers it takes over; or about none, and its numbers stay.
pub fn choose_case(draft: &mut SegnalazioneDraft, case: Option<&Case>) {
    draft.case = case.map(|case| case.id.clone());
    if let Some(case) = case {
        draft.kind = Some(case.kind);
        draft.protocol.clone_from(&case.protocol);
        draft.ticket.clone_from(&case.ticket);
    }
}

/// A message goes along, or does not.
pub fn attach(draft: &mut SegnalazioneDraft, seq: u64, goes: bool) {
    draft.attached.retain(|other| *other != seq);
    if goes {
        draft.attached.push(seq);
        draft.attached.sort_unstable();
    }
}

/// The messages that can go along, oldest first: the newest so many of the log.
pub fn attachable(log: &[Entry]) -> Vec<Entry> {
    let said = log.iter().rev().filter(|entry| entry.message().is_some());
    let mut newest: Vec<Entry> = said.take(MAX_ATTACHED).cloned().collect();
    newest.reverse();
    newest
}

/// What is wrong, in the order of the form.
pub fn wrong(draft: &SegnalazioneDraft, tree: &[Topic]) -> Vec<Wrong> {
    let draft = &tidied(draft);
    let mut found = Vec::new();
    let reference = |text: &Option<String>| text.as_deref().is_none_or(is_reference);
    if !reference(&draft.protocol) {
        found.push(Wrong::Protocol);
    }
    if !reference(&draft.ticket) {
        found.push(Wrong::Ticket);
    }
    if draft.office.len() != 3 || !draft.office.bytes().all(|byte| byte.is_ascii_digit()) {
        found.push(Wrong::Office);
    }
    let chosen = Choice::of(&draft.topic, tree);
    found.extend(chosen.missing().filter(|level| *level < 3).map(Wrong::Topic));
    match draft.description.chars().count() {
        0 => found.push(Wrong::DescriptionMissing),
        count => {
            let over = count.checked_sub(MAX_DESCRIPTION_CHARS).filter(|over| *over > 0);
            found.extend(over.map(Wrong::DescriptionTooLong));
        }
    }
    let over = draft.attached.len().checked_sub(MAX_ATTACHED).filter(|over| *over > 0);
    found.extend(over.map(Wrong::TooManyMessages));
    found
}

/// The segnalazione as it is sent; `None` if something is wrong with it.
pub fn ready(draft: &SegnalazioneDraft, tree: &[Topic]) -> Option<SegnalazioneDraft> {
    let tidy = tidied(draft);
    (wrong(&tidy, tree).is_empty() && tidy.wrong().is_none()).then_some(tidy)
}

/// Without blanks around what was written, and without what is empty.
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

#[cfg(test)]
mod tests {
    use infocig_protocol::segnalazione::SegnalazioneState;

    use super::*;
    use crate::state::samples::{answers, case, entry, message, person, says, topics};

    #[test]
    fn what_is_known_is_filled_in() {
        let mut choice = Choice::default();
        choice.choose(&topics(), 0, "servizio");
        let question = Question {
            about: Some(BenefitKind::Cisoa),
            protocol: Some("INPS/1".into()),
            ..Question::default()
        };
        let draft = prefilled(message("s"), &person(1), Some(&question), &choice);
        assert_eq!((draft.office.as_str(), draft.kind), ("058", Some(BenefitKind::Cisoa)));
        assert_eq!(draft.protocol.as_deref(), Some("INPS/1"));
        assert_eq!(draft.topic, ["servizio", "accesso", "assistenza"].map(String::from));
        assert_eq!((draft.attached.len(), draft.case), (0, None), "nobody has chosen any");

        let knows = PersonCard { about: Some(Skill::AisFis), ..person(1) };
        let draft = prefilled(message("s"), &knows, None, &Choice::default());
        assert_eq!(draft.kind, Some(BenefitKind::AisFis), "the portal knew");
    }

    #[test]
    fn a_case_brings_its_numbers_and_leaves_them() {
        let mut draft = whole();
        choose_case(&mut draft, Some(&case("a")));
        assert_eq!(draft.kind, Some(BenefitKind::Cigo));
        assert_eq!((draft.protocol.as_deref(), draft.ticket.as_deref()), (Some("PROVA/a"), Some("T-a")));
        choose_case(&mut draft, None);
        assert_eq!((draft.case, draft.protocol.as_deref()), (None, Some("PROVA/a")));
    }

    #[test]
    fn what_is_wrong_is_said_of_each_field_in_the_order_of_the_form() {
        let empty = SegnalazioneDraft {
            office: "Roma".into(),
            topic: Default::default(),
            description: " \n".into(),
            protocol: Some("<b>".into()),
            ticket: Some("è".into()),
            attached: (0..102).collect(),
            ..whole()
        };
        assert_eq!(
            wrong(&empty, &topics()),
            [
                Wrong::Protocol,
                Wrong::Ticket,
                Wrong::Office,
                Wrong::Topic(0),
                Wrong::DescriptionMissing,
                Wrong::TooManyMessages(2),
            ]
        );
        let long = SegnalazioneDraft { description: "è".repeat(MAX_DESCRIPTION_CHARS + 3), ..whole() };
        assert_eq!(wrong(&long, &topics()), [Wrong::DescriptionTooLong(3)]);
        assert_eq!(wrong(&whole(), &topics()[..1]), [Wrong::Topic(0)], "the policy lost the topic");
    }

    #[test]
    fn what_is_right_here_is_right_for_the_protocol_and_goes_without_blanks() {
        let draft = SegnalazioneDraft {
            office: " 058 ".into(),
            description: "\nServe l'SR41. ".into(),
            protocol: Some(" INPS/1 ".into()),
            ticket: Some("  ".into()),
            ..whole()
        };
        let sent = ready(&draft, &topics()).unwrap();
        assert_eq!(sent.wrong(), None);
        assert_eq!((sent.office.as_str(), sent.description.as_str()), ("058", "Serve l'SR41."));
        assert_eq!((sent.protocol.as_deref(), sent.ticket), (Some("INPS/1"), None));
    }

    #[test]
    fn one_is_written_at_a_time_and_goes_under_one_id_until_the_log_has_it() {
        let mut forwarding = Forwarding::default();
        assert!(forwarding.begin(|| Some(SegnalazioneDraft { description: String::new(), ..whole() })));
        forwarding.write(whole());
        assert!(forwarding.begin(|| Some(SegnalazioneDraft { id: message("other"), ..whole() })));
        assert_eq!(forwarding.send(&topics()).unwrap().id, message("s"));
        assert_eq!((forwarding.stage(), forwarding.send(&topics())), (Stage::Sending, None));
        assert!(!forwarding.begin(|| Some(whole())), "on its way");
        forwarding.write(SegnalazioneDraft { description: "altro".into(), ..whole() });
        assert_eq!(forwarding.draft, Some(whole()), "what goes is what is kept");

        forwarding.arrived(&[stands("another")]);
        assert_eq!(forwarding.stage(), Stage::Sending);
        forwarding.arrived(&[stands("s")]);
        assert_eq!(forwarding, Forwarding::default());
    }

    #[test]
    fn what_is_refused_is_as_it_was_and_goes_again_under_its_id() {
        let mut forwarding = Forwarding { draft: Some(whole()), ..Forwarding::default() };
        let sent = forwarding.send(&topics()).unwrap();
        assert!(!forwarding.refuse(&message("another"), Code::Fault));
        assert!(forwarding.refuse(&sent.id, Code::SegnalazioneInvalid));
        assert_eq!(forwarding.stage(), Stage::Refused);
        assert_eq!(forwarding.draft, Some(sent.clone()));
        assert!(!forwarding.refuse(&sent.id, Code::Fault), "said twice");

        assert!(forwarding.begin(|| None));
        assert_eq!(forwarding.send(&topics()), Some(sent));
        assert_eq!(forwarding.refused, None);
    }

    #[test]
    fn what_is_wrong_is_not_sent() {
        let draft = SegnalazioneDraft { description: String::new(), ..whole() };
        let mut forwarding = Forwarding { draft: Some(draft.clone()), ..Forwarding::default() };
        assert_eq!(forwarding.send(&topics()), None);
        assert_eq!((forwarding.draft, forwarding.sent), (Some(draft), false));
    }

    #[test]
    fn what_was_only_filled_in_is_no_draft_and_is_filled_in_anew() {
        let filled = |question: Option<&Question>| {
            Some(prefilled(message("s"), &person(1), question, &Choice::default()))
        };
        let mut forwarding = Forwarding::default();
        forwarding.begin(|| filled(None));
        assert_eq!(forwarding.stage(), Stage::None);
        let question = Question { about: Some(BenefitKind::Cigs), ..Question::default() };
        forwarding.begin(|| filled(Some(&question)));
        assert_eq!(forwarding.draft.as_ref().unwrap().kind, Some(BenefitKind::Cigs));

        forwarding.write(whole());
        assert_eq!(forwarding.stage(), Stage::Written);
        forwarding.begin(|| filled(None));
        assert_eq!(forwarding.draft, Some(whole()));
    }

    #[test]
    fn messages_alone_can_go_along_the_newest_hundred_and_in_order() {
        let mut log = vec![entry(1, EntryBody::Opened {})];
        log.extend((2..=120).map(|seq| if seq % 2 == 0 { says(seq, "a") } else { answers(seq, "b") }));
        let can = attachable(&log);
        assert_eq!((can.len(), can[0].seq, can[99].seq), (MAX_ATTACHED, 21, 120));

        let mut draft = whole();
        for (seq, goes) in [(9, true), (3, true), (9, true), (4, true), (4, false)] {
            attach(&mut draft, seq, goes);
        }
        assert_eq!(draft.attached, [3, 9]);
    }

    fn whole() -> SegnalazioneDraft {
        SegnalazioneDraft {
            id: message("s"),
            office: "058".into(),
            topic: ["servizio", "accesso", "assistenza"].map(String::from),
            description: "Serve il flusso del mese.".into(),
            kind: None,
            case: None,
            protocol: None,
            ticket: None,
            attached: vec![],
        }
    }

    fn stands(id: &str) -> Entry {
        let state = SegnalazioneState::Sending {};
        entry(1, EntryBody::Segnalazione { id: message(id), number: None, state })
    }
}
