// SPDX-License-Identifier: EUPL-1.2
//! Offers, their deadlines, and the reasons why a conversation came to an advisor.

use infocig_client::words::Words;
use infocig_protocol::{
    desk::{Match, Why},
    person::PersonCard,
};

use super::{capacity, category, how_long, language, listed, province, skill, waiting};
use crate::state::offer::{Offer, OfferSource};

/// The kind of an offer, by its origin.
pub fn offer_kind(words: &Words, from: &OfferSource) -> String {
    match from {
        OfferSource::Queue => words.text("offer.from_queue"),
        OfferSource::Colleague(by) => words.fill("offer.from_colleague", &[("name", by)]),
        OfferSource::Invitation(by) => words.fill("offer.invitation", &[("name", by)]),
    }
}

/// The time the person has been waiting, or in conversation.
pub fn offer_waits(words: &Words, from: &OfferSource, minutes: i64) -> String {
    match (from, minutes) {
        (OfferSource::Queue, minutes) => waiting(words, minutes),
        (OfferSource::Colleague(_) | OfferSource::Invitation(_), 0) => words.text("offer.there_moment"),
        (OfferSource::Colleague(_) | OfferSource::Invitation(_), minutes) => {
            words.fill("offer.there", &[("time", &how_long(words, minutes))])
        }
    }
}

/// The time left to accept.
pub fn time_to_accept(words: &Words, seconds: i64) -> String {
    match u64::try_from(seconds).unwrap_or_default() {
        0 => words.text("offer.goes_on"),
        seconds if seconds < 90 => words.count("offer.seconds", seconds),
        seconds => words.count("offer.minutes", seconds / 60),
    }
}

/// An offer as it is announced to screen readers.
pub fn offer_announced(words: &Words, offer: &Offer, seconds: i64) -> String {
    let Offer { person, from, .. } = offer;
    let values = [
        ("kind", &*offer_kind(words, from)),
        ("name", &person.name),
        ("capacity", &capacity(words, person)),
        ("time", &time_to_accept(words, seconds)),
    ];
    words.fill("offer.announced", &values)
}

/// An offer that arrives while a dialog is open.
pub fn offer_meanwhile(words: &Words, offer: &Offer) -> String {
    let kind = offer_kind(words, &offer.from);
    words.fill("offer.meanwhile", &[("kind", &kind), ("name", &offer.person.name)])
}

/// The reasons why the desk chose this advisor.
pub fn why(words: &Words, why: &Why, person: &PersonCard) -> String {
    let mut reasons = reasons(words, why, person);
    if reasons.is_empty() {
        reasons.push(words.text("reason.anybody"));
    }
    let reasons = listed(words, &reasons);
    match why.after_minutes {
        0 => words.fill("offer_reason.immediate", &[("reasons", &reasons)]),
        minutes => words.count_of("offer_reason.after_wait", minutes.into(), &[("reasons", &reasons)]),
    }
}

/// The reason of an offer, by its origin.
pub fn why_offered(words: &Words, offer: &Offer) -> String {
    match &offer.from {
        OfferSource::Queue => why(words, &offer.why, &offer.person),
        OfferSource::Colleague(by) => words.fill("offer_reason.transfer", &[("name", by)]),
        OfferSource::Invitation(by) => words.fill("offer_reason.invitation", &[("name", by)]),
    }
}

pub(super) fn reasons(words: &Words, why: &Why, person: &PersonCard) -> Vec<String> {
    why.agree.iter().map(|one| reason(words, *one, person)).collect()
}

fn reason(words: &Words, agreed: Match, person: &PersonCard) -> String {
    match agreed {
        Match::Category => {
            words.fill("reason.category", &[("category", &words.text(category(person.category)))])
        }
        Match::Language => {
            words.fill("reason.language", &[("language", &words.text(language(person.language)))])
        }
        Match::Province => words.fill("reason.province", &[("province", &province(words, person))]),
        Match::Region => words.text("reason.region"),
        Match::Skill => match person.about {
            Some(about) => words.fill("reason.skill_known", &[("skill", &words.text(skill(about)))]),
            None => words.text("reason.skill"),
        },
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        language::Language,
        person::{Category, Credential},
        skill::Skill,
    };

    use super::*;
    use crate::text::{tests::italian, wrap_up_left};

    #[test]
    fn why_it_came_is_one_sentence() {
        let words = italian();
        let agree = vec![Match::Language, Match::Region, Match::Skill];
        assert_eq!(
            why(&words, &Why { after_minutes: 0, agree }, &person()),
            "È arrivata a te perché parli tedesco, segui la sua regione e conosci la materia (AIS del FIS)."
        );
        assert_eq!(
            why(&words, &Why { after_minutes: 5, agree: vec![] }, &person()),
            "È arrivata a te perché, dopo 5 minuti di attesa, può rispondere chiunque alla postazione."
        );
    }

    #[test]
    fn the_countdown_is_in_words_to_the_end() {
        let words = italian();
        let said = [120, 30, 1, 0].map(|seconds| time_to_accept(&words, seconds));
        assert_eq!(
            said,
            [
                "Hai 2 minuti per accettare",
                "Hai 30 secondi per accettare",
                "Hai 1 secondo per accettare",
                "Tempo scaduto: passa ad altri."
            ]
        );
        assert_eq!(wrap_up_left(&words, 65), "Il posto si libera tra 1 min e 05 s.");
    }

    #[test]
    fn the_time_in_the_chat_depends_on_the_source_of_the_offer() {
        let words = italian();
        assert_eq!(offer_waits(&words, &OfferSource::Queue, 3), "In attesa da 3 minuti");
        assert_eq!(
            offer_waits(&words, &OfferSource::Colleague("Marco".into()), 0),
            "In chat da meno di un minuto"
        );
        assert_eq!(
            offer_waits(&words, &OfferSource::Invitation("Marco".into()), 61),
            "In chat da 1 ora e 1 minuto"
        );
    }

    fn person() -> PersonCard {
        PersonCard {
            name: "Ada".into(),
            category: Category::Lavoratore,
            province: "021".into(),
            province_name: "Bolzano".into(),
            credential: Credential::Cie,
            acting_for: None,
            language: Language::De,
            entry_point: None,
            about: Some(Skill::AisFis),
            question: None,
        }
    }
}
