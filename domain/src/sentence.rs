// SPDX-License-Identifier: EUPL-1.2
//! Decisions in the five languages of the service: one sentence that says what, until or from when, and what to do.
//!
//! The tone follows the public administration's guide: verbs first, no blame; "tu" in Italian, the polite form in German,
//! French and Slovene. Days and hours are those of Italy, said the way each language says them inside a sentence.

mod languages;

use infocig_protocol::{http::Admission, language::Language, person::Category};
use jiff::{
    Timestamp,
    civil::{Date, Weekday},
};

use self::languages::Texts;
use crate::{
    admission::{Assessment, Decision, NotEligible, channels, in_italy},
    calendar::{Calendar, Shut, ZONE},
    data_notice::{self, DataNotice},
    policy::{Banner, Policy},
    transcript::fill,
};

/// The sentence for a decision.
pub fn of(assessment: &Assessment<'_>, language: Language) -> String {
    let texts = Texts::of(language);
    let (what, then) = match assessment.decision {
        Decision::Open => {
            let closes = assessment.closes.map(|closes| fill(texts.open_until, &[&clock(closes)]));
            (closes.unwrap_or_else(|| texts.open.into()), None)
        }
        Decision::OnlyOngoing => (texts.only_ongoing.into(), Some(texts.comes_back)),
        Decision::QueueFull => (texts.queue_full.into(), None),
        Decision::Unstaffed => (texts.unstaffed.into(), None),
        Decision::TooOften => (texts.too_often.into(), Some(texts.comes_back)),
        Decision::Blocked => (texts.blocked.into(), Some(texts.comes_back)),
        Decision::Closed(Shut::OutsideHours) => (texts.closed.into(), Some(texts.comes_back)),
        Decision::Closed(Shut::Holiday(holiday)) => {
            (fill(texts.holiday, &[holiday.name.in_language(language)]), Some(texts.comes_back))
        }
        Decision::Closed(Shut::Closure(closure)) => {
            (closure.reason.in_language(language).into(), Some(texts.comes_back))
        }
        Decision::NotEligible(reason) => (not_eligible(reason, assessment, texts).into(), Some(texts.begins)),
        Decision::CredentialTooWeak => (texts.credential_too_weak.into(), None),
        Decision::UnknownProvince => (texts.unknown_province.into(), None),
    };
    match then.zip(assessment.opens) {
        Some((then, opens)) => format!("{what} {}", fill(then, &[&texts.moment(opens, assessment.at)])),
        None => what,
    }
}

/// The sentence for somebody who waits while nobody is at the desk.
pub fn unstaffed_meanwhile(language: Language) -> &'static str {
    Texts::of(language).unstaffed_meanwhile
}

impl Assessment<'_> {
    /// The document that travels, in the person's language: the API's answer and the refusal's `admission` member.
    pub fn to_document(&self, policy: &Policy, language: Language) -> Admission {
        let banner = policy.banner.as_ref().filter(|banner| banner.holds(self.at));
        let sentence = of(self, language);
        let message = match banner {
            Some(banner) => format!("{sentence} {}", banner.text.in_language(language)),
            None => sentence,
        };
        let DataNotice { text: data_notice, kept } = data_notice::of(policy, language);
        let changes = self.changes.into_iter().chain(banner.and_then(Banner::ends)).min();
        Admission {
            at: in_italy(self.at),
            verdict: self.verdict(),
            code: self.code(),
            source: self.source(policy),
            opens: self.opens.map(in_italy),
            closes: self.closes.map(in_italy),
            changes: changes.map(in_italy),
            message,
            channels: if self.is_open() { Vec::new() } else { channels(policy, language) },
            assistant: policy.assistant.on,
            data_notice,
            kept,
        }
    }
}

fn not_eligible(reason: NotEligible, assessment: &Assessment<'_>, texts: &Texts) -> &'static str {
    match (reason, assessment.category, assessment.province) {
        (NotEligible::Category, Category::Lavoratore, _) => texts.not_for_workers,
        (
            NotEligible::Category,
            Category::Titolare | Category::RappresentanteLegale | Category::Consulente,
            _,
        ) => texts.not_for_companies,
        (NotEligible::Province, _, None) => texts.not_in_province,
        (NotEligible::Province, Category::Lavoratore, Some(_)) => texts.not_in_residence,
        (
            NotEligible::Province,
            Category::Titolare | Category::RappresentanteLegale | Category::Consulente,
            Some(_),
        ) => texts.not_in_seat,
        (NotEligible::EntryPoint, ..) => texts.not_from_portal,
    }
}

impl Texts {
    /// `oggi alle 15:00`, `domani alle 15:00`, `lunedì 30 novembre alle 15:00`, with the year when it is another one.
    fn moment(&self, at: Timestamp, now: Timestamp) -> String {
        let (day, today) = (Calendar::day(at), Calendar::day(now));
        let clock = clock(at);
        if day == today {
            return fill(self.today, &[&clock]);
        }
        if today.tomorrow().is_ok_and(|tomorrow| tomorrow == day) {
            return fill(self.tomorrow, &[&clock]);
        }
        let year = day.year().to_string();
        let (weekday, number, month) = (self.weekday(day), self.day_of_month(day), self.month(day));
        if day.year() == today.year() {
            fill(self.on_day, &[weekday, &number, month, &clock])
        } else {
            fill(self.on_day_of_year, &[weekday, &number, month, &year, &clock])
        }
    }

    fn weekday(&self, day: Date) -> &'static str {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = self.weekdays;
        match day.weekday() {
            Weekday::Monday => monday,
            Weekday::Tuesday => tuesday,
            Weekday::Wednesday => wednesday,
            Weekday::Thursday => thursday,
            Weekday::Friday => friday,
            Weekday::Saturday => saturday,
            Weekday::Sunday => sunday,
        }
    }

    fn day_of_month(&self, day: Date) -> String {
        if day.day() == 1 { self.first.into() } else { day.day().to_string() }
    }

    fn month(&self, day: Date) -> &'static str {
        usize::try_from(day.month() - 1)
            .ok()
            .and_then(|index| self.months.get(index))
            .copied()
            .unwrap_or_default()
    }
}

fn clock(at: Timestamp) -> String {
    let time = ZONE.to_datetime(at).time();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use infocig_protocol::person::{Credential, EntryPoint};

    use super::*;
    use crate::{
        admission::{Applicant, Load, admit, blocked, too_often},
        policy::Policy,
    };

    #[test]
    fn a_moment_is_said_the_way_people_say_it() {
        let now = "2026-11-27T09:00:00+01:00";
        for (at, said) in [
            (
                "2026-11-27T15:00:00+01:00",
                [
                    "oggi alle 15:00",
                    "heute um 15:00 Uhr",
                    "aujourd'hui à 15:00",
                    "danes ob 15:00",
                    "today at 15:00",
                ],
            ),
            (
                "2026-11-28T15:00:00+01:00",
                [
                    "domani alle 15:00",
                    "morgen um 15:00 Uhr",
                    "demain à 15:00",
                    "jutri ob 15:00",
                    "tomorrow at 15:00",
                ],
            ),
            (
                "2026-12-01T15:00:00+01:00",
                [
                    "martedì 1° dicembre alle 15:00",
                    "am Dienstag, 1. Dezember, um 15:00 Uhr",
                    "mardi 1er décembre à 15:00",
                    "v torek, 1. decembra, ob 15:00",
                    "on Tuesday 1 December at 15:00",
                ],
            ),
            (
                "2027-01-06T15:00:00+01:00",
                [
                    "mercoledì 6 gennaio 2027 alle 15:00",
                    "am Mittwoch, 6. Januar 2027, um 15:00 Uhr",
                    "mercredi 6 janvier 2027 à 15:00",
                    "v sredo, 6. januarja 2027, ob 15:00",
                    "on Wednesday 6 January 2027 at 15:00",
                ],
            ),
        ] {
            let moment = |language| Texts::of(language).moment(instant(at), instant(now));
            assert_eq!(Language::ALL.map(moment), said);
        }
    }

    /// A sentence for each outcome the rules know, in each language, each with everything it has to say.
    #[test]
    fn every_outcome_is_said_in_every_language() {
        let policy = Policy::parse(&with_a_closure()).unwrap();
        for (what, who, load, at, said) in outcomes() {
            let decision = admit(&policy, &who, load, instant(at));
            assert_eq!(Language::ALL.map(|language| of(&decision, language)), said, "{what}");
        }
    }

    #[test]
    fn no_sentence_has_an_empty_place_and_none_is_said_in_two_languages() {
        let policy = Policy::parse(&with_a_closure()).unwrap();
        for (what, who, load, at, _) in outcomes() {
            let decision = admit(&policy, &who, load, instant(at));
            let said = Language::ALL.map(|language| of(&decision, language));
            assert!(said.iter().all(|sentence| !sentence.contains(['{', '}'])), "{what}: {said:?}");
            for (sentence, language) in said.iter().zip(Language::ALL).skip(1) {
                let italian =
                    ITALIAN_WORDS.iter().find(|word| words_of(sentence).any(|other| other == **word));
                assert_eq!(italian, None, "{what} in {language:?}: {sentence}");
            }
        }
    }

    #[test]
    fn every_language_has_the_same_places_to_fill() {
        let places = |language| {
            let texts = Texts::of(language);
            let sentences = [
                texts.open_until,
                texts.holiday,
                texts.comes_back,
                texts.begins,
                texts.today,
                texts.tomorrow,
                texts.on_day,
                texts.on_day_of_year,
            ];
            sentences.map(|sentence| sentence.matches("{}").count())
        };
        for language in Language::ALL {
            assert_eq!(places(language), [1, 1, 1, 1, 1, 1, 4, 5], "{language:?}");
        }
    }

    type Row = (&'static str, Applicant<'static>, Load, &'static str, [&'static str; 5]);

    fn outcomes() -> Vec<Row> {
        let worker = || applicant(Category::Lavoratore);
        let owner = |province| Applicant { province, ..applicant(Category::Titolare) };
        let afternoon = "2026-11-23T15:20:00+01:00";
        vec![
            (
                "open",
                worker(),
                Load::Bearable,
                afternoon,
                [
                    "Il servizio è aperto fino alle 18:00.",
                    "Der Dienst ist bis 18:00 Uhr geöffnet.",
                    "Le service est ouvert jusqu'à 18:00.",
                    "Storitev je odprta do 18:00.",
                    "The service is open until 18:00.",
                ],
            ),
            (
                "after the last admission",
                worker(),
                Load::Bearable,
                "2026-11-23T17:50:00+01:00",
                [
                    "Per oggi completiamo le conversazioni già iniziate. Torna domani alle 15:00.",
                    "Für heute führen wir die begonnenen Gespräche zu Ende. Wir sind morgen um 15:00 Uhr wieder für Sie da.",
                    "Pour aujourd'hui, nous terminons les conversations déjà commencées. Revenez demain à 15:00.",
                    "Danes končujemo že začete pogovore. Vrnite se jutri ob 15:00.",
                    "For today we are finishing the conversations already begun. Come back tomorrow at 15:00.",
                ],
            ),
            (
                "too many wait",
                worker(),
                Load::QueueFull,
                afternoon,
                [
                    "In questo momento c'è troppa attesa per risponderti prima della chiusura.",
                    "Im Moment warten zu viele, als dass wir Ihnen vor der Schließung antworten könnten.",
                    "En ce moment, l'attente est trop longue pour vous répondre avant la fermeture.",
                    "Trenutno je čakalna doba predolga, da bi vam odgovorili pred zaprtjem.",
                    "At the moment the wait is too long for us to answer you before we close.",
                ],
            ),
            (
                "outside the hours",
                worker(),
                Load::Bearable,
                "2026-11-27T19:00:00+01:00",
                [
                    "Il servizio adesso è chiuso. Torna lunedì 30 novembre alle 15:00.",
                    "Der Dienst ist jetzt geschlossen. Wir sind am Montag, 30. November, um 15:00 Uhr wieder für Sie da.",
                    "Le service est fermé en ce moment. Revenez lundi 30 novembre à 15:00.",
                    "Storitev je zdaj zaprta. Vrnite se v ponedeljek, 30. novembra, ob 15:00.",
                    "The service is closed now. Come back on Monday 30 November at 15:00.",
                ],
            ),
            (
                "a holiday",
                worker(),
                Load::Bearable,
                "2027-03-29T16:00:00+02:00",
                [
                    "Il servizio oggi è chiuso per festività (Lunedì dell'Angelo). Torna domani alle 15:00.",
                    "Der Dienst ist heute wegen des Feiertags (Ostermontag) geschlossen. Wir sind morgen um 15:00 Uhr wieder für Sie da.",
                    "Le service est fermé aujourd'hui, jour férié (Lundi de Pâques). Revenez demain à 15:00.",
                    "Storitev je danes zaprta zaradi praznika (Velikonočni ponedeljek). Vrnite se jutri ob 15:00.",
                    "The service is closed today for a public holiday (Easter Monday). Come back tomorrow at 15:00.",
                ],
            ),
            (
                "a closure",
                worker(),
                Load::Bearable,
                "2026-12-24T16:00:00+01:00",
                [
                    "Oggi aggiorniamo il servizio. Torna lunedì 28 dicembre alle 15:00.",
                    "Heute aktualisieren wir den Dienst. Wir sind am Montag, 28. Dezember, um 15:00 Uhr wieder für Sie da.",
                    "Aujourd'hui, nous mettons le service à jour. Revenez lundi 28 décembre à 15:00.",
                    "Danes posodabljamo storitev. Vrnite se v ponedeljek, 28. decembra, ob 15:00.",
                    "We are updating the service today. Come back on Monday 28 December at 15:00.",
                ],
            ),
            (
                "a category whose day has not come",
                owner(Some("015")),
                Load::Bearable,
                "2021-05-10T15:30:00+02:00",
                [
                    "Il servizio non è ancora attivo per aziende e intermediari. Lo trovi giovedì 15 dicembre 2022 alle 15:00.",
                    "Für Betriebe und Vermittler ist der Dienst noch nicht verfügbar. Sie erreichen ihn am Donnerstag, 15. Dezember 2022, um 15:00 Uhr.",
                    "Le service n'est pas encore ouvert aux entreprises et aux intermédiaires. Vous le trouverez jeudi 15 décembre 2022 à 15:00.",
                    "Storitev za podjetja in posrednike še ni na voljo. Na voljo bo v četrtek, 15. decembra 2022, ob 15:00.",
                    "The service is not open to companies and intermediaries yet. It opens on Thursday 15 December 2022 at 15:00.",
                ],
            ),
            (
                "workers before their day",
                worker(),
                Load::Bearable,
                "2021-05-07T15:30:00+02:00",
                [
                    "Il servizio non è ancora attivo per i lavoratori. Lo trovi lunedì 10 maggio alle 15:00.",
                    "Für Beschäftigte ist der Dienst noch nicht verfügbar. Sie erreichen ihn am Montag, 10. Mai, um 15:00 Uhr.",
                    "Le service n'est pas encore ouvert aux travailleurs. Vous le trouverez lundi 10 mai à 15:00.",
                    "Storitev za delavce še ni na voljo. Na voljo bo v ponedeljek, 10. maja, ob 15:00.",
                    "The service is not open to workers yet. It opens on Monday 10 May at 15:00.",
                ],
            ),
            (
                "a worker's province",
                Applicant { province: Some("015"), ..worker() },
                Load::Bearable,
                "2022-01-30T16:00:00+01:00",
                [
                    "Il servizio non è ancora attivo nella tua provincia di residenza. Lo trovi domani alle 15:00.",
                    "In der Provinz Ihres Wohnsitzes ist der Dienst noch nicht verfügbar. Sie erreichen ihn morgen um 15:00 Uhr.",
                    "Le service n'est pas encore ouvert dans votre province de résidence. Vous le trouverez demain à 15:00.",
                    "Storitev v pokrajini vašega prebivališča še ni na voljo. Na voljo bo jutri ob 15:00.",
                    "The service is not open in your province of residence yet. It opens tomorrow at 15:00.",
                ],
            ),
            (
                "a company's province",
                owner(Some("001")),
                Load::Bearable,
                "2023-02-12T16:00:00+01:00",
                [
                    "Il servizio non è ancora attivo nella provincia della sede legale. Lo trovi domani alle 15:00.",
                    "In der Provinz des Rechtssitzes ist der Dienst noch nicht verfügbar. Sie erreichen ihn morgen um 15:00 Uhr.",
                    "Le service n'est pas encore ouvert dans la province du siège social. Vous le trouverez demain à 15:00.",
                    "Storitev v pokrajini sedeža podjetja še ni na voljo. Na voljo bo jutri ob 15:00.",
                    "The service is not open in the province of the registered office yet. It opens tomorrow at 15:00.",
                ],
            ),
            (
                "another portal",
                Applicant { entry: Some(EntryPoint::CassettoPrevidenziale), ..worker() },
                Load::Bearable,
                afternoon,
                [
                    "Il servizio non è attivo da questo portale.",
                    "Über dieses Portal ist der Dienst nicht verfügbar.",
                    "Le service n'est pas accessible depuis ce portail.",
                    "Prek tega portala storitev ni na voljo.",
                    "The service is not available from this portal.",
                ],
            ),
            (
                "a weak sign-in",
                Applicant { credential: Some(Credential::SpidL1), ..worker() },
                Load::Bearable,
                afternoon,
                [
                    "Per parlare con un operatore accedi con SPID di livello 2 o superiore, CIE o CNS.",
                    "Um mit einer Beratungsperson zu sprechen, melden Sie sich mit SPID der Stufe 2 oder höher, mit CIE oder CNS an.",
                    "Pour parler avec un conseiller, connectez-vous avec SPID de niveau 2 ou supérieur, CIE ou CNS.",
                    "Za pogovor s svetovalcem se prijavite s SPID stopnje 2 ali višje, s CIE ali s CNS.",
                    "To talk to an advisor, sign in with SPID level 2 or higher, CIE or CNS.",
                ],
            ),
            (
                "a province nobody knows",
                Applicant { province: Some("999"), ..worker() },
                Load::Bearable,
                afternoon,
                [
                    "Non riconosciamo la provincia indicata nei tuoi dati: verificala nell'area personale.",
                    "Wir erkennen die Provinz in Ihren Daten nicht: Prüfen Sie sie in Ihrem persönlichen Bereich.",
                    "Nous ne reconnaissons pas la province indiquée dans vos données : vérifiez-la dans votre espace personnel.",
                    "Pokrajine v vaših podatkih ne prepoznamo: preverite jo v svojem osebnem območju.",
                    "We do not recognise the province in your data: check it in your personal area.",
                ],
            ),
        ]
    }

    #[test]
    fn a_person_who_began_too_many_is_told_when_they_may_begin_another() {
        let policy = Policy::parse(include_str!("../../edge/policy.json")).unwrap();
        let said = |at: &str, again: &str, language| {
            of(&too_often(&policy, &applicant(Category::Lavoratore), instant(again), instant(at)), language)
        };
        let today = ("2026-11-27T16:00:00+01:00", "2026-11-27T16:24:00+01:00");
        assert_eq!(
            Language::ALL.map(|language| said(today.0, today.1, language)),
            [
                "Hai già iniziato più conversazioni in poco tempo. Torna oggi alle 16:24.",
                "Sie haben in kurzer Zeit schon mehrere Gespräche begonnen. Wir sind heute um 16:24 Uhr wieder für Sie da.",
                "Vous avez déjà commencé plusieurs conversations en peu de temps. Revenez aujourd'hui à 16:24.",
                "V kratkem času ste začeli že več pogovorov. Vrnite se danes ob 16:24.",
                "You have already begun several conversations in a short time. Come back today at 16:24.",
            ]
        );
        // Not at an hour when the service is closed.
        let late = said("2026-11-27T17:50:00+01:00", "2026-11-27T18:14:00+01:00", Language::It);
        assert!(late.ends_with("Torna lunedì 30 novembre alle 15:00."), "{late}");
    }

    #[test]
    fn a_person_who_is_blocked_is_told_why_until_when_and_how_to_ask_for_a_review() {
        let policy = Policy::parse(include_str!("../../edge/policy.json")).unwrap();
        let (at, until) = (instant("2026-11-26T16:00:00+01:00"), instant("2026-11-27T16:00:00+01:00"));
        let assessment = blocked(&policy, &applicant(Category::Lavoratore), until, at);
        assert_eq!(
            of(&assessment, Language::It),
            "L'accesso alla chat è sospeso per i toni di una conversazione. Se non sei d'accordo, scrivi alla sede e chiedi di riesaminare la decisione. Torna domani alle 16:00."
        );
        let said = Language::ALL.map(|language| of(&assessment, language));
        assert!(said.iter().all(|sentence| sentence.contains("16:00")), "{said:?}");
        let document = assessment.to_document(&policy, Language::It);
        assert_eq!((document.code.as_str(), document.channels.is_empty()), ("blocked", false));
    }

    fn applicant(category: Category) -> Applicant<'static> {
        Applicant { category, province: Some("058"), credential: Some(Credential::Cie), entry: None }
    }

    fn with_a_closure() -> String {
        let reason = r#"{ "it": "Oggi aggiorniamo il servizio.", "de": "Heute aktualisieren wir den Dienst.",
            "fr": "Aujourd'hui, nous mettons le service à jour.", "sl": "Danes posodabljamo storitev.",
            "en": "We are updating the service today." }"#;
        let closure = format!(
            r#""closures": [{{ "from": "2026-12-24", "to": "2026-12-25", "reason": {reason}, "source": "x" }}]"#
        );
        let shipped = include_str!("../../edge/policy.json");
        let shipped = shipped.replace("\"last_admission_minutes\": 0", "\"last_admission_minutes\": 20");
        shipped.replace("\"closures\": []", &closure)
    }

    fn words_of(sentence: &str) -> impl Iterator<Item = &str> {
        sentence.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Texts a forgotten translation would leave behind. None of them is a word of the other languages.
    const ITALIAN_WORDS: [&str; 16] = [
        "il", "Il", "servizio", "è", "alle", "oggi", "domani", "chiuso", "Torna", "della", "nella", "per",
        "Per", "con", "questo", "tuoi",
    ];
}
