// SPDX-License-Identifier: EUPL-1.2
//! Entries of the log as transcripts and plain pages show them, in one language.

use infocig_protocol::{
    assistant::Passage,
    call::{CallEnd, CallStep},
    case::{Case, CasePhase, CaseStatus, Payment, Question},
    entry::{Author, Entry, EntryBody, Outcome, Party},
    language::Language,
    segnalazione::SegnalazioneState,
    time::Timestamp,
};
use jiff::{Zoned, civil::Date};

use super::languages::Texts;
use crate::calendar::ZONE;

/// An entry as people read it: when, by whom, in which paragraphs.
pub(crate) struct EntryText {
    pub(crate) at: Timestamp,
    pub(crate) who: String,
    pub(crate) paragraphs: Vec<String>,
    /// The languages of the first paragraphs, where they are not the reader's: answers of the assistant that nobody translated.
    pub(crate) foreign: Vec<Option<Language>>,
    /// Whether a person wrote it, and not the service.
    pub(crate) quoted: bool,
}

impl EntryText {
    /// Each paragraph with its language, where that is not the reader's.
    pub(crate) fn in_languages(&self) -> impl Iterator<Item = (&String, Option<&'static str>)> {
        let foreign = |at: usize| self.foreign.get(at).copied().flatten().map(Language::as_str);
        self.paragraphs.iter().enumerate().map(move |(at, paragraph)| (paragraph, foreign(at)))
    }
}

/// `15:42`
pub(crate) fn clock(at: Timestamp) -> String {
    let at = zoned(at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// The instant for machines.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    zoned(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn zoned(at: Timestamp) -> Zoned {
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default().to_zoned(ZONE)
}

/// A sentence with its `{}` replaced by values, in order.
pub(crate) fn fill(sentence: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut pieces = sentence.split("{}");
    let mut out = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        out.push_str(parts.next().copied().unwrap_or_default());
        // The full stop of "S.p.A." ends the sentence too.
        let ends = |rest: &&str| out.ends_with('.') && (rest.is_empty() || rest.starts_with(' '));
        let rest = piece.strip_prefix('.').filter(ends);
        out.push_str(rest.unwrap_or(piece));
    }
    out
}

impl Texts {
    /// `24 novembre 2026`
    pub(crate) fn date(&self, at: Timestamp) -> String {
        let at = zoned(at);
        let month = usize::try_from(at.month() - 1).ok().and_then(|index| self.months.get(index));
        let month = month.copied().unwrap_or_default();
        fill(self.date, &[&at.day().to_string(), month, &at.year().to_string()])
    }

    /// `24 novembre 2026, ore 15:42`
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        fill(self.moment, &[&self.date(at), &clock(at)])
    }

    /// An entry with its author and its paragraphs. `citizen` is the name the person goes by.
    pub(crate) fn entry_text(&self, entry: &Entry, citizen: &str) -> EntryText {
        let service = || "INFO CIG".to_string();
        let (who, paragraphs, quoted) = match &entry.body {
            EntryBody::Message { author: Author::Citizen, text, .. } => {
                (citizen.to_string(), vec![text.clone()], true)
            }
            EntryBody::Message { author: Author::Advisor { name }, text, .. } => {
                (self.advisor(name), vec![text.clone()], true)
            }
            EntryBody::Case { advisor, case, as_of, .. } => {
                (self.advisor(advisor), self.case(case, *as_of), false)
            }
            EntryBody::Assistant { question, answer, .. } => {
                (self.assistant.into(), self.assistant_answer(question, answer), false)
            }
            EntryBody::Segnalazione { number, state, .. } => {
                (service(), self.segnalazione(number.as_deref(), state), false)
            }
            EntryBody::Opened {}
            | EntryBody::Assigned { .. }
            | EntryBody::ClosingSoon { .. }
            | EntryBody::Returned { .. }
            | EntryBody::Transferred { .. }
            | EntryBody::Joined { .. }
            | EntryBody::Left { .. }
            | EntryBody::Observed { .. }
            | EntryBody::OnHold { .. }
            | EntryBody::Resumed {}
            | EntryBody::Warned {}
            | EntryBody::Blocked { .. }
            | EntryBody::Inactive { .. }
            | EntryBody::Stayed {}
            | EntryBody::Question(_)
            | EntryBody::Call { .. }
            | EntryBody::Closed { .. }
            | EntryBody::Unknown {} => (service(), vec![self.event(&entry.body)], false),
        };
        let foreign = if let EntryBody::Assistant { answer, .. } = &entry.body {
            self.foreign(answer)
        } else {
            Vec::new()
        };
        EntryText { at: entry.at, who, paragraphs, foreign, quoted }
    }

    /// The label of the person.
    pub(crate) const fn who(&self) -> &'static str {
        self.who
    }

    /// The label of whom they act for.
    pub(crate) const fn acting_for(&self) -> &'static str {
        self.acting_for
    }

    /// The name of the automatic assistant.
    pub(crate) const fn assistant(&self) -> &'static str {
        self.assistant
    }

    /// A question to the automatic assistant.
    pub(crate) fn asked(&self, question: &str) -> String {
        fill(self.asked, &[question])
    }

    /// The assistant does not know.
    pub(crate) const fn unknown(&self) -> &'static str {
        self.unknown
    }

    /// Label of a conversation's number.
    pub(crate) const fn number(&self) -> &'static str {
        self.number
    }

    /// A segnalazione and where it stands, by name.
    pub(crate) fn segnalazione_of(&self, number: Option<&str>, state: &SegnalazioneState) -> String {
        format!("{}: {}", self.segnalazione, self.status_of(number, state))
    }

    /// The name an advisor goes by.
    pub(crate) fn advisor(&self, name: &str) -> String {
        fill(self.advisor, &[name])
    }

    /// How a conversation ended.
    pub(crate) const fn outcome(&self, by: Party, outcome: Option<Outcome>) -> &'static str {
        match (outcome, by) {
            (Some(Outcome::Online), _) => self.ended_online,
            (Some(Outcome::LineaInps), _) => self.ended_linea_inps,
            (Some(Outcome::SelfServed), _) => self.ended_self_served,
            (Some(Outcome::Abandoned), _) => self.ended_abandoned,
            (Some(Outcome::Blocked), _) => self.ended_blocked,
            (None, Party::Citizen) => self.ended_by_person,
            (None, Party::Advisor | Party::System) => self.ended_by_closing,
        }
    }

    /// The state of a segnalazione, for the top of the page.
    pub(crate) fn status_of(&self, number: Option<&str>, state: &SegnalazioneState) -> String {
        let state = match state {
            SegnalazioneState::Sending {} => self.sending,
            SegnalazioneState::Queued {} => self.queued,
            SegnalazioneState::Held {} => self.held,
            SegnalazioneState::Accepted {} => self.accepted,
            SegnalazioneState::InProgress {} => self.in_progress,
            SegnalazioneState::Answered { .. } => self.answered,
        };
        number.map_or_else(|| state.to_string(), |number| fill(self.with_number, &[number, state]))
    }

    /// The text of an event of a segnalazione.
    pub(crate) fn segnalazione(&self, number: Option<&str>, state: &SegnalazioneState) -> Vec<String> {
        let said = |sentence: &str| fill(sentence, &[number.unwrap_or_default()]);
        match state {
            SegnalazioneState::Sending {} => vec![said(self.now_sending)],
            SegnalazioneState::Queued {} => vec![said(self.now_queued)],
            SegnalazioneState::Held {} => vec![said(self.now_held)],
            SegnalazioneState::Accepted {} => vec![said(self.now_accepted)],
            SegnalazioneState::InProgress {} => vec![said(self.now_in_progress)],
            SegnalazioneState::Answered { text } => vec![said(self.now_answered), text.clone()],
        }
    }

    /// The text of an entry of the service.
    pub(crate) fn event(&self, body: &EntryBody) -> String {
        match body {
            EntryBody::Opened {} => self.opened.into(),
            EntryBody::Assigned { advisor } => fill(self.assigned, &[&self.advisor(advisor)]),
            EntryBody::ClosingSoon { closes } => fill(self.closing_soon, &[&clock(*closes)]),
            EntryBody::Returned { restored_to: None } => self.returned.into(),
            EntryBody::Returned { restored_to: Some(taken) } => fill(self.restored, &[&self.moment(*taken)]),
            EntryBody::Transferred { advisor: Some(advisor) } => {
                fill(self.transferred, &[&self.advisor(advisor)])
            }
            EntryBody::Transferred { advisor: None } => self.transferred_to_queue.into(),
            EntryBody::Joined { advisor } => fill(self.joined, &[&self.advisor(advisor)]),
            EntryBody::Left { advisor } => fill(self.left, &[&self.advisor(advisor)]),
            EntryBody::Observed { advisor } => fill(self.observed, &[advisor]),
            EntryBody::OnHold { minutes } => fill(self.on_hold, &[&minutes.to_string()]),
            EntryBody::Resumed {} => self.resumed.into(),
            EntryBody::Warned {} => self.warned.into(),
            EntryBody::Blocked { until } => fill(self.blocked, &[&self.moment(*until)]),
            EntryBody::Inactive { closes } => fill(self.inactive, &[&clock(*closes)]),
            EntryBody::Stayed {} => self.stayed.into(),
            EntryBody::Question(question) => fill(self.question, &[&self.parts_of(question)]),
            EntryBody::Call { step, .. } => self.call(step),
            EntryBody::Closed { by, outcome } => fill(self.closed, &[self.outcome(*by, *outcome)]),
            EntryBody::Message { .. }
            | EntryBody::Case { .. }
            | EntryBody::Assistant { .. }
            | EntryBody::Segnalazione { .. }
            | EntryBody::Unknown {} => self.other.into(),
        }
    }

    /// A step of a call. Minutes are rounded up: a talk of some seconds was one.
    fn call(&self, step: &CallStep) -> String {
        match step {
            CallStep::Offered { by: Party::Citizen } => self.call_asked.into(),
            CallStep::Offered { by: Party::Advisor | Party::System } => self.call_offered.into(),
            CallStep::Accepted {} => self.call_accepted.into(),
            CallStep::Declined {} => self.call_declined.into(),
            CallStep::Began {} => self.call_began.into(),
            CallStep::Ended { why, seconds: 0, .. } => match why {
                CallEnd::Withdrawn => self.call_withdrawn.into(),
                CallEnd::Unanswered => self.call_unanswered.into(),
                CallEnd::NoMicrophone => self.call_no_microphone.into(),
                CallEnd::HungUp | CallEnd::NoConnection | CallEnd::ConversationEnded | CallEnd::HandedOn => {
                    self.call_failed.into()
                }
            },
            CallStep::Ended { why: CallEnd::NoConnection, seconds, .. } => {
                fill(self.call_broke, &[&seconds.div_ceil(60).to_string()])
            }
            CallStep::Ended { seconds, .. } => fill(self.call_ended, &[&seconds.div_ceil(60).to_string()]),
        }
    }

    fn parts_of(&self, question: &Question) -> String {
        let period = match (&question.from, &question.to) {
            (Some(from), Some(to)) => Some(fill(self.from_to, &[from, to])),
            (Some(from), None) => Some(fill(self.from, &[from])),
            (None, Some(to)) => Some(fill(self.to, &[to])),
            (None, None) => None,
        };
        let parts = [
            question.about.map(|kind| kind.name().to_string()),
            period,
            question.payment.map(|payment| self.payment(payment).to_string()),
            question.protocol.as_ref().map(|protocol| fill(self.protocol_of, &[protocol])),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// A question to the automatic assistant, and everything that was shown for it.
    pub(crate) fn assistant_answer(&self, question: &str, answer: &[Passage]) -> Vec<String> {
        let mut lines = vec![self.asked(question)];
        for Passage { title, text, .. } in answer {
            lines.extend((!title.is_empty()).then(|| title.clone()));
            lines.extend(text.lines().filter(|line| !line.is_empty()).map(Into::into));
        }
        if answer.is_empty() {
            lines.push(self.unknown.into());
        }
        lines
    }

    /// The languages of the paragraphs of an answer, the question before them, where they are not the reader's (WCAG 3.1.2).
    fn foreign(&self, answer: &[Passage]) -> Vec<Option<Language>> {
        let of_passage = |passage: &Passage| {
            let language = (passage.language != self.language).then_some(passage.language);
            let lines = passage.text.lines().filter(|line| !line.is_empty()).count();
            std::iter::repeat_n(language, lines + usize::from(!passage.title.is_empty()))
        };
        std::iter::once(None).chain(answer.iter().flat_map(of_passage)).collect()
    }

    /// The line of a source: its name, its date, and where it can be read.
    pub(crate) fn source(&self, name: &str, date: Date, url: Option<&str>) -> String {
        let named = [Some(name), Some(&*day(&date.to_string())), url];
        let named: Vec<_> = named.into_iter().flatten().collect();
        fill(self.source, &[&named.join(", ")])
    }

    /// A case as it was shown.
    pub(crate) fn case(&self, case: &Case, as_of: Timestamp) -> Vec<String> {
        let state = [self.case_status(case.status), self.payment(case.payment), &self.moment(as_of)];
        let what = [case.kind.name(), &case.company, &day(&case.from), &day(&case.to)];
        let mut lines = vec![fill(self.case, &what), fill(self.case_state, &state)];
        let references =
            [(self.matricola, &case.matricola), (self.protocol, &case.protocol), ("Ticket", &case.ticket)];
        let said = |(name, value): (&str, &Option<String>)| Some(format!("{name}: {}", value.as_ref()?));
        lines.extend(references.into_iter().filter_map(said));
        for step in &case.steps {
            let when = step.on.as_deref().map_or_else(|| self.to_complete.into(), day);
            lines.push(format!("{}: {when}", self.phase(step.phase)));
        }
        lines
    }

    const fn payment(&self, payment: Payment) -> &'static str {
        match payment {
            Payment::Direct => self.direct,
            Payment::Employer => self.employer,
        }
    }

    const fn case_status(&self, status: CaseStatus) -> &'static str {
        match status {
            CaseStatus::OnTrack => self.on_track,
            CaseStatus::Late => self.late,
            CaseStatus::WaitingForEmployer => self.waiting_for_employer,
            CaseStatus::Refused => self.refused,
            CaseStatus::Credited => self.credited,
        }
    }

    /// The five phases of the CIGO procedure are called as INPS calls them.
    const fn phase(&self, phase: CasePhase) -> &'static str {
        match phase {
            CasePhase::Loaded => "Caricamento domande telematiche su Sistema Unico",
            CasePhase::Imported => {
                "Caricamento domande da Sistema Unico nella procedura \"Nuova Istruttoria CIGO\""
            }
            CasePhase::PreChecked => "Esecuzione controlli di preistruttoria",
            CasePhase::Checked => "Esecuzione controlli di istruttoria",
            CasePhase::Decided => "Definizione delle domande validate",
            CasePhase::Authorised => self.authorised,
            CasePhase::PaymentDataReceived => self.data_received,
            CasePhase::PaymentOrdered => self.ordered,
            CasePhase::Credited => self.money,
        }
    }
}

/// `2026-10-02` as `02/10/2026`.
fn day(text: &str) -> String {
    let mut parts = text.split('-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => format!("{day}/{month}/{year}"),
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_that_ends_in_a_full_stop_ends_the_sentence() {
        assert_eq!(fill("Per conto di {}.", &["Alfa S.p.A."]), "Per conto di Alfa S.p.A.");
        assert_eq!(fill("Per conto di {}. Poi", &["Alfa S.p.A."]), "Per conto di Alfa S.p.A. Poi");
        assert_eq!(fill("Per conto di {}.", &["Alfa"]), "Per conto di Alfa.");
        assert_eq!(fill("{}.it", &["a."]), "a..it");
    }

    use super::*;

    #[test]
    fn placeholders_are_filled_in_order_and_their_values_are_not_read_again() {
        assert_eq!(fill("{} e {}", &["{}", "b"]), "{} e b");
        assert_eq!(fill("niente", &["a"]), "niente");
        assert_eq!(fill("{}{}", &["a"]), "a");
    }

    #[test]
    fn a_moment_is_said_the_way_each_language_says_it() {
        let at = Timestamp::from_millis(1_795_444_800_000);
        let said = Language::ALL.map(|language| Texts::of(language).moment(at));
        assert_eq!(
            said,
            [
                "23 novembre 2026, ore 15:40",
                "23. November 2026, 15:40 Uhr",
                "23 novembre 2026, 15:40",
                "23. novembra 2026 ob 15:40",
                "23 November 2026, 15:40",
            ]
        );
    }

    #[test]
    fn a_date_is_said_as_the_interfaces_say_it() {
        let texts = [
            include_str!("../../../client/texts/it.json"),
            include_str!("../../../client/texts/de.json"),
            include_str!("../../../client/texts/fr.json"),
            include_str!("../../../client/texts/sl.json"),
            include_str!("../../../client/texts/en.json"),
        ];
        for (language, texts) in Language::ALL.into_iter().zip(texts) {
            let texts: serde_json::Value = serde_json::from_str(texts).unwrap();
            for (number, month) in (1..).zip(Texts::of(language).months) {
                assert_eq!(texts[format!("month.{number}")], month, "{language:?}");
            }
        }
    }

    #[test]
    fn a_thing_has_the_name_the_interfaces_give_it() {
        let widget = include_str!("../../../widget/texts/de.json");
        let own = [
            include_str!("languages.rs"),
            include_str!("../sentence/languages.rs"),
            include_str!("../plain_page/languages.rs"),
            include_str!("../../../edge/policy.json"),
        ];
        for (name, other) in [("Fall", "Vorg"), ("Stelle", "Dienststelle")] {
            assert!(widget.contains(name) && !widget.contains(other), "{name}");
            for texts in own {
                assert!(!texts.contains(other), "{other} instead of {name}");
            }
        }
    }

    #[test]
    fn every_language_has_the_same_places_to_fill() {
        let places = |language| {
            let texts = Texts::of(language);
            [
                texts.advisor,
                texts.with_number,
                texts.now_accepted,
                texts.now_in_progress,
                texts.now_answered,
                texts.assigned,
                texts.closing_soon,
                texts.restored,
                texts.transferred,
                texts.joined,
                texts.left,
                texts.observed,
                texts.on_hold,
                texts.call_ended,
                texts.call_broke,
                texts.blocked,
                texts.inactive,
                texts.question,
                texts.from_to,
                texts.from,
                texts.to,
                texts.protocol_of,
                texts.closed,
                texts.case,
                texts.case_state,
                texts.date,
                texts.moment,
            ]
            .map(|sentence| sentence.matches("{}").count())
        };
        for language in Language::ALL {
            assert_eq!(places(language), places(Language::It), "{language:?}");
        }
    }

    #[test]
    fn paragraphs_that_nobody_translated_have_their_language() {
        let passage = |title: &str, text: &str, language| Passage {
            entry: None,
            title: title.into(),
            text: text.into(),
            language,
        };
        let answer = vec![
            passage("", "Von einem Programm.", Language::De),
            passage("Come cambio IBAN?", "Scrivi.\n\nFonte: INPS", Language::It),
        ];
        let asked = Texts::of(Language::De).assistant_answer("Wie?", &answer);
        let entry = EntryText {
            at: Timestamp::from_millis(0),
            who: String::new(),
            foreign: Texts::of(Language::De).foreign(&answer),
            paragraphs: asked,
            quoted: false,
        };
        let languages: Vec<_> = entry.in_languages().collect();
        assert_eq!(
            languages.iter().map(|(_, lang)| *lang).collect::<Vec<_>>(),
            [None, None, Some("it"), Some("it"), Some("it")]
        );
        assert_eq!(languages[2].0, "Come cambio IBAN?");
    }
}
