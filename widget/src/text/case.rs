// SPDX-License-Identifier: EUPL-1.2
//! Words about cases (*pratiche*), and about what a person says of their question.

use infocig_protocol::case::{Case, CasePhase, CaseStep, Payment, Question, Standing};

use crate::state::Wrong;

pub const QUESTION: &str = "Aiutaci a trovare l'operatore giusto (facoltativo)";
pub const KIND: &str = "Tipo di integrazione salariale";
pub const CHOOSE: &str = "Scegli";
pub const FROM: &str = "Periodo: dal mese";
pub const TO: &str = "Al mese";
pub const MONTH_HELP: &str = "aaaa-mm, per esempio 2026-09";
pub const PAYMENT: &str = "Chi paga";
pub const PROTOCOL: &str = "Numero di protocollo";
pub const PROTOCOL_HELP: &str = "Lettere, numeri, punti, barre; come scritto sulla ricevuta";
pub const SKIP: &str = "Salta";
pub const QUESTION_SENDING: &str = "Invio delle indicazioni…";

pub const CASES: &str = "Guarda le tue pratiche mentre aspetti";
pub const CASES_LOADING: &str = "Cerchiamo le tue pratiche…";
pub const CASES_NONE: &str = "Non risultano pratiche a tuo nome.";
pub const CASES_FAILED: &str = "Ora non riusciamo a mostrarti le pratiche. Il tuo posto in coda resta.";
pub const SELF_SERVED: &str = "Ho trovato la risposta";
pub const SELF_SERVED_QUESTION: &str = "Hai trovato la risposta? Se confermi, esci dalla coda.";

/// How many cases there are.
pub fn found(count: usize) -> String {
    match count {
        0 => CASES_NONE.into(),
        1 => "Ecco la tua pratica.".into(),
        count => format!("Ecco le tue {count} pratiche."),
    }
}

/// Who pays, as it is asked and shown.
pub const fn payment(payment: Payment) -> &'static str {
    match payment {
        Payment::Direct => "Paga l'INPS (pagamento diretto)",
        Payment::Employer => "Paga l'azienda",
    }
}

/// What a part of the question needs, next to its field.
pub const fn wrong(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Nothing => "Indica almeno una cosa, oppure salta.",
        Wrong::From | Wrong::To => "Scrivi anno e mese come aaaa-mm, per esempio 2026-09.",
        Wrong::Order => "Scegli lo stesso mese di inizio o uno successivo.",
        Wrong::Protocol => {
            "Usa lettere, numeri, punti, barre, trattini e spazi: al massimo 64 caratteri, come sulla ricevuta."
        }
    }
}

/// What the person said of their question, in a sentence.
pub fn question(question: &Question) -> String {
    let Question { about, from, to, payment, protocol } = question;
    let period = match (from.as_deref().map(month), to.as_deref().map(month)) {
        (Some(from), Some(to)) if from == to => Some(from),
        (Some(from), Some(to)) => Some(format!("da {from} a {to}")),
        (Some(from), None) => Some(format!("da {from}")),
        (None, Some(to)) => Some(format!("fino a {to}")),
        (None, None) => None,
    };
    let paid = payment.map(|payment| match payment {
        Payment::Direct => "pagamento diretto",
        Payment::Employer => "pagamento dell'azienda",
    });
    let parts = [
        about.map(|kind| kind.name().into()),
        period,
        paid.map(String::from),
        protocol.as_ref().map(|protocol| format!("protocollo {protocol}")),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    format!("Hai indicato: {}", parts.join(", "))
}

/// An advisor shows a case.
pub fn shown(advisor: &str) -> String {
    format!("{advisor} ti mostra la tua pratica")
}

/// What a case is: for what, of whom, for which period.
pub fn heading(case: &Case) -> String {
    let Case { kind, company, from, to, .. } = case;
    format!("{}, {company}, {} {}", kind.name(), with("da", &day(from)), with("a", &day(to)))
}

/// How a case stands.
pub const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::OnTrack => "In lavorazione",
        Standing::Late => "In lavorazione: serve più tempo del previsto",
        Standing::WaitingForEmployer => "In attesa dei dati del datore di lavoro",
        Standing::Refused => "Domanda respinta",
        Standing::Credited => "Pagamento accreditato",
    }
}

/// A step of a case. The first five carry INPS's own names.
pub const fn phase(phase: CasePhase) -> &'static str {
    match phase {
        CasePhase::Loaded => "Caricamento domande telematiche su Sistema Unico",
        CasePhase::Imported => {
            "Caricamento domande da Sistema Unico nella procedura \"Nuova Istruttoria CIGO\""
        }
        CasePhase::PreChecked => "Esecuzione controlli di preistruttoria",
        CasePhase::Checked => "Esecuzione controlli di istruttoria",
        CasePhase::Decided => "Definizione delle domande validate",
        CasePhase::Authorised => "Autorizzazione",
        CasePhase::PaymentDataReceived => "Arrivo dei dati per il pagamento dal datore di lavoro",
        CasePhase::PaymentOrdered => "Disposizione del pagamento",
        CasePhase::Credited => "Accredito",
    }
}

/// Whether a step is done, and when.
pub fn reached(step: &CaseStep) -> String {
    step.on.as_deref().map_or_else(|| "Non ancora".into(), |on| format!("Fatto: {}", day(on)))
}

/// The numbers of a case a person may be asked for.
pub fn references(case: &Case) -> Vec<String> {
    let protocol = case.protocol.as_ref().map(|protocol| format!("Protocollo: {protocol}"));
    let ticket = case.ticket.as_ref().map(|ticket| format!("Ticket: {ticket}"));
    protocol.into_iter().chain(ticket).collect()
}

/// The instant the registry spoke of. `moment` is `22 novembre 2026, ore 15:42`.
pub fn as_of(moment: &str) -> String {
    format!("Dati {}", with("a", moment))
}

/// `al 22 novembre`, but `all'8 novembre`.
fn with(preposition: &str, day: &str) -> String {
    let vowel = day.starts_with("8 ") || day.starts_with("11 ");
    format!("{preposition}{}{day}", if vowel { "ll'" } else { "l " })
}

/// `2026-09` as `settembre 2026`. What is not a month stays as it is.
fn month(text: &str) -> String {
    let named = || {
        let (year, month) = text.split_once('-')?;
        let month = month.parse::<usize>().ok()?.checked_sub(1)?;
        Some(format!("{} {year}", MONTHS.get(month)?))
    };
    named().unwrap_or_else(|| text.into())
}

/// `2026-09-01` as `1 settembre 2026`. What is not a day stays as it is.
fn day(text: &str) -> String {
    let named = || {
        let (month_text, day) = text.rsplit_once('-')?;
        Some(format!("{} {}", day.parse::<u8>().ok()?, month(month_text)))
    };
    named().unwrap_or_else(|| text.into())
}

const MONTHS: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];

#[cfg(test)]
mod tests {
    use infocig_protocol::{case::BenefitKind, id::CaseId};

    use super::*;

    #[test]
    fn a_question_is_told_back_with_what_was_said_and_nothing_else() {
        let whole = Question {
            about: Some(BenefitKind::Cigo),
            from: Some("2026-09".into()),
            to: Some("2026-10".into()),
            payment: Some(Payment::Direct),
            protocol: Some("INPS.5100".into()),
        };
        assert_eq!(
            question(&whole),
            "Hai indicato: CIGO, da settembre 2026 a ottobre 2026, pagamento diretto, protocollo INPS.5100"
        );
        let since = Question { to: None, payment: None, protocol: None, ..whole.clone() };
        assert_eq!(question(&since), "Hai indicato: CIGO, da settembre 2026");
        let one = Question { about: None, from: Some("2026-10".into()), protocol: None, ..whole };
        assert_eq!(question(&one), "Hai indicato: ottobre 2026, pagamento diretto");
        let until = Question { to: Some("2026-01".into()), ..Question::default() };
        assert_eq!(question(&until), "Hai indicato: fino a gennaio 2026");
        let employer = Question { payment: Some(Payment::Employer), ..Question::default() };
        assert_eq!(question(&employer), "Hai indicato: pagamento dell'azienda");
    }

    #[test]
    fn every_standing_of_a_case_has_words_of_its_own() {
        let words = [
            Standing::OnTrack,
            Standing::Late,
            Standing::WaitingForEmployer,
            Standing::Refused,
            Standing::Credited,
        ]
        .map(standing);
        assert_eq!(
            words,
            [
                "In lavorazione",
                "In lavorazione: serve più tempo del previsto",
                "In attesa dei dati del datore di lavoro",
                "Domanda respinta",
                "Pagamento accreditato",
            ]
        );
    }

    #[test]
    fn the_phases_of_the_cigo_procedure_are_named_as_inps_names_them() {
        assert_eq!(
            CasePhase::ALL.map(phase)[..5],
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
    fn a_case_says_for_what_of_whom_and_for_which_days() {
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
            standing: Standing::OnTrack,
            steps: Vec::new(),
        };
        assert_eq!(heading(&case), "AIS / FIS, Tessuti Rossi, dall'8 settembre 2026 al 30 settembre 2026");
        assert_eq!(references(&case), ["Protocollo: P/1", "Ticket: T1"]);
        let step = |on: Option<&str>| CaseStep { phase: CasePhase::Loaded, on: on.map(Into::into) };
        assert_eq!(reached(&step(Some("2026-10-02"))), "Fatto: 2 ottobre 2026");
        assert_eq!(reached(&step(None)), "Non ancora");
        assert_eq!(reached(&step(Some("presto"))), "Fatto: presto");
    }

    #[test]
    fn cases_are_counted_as_people_count() {
        assert_eq!(
            [0, 1, 3].map(found),
            ["Non risultano pratiche a tuo nome.", "Ecco la tua pratica.", "Ecco le tue 3 pratiche."]
        );
    }

    #[test]
    fn the_instant_of_the_registry_reads_well_on_every_day() {
        assert_eq!(as_of("22 novembre 2026, ore 15:42"), "Dati al 22 novembre 2026, ore 15:42");
        assert_eq!(as_of("11 novembre 2026, ore 15:42"), "Dati all'11 novembre 2026, ore 15:42");
        assert_eq!(as_of("1 novembre 2026, ore 15:42"), "Dati al 1 novembre 2026, ore 15:42");
    }
}
