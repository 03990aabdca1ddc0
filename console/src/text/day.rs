// SPDX-License-Identifier: EUPL-1.2
//! What is said of the advisor's day: presence, offers, the list, replies, notes, handing on, ending, keys, alerts.

use infocig_client::words::Words;
use infocig_protocol::{
    desk::{AssignmentMode, AssignmentState, Colleague, Fit, Match, Presence, Why},
    entry::Outcome,
    language::Language,
    limits::MAX_NOTE_CHARS,
    person::PersonCard,
    problem::Code,
    skill::Skill,
};

use super::{capacity, category, how_long, listed, province, thousands};
use crate::state::{
    Tried, Wish,
    alerts::Permission,
    keys::Act,
    offer::{From, Offer},
};

/// A presence, as one says it of oneself and of others.
pub const fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "presence.available",
        Presence::Busy => "presence.busy",
        Presence::Paused => "presence.paused",
        Presence::Leaving => "presence.leaving",
    }
}

/// What one's presence means.
pub fn presence_means(
    words: &Words,
    presence: Presence,
    assignment: AssignmentMode,
    load: Option<(u32, u32)>,
) -> String {
    let loaded = |key, (load, capacity): (u32, u32)| {
        words.fill(key, &[("load", &load.to_string()), ("capacity", &capacity.to_string())])
    };
    match (presence, load) {
        (Presence::Available | Presence::Busy, Some((load, capacity))) if load >= capacity => {
            loaded("presence.full", (load, capacity))
        }
        (Presence::Busy, _) => words.say("presence.busy_means"),
        (Presence::Available, load) => match (assignment, load) {
            (AssignmentMode::Automatic, Some(load)) => loaded("presence.comes_load", load),
            (AssignmentMode::Automatic, None) => words.say("presence.comes"),
            (AssignmentMode::Pull, Some(load)) => loaded("presence.pull_load", load),
            (AssignmentMode::Pull, None) => words.say("presence.pull"),
        },
        (Presence::Paused, _) => words.say("presence.paused_means"),
        (Presence::Leaving, _) => words.say("presence.leaving_means"),
    }
}

/// How a colleague stands.
pub fn colleague(words: &Words, colleague: &Colleague, capacity: u32) -> String {
    let full = colleague.presence == Presence::Available && colleague.load >= capacity;
    let presence = if colleague.lost {
        "colleagues.lost"
    } else if full {
        presence_word(Presence::Busy)
    } else {
        presence_word(colleague.presence)
    };
    let (presence, load) = (words.say(presence), colleague.load.to_string());
    let values = [("presence", &*presence), ("load", &load), ("capacity", &capacity.to_string())];
    words.fill("colleagues.load", &values)
}

/// How many are at the desk.
pub fn how_many_colleagues(words: &Words, others: usize) -> String {
    if others == 0 {
        words.say("colleagues.only_you")
    } else {
        words.count("colleagues.count", others as u64)
    }
}

/// What an offer asks.
pub fn offer_kind(words: &Words, from: &From) -> String {
    match from {
        From::Queue => words.say("offer.from_queue"),
        From::Colleague(by) => words.fill("offer.from_colleague", &[("name", by)]),
        From::Invitation(by) => words.fill("offer.invitation", &[("name", by)]),
    }
}

/// How long the person has been there when a conversation is offered.
pub fn offer_waits(words: &Words, from: &From, minutes: i64) -> String {
    match (from, minutes) {
        (From::Queue, minutes) => super::waiting(words, minutes),
        (From::Colleague(_) | From::Invitation(_), 0) => words.say("offer.there_moment"),
        (From::Colleague(_) | From::Invitation(_), minutes) => {
            words.fill("offer.there", &[("time", &how_long(words, minutes))])
        }
    }
}

/// How long there is to accept.
pub fn time_to_accept(words: &Words, seconds: i64) -> String {
    match u64::try_from(seconds).unwrap_or_default() {
        0 => words.say("offer.goes_on"),
        seconds if seconds < 90 => words.count("offer.seconds", seconds),
        seconds => words.count("offer.minutes", seconds / 60),
    }
}

/// An offer, for screen readers: all of it, once.
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

/// An offer that comes while a dialog is open.
pub fn offer_meanwhile(words: &Words, offer: &Offer) -> String {
    let kind = offer_kind(words, &offer.from);
    words.fill("offer.meanwhile", &[("kind", &kind), ("name", &offer.person.name)])
}

/// Why a conversation came to an advisor.
pub fn why(words: &Words, why: &Why, person: &PersonCard) -> String {
    let mut reasons = reasons(words, why, person);
    if reasons.is_empty() {
        reasons.push(words.say("reason.anybody"));
    }
    let reasons = listed(words, &reasons);
    match why.after_minutes {
        0 => words.fill("why.now", &[("reasons", &reasons)]),
        minutes => words.count_of("why.after", minutes.into(), &[("reasons", &reasons)]),
    }
}

/// Why a conversation came to an advisor, from where it came.
pub fn why_offered(words: &Words, offer: &Offer) -> String {
    match &offer.from {
        From::Queue => why(words, &offer.why, &offer.person),
        From::Colleague(by) => words.fill("why.colleague", &[("name", by)]),
        From::Invitation(by) => words.fill("why.invitation", &[("name", by)]),
    }
}

fn reasons(words: &Words, why: &Why, person: &PersonCard) -> Vec<String> {
    why.agree.iter().map(|one| reason(words, *one, person)).collect()
}

fn reason(words: &Words, agreed: Match, person: &PersonCard) -> String {
    match agreed {
        Match::Category => {
            words.fill("reason.category", &[("category", &words.say(category(person.category)))])
        }
        Match::Language => {
            words.fill("reason.language", &[("language", &words.say(language(person.language)))])
        }
        Match::Province => words.fill("reason.province", &[("province", &province(words, person))]),
        Match::Region => words.say("reason.region"),
        Match::Skill => match person.about {
            Some(about) => words.fill("reason.skill_known", &[("skill", &words.say(skill(about)))]),
            None => words.say("reason.skill"),
        },
    }
}

/// A language.
pub const fn language(language: Language) -> &'static str {
    match language {
        Language::It => "language.it",
        Language::De => "language.de",
        Language::Fr => "language.fr",
        Language::Sl => "language.sl",
        Language::En => "language.en",
    }
}

/// A field of the matter.
pub const fn skill(skill: Skill) -> &'static str {
    match skill {
        Skill::Cigo => "skill.cigo",
        Skill::Cigs => "skill.cigs",
        Skill::AisFis => "skill.ais_fis",
        Skill::Fondi => "skill.fondi",
        Skill::Pagamenti => "skill.pagamenti",
    }
}

/// Who it is for, in the queue.
pub fn fit(
    words: &Words,
    fit: &Fit,
    person: &PersonCard,
    may_take: bool,
    assignment: AssignmentMode,
) -> String {
    match fit {
        Fit::Yours(why) if why.agree.is_empty() => match (may_take, assignment) {
            (false, AssignmentMode::Automatic) => words.say("fit.offered"),
            _ => words.say("fit.anybody"),
        },
        Fit::Yours(why) => words.fill("fit.yours", &[("reasons", &reasons(words, why, person).join(", "))]),
        Fit::Others {} => words.say("fit.others"),
        Fit::Nobody {} => words.say("fit.nobody"),
    }
}

/// For whom it is, without why: a row that says something else is another row.
pub const fn fit_key(fit: &Fit) -> u8 {
    match fit {
        Fit::Yours(_) => 0,
        Fit::Others {} => 1,
        Fit::Nobody {} => 2,
    }
}

/// How many places are taken.
pub fn places(words: &Words, load: u32, capacity: u32) -> String {
    words.count_of("mine.places", capacity.into(), &[("load", &load.to_string())])
}

/// How a conversation is the advisor's, in a word or two.
pub fn hand(words: &Words, state: Option<&AssignmentState>) -> Option<String> {
    Some(match state? {
        AssignmentState::Held { ending: true, .. } => words.say("hand.ending"),
        AssignmentState::Held { transferring_to: Some(to), .. } => {
            words.fill("hand.passing", &[("name", to)])
        }
        AssignmentState::Held { .. } => words.say("phase.active"),
        AssignmentState::Helping { holder } => words.fill("hand.helping", &[("name", holder)]),
        AssignmentState::WrapUp { topic_missing: true, .. } => words.say("hand.topic_missing"),
        AssignmentState::WrapUp { .. } => words.say("hand.wrap_up"),
        AssignmentState::Offered { .. } | AssignmentState::Invited { .. } => return None,
    })
}

/// Somebody waits on the advisor.
pub fn waits_on_me(words: &Words, seconds: i64) -> String {
    match u64::try_from(seconds / 60).unwrap_or_default() {
        0 => words.say("mine.waits_moment"),
        minutes if minutes < 60 => words.count("mine.waits", minutes),
        _ => words.say("mine.waits_hours"),
    }
}

/// How long a conversation that is over still takes up a place.
pub fn wrap_up_left(words: &Words, seconds: i64) -> String {
    let seconds = u64::try_from(seconds).unwrap_or_default();
    match (seconds / 60, seconds % 60) {
        (0, 0) => words.say("over.place_now"),
        (0, seconds) => words.count("over.place_seconds", seconds),
        (minutes, seconds) => {
            let (minutes, seconds) = (minutes.to_string(), format!("{seconds:02}"));
            words.fill("over.place_minutes", &[("minutes", &minutes), ("seconds", &seconds)])
        }
    }
}

/// How many replies were found.
pub fn replies_found(words: &Words, found: usize) -> String {
    if found == 0 { words.say("replies.none") } else { words.count("replies.found", found as u64) }
}

/// That a note is too long, if it is.
pub fn note_too_long(words: &Words, characters: usize) -> Option<String> {
    let over = characters.checked_sub(MAX_NOTE_CHARS).filter(|over| *over > 0)?;
    Some(words.fill("notes.too_long", &[("over", &thousands(words, over))]))
}

/// What a button opens, with how many there are.
pub fn with_count(words: &Words, key: &str, count: usize) -> String {
    let what = words.say(key);
    if count == 0 { what } else { format!("{what} ({count})") }
}

/// Who answered in an earlier conversation.
pub fn past_advisor(words: &Words, advisor: Option<&str>) -> String {
    match advisor {
        Some(name) => words.fill("past.answered", &[("name", name)]),
        None => words.say("past.nobody"),
    }
}

/// The button that hands on, or takes back what is being handed on.
pub const fn transfer(passes: bool) -> &'static str {
    if passes { "hand.retract" } else { "hand.transfer" }
}

/// What was asked for and has not shown yet.
pub fn wish(words: &Words, wish: &Wish) -> String {
    match wish {
        Wish::HandOn(name) => words.fill("wish.hand_on", &[("name", name)]),
        Wish::PutBack => words.say("wish.put_back"),
        Wish::Help(name) => words.fill("wish.help", &[("name", name)]),
        Wish::Leave => words.say("wish.leave"),
        Wish::TakeBack => words.say("wish.take_back"),
        Wish::End => words.say("wish.end"),
    }
}

/// What could not be done.
pub fn not_done(words: &Words, wish: &Wish, code: Code) -> String {
    let name = match wish {
        Wish::HandOn(name) | Wish::Help(name) => name.as_str(),
        Wish::PutBack | Wish::Leave | Wish::TakeBack | Wish::End => "",
    };
    let key = match (code, wish) {
        (Code::AdvisorUnavailable, _) => "undone.unavailable",
        (Code::AtCapacity, _) => "undone.full",
        (Code::NotAssigned | Code::NotWaiting, _) => "trouble.not_mine",
        (Code::ConversationClosed, _) => "trouble.closed",
        (Code::TopicNeeded, _) => "undone.topic",
        (_, Wish::End) => "undone.end",
        _ => "undone.failed",
    };
    words.fill(key, &[("name", name)])
}

/// Labels of the three levels of a topic.
pub const TOPIC_LEVELS: [&str; 3] = ["topic.first", "topic.second", "topic.third"];

/// What came of a conversation.
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Online => "outcome.online",
        Outcome::LineaInps => "outcome.linea_inps",
        Outcome::SelfServed => "outcome.self_served",
        Outcome::Abandoned => "outcome.abandoned",
    }
}

/// What an outcome means.
pub const fn outcome_means(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Online => "outcome.online_means",
        Outcome::LineaInps => "outcome.linea_inps_means",
        Outcome::SelfServed => "outcome.self_served_means",
        Outcome::Abandoned => "outcome.abandoned_means",
    }
}

/// What is missing before a conversation can be ended: a level from 0, or 3 for the outcome.
pub const fn missing(level: usize) -> &'static str {
    match level {
        0 => "topic.missing_first",
        1 => "topic.missing_second",
        2 => "topic.missing_third",
        _ => "outcome.missing",
    }
}

/// What a key does.
pub const fn key(act: Act) -> &'static str {
    match act {
        Act::Help => "keys.help",
        Act::Accept => "keys.accept",
        Act::Decline => "offer.decline",
        Act::Open(_) => "keys.open",
        Act::Write => "keys.write",
        Act::LeaveField => "keys.leave_field",
        Act::Replies => "replies.title",
        Act::Notes => "notes.title",
        Act::Past => "past.title",
        Act::Cases => "keys.cases",
        Act::Forward => "keys.forward",
        Act::Supervision => "keys.supervision",
        Act::Transfer => "keys.transfer",
        Act::Invite => "hand.invite",
        Act::Close => "close.do",
        Act::Presence => "keys.presence",
        Act::Queue => "keys.queue",
    }
}

/// What the browser lets us do.
pub const fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::Missing => "alerts.missing",
        Permission::Unasked => "alerts.unasked",
        Permission::Granted => "alerts.granted",
        Permission::Denied => "alerts.denied",
    }
}

/// What a trial came to.
pub fn tried(words: &Words, tried: Tried) -> String {
    let sound = words.say(match tried.sound {
        Some(true) => "tried.sound",
        Some(false) => "tried.no_sound",
        None => "tried.sound_off",
    });
    match tried.desktop {
        Some(true) => [sound, words.say("tried.desktop")].join(" "),
        Some(false) => [sound, words.say("tried.no_desktop")].join(" "),
        None => sound,
    }
}

/// What the title of the page begins with.
pub fn title_prefix(words: &Words, (offers, unread): (usize, usize)) -> String {
    match (offers, unread) {
        (0, 0) => String::new(),
        (0, unread) => format!("({unread}) "),
        (_, unread) => format!("● {} · ", with_count(words, "app.for_you", unread)),
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        id::AdvisorId,
        person::{Category, Credential},
    };

    use super::*;
    use crate::text::tests::italian;

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
    fn being_full_is_said_whatever_one_said_of_oneself() {
        let words = italian();
        let full = presence_means(&words, Presence::Available, AssignmentMode::Automatic, Some((3, 3)));
        assert!(full.starts_with("Al completo: 3 di 3."));
        let free = presence_means(&words, Presence::Available, AssignmentMode::Automatic, Some((1, 3)));
        assert_eq!(free, "Ti arrivano le conversazioni nuove: ne hai 1 di 3.");
        let colleague_ = |load, lost| Colleague {
            advisor: AdvisorId::parse("m").unwrap(),
            name: "Marco".into(),
            presence: Presence::Available,
            lost,
            load,
        };
        assert_eq!(colleague(&words, &colleague_(3, false), 3), "Al completo · 3 di 3");
        assert_eq!(colleague(&words, &colleague_(1, true), 3), "Senza connessione · 1 di 3");
    }

    #[test]
    fn places_are_counted_by_how_many_there_are() {
        let words = italian();
        assert_eq!(places(&words, 2, 3), "2 di 3 posti");
        assert_eq!(places(&words, 0, 1), "0 di 1 posto");
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
    fn how_long_somebody_has_been_there_is_said_by_where_they_were() {
        let words = italian();
        assert_eq!(offer_waits(&words, &From::Queue, 3), "In attesa da 3 minuti");
        assert_eq!(offer_waits(&words, &From::Colleague("Marco".into()), 0), "In chat da meno di un minuto");
        assert_eq!(offer_waits(&words, &From::Invitation("Marco".into()), 61), "In chat da 1 ora e 1 minuto");
    }

    #[test]
    fn what_came_of_an_earlier_conversation_is_said_in_words() {
        let outcomes = [Outcome::Online, Outcome::LineaInps, Outcome::SelfServed, Outcome::Abandoned];
        let words = italian();
        let said = outcomes.map(|came| words.say(outcome(came)));
        assert_eq!(
            said,
            ["Chiusa online", "Inviata a Linea INPS", "Risposta trovata nella pratica", "Abbandonata"]
        );
        assert_eq!(past_advisor(&words, Some("Giulia")), "Ha risposto Giulia");
        let buttons = [0, 2].map(|count| with_count(&words, "past.button", count));
        assert_eq!(buttons, ["Precedenti", "Precedenti (2)"]);
    }

    #[test]
    fn the_title_says_what_is_pressing_first() {
        let words = italian();
        assert_eq!(title_prefix(&words, (0, 0)), "");
        assert_eq!(title_prefix(&words, (0, 2)), "(2) ");
        assert_eq!(title_prefix(&words, (1, 2)), "● Per te (2) · ");
    }

    #[test]
    fn what_could_not_be_done_says_what_to_do() {
        let words = italian();
        let wish = Wish::HandOn("Marco".into());
        assert_eq!(
            not_done(&words, &wish, Code::AtCapacity),
            "Marco ha già tutte le conversazioni possibili. Scegli un altro nome."
        );
        assert_eq!(not_done(&words, &Wish::End, Code::Fault), "Non conclusa. Riprova.");
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
            about: Some(Skill::AisFis),
            question: None,
        }
    }
}
