// SPDX-License-Identifier: EUPL-1.2
//! The words of charts in the five languages of the service. `{}` is replaced by a value, in order.
//!
//! One file, however long: the languages of one text are compared with each other.

use infocig_protocol::language::Language;

/// The words of one language.
pub(crate) struct Words {
    /// Heading of the column of categories.
    pub(crate) category: &'static str,
    /// Heading of the column of days.
    pub(crate) day: &'static str,
    /// What opens the table.
    pub(crate) numbers: &'static str,
    /// A value that is not published.
    pub(crate) withheld: &'static str,
    /// A value that there is none of.
    pub(crate) nothing: &'static str,
    /// There is no value at all.
    pub(crate) no_data: &'static str,
    /// Which is the highest: its name, its value.
    pub(crate) highest: &'static str,
    /// There is one value: its name, its value.
    pub(crate) only: &'static str,
    /// Their sum.
    pub(crate) total: &'static str,
    /// Their sum, by how much it is more than before, the sum before.
    pub(crate) total_more: &'static str,
    /// The same, less.
    pub(crate) total_less: &'static str,
    /// Their sum, which it was before as well.
    pub(crate) total_same: &'static str,
    /// Their sum, the sum before; a share of it cannot be said.
    pub(crate) total_before: &'static str,
    /// How many values are not published.
    pub(crate) some_withheld: &'static str,
    /// Millions, short.
    pub(crate) million: &'static str,
    /// Between thousands.
    pub(crate) thousands: char,
    /// Before decimals.
    pub(crate) decimal: char,
    /// After a day's number.
    pub(crate) after_day: &'static str,
    /// Names of months.
    pub(crate) months: [&'static str; 12],
    /// The same, short.
    pub(crate) short_months: [&'static str; 12],
}

impl Words {
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::It => &ITALIAN,
            Language::De => &GERMAN,
            Language::Fr => &FRENCH,
            Language::Sl => &SLOVENE,
            Language::En => &ENGLISH,
        }
    }

    /// Every sentence, in one order for all languages.
    #[cfg(test)]
    pub(crate) const fn sentences(&self) -> [&'static str; 14] {
        [
            self.category,
            self.day,
            self.numbers,
            self.withheld,
            self.nothing,
            self.no_data,
            self.highest,
            self.only,
            self.total,
            self.total_more,
            self.total_less,
            self.total_same,
            self.total_before,
            self.some_withheld,
        ]
    }
}

const ITALIAN: Words = Words {
    category: "Voce",
    day: "Giorno",
    numbers: "I numeri del grafico",
    withheld: "non pubblicato",
    nothing: "nessun dato",
    no_data: "Non ci sono dati.",
    highest: "Il valore più alto è {}: {}.",
    only: "{}: {}.",
    total: "In tutto {}.",
    total_more: "In tutto {}, il {} in più rispetto al periodo precedente ({}).",
    total_less: "In tutto {}, il {} in meno rispetto al periodo precedente ({}).",
    total_same: "In tutto {}, come nel periodo precedente.",
    total_before: "In tutto {}; nel periodo precedente {}.",
    some_withheld: "Valori non pubblicati perché riguardano poche persone, o per proteggere quelli: {}.",
    million: "mln",
    thousands: '.',
    decimal: ',',
    after_day: "",
    months: [
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
    ],
    short_months: ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
};

const GERMAN: Words = Words {
    category: "Posten",
    day: "Tag",
    numbers: "Die Zahlen des Diagramms",
    withheld: "nicht veröffentlicht",
    nothing: "keine Angabe",
    no_data: "Es gibt keine Daten.",
    highest: "Der höchste Wert ist {}: {}.",
    only: "{}: {}.",
    total: "Insgesamt {}.",
    total_more: "Insgesamt {}, {} mehr als im Zeitraum davor ({}).",
    total_less: "Insgesamt {}, {} weniger als im Zeitraum davor ({}).",
    total_same: "Insgesamt {}, ebenso viele wie im Zeitraum davor.",
    total_before: "Insgesamt {}; im Zeitraum davor {}.",
    some_withheld: "Werte, die nicht veröffentlicht werden, weil sie wenige Personen betreffen oder solche Werte schützen: {}.",
    million: "Mio.",
    thousands: '.',
    decimal: ',',
    after_day: ".",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    short_months: [
        "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.",
    ],
};

const FRENCH: Words = Words {
    category: "Rubrique",
    day: "Jour",
    numbers: "Les chiffres du graphique",
    withheld: "non publié",
    nothing: "aucune donnée",
    no_data: "Il n’y a pas de données.",
    highest: "La valeur la plus élevée est {} : {}.",
    only: "{} : {}.",
    total: "Au total {}.",
    total_more: "Au total {}, soit {} de plus que pendant la période précédente ({}).",
    total_less: "Au total {}, soit {} de moins que pendant la période précédente ({}).",
    total_same: "Au total {}, comme pendant la période précédente.",
    total_before: "Au total {} ; pendant la période précédente {}.",
    some_withheld: "Valeurs non publiées parce qu’elles concernent peu de personnes, ou pour protéger celles-ci : {}.",
    million: "M",
    thousands: '\u{202f}',
    decimal: ',',
    after_day: "",
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    short_months: [
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ],
};

const SLOVENE: Words = Words {
    category: "Postavka",
    day: "Dan",
    numbers: "Številke grafikona",
    withheld: "ni objavljeno",
    nothing: "ni podatka",
    no_data: "Ni podatkov.",
    highest: "Najvišja vrednost je {}: {}.",
    only: "{}: {}.",
    total: "Skupaj {}.",
    total_more: "Skupaj {}, {} več kot v prejšnjem obdobju ({}).",
    total_less: "Skupaj {}, {} manj kot v prejšnjem obdobju ({}).",
    total_same: "Skupaj {}, kot v prejšnjem obdobju.",
    total_before: "Skupaj {}; v prejšnjem obdobju {}.",
    some_withheld: "Vrednosti, ki niso objavljene, ker zadevajo malo oseb ali varujejo takšne vrednosti: {}.",
    million: "mio.",
    thousands: '.',
    decimal: ',',
    after_day: ".",
    months: [
        "januar",
        "februar",
        "marec",
        "april",
        "maj",
        "junij",
        "julij",
        "avgust",
        "september",
        "oktober",
        "november",
        "december",
    ],
    short_months: [
        "jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "avg.", "sep.", "okt.", "nov.", "dec.",
    ],
};

const ENGLISH: Words = Words {
    category: "Item",
    day: "Day",
    numbers: "The numbers of this chart",
    withheld: "not published",
    nothing: "no data",
    no_data: "There are no data.",
    highest: "The highest value is {}: {}.",
    only: "{}: {}.",
    total: "In total {}.",
    total_more: "In total {}, {} more than in the period before ({}).",
    total_less: "In total {}, {} less than in the period before ({}).",
    total_same: "In total {}, the same as in the period before.",
    total_before: "In total {}; in the period before {}.",
    some_withheld: "Values that are not published because they are about few people, or protect those that are: {}.",
    million: "M",
    thousands: ',',
    decimal: '.',
    after_day: "",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    short_months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
};
