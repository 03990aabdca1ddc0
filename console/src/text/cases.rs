// SPDX-License-Identifier: EUPL-1.2
//! Cases (*pratiche*), and the person's answers before the conversation.

use infocig_client::{
    cases,
    dates::{Moment, day_of, month_of},
    words::Words,
};
use infocig_protocol::{
    case::{BenefitKind, Case, Payment, Question},
    person::PersonCard,
    problem::Code,
};

use super::{labelled, skill};
use crate::state::cases::{RequestError, Shared};

/// The label of the button that opens or closes the steps.
pub const fn steps(open: bool) -> &'static str {
    if open { "cases.hide_steps" } else { "cases.show_steps" }
}

/// The label of the button that shows a case to the person.
pub const fn share(shared: Shared) -> &'static str {
    match shared {
        Shared::No => "share.do",
        Shared::Loading => "share.coming",
        Shared::Failed(_) => "do.retry",
        Shared::At(_) => "share.again",
    }
}

/// The reason why a case could not be shown to the person.
pub const fn not_shared(trouble: RequestError) -> &'static str {
    match trouble {
        RequestError::Unanswered => "share.unanswered",
        RequestError::Refused(Code::CasesUnavailable) => "share.unavailable",
        RequestError::Refused(Code::NotAssigned) => "trouble.not_mine",
        RequestError::Refused(Code::ConversationClosed) => "trouble.closed",
        RequestError::Refused(_) => "share.failed",
    }
}

/// The reason why the cases could not be loaded.
pub const fn cases_error(trouble: RequestError) -> &'static str {
    match trouble {
        RequestError::Unanswered => "cases.unanswered",
        RequestError::Refused(Code::CasesUnavailable) => "cases.unavailable",
        RequestError::Refused(Code::NotAssigned) => "trouble.not_mine",
        RequestError::Refused(_) => "cases.failed",
    }
}

/// The instant of the registry's answer.
pub fn as_of(words: &Words, moment: &Moment) -> String {
    words.fill("case.as_of", &[("moment", &moment.say(words))])
}

/// The instant of the registry's answer, and its age.
pub fn aged(words: &Words, moment: &Moment, minutes: i64) -> String {
    let ago = match minutes {
        0 => words.say("time.ago_moment"),
        minutes => words.fill("time.ago", &[("time", &super::how_long(words, minutes))]),
    };
    words.fill("time.as_of", &[("moment", &as_of(words, moment)), ("ago", &ago)])
}

/// The last step of a case.
pub fn reached(words: &Words, case: &Case) -> String {
    let last =
        case.reached().and_then(|step| Some((words.say(cases::step(step.phase)), step.on.as_deref()?)));
    last.map_or_else(
        || words.say("cases.no_step"),
        |(step, on)| words.fill("cases.last_step", &[("step", &step), ("day", &day_of(on, words))]),
    )
}

/// The title of a case: kind and company.
pub fn case_title(case: &Case) -> String {
    format!("{} · {}", case.kind.name(), case.company)
}

/// The payer.
pub const fn payment(payment: Payment) -> &'static str {
    match payment {
        Payment::Direct => "payment.direct",
        Payment::Employer => "payment.employer",
    }
}

/// The event of a case that an advisor showed.
pub fn case_shown(words: &Words, advisor: &str, case: &Case) -> String {
    words.fill("event.case", &[("advisor", advisor), ("case", &case_title(case))])
}

/// The person's answers, each with the key of its label.
pub fn question_parts(words: &Words, question: &Question) -> Vec<(&'static str, String)> {
    let parts = [
        question.about.map(|kind| ("field.kind", kind.name().to_string())),
        months(words, question).map(|months| ("field.period", months)),
        question.payment.map(|payment| ("field.payment", words.say(self::payment(payment)))),
        question.protocol.clone().map(|protocol| ("field.protocol", protocol)),
    ];
    parts.into_iter().flatten().collect()
}

/// The person's answers in a sentence.
pub fn question(words: &Words, question: &Question) -> String {
    let payment = |payment| match payment {
        Payment::Direct => "question.direct",
        Payment::Employer => "question.employer",
    };
    let parts = [
        question.about.map(|kind| kind.name().to_string()),
        months(words, question),
        question.payment.map(|one| words.say(payment(one))),
        question.protocol.as_ref().map(|number| words.fill("question.protocol", &[("number", number)])),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        words.say("question.nothing")
    } else {
        words.fill("question.said", &[("what", &parts.join(", "))])
    }
}

/// The subject on one line: the person's answers, or the portal's.
pub fn about(words: &Words, person: &PersonCard) -> Option<String> {
    let said = person.question.as_ref().filter(|question| !question.is_empty());
    let known =
        || person.about.map(|about| labelled(words, &words.say("person.about"), &words.say(skill(about))));
    said.map(|said| question(words, said)).or_else(known)
}

/// The chosen kind of wage integration, or "none".
pub fn kind(words: &Words, kind: Option<BenefitKind>) -> String {
    kind.map_or_else(|| words.say("field.no_kind"), |kind| kind.name().to_string())
}

fn months(words: &Words, question: &Question) -> Option<String> {
    let month = |text: &String| month_of(text, words);
    match (question.from.as_ref().map(month), question.to.as_ref().map(month)) {
        (Some(from), Some(to)) if from == to => Some(from),
        (Some(from), Some(to)) => Some(range(words, &from, &to)),
        (Some(from), None) => Some(words.fill("question.from", &[("from", &from)])),
        (None, Some(to)) => Some(words.fill("question.to", &[("to", &to)])),
        (None, None) => None,
    }
}

fn range(words: &Words, from: &str, to: &str) -> String {
    words.fill("date.range", &[("from", from), ("to", to)])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use infocig_protocol::case::{CasePhase, CaseStatus, CaseStep};
    use infocig_protocol::{
        id::CaseId,
        language::Language,
        person::{Category, Credential},
        skill::Skill,
    };

    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn the_five_phases_of_the_automated_procedure_bear_their_official_names_in_order() {
        let words = italian();
        let names = CasePhase::ALL.map(|phase| words.say(cases::step(phase)));
        assert_eq!(
            names[..5],
            [
                "Caricamento domande telematiche su Sistema Unico",
                "Caricamento domande da Sistema Unico nella procedura \"Nuova Istruttoria CIGO\"",
                "Esecuzione controlli di preistruttoria",
                "Esecuzione controlli di istruttoria",
                "Definizione delle domande validate",
            ]
        );
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }

    #[test]
    fn a_case_says_its_period_and_how_far_it_has_come() {
        let words = italian();
        let step = |phase, on: Option<&str>| CaseStep { phase, on: on.map(String::from) };
        let mut case = case();
        assert_eq!(cases::period(&words, &case), "1° settembre 2026 – 30 settembre 2026");
        assert_eq!(case_title(&case), "AIS / FIS · Officine Fantasia S.r.l.");
        assert_eq!(
            cases::heading(&words, &case),
            "AIS / FIS, Officine Fantasia S.r.l., 1° settembre 2026 – 30 settembre 2026"
        );
        assert_eq!(reached(&words, &case), "Nessun passaggio completato");
        case.steps = vec![step(CasePhase::Loaded, Some("2026-10-02")), step(CasePhase::Decided, None)];
        assert_eq!(
            reached(&words, &case),
            "Ultimo passaggio: Caricamento domande telematiche su Sistema Unico, 2 ottobre 2026"
        );
        assert_eq!(cases::done(&words, &case.steps[0]), "Fatto: 2 ottobre 2026");
        assert_eq!(cases::done(&words, &case.steps[1]), "Non ancora");
    }

    #[test]
    fn what_somebody_said_is_one_line() {
        let words = italian();
        let said = |one: &Question| question(&words, one);
        let all = Question {
            about: Some(BenefitKind::Cigo),
            from: Some("2026-09".into()),
            to: Some("2026-10".into()),
            payment: Some(Payment::Direct),
            protocol: Some("INPS/1".into()),
        };
        assert_eq!(
            said(&all),
            "Ha indicato: CIGO, settembre 2026 – ottobre 2026, pagamento diretto dell'INPS, protocollo INPS/1"
        );
        let labels: Vec<_> = question_parts(&words, &all).into_iter().map(|(label, _)| label).collect();
        assert_eq!(labels, ["field.kind", "field.period", "field.payment", "field.protocol"]);
        let period = |from: Option<&str>, to: Option<&str>| Question {
            from: from.map(String::from),
            to: to.map(String::from),
            ..Question::default()
        };
        assert_eq!(said(&period(Some("2026-09"), None)), "Ha indicato: da settembre 2026");
        assert_eq!(said(&period(None, Some("2026-09"))), "Ha indicato: fino a settembre 2026");
        assert_eq!(said(&period(Some("2026-09"), Some("2026-09"))), "Ha indicato: settembre 2026");
        assert_eq!(said(&Question::default()), "Non ha indicato nulla");
    }

    #[test]
    fn what_it_is_about_is_what_the_person_said_before_what_the_portal_knew() {
        let words = italian();
        let about = |person: &PersonCard| about(&words, person);
        let knows = PersonCard {
            name: "Ada".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::Cie,
            acting_for: None,
            language: Language::It,
            entry_point: None,
            about: Some(Skill::Fondi),
            question: Some(Question::default()),
        };
        assert_eq!(about(&knows).as_deref(), Some("Argomento: Fondi di solidarietà"));
        let question = Some(Question { about: Some(BenefitKind::Cigs), ..Question::default() });
        assert_eq!(about(&PersonCard { question, ..knows.clone() }).as_deref(), Some("Ha indicato: CIGS"));
        assert_eq!(about(&PersonCard { about: None, question: None, ..knows }), None);
    }

    #[test]
    fn the_age_of_data_is_said_in_words() {
        let words = italian();
        let moment = Moment::parse("2026-11-22 15:07").unwrap();
        assert_eq!(
            [0, 1, 61].map(|minutes| aged(&words, &moment, minutes)),
            [
                "Dati aggiornati: 22 novembre 2026, ore 15:07 (meno di un minuto fa)",
                "Dati aggiornati: 22 novembre 2026, ore 15:07 (1 minuto fa)",
                "Dati aggiornati: 22 novembre 2026, ore 15:07 (1 ora e 1 minuto fa)",
            ]
        );
    }

    fn case() -> Case {
        Case {
            id: CaseId::parse("a").unwrap(),
            kind: BenefitKind::AisFis,
            company: "Officine Fantasia S.r.l.".into(),
            matricola: None,
            from: "2026-09-01".into(),
            to: "2026-09-30".into(),
            payment: Payment::Direct,
            protocol: None,
            ticket: None,
            status: CaseStatus::OnTrack,
            steps: vec![],
        }
    }
}
