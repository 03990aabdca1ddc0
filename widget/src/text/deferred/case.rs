// SPDX-License-Identifier: EUPL-1.2
//! The texts of cases (*pratiche*), and of the form about a person's question.

use infocig_client::words::Words;
use infocig_protocol::case::{Case, Payment};

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
