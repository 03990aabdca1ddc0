// SPDX-License-Identifier: EUPL-1.2
//! The words of cases and of what a person said of their question. The first five phases are named as INPS names them
//! (press release on CIGO with the Covid-19 reason, 2021).

use infocig_protocol::{
    case::{BenefitKind, Case, CasePhase, CaseStep, Payment, Question, Standing},
    person::PersonCard,
    problem::Code,
};

use super::skill;
use crate::state::cases::{Shared, Trouble};

/// Heading of the person's cases.
pub const CASES: &str = "Pratiche";
/// There is none.
pub const NO_CASES: &str = "Nessuna pratica";
/// They are under way.
pub const CASES_COMING: &str = "Carichiamo le pratiche…";
/// Asks again after a failure.
pub const RETRY: &str = "Riprova";
/// Asks for what is new.
pub const REFRESH: &str = "Aggiorna";
/// What is new is under way.
pub const REFRESHING: &str = "Aggiorniamo…";
/// This service has no registry of cases.
pub const CASES_NOT_HERE: &str = "Questo servizio non è collegato all'archivio delle pratiche.";
/// A case without its day.
pub const STEP_OPEN: &str = "da completare";
/// Label of the steps.
pub const STEPS: &str = "Passaggi";
/// Label of the employer's number.
pub const MATRICOLA: &str = "Matricola";
/// Label of the application's protocol number.
pub const PROTOCOL: &str = "Protocollo";
/// Label of the application's ticket.
pub const TICKET: &str = "Ticket";
/// Label of the kind of wage integration.
pub const KIND: &str = "Prestazione";
/// Label of the period.
pub const PERIOD: &str = "Periodo";
/// Label of who pays.
pub const PAYMENT: &str = "Pagamento";
/// Shows a case to the person.
pub const SHARE: &str = "Condividi";
/// Shows it once more.
pub const SHARE_AGAIN: &str = "Condividi di nuovo";
/// It is on its way.
pub const SHARING: &str = "In condivisione…";

/// The button that opens or closes the steps.
pub const fn steps(open: bool) -> &'static str {
    if open { "Nascondi i passaggi" } else { "Mostra i passaggi" }
}

/// What the button that shows a case does.
pub const fn share(shared: Shared) -> &'static str {
    match shared {
        Shared::No => SHARE,
        Shared::Coming => SHARING,
        Shared::Failed(_) => RETRY,
        Shared::At(_) => SHARE_AGAIN,
    }
}

/// That the person has seen it.
pub fn shared_at(clock: &str) -> String {
    format!("Condivisa alle {clock}")
}

/// Why a case could not be shown.
pub const fn not_shared(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unanswered => "Non sappiamo se è arrivata. Riprova: la persona la vede una volta sola.",
        Trouble::Refused(Code::CasesUnavailable) => "L'archivio non risponde adesso. Riprova tra poco.",
        Trouble::Refused(Code::NotAssigned) => "La conversazione non è più assegnata a te.",
        Trouble::Refused(Code::ConversationClosed) => "La conversazione è già conclusa.",
        Trouble::Refused(_) => "Non condivisa. Riprova.",
    }
}

/// Why the cases could not be had.
pub const fn cases_trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unanswered => "Il servizio non risponde: le pratiche non si caricano.",
        Trouble::Refused(Code::CasesUnavailable) => "L'archivio delle pratiche non risponde adesso.",
        Trouble::Refused(Code::NotAssigned) => "La conversazione non è più assegnata a te.",
        Trouble::Refused(_) => "Non siamo riusciti a caricare le pratiche.",
    }
}

/// The instant the registry speaks of.
pub fn as_of(day: &str, clock: &str) -> String {
    format!("Dati al {day}, ore {clock}")
}

/// How long ago that was.
pub fn age(minutes: i64) -> String {
    match minutes {
        0 => "meno di un minuto fa".to_string(),
        minutes => format!("{} fa", super::how_long(minutes)),
    }
}

/// How a case stands.
pub const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::OnTrack => "In lavorazione",
        Standing::Late => "In ritardo",
        Standing::WaitingForEmployer => "In attesa dei dati dell'azienda",
        Standing::Refused => "Respinta",
        Standing::Credited => "Pagata",
    }
}

/// A step of a case.
pub const fn case_phase(phase: CasePhase) -> &'static str {
    match phase {
        CasePhase::Loaded => "Caricamento domande telematiche su Sistema Unico",
        CasePhase::Imported => {
            "Caricamento domande da Sistema Unico nella procedura \"Nuova Istruttoria CIGO\""
        }
        CasePhase::PreChecked => "Esecuzione controlli di preistruttoria",
        CasePhase::Checked => "Esecuzione controlli di istruttoria",
        CasePhase::Decided => "Definizione delle domande validate",
        CasePhase::Authorised => "Autorizzazione",
        CasePhase::PaymentDataReceived => "Dati per il pagamento ricevuti",
        CasePhase::PaymentOrdered => "Pagamento disposto",
        CasePhase::Credited => "Accredito",
    }
}

/// When a step was completed.
pub fn step_day(step: &CaseStep) -> String {
    step.on.as_deref().map_or_else(|| STEP_OPEN.to_string(), day)
}

/// How far a case has come.
pub fn reached(case: &Case) -> String {
    case.reached().map_or_else(
        || "Nessun passaggio completato".to_string(),
        |step| format!("Ultimo passaggio: {}, {}", case_phase(step.phase), step_day(step)),
    )
}

/// A case, in a line.
pub fn case_title(case: &Case) -> String {
    format!("{} · {}", case.kind.name(), case.company)
}

/// Its period.
pub fn period(case: &Case) -> String {
    format!("Dal {} al {}", day(&case.from), day(&case.to))
}

/// A case where one is chosen: what tells it from the others.
pub fn case_option(case: &Case) -> String {
    format!("{}, {}", case_title(case), period(case).to_lowercase())
}

/// Who pays.
pub const fn payment(payment: Payment) -> &'static str {
    match payment {
        Payment::Direct => "pagamento diretto dell'INPS",
        Payment::Employer => "pagamento anticipato dall'azienda",
    }
}

/// An advisor showed a case.
pub fn case_shown(advisor: &str, case: &Case) -> String {
    format!("{advisor} ha mostrato una pratica: {}", case_title(case))
}

/// What a person said of their question, in its parts with their labels.
pub fn question_parts(question: &Question) -> Vec<(&'static str, String)> {
    let parts = [
        question.about.map(|kind| (KIND, kind.name().to_string())),
        months(question).map(|months| (PERIOD, months)),
        question.payment.map(|payment| (PAYMENT, self::payment(payment).to_string())),
        question.protocol.clone().map(|protocol| (PROTOCOL, protocol)),
    ];
    parts.into_iter().flatten().collect()
}

/// What a person said of their question.
pub fn question(question: &Question) -> String {
    let parts = question_parts(question)
        .into_iter()
        .map(|(label, words)| if label == PROTOCOL { format!("protocollo {words}") } else { words });
    let words = parts.collect::<Vec<_>>().join(", ");
    if words.is_empty() { "Non ha indicato nulla".to_string() } else { format!("Ha indicato: {words}") }
}

/// What it is about, on one line: what the person said, or what the portal knew.
pub fn about(person: &PersonCard) -> Option<String> {
    let said = person.question.as_ref().filter(|question| !question.is_empty()).map(question);
    said.or_else(|| person.about.map(|about| format!("{}: {}", super::ABOUT, skill(about))))
}

/// The kind of wage integration, where one is chosen or none.
pub fn kind(kind: Option<BenefitKind>) -> &'static str {
    kind.map_or("Non indicata", BenefitKind::name)
}

fn months(question: &Question) -> Option<String> {
    match (&question.from, &question.to) {
        (Some(from), Some(to)) if from == to => Some(month(from)),
        (Some(from), Some(to)) => Some(format!("da {} a {}", month(from), month(to))),
        (Some(from), None) => Some(format!("da {}", month(from))),
        (None, Some(to)) => Some(format!("fino a {}", month(to))),
        (None, None) => None,
    }
}

/// `2026-10-01` as `1° ottobre 2026`; anything else as it is.
fn day(text: &str) -> String {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return text.to_string() };
    match (month_name(month), day.parse::<u8>()) {
        (Some(month), Ok(1)) => format!("1° {month} {year}"),
        (Some(month), Ok(day)) => format!("{day} {month} {year}"),
        _ => text.to_string(),
    }
}

/// `2026-09` as `settembre 2026`; anything else as it is.
fn month(text: &str) -> String {
    let named = text.split_once('-').and_then(|(year, month)| Some((month_name(month)?, year)));
    named.map_or_else(|| text.to_string(), |(month, year)| format!("{month} {year}"))
}

fn month_name(number: &str) -> Option<&'static str> {
    const NAMES: [&str; 12] = [
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
    NAMES.get(number.parse::<usize>().ok()?.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use infocig_protocol::{
        id::CaseId,
        language::Language,
        person::{Category, Credential, Skill},
    };

    use super::*;

    #[test]
    fn the_five_phases_of_the_automated_procedure_bear_their_official_names_in_order() {
        let names: Vec<&str> = CasePhase::ALL.into_iter().take(5).map(case_phase).collect();
        assert_eq!(
            names,
            [
                "Caricamento domande telematiche su Sistema Unico",
                "Caricamento domande da Sistema Unico nella procedura \"Nuova Istruttoria CIGO\"",
                "Esecuzione controlli di preistruttoria",
                "Esecuzione controlli di istruttoria",
                "Definizione delle domande validate",
            ]
        );
        let all: BTreeSet<&str> = CasePhase::ALL.into_iter().map(case_phase).collect();
        assert_eq!(all.len(), CasePhase::ALL.len());
    }

    #[test]
    fn every_standing_has_words_of_its_own() {
        let all = [
            Standing::OnTrack,
            Standing::Late,
            Standing::WaitingForEmployer,
            Standing::Refused,
            Standing::Credited,
        ];
        assert_eq!(all.map(standing).into_iter().collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(standing(Standing::WaitingForEmployer), "In attesa dei dati dell'azienda");
    }

    #[test]
    fn a_case_says_its_period_and_how_far_it_has_come() {
        let step = |phase, on: Option<&str>| CaseStep { phase, on: on.map(String::from) };
        let mut case = case();
        assert_eq!(period(&case), "Dal 1° settembre 2026 al 30 settembre 2026");
        assert_eq!(case_title(&case), "AIS / FIS · Officine Fantasia S.r.l.");
        assert_eq!(reached(&case), "Nessun passaggio completato");
        case.steps = vec![step(CasePhase::Loaded, Some("2026-10-02")), step(CasePhase::Decided, None)];
        assert_eq!(
            reached(&case),
            "Ultimo passaggio: Caricamento domande telematiche su Sistema Unico, 2 ottobre 2026"
        );
        assert_eq!(step_day(&case.steps[1]), "da completare");
        assert_eq!(day("2026-13-02"), "2026-13-02");
    }

    #[test]
    fn what_somebody_said_is_one_line() {
        let all = Question {
            about: Some(BenefitKind::Cigo),
            from: Some("2026-09".into()),
            to: Some("2026-10".into()),
            payment: Some(Payment::Direct),
            protocol: Some("INPS/1".into()),
        };
        assert_eq!(
            question(&all),
            "Ha indicato: CIGO, da settembre 2026 a ottobre 2026, pagamento diretto dell'INPS, protocollo INPS/1"
        );
        let period = |from: Option<&str>, to: Option<&str>| Question {
            from: from.map(String::from),
            to: to.map(String::from),
            ..Question::default()
        };
        assert_eq!(question(&period(Some("2026-09"), None)), "Ha indicato: da settembre 2026");
        assert_eq!(question(&period(None, Some("2026-09"))), "Ha indicato: fino a settembre 2026");
        assert_eq!(question(&period(Some("2026-09"), Some("2026-09"))), "Ha indicato: settembre 2026");
        assert_eq!(question(&Question::default()), "Non ha indicato nulla");
    }

    #[test]
    fn what_it_is_about_is_what_the_person_said_before_what_the_portal_knew() {
        let knows = PersonCard {
            name: "Ada".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::Cie,
            acting_for: None,
            language: Language::It,
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
        assert_eq!([0, 1, 61].map(age), ["meno di un minuto fa", "1 minuto fa", "1 ora e 1 minuto fa"]);
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
            standing: Standing::OnTrack,
            steps: vec![],
        }
    }
}
