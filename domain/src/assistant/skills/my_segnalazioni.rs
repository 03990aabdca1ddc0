// SPDX-License-Identifier: EUPL-1.2
//! The skill `my_segnalazioni`: number, state and answer of the reports to offices about this person.

use infocig_protocol::{
    language::Language,
    segnalazione::{SegnalazioneState, SegnalazioneStatus},
};

use super::{Facts, Skill, is_about};
use crate::assistant::library::Found;
use crate::assistant::master::Asker;
use crate::transcript::fill;

pub(super) const SKILL: Skill = Skill {
    name: "my_segnalazioni",
    needs: Facts::Segnalazioni,
    claims: |found| is_about(found, &TOPICS),
    say,
};

const TOPICS: [&str; 1] = ["linea-inps-segnalazione"];

fn say(asker: &Asker<'_>, _found: &Found<'_>) -> Vec<String> {
    let words = words(asker.language);
    asker.segnalazioni.iter().map(|status| words.of(status)).collect()
}

/// The words of one language. Each `{}` is a placeholder.
struct Words {
    with_number: &'static str,
    without_number: &'static str,
    sending: &'static str,
    queued: &'static str,
    held: &'static str,
    accepted: &'static str,
    in_progress: &'static str,
    /// The office's answer.
    answered: &'static str,
}

impl Words {
    fn of(&self, status: &SegnalazioneStatus) -> String {
        let begin = match &status.number {
            Some(number) => fill(self.with_number, &[number]),
            None => self.without_number.to_owned(),
        };
        let state = match &status.state {
            SegnalazioneState::Sending {} => self.sending.to_owned(),
            SegnalazioneState::Queued {} => self.queued.to_owned(),
            SegnalazioneState::Held {} => self.held.to_owned(),
            SegnalazioneState::Accepted {} => self.accepted.to_owned(),
            SegnalazioneState::InProgress {} => self.in_progress.to_owned(),
            SegnalazioneState::Answered { text } => fill(self.answered, &[text]),
        };
        format!("{begin} {state}")
    }
}

const fn words(language: Language) -> &'static Words {
    match language {
        Language::It => &ITALIAN,
        Language::De => &GERMAN,
        Language::Fr => &FRENCH,
        Language::Sl => &SLOVENE,
        Language::En => &ENGLISH,
    }
}

const ITALIAN: Words = Words {
    with_number: "Segnalazione numero {}.",
    without_number: "La tua segnalazione non ha ancora un numero.",
    sending: "Sta partendo verso Linea INPS.",
    queued: "Linea INPS non l'ha ancora presa: continuiamo a inviarla, non devi riscrivere.",
    held: "Linea INPS non l'ha accettata così com'è: la guarda un responsabile.",
    accepted: "Linea INPS l'ha ricevuta.",
    in_progress: "La sede la sta lavorando.",
    answered: "La sede ha risposto: «{}»",
};

const GERMAN: Words = Words {
    with_number: "Meldung Nummer {}.",
    without_number: "Ihre Meldung hat noch keine Nummer.",
    sending: "Sie ist auf dem Weg zu Linea INPS.",
    queued: "Linea INPS hat sie noch nicht angenommen: Wir senden sie weiter, Sie müssen nicht noch einmal schreiben.",
    held: "Linea INPS hat sie so nicht angenommen: Eine verantwortliche Person sieht sie an.",
    accepted: "Linea INPS hat sie erhalten.",
    in_progress: "Die Stelle bearbeitet sie.",
    answered: "Die Stelle hat geantwortet: «{}»",
};

const FRENCH: Words = Words {
    with_number: "Signalement numéro {}.",
    without_number: "Votre signalement n'a pas encore de numéro.",
    sending: "Il est en route vers Linea INPS.",
    queued: "Linea INPS ne l'a pas encore pris : nous continuons à l'envoyer, vous n'avez pas à récrire.",
    held: "Linea INPS ne l'a pas accepté tel quel : un responsable l'examine.",
    accepted: "Linea INPS l'a reçu.",
    in_progress: "Le bureau le traite.",
    answered: "Le bureau a répondu : « {} »",
};

const SLOVENE: Words = Words {
    with_number: "Prijava številka {}.",
    without_number: "Vaša prijava še nima številke.",
    sending: "Je na poti v Linea INPS.",
    queued: "Linea INPS je še ni prevzela: pošiljamo jo naprej, ni vam treba pisati znova.",
    held: "Linea INPS je take ni sprejela: pregleduje jo odgovorna oseba.",
    accepted: "Linea INPS jo je prejela.",
    in_progress: "Urad jo obravnava.",
    answered: "Urad je odgovoril: »{}«",
};

const ENGLISH: Words = Words {
    with_number: "Report number {}.",
    without_number: "Your report has no number yet.",
    sending: "It is on its way to Linea INPS.",
    queued: "Linea INPS has not taken it yet: we go on sending it, you need not write again.",
    held: "Linea INPS did not accept it as it is: somebody in charge is looking at it.",
    accepted: "Linea INPS has received it.",
    in_progress: "The office is working on it.",
    answered: "The office answered: \"{}\"",
};
