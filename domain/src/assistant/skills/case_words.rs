// SPDX-License-Identifier: EUPL-1.2
//! Every word of a case in the five languages of the service. Each `{}` is a placeholder, filled in order.
//!
//! Written for somebody who worries: short sentences, no blame, no office language, nothing that can be taken for a promise.
//! The words fit a worker, an employer and a consultant alike.

use infocig_protocol::{case::CasePhase, language::Language};

use super::my_case::Turn;
use crate::transcript::months;

/// The words of one language.
pub(super) struct CaseWords {
    /// Kind, company, first and last day.
    pub(super) case: &'static str,
    /// Kind and company.
    pub(super) case_without_period: &'static str,
    pub(super) no_case: &'static str,
    /// No phase was reached.
    pub(super) nothing_yet: &'static str,
    /// A phase, where the registry's day is none.
    pub(super) reached_some_day: &'static str,
    /// That a phase was reached on a day, by phase.
    reached: [&'static str; 9],
    /// A phase as something that happens, by phase.
    names: [&'static str; 9],
    pub(super) late: &'static str,
    pub(super) refused: &'static str,
    pub(super) credited: &'static str,
    office: &'static str,
    employer_sends: &'static str,
    employer_pays: &'static str,
    bank: &'static str,
    /// The phase that usually comes next.
    pub(super) next: &'static str,
    pub(super) no_date: &'static str,
    /// The day and the time of the data.
    pub(super) as_of: &'static str,
    /// Day, month, year.
    pub(super) date: &'static str,
    /// The first day of a month.
    pub(super) first: &'static str,
    pub(super) months: &'static [&'static str; 12],
}

impl CaseWords {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::It => &ITALIAN,
            Language::De => &GERMAN,
            Language::Fr => &FRENCH,
            Language::Sl => &SLOVENE,
            Language::En => &ENGLISH,
        }
    }

    pub(super) const fn reached(&self, phase: CasePhase) -> &'static str {
        self.reached[phase as usize]
    }

    pub(super) const fn name(&self, phase: CasePhase) -> &'static str {
        self.names[phase as usize]
    }

    /// Whose turn it is; nothing where nothing is to come.
    pub(super) const fn turn(&self, turn: Turn) -> Option<&'static str> {
        match turn {
            Turn::Office => Some(self.office),
            Turn::EmployerSends => Some(self.employer_sends),
            Turn::EmployerPays => Some(self.employer_pays),
            Turn::Bank => Some(self.bank),
            Turn::Nobody => None,
        }
    }
}

const ITALIAN: CaseWords = CaseWords {
    case: "{}, {}, periodo {} – {}.",
    case_without_period: "{}, {}.",
    no_case: "Non risultano pratiche a tuo nome.",
    nothing_yet: "La domanda è all'inizio: nessun passo risulta ancora concluso.",
    reached_some_day: "Questo passo risulta concluso: {}.",
    reached: [
        "Il {} la domanda è entrata nel sistema dell'INPS.",
        "Il {} la domanda è passata alla procedura che la esamina.",
        "Il {} sono finiti i primi controlli (preistruttoria).",
        "Il {} sono finiti i controlli della domanda (istruttoria).",
        "Il {} l'esame della domanda si è concluso (definizione).",
        "Il {} la domanda è stata autorizzata.",
        "Il {} sono arrivati i dati per il pagamento (UniEmens-Cig).",
        "Il {} l'INPS ha disposto il pagamento.",
        "Il {} i soldi sono stati accreditati.",
    ],
    names: [
        "la domanda entra nel sistema dell'INPS",
        "la domanda passa alla procedura che la esamina",
        "si fanno i primi controlli (preistruttoria)",
        "si fanno i controlli della domanda (istruttoria)",
        "si conclude l'esame della domanda (definizione)",
        "si decide l'autorizzazione",
        "l'azienda invia i dati per il pagamento (UniEmens-Cig)",
        "l'INPS dispone il pagamento",
        "i soldi arrivano sul conto",
    ],
    late: "La pratica è oltre i tempi che la sede prevede: in chat puoi chiedere il perché.",
    refused: "La domanda è stata respinta: dopo questo passo non ce ne sono altri. In chat puoi chiedere il motivo e come si fa ricorso.",
    credited: "I soldi risultano accreditati. Se non li vedi, chiedi in banca o alla posta, poi in chat.",
    office: "Adesso tocca all'INPS. Tu non devi fare niente.",
    employer_sends: "Adesso tocca all'azienda: mancano i dati che servono per pagare. Puoi chiederle se li ha inviati.",
    employer_pays: "Adesso tocca all'azienda: paga lei, in busta paga. Puoi chiederle in quale mese.",
    bank: "Adesso tocca alla banca o alla posta. Controlla il conto indicato per il pagamento.",
    next: "Di solito il passo dopo è questo: {}.",
    no_date: "Una data per quel passo non c'è.",
    as_of: "Sono i dati del registro delle pratiche: {}, ore {}.",
    date: "{} {} {}",
    first: "1°",
    months: months(Language::It),
};

const GERMAN: CaseWords = CaseWords {
    case: "{}, {}, vom {} bis {}.",
    case_without_period: "{}, {}.",
    no_case: "Auf Ihren Namen sind keine Akten verzeichnet.",
    nothing_yet: "Der Antrag steht am Anfang: Noch ist kein Schritt abgeschlossen.",
    reached_some_day: "Dieser Schritt ist abgeschlossen: {}.",
    reached: [
        "Am {} ist der Antrag im System des INPS eingegangen.",
        "Am {} ist der Antrag in das Verfahren gekommen, das ihn prüft.",
        "Am {} wurden die ersten Kontrollen abgeschlossen (preistruttoria).",
        "Am {} wurden die Kontrollen des Antrags abgeschlossen (istruttoria).",
        "Am {} wurde die Prüfung des Antrags abgeschlossen (definizione).",
        "Am {} wurde der Antrag genehmigt.",
        "Am {} sind die Daten für die Zahlung eingegangen (UniEmens-Cig).",
        "Am {} hat das INPS die Zahlung angeordnet.",
        "Am {} wurde das Geld gutgeschrieben.",
    ],
    names: [
        "Der Antrag geht im System des INPS ein",
        "Der Antrag kommt in das Verfahren, das ihn prüft",
        "Die ersten Kontrollen finden statt (preistruttoria)",
        "Die Kontrollen des Antrags finden statt (istruttoria)",
        "Die Prüfung des Antrags wird abgeschlossen (definizione)",
        "Über die Genehmigung wird entschieden",
        "Der Betrieb sendet die Daten für die Zahlung (UniEmens-Cig)",
        "Das INPS ordnet die Zahlung an",
        "Das Geld kommt auf das Konto",
    ],
    late: "Der Akt liegt über der Zeit, mit der die Stelle rechnet: Im Chat können Sie nach dem Grund fragen.",
    refused: "Der Antrag wurde abgelehnt: Nach diesem Schritt folgt keiner mehr. Im Chat können Sie nach dem Grund fragen und danach, wie man Rekurs einlegt.",
    credited: "Das Geld gilt als gutgeschrieben. Wenn Sie es nicht sehen, fragen Sie bei der Bank oder der Post nach, dann im Chat.",
    office: "Jetzt ist das INPS an der Reihe. Sie müssen nichts tun.",
    employer_sends: "Jetzt ist der Betrieb an der Reihe: Es fehlen die Daten, die für die Zahlung nötig sind. Sie können ihn fragen, ob er sie gesendet hat.",
    employer_pays: "Jetzt ist der Betrieb an der Reihe: Er zahlt mit dem Lohn. Sie können ihn fragen, in welchem Monat.",
    bank: "Jetzt ist die Bank oder die Post an der Reihe. Prüfen Sie das Konto, das für die Zahlung angegeben wurde.",
    next: "Danach folgt gewöhnlich dieser Schritt: {}.",
    no_date: "Ein Datum für diesen Schritt gibt es nicht.",
    as_of: "Das sind die Daten des Registers der Akten: {}, {} Uhr.",
    date: "{}. {} {}",
    first: "1",
    months: months(Language::De),
};

const FRENCH: CaseWords = CaseWords {
    case: "{}, {}, du {} au {}.",
    case_without_period: "{}, {}.",
    no_case: "Aucun dossier n'est enregistré à votre nom.",
    nothing_yet: "La demande est au début : aucune étape n'est encore terminée.",
    reached_some_day: "Cette étape est terminée : {}.",
    reached: [
        "Le {}, la demande est entrée dans le système de l'INPS.",
        "Le {}, la demande est passée à la procédure qui l'examine.",
        "Le {}, les premiers contrôles se sont terminés (preistruttoria).",
        "Le {}, les contrôles de la demande se sont terminés (istruttoria).",
        "Le {}, l'examen de la demande s'est terminé (definizione).",
        "Le {}, la demande a été autorisée.",
        "Le {}, les données pour le paiement sont arrivées (UniEmens-Cig).",
        "Le {}, l'INPS a ordonné le paiement.",
        "Le {}, l'argent a été crédité.",
    ],
    names: [
        "la demande entre dans le système de l'INPS",
        "la demande passe à la procédure qui l'examine",
        "les premiers contrôles ont lieu (preistruttoria)",
        "les contrôles de la demande ont lieu (istruttoria)",
        "l'examen de la demande se termine (definizione)",
        "l'autorisation est décidée",
        "l'entreprise envoie les données pour le paiement (UniEmens-Cig)",
        "l'INPS ordonne le paiement",
        "l'argent arrive sur le compte",
    ],
    late: "Le dossier dépasse le temps que le bureau prévoit : dans le chat, vous pouvez demander pourquoi.",
    refused: "La demande a été refusée : après cette étape, il n'y en a pas d'autre. Dans le chat, vous pouvez demander le motif et comment former un recours.",
    credited: "L'argent figure comme crédité. Si vous ne le voyez pas, demandez à la banque ou à la poste, puis dans le chat.",
    office: "C'est maintenant à l'INPS d'agir. Vous n'avez rien à faire.",
    employer_sends: "C'est maintenant à l'entreprise d'agir : il manque les données nécessaires pour payer. Vous pouvez lui demander si elle les a envoyées.",
    employer_pays: "C'est maintenant à l'entreprise d'agir : c'est elle qui paie, avec le salaire. Vous pouvez lui demander quel mois.",
    bank: "C'est maintenant à la banque ou à la poste d'agir. Vérifiez le compte indiqué pour le paiement.",
    next: "D'habitude, l'étape suivante est celle-ci : {}.",
    no_date: "Il n'y a pas de date pour cette étape.",
    as_of: "Ce sont les données du registre des dossiers : {}, à {}.",
    date: "{} {} {}",
    first: "1er",
    months: months(Language::Fr),
};

const SLOVENE: CaseWords = CaseWords {
    case: "{}, {}, od {} do {}.",
    case_without_period: "{}, {}.",
    no_case: "Na vaše ime ni nobene zadeve.",
    nothing_yet: "Vloga je na začetku: noben korak še ni končan.",
    reached_some_day: "Ta korak je končan: {}.",
    reached: [
        "{} je vloga prišla v sistem INPS.",
        "{} je vloga prešla v postopek, ki jo obravnava.",
        "{} so se končala prva preverjanja (preistruttoria).",
        "{} so se končala preverjanja vloge (istruttoria).",
        "{} se je končala obravnava vloge (definizione).",
        "{} je bila vloga odobrena.",
        "{} so prispeli podatki za izplačilo (UniEmens-Cig).",
        "{} je INPS odredil izplačilo.",
        "{} je bil denar nakazan na račun.",
    ],
    names: [
        "vloga pride v sistem INPS",
        "vloga preide v postopek, ki jo obravnava",
        "potekajo prva preverjanja (preistruttoria)",
        "potekajo preverjanja vloge (istruttoria)",
        "obravnava vloge se konča (definizione)",
        "odloča se o odobritvi",
        "podjetje pošlje podatke za izplačilo (UniEmens-Cig)",
        "INPS odredi izplačilo",
        "denar pride na račun",
    ],
    late: "Zadeva presega čas, ki ga urad predvideva: v klepetu lahko vprašate za razlog.",
    refused: "Vloga je bila zavrnjena: po tem koraku ni drugega. V klepetu lahko vprašate za razlog in kako se vloži pritožba.",
    credited: "Denar je zabeležen kot nakazan. Če ga ne vidite, vprašajte na banki ali pošti, nato v klepetu.",
    office: "Zdaj je na vrsti INPS. Vam ni treba storiti ničesar.",
    employer_sends: "Zdaj je na vrsti podjetje: manjkajo podatki, potrebni za izplačilo. Lahko ga vprašate, ali jih je poslalo.",
    employer_pays: "Zdaj je na vrsti podjetje: izplača ga ono, s plačo. Lahko ga vprašate, v katerem mesecu.",
    bank: "Zdaj je na vrsti banka ali pošta. Preverite račun, naveden za izplačilo.",
    next: "Običajno sledi ta korak: {}.",
    no_date: "Datuma za ta korak ni.",
    as_of: "To so podatki registra zadev: {}, ob {}.",
    date: "{}. {} {}",
    first: "1",
    months: months(Language::Sl),
};

const ENGLISH: CaseWords = CaseWords {
    case: "{}, {}, from {} to {}.",
    case_without_period: "{}, {}.",
    no_case: "There are no cases in your name.",
    nothing_yet: "The application is at its beginning: no step is completed yet.",
    reached_some_day: "This step is completed: {}.",
    reached: [
        "On {} the application entered the system of INPS.",
        "On {} the application passed to the procedure that examines it.",
        "On {} the first checks were completed (preistruttoria).",
        "On {} the checks of the application were completed (istruttoria).",
        "On {} the examination of the application was completed (definizione).",
        "On {} the application was authorised.",
        "On {} the data for the payment arrived (UniEmens-Cig).",
        "On {} INPS ordered the payment.",
        "On {} the money was credited.",
    ],
    names: [
        "the application enters the system of INPS",
        "the application passes to the procedure that examines it",
        "the first checks take place (preistruttoria)",
        "the checks of the application take place (istruttoria)",
        "the examination of the application is completed (definizione)",
        "the authorisation is decided",
        "the company sends the data for the payment (UniEmens-Cig)",
        "INPS orders the payment",
        "the money reaches the account",
    ],
    late: "The case is beyond the time the office expects: in the chat you can ask why.",
    refused: "The application was refused: no step follows this one. In the chat you can ask for the reason and how to appeal.",
    credited: "The money is recorded as credited. If you do not see it, ask your bank or post office, then in the chat.",
    office: "It is INPS's turn now. You need do nothing.",
    employer_sends: "It is the company's turn now: the data needed to pay are missing. You can ask the company whether it has sent them.",
    employer_pays: "It is the company's turn now: the company pays, with the wage. You can ask it in which month.",
    bank: "It is the bank's or the post office's turn now. Check the account given for the payment.",
    next: "Usually this step comes next: {}.",
    no_date: "There is no date for that step.",
    as_of: "These are the data of the registry of cases: {}, {}.",
    date: "{} {} {}",
    first: "1",
    months: months(Language::En),
};
