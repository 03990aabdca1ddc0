// SPDX-License-Identifier: EUPL-1.2
//! The words of the advisor's day: presence, offers, the list, replies, notes, handing on, ending, keys, alerts.

use infocig_protocol::{
    desk::{Assignment, Colleague, Fit, HandState, Match, Presence, Why},
    entry::Outcome,
    language::Language,
    limits::MAX_NOTE_CHARS,
    person::{PersonCard, Skill},
    problem::Code,
};

use super::{capacity, category, province};
use crate::state::{
    Tried, Wish,
    alerts::Permission,
    keys::Act,
    offer::{From, Offer},
};

/// Label of the presence switch.
pub const PRESENCE: &str = "La tua presenza";
/// Presence is being changed.
pub const PRESENCE_COMING: &str = "Un momento…";

/// A presence, as one says it of oneself and of others.
pub const fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "Disponibile",
        Presence::Busy => "Al completo",
        Presence::Paused => "In pausa",
        Presence::Leaving => "In uscita",
    }
}

/// What one's presence means.
pub fn presence_means(presence: Presence, assignment: Assignment, load: Option<(u32, u32)>) -> String {
    match (presence, load) {
        (Presence::Available | Presence::Busy, Some((load, capacity))) if load >= capacity => {
            format!("Al completo: {load} di {capacity}. Una nuova arriva appena si libera un posto.")
        }
        (Presence::Busy, _) => "Resti alla postazione, ma non ti arriva altro.".to_string(),
        (Presence::Available, load) => {
            let how = match assignment {
                Assignment::Automatic => "Ti arrivano le conversazioni nuove",
                Assignment::Pull => "Scegli tu dalla coda",
            };
            load.map_or_else(
                || format!("{how}."),
                |(load, capacity)| format!("{how}: ne hai {load} di {capacity}."),
            )
        }
        (Presence::Paused, _) => "Non ti arriva altro. Quello che hai resta tuo.".to_string(),
        (Presence::Leaving, _) => {
            "Concludi quello che hai. Non ti arriva altro e nessuno conta su di te.".to_string()
        }
    }
}

/// Heading of the colleagues.
pub const COLLEAGUES: &str = "Alla postazione";
/// There is nobody else.
pub const NO_COLLEAGUES: &str = "Non c'è nessun altro.";

/// How a colleague stands.
pub fn colleague(colleague: &Colleague, capacity: u32) -> String {
    let load = format!("{} di {capacity}", colleague.load);
    if colleague.lost {
        return format!("Senza connessione · {load}");
    }
    let full = colleague.presence == Presence::Available && colleague.load >= capacity;
    let presence = if full { Presence::Busy } else { colleague.presence };
    format!("{} · {load}", presence_word(presence))
}

/// How many are at the desk.
pub fn how_many_colleagues(others: usize) -> String {
    match others {
        0 => "solo tu".to_string(),
        1 => "tu e 1 collega".to_string(),
        many => format!("tu e {many} colleghi"),
    }
}

/// Heading of the offers.
pub const OFFERS: &str = "Per te adesso";
/// Accepts.
pub const ACCEPT: &str = "Accetta";
/// Lets it go by.
pub const DECLINE: &str = "Non ora";
/// Accepting is under way.
pub const ACCEPTING: &str = "La apriamo…";
/// The lease is over.
pub const GOES_ON: &str = "Tempo scaduto: passa ad altri.";

/// What an offer asks.
pub fn offer_kind(from: &From) -> String {
    match from {
        From::Queue => "Nuova conversazione".to_string(),
        From::Colleague(by) => format!("{by} ti passa una conversazione"),
        From::Invitation(by) => format!("{by} chiede il tuo aiuto"),
    }
}

/// How long the person has been there when a conversation is offered.
pub fn offer_waits(from: &From, minutes: i64) -> String {
    match (from, minutes) {
        (From::Queue, minutes) => super::waiting(minutes),
        (From::Colleague(_) | From::Invitation(_), 0) => "In chat da meno di un minuto".to_string(),
        (From::Colleague(_) | From::Invitation(_), minutes) => {
            format!("In chat da {}", super::how_long(minutes))
        }
    }
}

/// Heading of what a colleague noted of what they offer.
pub fn offer_notes(count: usize) -> &'static str {
    if count == 1 { "Nota interna" } else { "Note interne" }
}

/// How long there is to accept.
pub fn time_to_accept(seconds: i64) -> String {
    match seconds {
        0 => GOES_ON.to_string(),
        1 => "Hai 1 secondo per accettare".to_string(),
        seconds if seconds < 90 => format!("Hai {seconds} secondi per accettare"),
        seconds => format!("Hai {} minuti per accettare", seconds / 60),
    }
}

/// An offer, for screen readers: all of it, once.
pub fn offer_announced(offer: &Offer, seconds: i64) -> String {
    let Offer { person, from, .. } = offer;
    format!(
        "{}: {}, {}. {}. Premi F8.",
        offer_kind(from),
        person.name,
        capacity(person),
        time_to_accept(seconds)
    )
}

/// What is being opened.
pub fn opening(name: &str) -> String {
    format!("Apriamo la conversazione con {name}…")
}

/// Why a conversation came to an advisor.
pub fn why(why: &Why, person: &PersonCard) -> String {
    let reasons: Vec<String> = why.agree.iter().map(|one| reason(*one, person)).collect();
    let reasons = match reasons.as_slice() {
        [] => "può rispondere chiunque alla postazione".to_string(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} e {last}", most.join(", ")),
    };
    match why.after_minutes {
        0 => format!("È arrivata a te perché {reasons}."),
        1 => format!("È arrivata a te perché, dopo 1 minuto di attesa, {reasons}."),
        minutes => format!("È arrivata a te perché, dopo {minutes} minuti di attesa, {reasons}."),
    }
}

/// Why a conversation came to an advisor, from where it came.
pub fn why_offered(offer: &Offer) -> String {
    match &offer.from {
        From::Queue => why(&offer.why, &offer.person),
        From::Colleague(by) => {
            format!("È arrivata a te perché {by} te la passa.")
        }
        From::Invitation(by) => format!("{by} continua a rispondere: tu leggi e scrivi nella stessa chat."),
    }
}

fn reason(agreed: Match, person: &PersonCard) -> String {
    match agreed {
        Match::Category => format!("rispondi a questa categoria ({})", category(person.category)),
        Match::Language => format!("parli {}", language(person.language)),
        Match::Province => format!("segui la provincia ({})", province(person)),
        Match::Region => "segui la sua regione".to_string(),
        Match::Skill => match person.about {
            Some(about) => format!("conosci la materia ({})", skill(about)),
            None => "conosci la materia".to_string(),
        },
    }
}

/// A language.
pub const fn language(language: Language) -> &'static str {
    match language {
        Language::It => "italiano",
        Language::De => "tedesco",
        Language::Fr => "francese",
        Language::Sl => "sloveno",
        Language::En => "inglese",
    }
}

/// A field of the matter.
pub const fn skill(skill: Skill) -> &'static str {
    match skill {
        Skill::Cigo => "CIGO",
        Skill::Cigs => "CIGS",
        Skill::AisFis => "AIS del FIS",
        Skill::Fondi => "Fondi di solidarietà",
        Skill::Pagamenti => "Pagamenti",
    }
}

/// Label of the language.
pub const LANGUAGE: &str = "Lingua";
/// Label of the field.
pub const ABOUT: &str = "Argomento";

/// Who it is for, in the queue.
pub fn fit(fit: &Fit, person: &PersonCard, may_take: bool, assignment: Assignment) -> String {
    match fit {
        Fit::Yours(why) if why.agree.is_empty() => match (may_take, assignment) {
            (false, Assignment::Automatic) => "Per te: te la proponiamo noi.".to_string(),
            _ => "Per te: può rispondere chiunque.".to_string(),
        },
        Fit::Yours(why) => {
            let reasons: Vec<String> = why.agree.iter().map(|one| reason(*one, person)).collect();
            format!("Per te: {}.", reasons.join(", "))
        }
        Fit::Others {} => "Per i colleghi.".to_string(),
        Fit::Nobody {} => "Non corrisponde a chi è alla postazione: può prenderla chiunque.".to_string(),
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
pub fn places(load: u32, capacity: u32) -> String {
    format!("{load} di {capacity} posti")
}

/// It was in somebody's hands.
pub const CAME_BACK: &str = "Di nuovo in coda";
/// No place left.
pub const FULL: &str = "Sei al completo: concludi una conversazione per prenderne un'altra.";

/// How a conversation is the advisor's, in a word or two.
pub fn hand(state: Option<&HandState>) -> Option<String> {
    Some(match state? {
        HandState::Held { ending: true, .. } => "In chiusura".to_string(),
        HandState::Held { passing_to: Some(to), .. } => format!("Passa a {to}"),
        HandState::Held { .. } => "In corso".to_string(),
        HandState::Helping { holder } => format!("Aiuti {holder}"),
        HandState::WrapUp { topic_missing: true, .. } => "Da classificare".to_string(),
        HandState::WrapUp { .. } => "Da completare".to_string(),
        HandState::Offered { .. } | HandState::Invited { .. } => return None,
    })
}

/// Somebody waits on the advisor.
pub fn waits_on_me(seconds: i64) -> String {
    match seconds / 60 {
        0 => "Ti aspetta da poco".to_string(),
        1 => "Ti aspetta da 1 minuto".to_string(),
        minutes if minutes < 60 => format!("Ti aspetta da {minutes} minuti"),
        _ => "Ti aspetta da più di un'ora".to_string(),
    }
}

/// Nobody waits.
pub const ANSWERED: &str = "Ha la tua risposta";

/// How long a conversation that is over still takes up a place.
pub fn wrap_up_left(seconds: i64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, 0) => "Il posto si libera ora.".to_string(),
        (0, 1) => "Il posto si libera tra 1 secondo.".to_string(),
        (0, seconds) => format!("Il posto si libera tra {seconds} secondi."),
        (minutes, seconds) => format!("Il posto si libera tra {minutes} min e {seconds:02} s."),
    }
}

/// Frees the place.
pub const DONE: &str = "Ho finito";
/// Says what it was and frees the place.
pub const CLASSIFY: &str = "Indica argomento ed esito";
/// What is left to do with it.
pub const WRAP_UP: &str = "La conversazione è finita. Completa le tue note.";
/// What is left to do, when nobody has said what it was.
pub const WRAP_UP_TOPIC_MISSING: &str = "La conversazione è finita. Indica di che cosa si trattava.";
/// Goes back to the lists.
pub const BACK: &str = "Torna all'elenco";
/// Label of what can be done with a conversation.
pub const TOOLS: &str = "Che cosa puoi fare";

/// Opens the quick replies.
pub const REPLIES: &str = "Risposte pronte";
/// Label of the search.
pub const REPLIES_SEARCH: &str = "Cerca una risposta pronta";
/// Nothing is found.
pub const NO_REPLIES: &str = "Nessuna risposta con queste parole.";
/// How they are chosen.
pub const REPLIES_HINT: &str = "↑ ↓ e Invio per inserirla, Esc per tornare.";

/// How many replies were found.
pub fn replies_found(found: usize) -> String {
    match found {
        0 => NO_REPLIES.to_string(),
        1 => "1 risposta".to_string(),
        many => format!("{many} risposte"),
    }
}

/// Opens the notes.
pub const NOTES: &str = "Note interne";
/// Who reads them.
pub const NOTES_FOR: &str = "Solo per i colleghi";
/// What that means.
pub const NOTES_HINT: &str = "Chi ti scrive non le vede mai.";
/// There is none.
pub const NO_NOTES: &str = "Nessuna nota.";
/// Label of a new note.
pub const NOTE: &str = "Nuova nota, solo per i colleghi";
/// Adds it.
pub const NOTE_SEND: &str = "Aggiungi nota";
/// It has not been stored.
pub const NOTE_COMING: &str = "In salvataggio…";
/// It is too long.
pub fn note_too_long(characters: usize) -> Option<String> {
    let over = characters.checked_sub(MAX_NOTE_CHARS).filter(|over| *over > 0)?;
    Some(format!("Accorcia la nota: supera di {over} il massimo di 2.000 caratteri."))
}

/// The button that opens the notes, with how many there are.
pub fn notes(count: usize) -> String {
    if count == 0 { NOTES.to_string() } else { format!("{NOTES} ({count})") }
}

/// Heading of what the person came with before.
pub const PAST: &str = "Conversazioni precedenti";
/// There is none.
pub const NO_PAST: &str = "Nessuna conversazione precedente.";
/// Asks for the log of one that is open.
pub const PAST_READ: &str = "Carica i messaggi";
/// Asks for what came before in it.
pub const PAST_OLDER: &str = "Carica i messaggi precedenti";
/// Closes it.
pub const PAST_CLOSE: &str = "Chiudi la conversazione precedente";

/// The button that opens them, with how many there are.
pub fn past(count: usize) -> String {
    if count == 0 { "Precedenti".to_string() } else { format!("Precedenti ({count})") }
}

/// What came of an earlier conversation.
pub fn past_outcome(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("Senza esito", self::outcome)
}

/// Who answered in an earlier conversation.
pub fn past_advisor(advisor: Option<&str>) -> String {
    advisor.map_or_else(|| "Non ha risposto nessuno".to_string(), |name| format!("Ha risposto {name}"))
}

/// Label of the log of an earlier conversation.
pub fn past_log(day: &str) -> String {
    format!("Messaggi della conversazione del {day}")
}

/// That it is past.
pub fn past_mark(day: &str) -> String {
    format!("Conversazione passata, del {day}: si può solo leggere.")
}

/// Begins to hand on.
pub const TRANSFER: &str = "Trasferisci";
/// Takes back what is being handed on.
pub const RETRACT: &str = "Riprendi";
/// The button that hands on, or takes back what is being handed on.
pub const fn transfer(passes: bool) -> &'static str {
    if passes { RETRACT } else { TRANSFER }
}

/// Begins to ask for help.
pub const INVITE: &str = "Chiedi aiuto";
/// Helps no more.
pub const LEAVE: &str = "Smetti di aiutare";
/// To nobody in particular.
pub const TO_THE_QUEUE: &str = "In coda";
/// What that means.
pub const TO_THE_QUEUE_HINT: &str = "Torna al suo posto, con l'attesa che aveva.";
/// Label of to whom.
pub const TRANSFER_TO: &str = "A chi";
/// Label of the note that goes along.
pub const TRANSFER_NOTE: &str = "Nota per chi continua (solo per i colleghi)";
/// What handing on means.
pub const TRANSFER_HINT: &str = "Resta tua finché non accettano.";
/// Asks.
pub const INVITE_CONFIRM: &str = "Chiedi";
/// What asking means.
pub const INVITE_HINT: &str = "Chi accetta legge e scrive nella stessa chat. La persona vede il suo nome.";
/// Nobody can be asked.
pub const NOBODY_TO_ASK: &str = "Nessun collega può ricevere una conversazione adesso.";

/// The heading of handing on.
pub fn transfer_whom(name: &str) -> String {
    format!("Trasferisci la conversazione con {name}")
}

/// The heading of asking for help.
pub fn invite_whom(name: &str) -> String {
    format!("Chiedi aiuto per {name}")
}

/// A conversation is on its way to somebody.
pub fn passing_to(name: &str) -> String {
    format!("Aspettiamo che {name} accetti: fino ad allora rispondi tu.")
}

/// Who else answers.
pub fn helpers(names: &[String]) -> String {
    format!("Con te: {}", names.join(", "))
}

/// What was asked for and has not shown yet.
pub fn wish(wish: &Wish) -> String {
    match wish {
        Wish::HandOn(name) => format!("Chiediamo a {name} di continuare…"),
        Wish::PutBack => "La rimettiamo in coda…".to_string(),
        Wish::Help(name) => format!("{name} ha ricevuto la tua richiesta di aiuto."),
        Wish::Leave => "Usciamo dalla conversazione…".to_string(),
        Wish::TakeBack => "La riprendiamo…".to_string(),
        Wish::End => "Concludiamo…".to_string(),
    }
}

/// What could not be done.
pub fn not_done(wish: &Wish, code: Code) -> String {
    let who = match wish {
        Wish::HandOn(name) | Wish::Help(name) => name.as_str(),
        Wish::PutBack | Wish::Leave | Wish::TakeBack | Wish::End => "",
    };
    match (code, wish) {
        (Code::AdvisorUnavailable, _) => format!("{who} non può riceverla adesso. Scegli un altro nome."),
        (Code::AtCapacity, _) => {
            format!("{who} ha già tutte le conversazioni possibili. Scegli un altro nome.")
        }
        (Code::NotAssigned | Code::NotWaiting, _) => "La conversazione non è più assegnata a te.".to_string(),
        (Code::ConversationClosed, _) => "La conversazione è già conclusa.".to_string(),
        (Code::TopicNeeded, _) => "Non conclusa: scegli di nuovo argomento ed esito.".to_string(),
        (_, Wish::End) => "Non conclusa. Riprova.".to_string(),
        _ => "Non siamo riusciti. Riprova.".to_string(),
    }
}

/// Labels of the three levels of a topic.
pub const TOPIC_LEVELS: [&str; 3] = ["Argomento", "Dettaglio", "Voce"];
/// Nothing chosen.
pub const CHOOSE: &str = "Scegli…";
/// Nothing to choose yet.
pub const CHOOSE_ABOVE_FIRST: &str = "Prima scegli sopra";
/// Label of the outcome.
pub const OUTCOME: &str = "Esito";

/// What came of a conversation.
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Online => "Chiusa online",
        Outcome::LineaInps => "Inviata a Linea INPS",
        Outcome::SelfServed => "Risposta trovata nella pratica",
        Outcome::Abandoned => "Abbandonata",
    }
}

/// What an outcome means.
pub const fn outcome_means(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Online => "La risposta è nella chat.",
        Outcome::LineaInps => "Serve un ufficio.",
        Outcome::SelfServed => "Ha trovato la risposta mentre aspettava.",
        Outcome::Abandoned => "Non ha risposto.",
    }
}

/// What is missing before a conversation can be ended: a level from 0, or 3 for the outcome.
pub const fn missing(level: usize) -> &'static str {
    match level {
        0 => "Scegli l'argomento.",
        1 => "Scegli il dettaglio.",
        2 => "Scegli la voce.",
        _ => "Scegli l'esito.",
    }
}

/// Closes a dialog without doing anything.
pub const CANCEL: &str = "Annulla";
/// Closes a dialog that only shows something.
pub const OK: &str = "Chiudi";

/// Heading of the keys.
pub const KEYS: &str = "Scorciatoie";
/// Shows them.
pub const KEYS_SHOW: &str = "Scorciatoie (?)";
/// Keys of one letter.
pub const KEYS_ON: &str = "Tasti di una lettera attivi";
/// What that means.
pub const KEYS_HINT: &str =
    "Mentre scrivi le lettere restano lettere: premi Esc per uscire dal campo. F8 funziona sempre.";
/// What the slash does.
pub const SLASH_HINT: &str = "Risposte pronte, in un messaggio vuoto";

/// What a key does.
pub const fn key(act: Act) -> &'static str {
    match act {
        Act::Help => "Mostra le scorciatoie",
        Act::Accept => "Accetta la proposta",
        Act::Decline => "Non ora",
        Act::Open(_) => "Apri la conversazione in quel posto",
        Act::Write => "Scrivi un messaggio",
        Act::LeaveField => "Esci da un campo",
        Act::Replies => "Risposte pronte",
        Act::Notes => "Note interne",
        Act::Past => "Conversazioni precedenti",
        Act::Cases => "Pratiche della persona",
        Act::Forward => "Segnalazione a Linea INPS",
        Act::Supervision => "Vai alle segnalazioni del servizio (per chi coordina)",
        Act::Transfer => "Trasferisci, o riprendi",
        Act::Invite => "Chiedi aiuto",
        Act::Close => "Concludi",
        Act::Presence => "Vai alla tua presenza",
        Act::Queue => "Vai alla coda",
    }
}

/// Heading of sounds and notifications.
pub const ALERTS: &str = "Avvisi";
/// Sounds.
pub const SOUND: &str = "Suono";
/// What that means.
pub const SOUND_HINT: &str = "Per una proposta e per i messaggi che non stai guardando.";
/// Notifications of the desktop.
pub const DESKTOP: &str = "Notifiche sul desktop";
/// Tries them.
pub const TRY: &str = "Prova";

/// What the browser lets us do.
pub const fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::Missing => "Questo browser non le ha. Restano il suono e il titolo della pagina.",
        Permission::Unasked => "Quando le attivi, il browser ti chiede il permesso.",
        Permission::Granted => "Solo quando guardi un'altra finestra, e senza nomi.",
        Permission::Denied => {
            "Il browser le blocca: puoi permetterle nelle sue impostazioni per questo sito."
        }
    }
}

/// What a trial came to.
pub fn tried(tried: Tried) -> String {
    let sound = match tried.sound {
        Some(true) => "Suono inviato: se non lo senti, alza il volume.",
        Some(false) => "Il browser non ci lascia suonare.",
        None => "Il suono è spento.",
    };
    let desktop = match tried.desktop {
        Some(true) => " Notifica inviata: se non la vedi, controlla il sistema.",
        Some(false) => " Il browser non mostra la notifica.",
        None => "",
    };
    format!("{sound}{desktop}")
}

/// What the desktop says. It names nobody.
pub const DESKTOP_OFFER: &str = "C'è una conversazione per te. Torna alla console per accettarla.";
/// What it says about a message.
pub const DESKTOP_MESSAGE: &str = "C'è un nuovo messaggio in una tua conversazione.";
/// What it says when it is tried.
pub const DESKTOP_TRIAL: &str = "Le notifiche funzionano.";

/// What the title of the page begins with.
pub fn title_prefix((offers, unread): (usize, usize)) -> String {
    match (offers, unread) {
        (0, 0) => String::new(),
        (0, unread) => format!("({unread}) "),
        (_, 0) => "● Per te · ".to_string(),
        (_, unread) => format!("● Per te ({unread}) · "),
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        id::AdvisorId,
        person::{Category, Credential},
    };

    use super::*;

    #[test]
    fn why_it_came_is_one_sentence() {
        let agree = vec![Match::Language, Match::Region, Match::Skill];
        assert_eq!(
            why(&Why { after_minutes: 0, agree }, &person()),
            "È arrivata a te perché parli tedesco, segui la sua regione e conosci la materia (AIS del FIS)."
        );
        assert_eq!(
            why(&Why { after_minutes: 5, agree: vec![] }, &person()),
            "È arrivata a te perché, dopo 5 minuti di attesa, può rispondere chiunque alla postazione."
        );
    }

    #[test]
    fn being_full_is_said_whatever_one_said_of_oneself() {
        let full = presence_means(Presence::Available, Assignment::Automatic, Some((3, 3)));
        assert!(full.starts_with("Al completo: 3 di 3."));
        let free = presence_means(Presence::Available, Assignment::Automatic, Some((1, 3)));
        assert_eq!(free, "Ti arrivano le conversazioni nuove: ne hai 1 di 3.");
        let colleague_ = |load, lost| Colleague {
            advisor: AdvisorId::parse("m").unwrap(),
            name: "Marco".into(),
            presence: Presence::Available,
            lost,
            load,
        };
        assert_eq!(colleague(&colleague_(3, false), 3), "Al completo · 3 di 3");
        assert_eq!(colleague(&colleague_(1, true), 3), "Senza connessione · 1 di 3");
    }

    #[test]
    fn the_countdown_is_in_words_to_the_end() {
        let said: Vec<String> = [120, 30, 1, 0].into_iter().map(time_to_accept).collect();
        assert_eq!(
            said,
            [
                "Hai 2 minuti per accettare",
                "Hai 30 secondi per accettare",
                "Hai 1 secondo per accettare",
                GOES_ON
            ]
        );
        assert_eq!(wrap_up_left(65), "Il posto si libera tra 1 min e 05 s.");
    }

    #[test]
    fn how_long_somebody_has_been_there_is_said_by_where_they_were() {
        assert_eq!(offer_waits(&From::Queue, 3), "In attesa da 3 minuti");
        assert_eq!(offer_waits(&From::Colleague("Marco".into()), 0), "In chat da meno di un minuto");
        assert_eq!(offer_waits(&From::Invitation("Marco".into()), 61), "In chat da 1 ora e 1 minuto");
    }

    #[test]
    fn what_came_of_an_earlier_conversation_is_said_in_words() {
        let outcomes = [Outcome::Online, Outcome::LineaInps, Outcome::SelfServed, Outcome::Abandoned];
        let said = outcomes.map(|outcome| past_outcome(Some(outcome)));
        let words =
            ["Chiusa online", "Inviata a Linea INPS", "Risposta trovata nella pratica", "Abbandonata"];
        assert_eq!(said, words);
        assert_eq!(past_outcome(None), "Senza esito");
        assert_eq!(past_advisor(Some("Giulia")), "Ha risposto Giulia");
        assert_eq!((past(0), past(2)), ("Precedenti".into(), "Precedenti (2)".into()));
    }

    #[test]
    fn the_title_says_what_is_pressing_first() {
        assert_eq!(title_prefix((0, 0)), "");
        assert_eq!(title_prefix((0, 2)), "(2) ");
        assert_eq!(title_prefix((1, 2)), "● Per te (2) · ");
    }

    #[test]
    fn what_could_not_be_done_says_what_to_do() {
        let wish = Wish::HandOn("Marco".into());
        assert_eq!(
            not_done(&wish, Code::AtCapacity),
            "Marco ha già tutte le conversazioni possibili. Scegli un altro nome."
        );
        assert_eq!(not_done(&Wish::End, Code::Fault), "Non conclusa. Riprova.");
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
