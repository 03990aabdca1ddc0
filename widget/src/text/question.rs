// SPDX-License-Identifier: EUPL-1.2
//! A person's description of their question, in words.

use infocig_client::{dates::month_of, words::Words};
use infocig_protocol::case::{Payment, Question};

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

#[cfg(test)]
mod tests {
    use infocig_protocol::case::BenefitKind;

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
}
