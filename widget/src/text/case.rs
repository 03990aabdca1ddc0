// SPDX-License-Identifier: EUPL-1.2
//! The texts of cases (*pratiche*), and of a person's description of their question.

use infocig_client::{dates::month_of, words::Words};
use infocig_protocol::case::{Case, Payment, Question};

use crate::state::QuestionError;

/// How many cases there are.
pub fn found(words: &Words, count: usize) -> String {
    if count == 0 { words.text("cases.none") } else { words.count("cases.found", count as u64) }
}

/// The text of a payment, in the form and in a case.
pub const fn payment(payment: Payment) -> &'static str {
    match payment {
        Payment::Direct => "payment.direct",
        Payment::Employer => "payment.employer",
    }
}

/// The text of an error of a part of the question, next to its field.
pub const fn question_error(error: QuestionError) -> &'static str {
    match error {
        QuestionError::Empty => "question.wrong_nothing",
        QuestionError::From | QuestionError::To => "question.wrong_month",
        QuestionError::Order => "question.wrong_order",
        QuestionError::Protocol => "question.wrong_protocol",
    }
}

/// The description of the person's question.
pub fn question(words: &Words, question: &Question) -> String {
    let Question { about, from, to, payment, protocol } = question;
    let month = |text: &String| month_of(text, words);
    let period = match (from.as_ref().map(month), to.as_ref().map(month)) {
        (Some(from), Some(to)) if from == to => Some(from),
        (Some(from), Some(to)) => Some(words.fill("date.range", &[("from", &from), ("to", &to)])),
        (Some(from), None) => Some(words.fill("question.from", &[("from", &from)])),
        (None, Some(to)) => Some(words.fill("question.to", &[("to", &to)])),
        (None, None) => None,
    };
    let paid = payment.map(|payment| {
        words.text(match payment {
            Payment::Direct => "question.direct",
            Payment::Employer => "question.employer",
        })
    });
    let parts = [
        about.map(|kind| kind.name().into()),
        period,
        paid,
        protocol.as_ref().map(|number| words.fill("question.protocol_is", &[("number", number)])),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

/// The numbers of a case a person may be asked for.
pub fn references(words: &Words, case: &Case) -> Vec<String> {
    let line = |key, number: &String| words.fill(key, &[("number", number)]);
    let protocol = case.protocol.as_ref().map(|number| line("case.protocol", number));
    let ticket = case.ticket.as_ref().map(|number| line("case.ticket", number));
    protocol.into_iter().chain(ticket).collect()
}

#[cfg(test)]
mod tests {
    use infocig_client::cases::{done, heading, step};
    use infocig_protocol::{
        case::{BenefitKind, CasePhase, CaseStatus, CaseStep},
        id::CaseId,
    };

    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn a_question_is_summarised_by_its_given_members_alone() {
        let words = italian();
        let question = |said: &Question| question(&words, said);
        let whole = Question {
            about: Some(BenefitKind::Cigo),
            from: Some("2026-09".into()),
            to: Some("2026-10".into()),
            payment: Some(Payment::Direct),
            protocol: Some("INPS.5100".into()),
        };
        assert_eq!(
            question(&whole),
            "CIGO, settembre 2026 – ottobre 2026, pagamento diretto, protocollo INPS.5100"
        );
        let since = Question { to: None, payment: None, protocol: None, ..whole.clone() };
        assert_eq!(question(&since), "CIGO, da settembre 2026");
        let one = Question { about: None, from: Some("2026-10".into()), protocol: None, ..whole };
        assert_eq!(question(&one), "ottobre 2026, pagamento diretto");
        let until = Question { to: Some("2026-01".into()), ..Question::default() };
        assert_eq!(question(&until), "fino a gennaio 2026");
        let employer = Question { payment: Some(Payment::Employer), ..Question::default() };
        assert_eq!(question(&employer), "pagamento dell'azienda");
    }

    #[test]
    fn the_phases_of_the_cigo_procedure_are_named_as_inps_names_them() {
        let words = italian();
        assert_eq!(
            CasePhase::ALL.map(|one| words.text(step(one)))[..5],
            [
                "Caricamento domande telematiche su Sistema Unico",
                "Caricamento domande da Sistema Unico nella procedura \"Nuova Istruttoria CIGO\"",
                "Esecuzione controlli di preistruttoria",
                "Esecuzione controlli di istruttoria",
                "Definizione delle domande validate",
            ]
        );
    }

    #[test]
    fn a_case_names_its_kind_its_company_and_its_days() {
        let words = italian();
        let case = Case {
            id: CaseId::parse("c1").unwrap(),
            kind: BenefitKind::AisFis,
            company: "Tessuti Rossi".into(),
            matricola: None,
            from: "2026-09-08".into(),
            to: "2026-09-30".into(),
            payment: Payment::Direct,
            protocol: Some("P/1".into()),
            ticket: Some("T1".into()),
            status: CaseStatus::OnTrack,
            steps: Vec::new(),
        };
        assert_eq!(heading(&words, &case), "AIS / FIS, Tessuti Rossi, 8 settembre 2026 – 30 settembre 2026");
        assert_eq!(references(&words, &case), ["Protocollo: P/1", "Ticket: T1"]);
        let at = |on: Option<&str>| CaseStep { phase: CasePhase::Loaded, on: on.map(Into::into) };
        assert_eq!(done(&words, &at(Some("2026-10-02"))), "Fatto: 2 ottobre 2026");
        assert_eq!(done(&words, &at(None)), "Non ancora");
        assert_eq!(done(&words, &at(Some("presto"))), "Fatto: presto");
    }

    #[test]
    fn cases_are_counted_as_people_count() {
        let words = italian();
        assert_eq!(
            [0, 1, 3].map(|count| found(&words, count)),
            ["Non risultano pratiche a tuo nome.", "Ecco la tua pratica.", "Ecco le tue 3 pratiche."]
        );
    }
}
