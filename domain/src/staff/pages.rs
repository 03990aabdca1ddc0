// SPDX-License-Identifier: EUPL-1.2
//! The pages at which the staff sign in: the console's, a refused sign-in, and the way out.
//!
//! The console's page holds the same element as a portal's. Its own content is what the element shows while nobody is signed in,
//! and what remains where it cannot be loaded.

use infocig_protocol::language::Language;
use maud::{DOCTYPE, Markup, html};

use crate::{
    html::plain,
    plain_page::{self, Links},
};

/// The address of the console's page.
pub const PATH: &str = "/console";

/// The parameter of the page for whoever was signed in until now.
pub const ENDED: &str = "ended";

/// The address at which a sign-in begins.
pub const SIGN_IN: &str = "/v1/staff/sign-in";

/// The address at which one signs out.
pub const SIGN_OUT: &str = "/v1/staff/sign-out";

/// The address at which the console's element asks for its token.
pub const TOKEN: &str = "/v1/staff/token";

/// Who opens the page of the console.
#[derive(Clone, Copy, Debug)]
pub enum Visitor<'v> {
    /// Somebody who is signed in.
    SignedIn(SignedIn<'v>),
    /// Nobody.
    Nobody,
    /// Whoever was signed in until now.
    Ended,
}

/// A person who is signed in, as the page of the console names them.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn<'s> {
    /// Their name.
    pub name: &'s str,
    /// The value that proves that the form to sign out is of this page.
    pub form: &'s str,
    /// Whether a role of theirs opens a desk.
    pub answers: bool,
}

/// Why a sign-in came to nothing, as far as it matters to whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It took too long, was begun elsewhere, or its answer came a second time: beginning again helps.
    BeginAgain,
    /// They or their provider stopped it.
    Stopped,
    /// The answer does not pass the checks: it may be somebody else's.
    NotTrusted,
    /// The provider did not answer.
    Unreachable,
    /// Their proof of identity is not strong enough.
    TooWeak,
    /// Nothing they bring gives a role here.
    NoRole,
}

impl Why {
    /// All.
    pub const ALL: [Self; 6] =
        [Self::BeginAgain, Self::Stopped, Self::NotTrusted, Self::Unreachable, Self::TooWeak, Self::NoRole];
}

/// The page of the console. `edge` is the service's own origin.
pub fn console_page(visitor: Visitor<'_>, edge: &str, language: Language, links: &Links) -> String {
    let texts = Texts::of(language);
    let (who, lead) = match visitor {
        Visitor::SignedIn(signed_in) => (Some(signed_in), texts.lead),
        Visitor::Nobody => (None, texts.lead),
        Visitor::Ended => (None, texts.ended),
    };
    let opens_desk = who.is_none_or(|signed_in| signed_in.answers);
    let who = who.map(|SignedIn { name, form, .. }| {
        html! {
            form class="who" method="post" action=(in_language(SIGN_OUT, language)) {
                "\n"
                span { (plain(name)) } "\n"
                input type="hidden" name="form" value=(form); "\n"
                button class="quiet" type="submit" { (texts.sign_out) } "\n"
            } "\n"
        }
    });
    let ended = format!("{}&{ENDED}=yes", in_language(PATH, language));
    if !opens_desk {
        let main = html! {
            h1 { (texts.heading) } "\n"
            p class="lead" { (texts.no_desk) } "\n"
        };
        return page(texts.heading, language, &html! {}, "", who.as_ref(), &main, links);
    }
    let main = html! {
        noscript { p { (texts.needs_scripts) } } "\n"
        info-cig-console edge=(edge) token-url=(TOKEN) signed-out-url=(ended) {
            "\n"
            h1 { (texts.heading) } "\n"
            p class="lead" { (lead) } "\n"
            p { a class="button" href=(in_language(SIGN_IN, language)) { (texts.sign_in) } } "\n"
        } "\n"
    };
    let head = html! { script type="module" src="/console.js" {} "\n" };
    page(texts.heading, language, &head, "console", who.as_ref(), &main, links)
}

/// The page of a sign-in that came to nothing. `code` is its reason in the log, for whoever is asked for help.
pub fn refused_page(why: Why, code: &str, language: Language, links: &Links) -> String {
    let texts = Texts::of(language);
    let main = html! {
        h1 { (texts.refused) } "\n"
        p class="lead" { (texts.why(why)) } "\n"
        p { a class="button" href=(in_language(SIGN_IN, language)) { (texts.again) } } "\n"
        p class="hint" { (texts.code) " " code { (code) } } "\n"
    };
    page(texts.refused, language, &html! {}, "", None, &main, links)
}

/// The page after signing out, which goes on to the provider's own page for it where there is one.
pub fn signed_out_page(provider: Option<&str>, language: Language, links: &Links) -> String {
    let texts = Texts::of(language);
    let head = html! {
        @if let Some(address) = provider {
            meta http-equiv="refresh" content=(format!("0; url={address}")); "\n"
        }
    };
    let main = html! {
        h1 { (texts.signed_out) } "\n"
        p class="lead" { (texts.signed_out_lead) } "\n"
        @if let Some(address) = provider {
            p { a class="button" href=(plain(address)) { (texts.go_on) } } "\n"
        } @else {
            p { a class="button" href=(in_language(SIGN_IN, language)) { (texts.again) } } "\n"
        }
    };
    page(texts.signed_out, language, &head, "", None, &main, links)
}

fn page(
    title: &str,
    language: Language,
    head: &Markup,
    kind: &str,
    who: Option<&Markup>,
    main: &Markup,
    links: &Links,
) -> String {
    let page = html! {
        (DOCTYPE) "\n"
        html lang=(language.as_str()) {
            "\n"
            head {
                "\n"
                meta charset="utf-8"; "\n"
                meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                title { (title) " – INFO CIG" } "\n"
                link rel="stylesheet" href="/fonts/titillium-web.css"; "\n"
                link rel="stylesheet" href="/plain.css"; "\n"
                link rel="stylesheet" href="/staff.css"; "\n"
                (head)
            } "\n"
            body class=(format!("staff {kind}").trim_end()) {
                "\n"
                header {
                    "\n"
                    p class="service" { "INFO CIG" } "\n"
                    @if let Some(who) = who { (who) }
                    @else { (languages(language)) "\n" }
                } "\n"
                main { "\n" (main) } "\n"
                (plain_page::footer(language, links))
            } "\n"
        } "\n"
    };
    page.into_string()
}

/// The choice of languages, until the console is there with its own.
fn languages(language: Language) -> Markup {
    let (label, names) = plain_page::language_names(language);
    html! {
        nav aria-label=(label) {
            "\n"
            ul {
                "\n"
                @for (other, name) in names {
                    li lang=(other.as_str()) {
                        @if other == language {
                            span aria-current="true" { (name) }
                        } @else {
                            a href=(in_language(PATH, other)) hreflang=(other.as_str()) { (name) }
                        }
                    } "\n"
                }
            } "\n"
        }
    }
}

fn in_language(path: &str, language: Language) -> String {
    format!("{path}?lang={}", language.as_str())
}

/// The texts of one language.
struct Texts {
    heading: &'static str,
    lead: &'static str,
    ended: &'static str,
    no_desk: &'static str,
    sign_in: &'static str,
    sign_out: &'static str,
    needs_scripts: &'static str,
    refused: &'static str,
    begin_again: &'static str,
    stopped: &'static str,
    not_trusted: &'static str,
    unreachable: &'static str,
    too_weak: &'static str,
    no_role: &'static str,
    again: &'static str,
    code: &'static str,
    signed_out: &'static str,
    signed_out_lead: &'static str,
    go_on: &'static str,
}

impl Texts {
    const fn of(language: Language) -> &'static Self {
        match language {
            Language::It => &IT,
            Language::De => &DE,
            Language::Fr => &FR,
            Language::Sl => &SL,
            Language::En => &EN,
        }
    }

    const fn why(&self, why: Why) -> &'static str {
        match why {
            Why::BeginAgain => self.begin_again,
            Why::Stopped => self.stopped,
            Why::NotTrusted => self.not_trusted,
            Why::Unreachable => self.unreachable,
            Why::TooWeak => self.too_weak,
            Why::NoRole => self.no_role,
        }
    }
}

const IT: Texts = Texts {
    heading: "Console degli operatori",
    lead: "Accedi con le credenziali del tuo ente.",
    ended: "Il tuo accesso è finito. Le conversazioni che avevi sono tornate in coda: accedi di nuovo per continuare.",
    no_desk: "Hai fatto l'accesso. Il tuo ruolo non risponde alle persone, quindi qui non si apre una postazione.",
    sign_in: "Accedi",
    sign_out: "Esci",
    needs_scripts: "Attiva JavaScript per usare la console.",
    refused: "Accesso non riuscito",
    begin_again: "L'accesso è durato troppo o è iniziato in un'altra finestra. Comincia di nuovo da qui.",
    stopped: "L'accesso è stato interrotto. Se non l'hai interrotto tu, chiedi a chi gestisce le credenziali del tuo ente.",
    not_trusted: "La risposta del sistema di accesso non supera i controlli di sicurezza. Comincia di nuovo; se succede ancora, segnala il codice a chi gestisce il servizio.",
    unreachable: "Il sistema di accesso del tuo ente non risponde. Riprova tra qualche minuto.",
    too_weak: "Serve un accesso più sicuro, per esempio con un secondo fattore. Comincia di nuovo e scegli quello.",
    no_role: "Le tue credenziali sono giuste, ma non hai ancora un ruolo in questo servizio. Chiedilo a chi gestisce gli accessi del tuo ente.",
    again: "Accedi di nuovo",
    code: "Codice per chi ti assiste:",
    signed_out: "Hai lasciato la console",
    signed_out_lead: "Le conversazioni che avevi sono tornate in coda.",
    go_on: "Esci anche dal sistema di accesso",
};

const DE: Texts = Texts {
    heading: "Beratungskonsole",
    lead: "Melden Sie sich mit den Zugangsdaten Ihrer Verwaltung an.",
    ended: "Ihre Anmeldung ist beendet. Ihre Gespräche sind wieder in der Warteschlange: Melden Sie sich noch einmal an, um weiterzuarbeiten.",
    no_desk: "Sie sind angemeldet. Ihre Rolle beantwortet keine Anfragen, deshalb öffnet sich hier kein Arbeitsplatz.",
    sign_in: "Anmelden",
    sign_out: "Abmelden",
    needs_scripts: "Aktivieren Sie JavaScript, um die Konsole zu verwenden.",
    refused: "Anmeldung nicht möglich",
    begin_again: "Die Anmeldung hat zu lange gedauert oder wurde in einem anderen Fenster begonnen. Beginnen Sie hier noch einmal.",
    stopped: "Die Anmeldung wurde abgebrochen. Wenn nicht von Ihnen, fragen Sie die Stelle, die Ihre Zugangsdaten verwaltet.",
    not_trusted: "Die Antwort des Anmeldesystems besteht die Sicherheitsprüfung nicht. Beginnen Sie noch einmal; geschieht es wieder, melden Sie den Code dem Betreiber des Dienstes.",
    unreachable: "Das Anmeldesystem Ihrer Verwaltung antwortet nicht. Versuchen Sie es in einigen Minuten wieder.",
    too_weak: "Es braucht eine sicherere Anmeldung, zum Beispiel mit einem zweiten Faktor. Beginnen Sie noch einmal und wählen Sie diese.",
    no_role: "Ihre Zugangsdaten stimmen, aber Sie haben in diesem Dienst noch keine Rolle. Fragen Sie die Stelle, die die Zugänge Ihrer Verwaltung vergibt.",
    again: "Noch einmal anmelden",
    code: "Code für die Hilfe:",
    signed_out: "Sie sind von der Konsole abgemeldet",
    signed_out_lead: "Ihre Gespräche sind wieder in der Warteschlange.",
    go_on: "Auch vom Anmeldesystem abmelden",
};

const FR: Texts = Texts {
    heading: "Console des conseillers",
    lead: "Connectez-vous avec les identifiants de votre administration.",
    ended: "Votre connexion a pris fin. Vos conversations sont de nouveau en attente : reconnectez-vous pour continuer.",
    no_desk: "Vous êtes connecté. Votre rôle ne répond pas aux personnes : aucun poste ne s'ouvre ici.",
    sign_in: "Se connecter",
    sign_out: "Se déconnecter",
    needs_scripts: "Activez JavaScript pour utiliser la console.",
    refused: "Connexion impossible",
    begin_again: "La connexion a duré trop longtemps ou a commencé dans une autre fenêtre. Recommencez ici.",
    stopped: "La connexion a été interrompue. Si ce n'est pas par vous, demandez au service qui gère vos identifiants.",
    not_trusted: "La réponse du système de connexion ne passe pas les contrôles de sécurité. Recommencez ; si cela se répète, signalez le code au gestionnaire du service.",
    unreachable: "Le système de connexion de votre administration ne répond pas. Réessayez dans quelques minutes.",
    too_weak: "Il faut une connexion plus sûre, par exemple avec un second facteur. Recommencez et choisissez-la.",
    no_role: "Vos identifiants sont corrects, mais vous n'avez pas encore de rôle dans ce service. Demandez-le au service qui gère les accès de votre administration.",
    again: "Se connecter à nouveau",
    code: "Code pour l'assistance :",
    signed_out: "Vous avez quitté la console",
    signed_out_lead: "Vos conversations sont de nouveau en attente.",
    go_on: "Quitter aussi le système de connexion",
};

const SL: Texts = Texts {
    heading: "Konzola svetovalcev",
    lead: "Prijavite se s podatki svoje ustanove.",
    ended: "Vaša prijava se je končala. Vaši pogovori spet čakajo v vrsti: prijavite se znova, če želite nadaljevati.",
    no_desk: "Prijavljeni ste. Vaša vloga ne odgovarja ljudem, zato se tukaj ne odpre delovno mesto.",
    sign_in: "Prijava",
    sign_out: "Odjava",
    needs_scripts: "Vklopite JavaScript, da lahko uporabljate konzolo.",
    refused: "Prijava ni uspela",
    begin_again: "Prijava je trajala predolgo ali pa se je začela v drugem oknu. Začnite znova tukaj.",
    stopped: "Prijava je bila prekinjena. Če je niste prekinili vi, vprašajte tistega, ki upravlja vaše podatke za prijavo.",
    not_trusted: "Odgovor prijavnega sistema ni prestal varnostnega preverjanja. Začnite znova; če se ponovi, sporočite kodo upravljavcu storitve.",
    unreachable: "Prijavni sistem vaše ustanove ne odgovarja. Poskusite znova čez nekaj minut.",
    too_weak: "Potrebna je varnejša prijava, na primer z drugim dejavnikom. Začnite znova in izberite to.",
    no_role: "Vaši podatki so pravilni, vendar v tej storitvi še nimate vloge. Prosite zanjo tistega, ki upravlja dostope vaše ustanove.",
    again: "Prijavite se znova",
    code: "Koda za pomoč:",
    signed_out: "Odjavili ste se iz konzole",
    signed_out_lead: "Vaši pogovori spet čakajo v vrsti.",
    go_on: "Odjavite se tudi iz prijavnega sistema",
};

const EN: Texts = Texts {
    heading: "Advisors' console",
    lead: "Sign in with the credentials of your administration.",
    ended: "Your sign-in has ended. The conversations you had are waiting in the queue again: sign in to go on.",
    no_desk: "You are signed in. Your role does not answer people, so no desk opens here.",
    sign_in: "Sign in",
    sign_out: "Sign out",
    needs_scripts: "Turn on JavaScript to use the console.",
    refused: "Sign-in did not succeed",
    begin_again: "The sign-in took too long, or began in another window. Begin again from here.",
    stopped: "The sign-in was stopped. If you did not stop it, ask those who manage your credentials.",
    not_trusted: "The answer of the sign-in system does not pass the security checks. Begin again; if it happens once more, tell the code to those who run the service.",
    unreachable: "The sign-in system of your administration does not answer. Try again in a few minutes.",
    too_weak: "A safer sign-in is needed, for example with a second factor. Begin again and choose it.",
    no_role: "Your credentials are right, but you have no role in this service yet. Ask those who manage the access of your administration.",
    again: "Sign in again",
    code: "Code for whoever helps you:",
    signed_out: "You have left the console",
    signed_out_lead: "The conversations you had are waiting in the queue again.",
    go_on: "Sign out of the sign-in system too",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_speaks_every_language_and_leads_to_the_sign_in() {
        for language in Language::ALL {
            for why in Why::ALL {
                let page = refused_page(why, "no-role", language, &Links::default());
                assert!(page.contains(&format!("<html lang=\"{}\">", language.as_str())));
                assert!(page.contains(&format!("{SIGN_IN}?lang={}", language.as_str())));
                assert!(page.contains("<code>no-role</code>"));
            }
            let console = console_page(Visitor::Nobody, "https://chat.example", language, &Links::default());
            assert!(
                console.contains(
                    "<info-cig-console edge=\"https://chat.example\" token-url=\"/v1/staff/token\""
                )
            );
            let ended = console_page(Visitor::Ended, "https://chat.example", language, &Links::default());
            assert!(
                ended.contains(Texts::of(language).ended) && !console.contains(Texts::of(language).ended)
            );
            assert!(!console.contains("<form"), "nobody is there to sign out");
        }
    }

    #[test]
    fn a_name_is_text_and_never_markup() {
        let signed_in = SignedIn { name: "<b>Giulia</b>", form: "abc", answers: true };

        let page = console_page(Visitor::SignedIn(signed_in), "https://a", Language::It, &Links::default());

        assert!(page.contains("&lt;b&gt;Giulia&lt;/b&gt;") && !page.contains("<b>"));
        assert!(page.contains("action=\"/v1/staff/sign-out?lang=it\"") && page.contains("<info-cig-console"));
        let auditor = Visitor::SignedIn(SignedIn { answers: false, ..signed_in });
        let page = console_page(auditor, "https://a", Language::It, &Links::default());
        assert!(page.contains("/v1/staff/sign-out") && !page.contains("<info-cig-console"));
    }

    #[test]
    fn the_way_out_goes_on_to_the_provider_where_it_has_one() {
        let address = "https://login.example/out?a=1&b=2";
        let page = signed_out_page(Some(address), Language::En, &Links::default());
        assert!(page.contains("content=\"0; url=https://login.example/out?a=1&amp;b=2\""));
        assert!(!signed_out_page(None, Language::En, &Links::default()).contains("http-equiv"));
    }
}
