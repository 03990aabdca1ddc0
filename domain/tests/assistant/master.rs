// SPDX-License-Identifier: EUPL-1.2
//! Which skill answers, and what it says about the person.

use infocig_domain::{
    admission::{Applicant, Load, admit},
    assistant::{
        library::Library,
        master::{Answer, Asker, Rules, read},
        skills::SKILLS,
    },
    policy::Policy,
    sentence,
};
use infocig_protocol::{
    case::{BenefitKind, Case, CasePhase, CaseStatus, CaseStep, Cases, Payment},
    id::{CaseId, MessageId},
    language::Language,
    person::{Category, Credential},
    segnalazione::{SegnalazioneState, SegnalazioneStatus},
    time::Timestamp,
};

use super::document;

#[test]
fn a_question_about_ones_case_is_answered_from_the_registry_with_the_instant_of_its_data() {
    let cases = Cases { as_of: Timestamp::from_millis(1_796_036_400_000), cases: vec![case()] };
    let said = said("a che punto è la mia domanda?", |asker| asker.cases = Some(&cases)).unwrap();
    assert_eq!(said.0, "my_case");
    assert_eq!(
        said.1,
        [
            "CIGO, Rossi S.p.A., periodo 1° settembre 2026 – 30 settembre 2026. L'8 ottobre 2026 la domanda è stata autorizzata. Adesso tocca all'azienda: mancano i dati che servono per pagare. Puoi chiederle se li ha inviati. Di solito il passo dopo è questo: l'azienda invia i dati per il pagamento (UniEmens-Cig). Una data per quel passo non c'è.",
            "Sono i dati del registro delle pratiche: 30 novembre 2026, ore 12:00.",
        ]
    );
}

#[test]
fn without_the_registry_the_entry_is_shown_alone() {
    assert_eq!(said("a che punto è la mia domanda?", |_| {}), Some(("my_case", vec![])));
}

#[test]
fn hours_are_those_of_the_door() {
    let policy = Policy::parse(include_str!("../../../edge/policy.json")).unwrap();
    let applicant = Applicant {
        category: Category::Lavoratore,
        province: Some("058"),
        credential: Some(Credential::SpidL1),
        entry: None,
    };
    let rules = Rules { policy: &policy, applicant: applicant.clone(), load: Load::Bearable };
    let door = admit(&policy, &applicant, Load::Bearable, now());

    let said = said("a che ora apre la chat?", |asker| asker.rules = Some(rules.clone()));
    assert_eq!(said, Some(("service_rules", vec![sentence::of(&door, Language::It)])));
}

#[test]
fn a_segnalazione_is_told_with_its_number_and_the_answer_of_the_office() {
    let status = SegnalazioneStatus {
        id: MessageId::parse("s1").unwrap(),
        number: Some("LI-12".into()),
        state: SegnalazioneState::Answered { text: "Pagamento disposto.".into() },
    };
    let statuses = [status];
    let said = said("a che punto è la mia segnalazione?", |asker| asker.segnalazioni = &statuses);
    let sentence = "Segnalazione numero LI-12. La sede ha risposto: «Pagamento disposto.»".to_owned();
    assert_eq!(said, Some(("my_segnalazioni", vec![sentence])));
}

#[test]
fn everything_else_is_for_the_entries_and_what_nobody_knows_for_no_skill() {
    assert_eq!(said("il mio iban è sbagliato", |_| {}), Some(("knowledge", vec![])));
    assert_eq!(said("che tempo fa domani a Milano", |_| {}), None);
}

#[test]
fn every_skill_has_a_name_of_its_own_and_the_last_claims_everything() {
    let names: std::collections::BTreeSet<&str> = SKILLS.iter().map(|skill| skill.name).collect();
    assert_eq!(names.len(), SKILLS.len());
    let library = Library::new(document());
    let found = library.find("il mio iban è sbagliato", Language::It, super::day("2026-11-30")).unwrap();
    assert!((SKILLS[SKILLS.len() - 1].claims)(&found));
}

/// The skill and what it says to somebody of whom `know` tells more.
fn said<'a>(question: &str, know: impl FnOnce(&mut Asker<'a>)) -> Option<(&'static str, Vec<String>)> {
    let library = Library::new(document());
    let mut asker = Asker { language: Language::It, now: now(), rules: None, cases: None, segnalazioni: &[] };
    know(&mut asker);
    let understood = read(&library, question, asker.language, asker.now)?;
    let Answer { skill, said, .. } = understood.answer(&asker);
    Some((skill, said))
}

fn now() -> jiff::Timestamp {
    "2026-11-30T12:00:00+01:00".parse().unwrap()
}

fn case() -> Case {
    let reached = |phase| CaseStep { phase, on: Some("2026-10-08".into()) };
    Case {
        id: CaseId::parse("c1").unwrap(),
        kind: BenefitKind::Cigo,
        company: "Rossi S.p.A.".into(),
        matricola: None,
        from: "2026-09-01".into(),
        to: "2026-09-30".into(),
        payment: Payment::Direct,
        protocol: None,
        ticket: None,
        status: CaseStatus::OnTrack,
        steps: vec![
            reached(CasePhase::Authorised),
            CaseStep { phase: CasePhase::PaymentDataReceived, on: None },
        ],
    }
}
