// SPDX-License-Identifier: EUPL-1.2
//! Decisions in Italian: one sentence that says what, until or from when, and what to do.
//!
//! The tone follows the public administration's guide: "tu", verbs first, no blame.

use infocig_protocol::person::Category;
use jiff::{Timestamp, civil::Weekday};

use crate::{
    admission::{Decision, NotEligible, Outcome},
    calendar::{Calendar, Shut, ZONE},
};

/// The sentence for a decision.
pub fn of(decision: &Decision<'_>) -> String {
    let reopening = || match decision.opens {
        Some(opens) => format!(" Torna {}.", moment(opens, decision.at)),
        None => String::new(),
    };
    match decision.outcome {
        Outcome::Open => match decision.closes {
            Some(closes) => format!("Il servizio è aperto fino alle {}.", clock(closes)),
            None => String::from("Il servizio è aperto."),
        },
        Outcome::OnlyOngoing => format!("Per oggi completiamo le conversazioni già iniziate.{}", reopening()),
        Outcome::QueueFull => {
            String::from("In questo momento c'è troppa attesa per risponderti prima della chiusura.")
        }
        Outcome::Closed(Shut::OutsideHours) => format!("Il servizio adesso è chiuso.{}", reopening()),
        Outcome::Closed(Shut::Holiday(holiday)) => {
            format!("Il servizio oggi è chiuso per festività ({}).{}", holiday.name, reopening())
        }
        Outcome::Closed(Shut::Closure(closure)) => format!("{}{}", closure.reason, reopening()),
        Outcome::NotEligible(reason) => not_eligible(reason, decision),
        Outcome::CredentialTooWeak => {
            String::from("Per parlare con un operatore accedi con SPID di livello 2 o superiore, CIE o CNS.")
        }
        Outcome::UnknownProvince => String::from(
            "Non riconosciamo la provincia indicata nei tuoi dati: verificala nell'area personale.",
        ),
    }
}

fn not_eligible(reason: NotEligible, decision: &Decision<'_>) -> String {
    let whom = match decision.category {
        Category::Lavoratore => "i lavoratori",
        Category::Titolare | Category::RappresentanteLegale | Category::Consulente => {
            "aziende e intermediari"
        }
    };
    let place = decision.province.map_or("nella tua provincia", |_| match decision.category {
        Category::Lavoratore => "nella tua provincia di residenza",
        Category::Titolare | Category::RappresentanteLegale | Category::Consulente => {
            "nella provincia della sede legale"
        }
    });
    let what = match reason {
        NotEligible::Category => format!("Il servizio non è ancora attivo per {whom}."),
        NotEligible::Province => format!("Il servizio non è ancora attivo {place}."),
        NotEligible::EntryPoint => String::from("Il servizio non è attivo da questo portale."),
    };
    match decision.opens {
        Some(opens) => format!("{what} Lo trovi {}.", moment(opens, decision.at)),
        None => what,
    }
}

/// `oggi alle 15:00`, `domani alle 15:00`, `lunedì 30 novembre alle 15:00`, with the year when it is another one.
pub fn moment(at: Timestamp, now: Timestamp) -> String {
    let day = Calendar::day(at);
    let today = Calendar::day(now);
    let when = if day == today {
        String::from("oggi")
    } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == day) {
        String::from("domani")
    } else {
        let year = if day.year() == today.year() { String::new() } else { format!(" {}", day.year()) };
        format!("{} {} {}{year}", weekday(day.weekday()), day.day(), month(day.month()))
    };
    format!("{when} alle {}", clock(at))
}

fn clock(at: Timestamp) -> String {
    let time = ZONE.to_datetime(at).time();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// The name of a month, from 1.
fn month(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "lunedì",
        Weekday::Tuesday => "martedì",
        Weekday::Wednesday => "mercoledì",
        Weekday::Thursday => "giovedì",
        Weekday::Friday => "venerdì",
        Weekday::Saturday => "sabato",
        Weekday::Sunday => "domenica",
    }
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
    use super::*;

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_is_said_the_way_people_say_it() {
        let now = instant("2026-11-27T09:00:00+01:00");

        assert_eq!(moment(instant("2026-11-27T15:00:00+01:00"), now), "oggi alle 15:00");
        assert_eq!(moment(instant("2026-11-28T15:00:00+01:00"), now), "domani alle 15:00");
        assert_eq!(moment(instant("2026-11-30T15:00:00+01:00"), now), "lunedì 30 novembre alle 15:00");
        assert_eq!(moment(instant("2027-01-04T15:00:00+01:00"), now), "lunedì 4 gennaio 2027 alle 15:00");
    }
}
