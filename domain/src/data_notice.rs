// SPDX-License-Identifier: EUPL-1.2
//! What a person is told about their data before they write: the administration's own words, and how long what is kept, in
//! their language.
//!
//! The periods are those in force at this moment: a period that changes is said anew to whoever comes next, and holds for what was
//! written before too.

use infocig_protocol::{http::Admission, language::Language};

use crate::{
    policy::Policy,
    retention::{DataClass, Retention},
    transcript::fill,
};

/// What a person is told, in their language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataNotice {
    /// The administration's own words; absent where the policy has none.
    pub text: Option<String>,
    /// How long what is kept: a sentence for each class of data.
    pub kept: Vec<String>,
}

impl DataNotice {
    /// What an answer of the API says.
    pub fn of(admission: &Admission) -> Self {
        Self { text: admission.data_notice.clone(), kept: admission.kept.clone() }
    }
}

/// The notice of a policy, in a language.
pub fn of(policy: &Policy, language: Language) -> DataNotice {
    let text = policy.data_notice.as_ref().map(|notice| notice.text.in_language(language).into());
    let kept = DataClass::ALL.map(|class| kept(&policy.retention, class, language));
    DataNotice { text, kept: kept.into() }
}

/// How long data of a class are kept, in a sentence.
fn kept(retention: &Retention, class: DataClass, language: Language) -> String {
    let texts = Texts::of(language);
    let sentence = match class {
        DataClass::Conversations => texts.conversations,
        DataClass::Comments => texts.comments,
        DataClass::Segnalazioni => texts.segnalazioni,
        DataClass::RegisterLinks => texts.register_links,
        DataClass::Audit => texts.audit,
    };
    let period = retention.days(class).map(|days| period(days, language));
    fill(sentence, &[period.as_deref().unwrap_or(texts.undecided)])
}

/// So many days, as years where they are whole ones.
fn period(days: u16, language: Language) -> String {
    let texts = Texts::of(language);
    let (n, forms) = match days / DAYS_OF_A_YEAR {
        years if years > 0 && days.is_multiple_of(DAYS_OF_A_YEAR) => (years, texts.years),
        _ => (days, texts.days),
    };
    let Forms { one, two, few, other } = forms;
    let form = match language.plural(n.into()) {
        "one" => one,
        "two" => two,
        "few" => few,
        _ => other,
    };
    format!("{n} {form}")
}

const DAYS_OF_A_YEAR: u16 = 365;

/// The texts of one language. `{}` is the period.
struct Texts {
    conversations: &'static str,
    comments: &'static str,
    segnalazioni: &'static str,
    register_links: &'static str,
    audit: &'static str,
    /// The period of a class without one.
    undecided: &'static str,
    days: Forms,
    years: Forms,
}

/// A noun behind a number.
#[derive(Clone, Copy)]
struct Forms {
    one: &'static str,
    two: &'static str,
    few: &'static str,
    other: &'static str,
}

impl Forms {
    /// Of a language that tells one from many.
    const fn of(one: &'static str, other: &'static str) -> Self {
        Self { one, two: other, few: other, other }
    }
}

impl Texts {
    const fn of(language: Language) -> &'static Self {
        match language {
            Language::It => &ITALIAN,
            Language::De => &GERMAN,
            Language::Fr => &FRENCH,
            Language::Sl => &SLOVENE,
            Language::En => &ENGLISH,
        }
    }
}

const ITALIAN: Texts = Texts {
    conversations: "La conversazione, con il tuo nome e la tua valutazione, dopo la fine: {}.",
    comments: "Il commento alla valutazione: {}.",
    segnalazioni: "Numero e stato di una segnalazione, dopo l'ultimo aggiornamento: {}.",
    register_links: "Quello che lega le statistiche alla tua conversazione, dopo la fine: {}.",
    audit: "L'elenco di chi ha letto o fatto qualcosa: {}.",
    undecided: "l'Istituto non ha ancora stabilito un termine",
    days: Forms::of("giorno", "giorni"),
    years: Forms::of("anno", "anni"),
};

const GERMAN: Texts = Texts {
    conversations: "Das Gespräch mit Ihrem Namen und Ihrer Bewertung, nach dem Ende: {}.",
    comments: "Der Kommentar zur Bewertung: {}.",
    segnalazioni: "Nummer und Stand einer Meldung, nach der letzten Änderung: {}.",
    register_links: "Was die Statistik mit Ihrem Gespräch verbindet, nach dem Ende: {}.",
    audit: "Die Liste, wer etwas gelesen oder getan hat: {}.",
    undecided: "das Institut hat noch keine Frist festgelegt",
    days: Forms::of("Tag", "Tage"),
    years: Forms::of("Jahr", "Jahre"),
};

const FRENCH: Texts = Texts {
    conversations: "La conversation, avec votre nom et votre évaluation, après la fin : {}.",
    comments: "Le commentaire de l'évaluation : {}.",
    segnalazioni: "Le numéro et l'état d'un signalement, après la dernière mise à jour : {}.",
    register_links: "Ce qui relie les statistiques à votre conversation, après la fin : {}.",
    audit: "La liste de qui a lu ou fait quelque chose : {}.",
    undecided: "l'Institut n'a pas encore fixé de délai",
    days: Forms::of("jour", "jours"),
    years: Forms::of("an", "ans"),
};

const SLOVENE: Texts = Texts {
    conversations: "Pogovor z vašim imenom in oceno, po koncu: {}.",
    comments: "Komentar k oceni: {}.",
    segnalazioni: "Številka in stanje prijave, po zadnji spremembi: {}.",
    register_links: "Kar povezuje statistiko z vašim pogovorom, po koncu: {}.",
    audit: "Seznam, kdo je kaj prebral ali storil: {}.",
    undecided: "Zavod še ni določil roka",
    days: Forms { one: "dan", two: "dneva", few: "dnevi", other: "dni" },
    years: Forms { one: "leto", two: "leti", few: "leta", other: "let" },
};

const ENGLISH: Texts = Texts {
    conversations: "The conversation, with your name and your rating, after its end: {}.",
    comments: "The comment beside the rating: {}.",
    segnalazioni: "Number and state of a report to an office, after the last update: {}.",
    register_links: "What links the statistics to your conversation, after its end: {}.",
    audit: "The list of who read or did something: {}.",
    undecided: "the Institute has not set a period yet",
    days: Forms::of("day", "days"),
    years: Forms::of("year", "years"),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_is_said_with_its_period_or_that_there_is_none() {
        let policy = with(
            r#""retention": { "decided_by": "x", "conversations": { "days": 365, "basis": "b" }, "register_links": { "days": 730, "basis": "b" } }"#,
        );
        assert_eq!(
            of(&policy, Language::It).kept,
            [
                "La conversazione, con il tuo nome e la tua valutazione, dopo la fine: 1 anno.",
                "Il commento alla valutazione: 395 giorni.",
                "Numero e stato di una segnalazione, dopo l'ultimo aggiornamento: 395 giorni.",
                "Quello che lega le statistiche alla tua conversazione, dopo la fine: 2 anni.",
                "L'elenco di chi ha letto o fatto qualcosa: l'Istituto non ha ancora stabilito un termine.",
            ]
        );
    }

    #[test]
    fn every_language_says_every_class_and_counts_as_it_counts() {
        for language in Language::ALL {
            let kept = of(&shipped(), language).kept;
            assert_eq!(kept.len(), DataClass::ALL.len());
            assert!(kept.iter().all(|said| said.ends_with('.') && !said.contains(['{', '}'])), "{kept:?}");
        }
        let slovene = [1, 2, 3, 30, 102, 730].map(|days| period(days, Language::Sl));
        assert_eq!(slovene, ["1 dan", "2 dneva", "3 dnevi", "30 dni", "102 dneva", "2 leti"]);
        assert_eq!([1, 90].map(|days| period(days, Language::De)), ["1 Tag", "90 Tage"]);
    }

    #[test]
    fn the_administration_says_its_own_words_first() {
        let policy = with(
            r#""data_notice": { "text": { "it": "Il titolare è l'Istituto.", "de": "Verantwortlich ist das Institut." } }"#,
        );
        let text = |language| of(&policy, language).text.unwrap();
        assert_eq!(text(Language::De), "Verantwortlich ist das Institut.");
        assert_eq!(text(Language::En), "Il titolare è l'Istituto.");
        assert_eq!(of(&shipped(), Language::It).text, None);
    }

    #[test]
    fn a_notice_without_words_is_refused() {
        for section in [r#""data_notice": { "text": " " }"#, r#""data_notice": {}"#] {
            assert!(Policy::parse(&document_with(section)).is_err(), "{section}");
        }
    }

    fn shipped() -> Policy {
        Policy::parse(SHIPPED).unwrap()
    }

    fn with(section: &str) -> Policy {
        Policy::parse(&document_with(section)).unwrap()
    }

    /// The shipped policy with a section of its own in the place of its periods.
    fn document_with(section: &str) -> String {
        let (before, after) = SHIPPED.split_once("\"retention\"").unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        format!("{before}{section},\n{after}")
    }

    const SHIPPED: &str = include_str!("../../edge/policy.json");
}
