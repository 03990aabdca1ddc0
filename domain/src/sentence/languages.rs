// SPDX-License-Identifier: EUPL-1.2
//! Every word of a decision in the five languages of the service. Each `{}` is a placeholder, filled in order.
//!
//! Names of INPS and the State stay Italian: SPID, CIE, CNS. Weekdays and months have the form they take in `on_day`: in
//! Slovene "v sredo, 30. novembra".

use infocig_protocol::language::Language;

use crate::transcript::months;

/// The words of one language.
pub(super) struct Texts {
    /// Open, and nobody knows until when.
    pub(super) open: &'static str,
    /// Open until a time of day.
    pub(super) open_until: &'static str,
    /// The last admission has passed.
    pub(super) only_ongoing: &'static str,
    /// Too many wait.
    pub(super) queue_full: &'static str,
    /// Nobody is at the desk.
    pub(super) unstaffed: &'static str,
    /// The same, to who waits already.
    pub(super) unstaffed_meanwhile: &'static str,
    pub(super) too_often: &'static str,
    pub(super) blocked: &'static str,
    /// It is not the hour, or not the day.
    pub(super) closed: &'static str,
    /// Closed for a holiday, by its name.
    pub(super) holiday: &'static str,
    /// When to come back, after why not now.
    pub(super) comes_back: &'static str,
    /// No row of the roll-out has begun for workers.
    pub(super) not_for_workers: &'static str,
    /// None has begun for the employers' side.
    pub(super) not_for_companies: &'static str,
    /// None has begun in the province, whichever it is.
    pub(super) not_in_province: &'static str,
    /// None has begun where the worker lives.
    pub(super) not_in_residence: &'static str,
    /// None has begun where the company has its seat.
    pub(super) not_in_seat: &'static str,
    /// None has begun through this portal.
    pub(super) not_from_portal: &'static str,
    /// When it begins, after why not now.
    pub(super) begins: &'static str,
    /// The sign-in is too weak.
    pub(super) credential_too_weak: &'static str,
    /// The province code names no province.
    pub(super) unknown_province: &'static str,
    /// A time today, inside a sentence.
    pub(super) today: &'static str,
    /// A time tomorrow.
    pub(super) tomorrow: &'static str,
    /// Weekday, day, month and time.
    pub(super) on_day: &'static str,
    /// Weekday, day, month, year and time.
    pub(super) on_day_of_year: &'static str,
    /// The first day of a month, where a date is said.
    pub(super) first: &'static str,
    /// The days of the week, from Monday.
    pub(super) weekdays: [&'static str; 7],
    /// The months, from the first.
    pub(super) months: &'static [&'static str; 12],
}

impl Texts {
    /// The words of a language.
    pub(super) const fn of(language: Language) -> &'static Self {
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
    open: "Il servizio è aperto.",
    open_until: "Il servizio è aperto fino alle {}.",
    only_ongoing: "Per oggi completiamo le conversazioni già iniziate.",
    queue_full: "In questo momento c'è troppa attesa per risponderti prima della chiusura.",
    unstaffed: "Ora non è presente nessun operatore. Riprova più tardi.",
    unstaffed_meanwhile: "Ora non è presente nessun operatore. Il tuo posto resta: puoi aspettare, oppure lasciare la coda e usare gli altri canali.",
    too_often: "Hai già iniziato più conversazioni in poco tempo.",
    blocked: "L'accesso alla chat è sospeso per i toni di una conversazione. Se non sei d'accordo, scrivi alla sede e chiedi di riesaminare la decisione.",
    closed: "Il servizio adesso è chiuso.",
    holiday: "Il servizio oggi è chiuso per festività ({}).",
    comes_back: "Torna {}.",
    not_for_workers: "Il servizio non è ancora attivo per i lavoratori.",
    not_for_companies: "Il servizio non è ancora attivo per aziende e intermediari.",
    not_in_province: "Il servizio non è ancora attivo nella tua provincia.",
    not_in_residence: "Il servizio non è ancora attivo nella tua provincia di residenza.",
    not_in_seat: "Il servizio non è ancora attivo nella provincia della sede legale.",
    not_from_portal: "Il servizio non è attivo da questo portale.",
    begins: "Lo trovi {}.",
    credential_too_weak: "Per parlare con un operatore accedi con SPID di livello 2 o superiore, CIE o CNS.",
    unknown_province: "Non riconosciamo la provincia indicata nei tuoi dati: verificala nell'area personale.",
    today: "oggi alle {}",
    tomorrow: "domani alle {}",
    on_day: "{} {} {} alle {}",
    on_day_of_year: "{} {} {} {} alle {}",
    first: "1°",
    weekdays: ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
    months: months(Language::It),
};

const GERMAN: Texts = Texts {
    open: "Der Dienst ist geöffnet.",
    open_until: "Der Dienst ist bis {} Uhr geöffnet.",
    only_ongoing: "Für heute führen wir die begonnenen Gespräche zu Ende.",
    queue_full: "Im Moment warten zu viele, als dass wir Ihnen vor der Schließung antworten könnten.",
    unstaffed: "Im Moment ist niemand da, der antworten kann. Versuchen Sie es später noch einmal.",
    unstaffed_meanwhile: "Im Moment ist niemand da, der antworten kann. Ihr Platz bleibt erhalten: Sie können warten oder die Warteschlange verlassen und die anderen Wege nutzen.",
    too_often: "Sie haben in kurzer Zeit schon mehrere Gespräche begonnen.",
    blocked: "Der Zugang zum Chat ist wegen des Tons in einem Gespräch ausgesetzt. Wenn Sie nicht einverstanden sind, schreiben Sie der Stelle und bitten Sie um eine Überprüfung.",
    closed: "Der Dienst ist jetzt geschlossen.",
    holiday: "Der Dienst ist heute wegen des Feiertags ({}) geschlossen.",
    comes_back: "Wir sind {} wieder für Sie da.",
    not_for_workers: "Für Beschäftigte ist der Dienst noch nicht verfügbar.",
    not_for_companies: "Für Betriebe und Vermittler ist der Dienst noch nicht verfügbar.",
    not_in_province: "In Ihrer Provinz ist der Dienst noch nicht verfügbar.",
    not_in_residence: "In der Provinz Ihres Wohnsitzes ist der Dienst noch nicht verfügbar.",
    not_in_seat: "In der Provinz des Rechtssitzes ist der Dienst noch nicht verfügbar.",
    not_from_portal: "Über dieses Portal ist der Dienst nicht verfügbar.",
    begins: "Sie erreichen ihn {}.",
    credential_too_weak: "Um mit einer Beratungsperson zu sprechen, melden Sie sich mit SPID der Stufe 2 oder höher, mit CIE oder CNS an.",
    unknown_province: "Wir erkennen die Provinz in Ihren Daten nicht: Prüfen Sie sie in Ihrem persönlichen Bereich.",
    today: "heute um {} Uhr",
    tomorrow: "morgen um {} Uhr",
    on_day: "am {}, {}. {}, um {} Uhr",
    on_day_of_year: "am {}, {}. {} {}, um {} Uhr",
    first: "1",
    weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    months: months(Language::De),
};

const FRENCH: Texts = Texts {
    open: "Le service est ouvert.",
    open_until: "Le service est ouvert jusqu'à {}.",
    only_ongoing: "Pour aujourd'hui, nous terminons les conversations déjà commencées.",
    queue_full: "En ce moment, l'attente est trop longue pour vous répondre avant la fermeture.",
    unstaffed: "En ce moment, personne n'est là pour répondre. Réessayez plus tard.",
    unstaffed_meanwhile: "En ce moment, personne n'est là pour répondre. Votre place est gardée : vous pouvez attendre, ou quitter la file et utiliser les autres canaux.",
    too_often: "Vous avez déjà commencé plusieurs conversations en peu de temps.",
    blocked: "L'accès au chat est suspendu en raison du ton d'une conversation. Si vous n'êtes pas d'accord, écrivez au bureau et demandez un réexamen.",
    closed: "Le service est fermé en ce moment.",
    holiday: "Le service est fermé aujourd'hui, jour férié ({}).",
    comes_back: "Revenez {}.",
    not_for_workers: "Le service n'est pas encore ouvert aux travailleurs.",
    not_for_companies: "Le service n'est pas encore ouvert aux entreprises et aux intermédiaires.",
    not_in_province: "Le service n'est pas encore ouvert dans votre province.",
    not_in_residence: "Le service n'est pas encore ouvert dans votre province de résidence.",
    not_in_seat: "Le service n'est pas encore ouvert dans la province du siège social.",
    not_from_portal: "Le service n'est pas accessible depuis ce portail.",
    begins: "Vous le trouverez {}.",
    credential_too_weak: "Pour parler avec un conseiller, connectez-vous avec SPID de niveau 2 ou supérieur, CIE ou CNS.",
    unknown_province: "Nous ne reconnaissons pas la province indiquée dans vos données : vérifiez-la dans votre espace personnel.",
    today: "aujourd'hui à {}",
    tomorrow: "demain à {}",
    on_day: "{} {} {} à {}",
    on_day_of_year: "{} {} {} {} à {}",
    first: "1er",
    weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    months: months(Language::Fr),
};

const SLOVENE: Texts = Texts {
    open: "Storitev je odprta.",
    open_until: "Storitev je odprta do {}.",
    only_ongoing: "Danes končujemo že začete pogovore.",
    queue_full: "Trenutno je čakalna doba predolga, da bi vam odgovorili pred zaprtjem.",
    unstaffed: "Trenutno ni prisoten noben svetovalec. Poskusite pozneje.",
    unstaffed_meanwhile: "Trenutno ni prisoten noben svetovalec. Vaše mesto ostane: lahko počakate ali zapustite vrsto in uporabite druge poti.",
    too_often: "V kratkem času ste začeli že več pogovorov.",
    blocked: "Dostop do klepeta je začasno ustavljen zaradi tona v pogovoru. Če se ne strinjate, pišite uradu in prosite za ponovno presojo.",
    closed: "Storitev je zdaj zaprta.",
    holiday: "Storitev je danes zaprta zaradi praznika ({}).",
    comes_back: "Vrnite se {}.",
    not_for_workers: "Storitev za delavce še ni na voljo.",
    not_for_companies: "Storitev za podjetja in posrednike še ni na voljo.",
    not_in_province: "Storitev v vaši pokrajini še ni na voljo.",
    not_in_residence: "Storitev v pokrajini vašega prebivališča še ni na voljo.",
    not_in_seat: "Storitev v pokrajini sedeža podjetja še ni na voljo.",
    not_from_portal: "Prek tega portala storitev ni na voljo.",
    begins: "Na voljo bo {}.",
    credential_too_weak: "Za pogovor s svetovalcem se prijavite s SPID stopnje 2 ali višje, s CIE ali s CNS.",
    unknown_province: "Pokrajine v vaših podatkih ne prepoznamo: preverite jo v svojem osebnem območju.",
    today: "danes ob {}",
    tomorrow: "jutri ob {}",
    on_day: "v {}, {}. {}, ob {}",
    on_day_of_year: "v {}, {}. {} {}, ob {}",
    first: "1",
    weekdays: ["ponedeljek", "torek", "sredo", "četrtek", "petek", "soboto", "nedeljo"],
    months: months(Language::Sl),
};

const ENGLISH: Texts = Texts {
    open: "The service is open.",
    open_until: "The service is open until {}.",
    only_ongoing: "For today we are finishing the conversations already begun.",
    queue_full: "At the moment the wait is too long for us to answer you before we close.",
    unstaffed: "Nobody is here to answer at the moment. Try again later.",
    unstaffed_meanwhile: "Nobody is here to answer at the moment. Your place is kept: you can wait, or leave the queue and use the other channels.",
    too_often: "You have already begun several conversations in a short time.",
    blocked: "Access to the chat is suspended because of the tone of a conversation. If you do not agree, write to the office and ask for a review.",
    closed: "The service is closed now.",
    holiday: "The service is closed today for a public holiday ({}).",
    comes_back: "Come back {}.",
    not_for_workers: "The service is not open to workers yet.",
    not_for_companies: "The service is not open to companies and intermediaries yet.",
    not_in_province: "The service is not open in your province yet.",
    not_in_residence: "The service is not open in your province of residence yet.",
    not_in_seat: "The service is not open in the province of the registered office yet.",
    not_from_portal: "The service is not available from this portal.",
    begins: "It opens {}.",
    credential_too_weak: "To talk to an advisor, sign in with SPID level 2 or higher, CIE or CNS.",
    unknown_province: "We do not recognise the province in your data: check it in your personal area.",
    today: "today at {}",
    tomorrow: "tomorrow at {}",
    on_day: "on {} {} {} at {}",
    on_day_of_year: "on {} {} {} {} at {}",
    first: "1",
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: months(Language::En),
};
