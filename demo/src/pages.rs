// SPDX-License-Identifier: EUPL-1.2
//! The portal's pages: templates and files of one folder, read once at start and rendered for the session of each request.
//!
//! Only files read at start are ever served, so no address can reach another file.

use std::{collections::BTreeMap, fs, io, path::Path};

use infocig_protocol::person::{Credential, EntryPoint};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use crate::{
    embed::Embed,
    people::{ADVISORS, Advisor, Company, PEOPLE, Person},
    session::{Citizen, Session},
};

/// A file served as it is.
pub(crate) struct StaticFile {
    pub(crate) content_type: &'static str,
    pub(crate) content: Vec<u8>,
}

/// Everything in the portal's folder.
pub(crate) struct Pages {
    templates: Environment<'static>,
    files: BTreeMap<String, StaticFile>,
    edge: String,
}

/// A page, with the choices its address makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Index,
    Myinps,
    Cassetto,
    /// INFO CIG alone on a page, entered from the portal given or from the person's own.
    Standalone {
        entry: Option<EntryPoint>,
    },
    /// The way to INFO CIG without scripts, from the portal given or from the person's own. `token` comes from the caller.
    Plain {
        entry: Option<EntryPoint>,
    },
    Console,
    /// A host page for tests.
    Embed(&'static Embed),
    /// The page of Linea INPS. Its values come from `linea_inps::page`.
    LineaInps,
    /// The page the element's links lead to.
    Notices,
    NotFound,
}

impl Pages {
    /// Reads the folder. `edge` is the origin of INFO CIG.
    pub(crate) fn read(folder: &Path, edge: &str) -> io::Result<Self> {
        let mut pages = Self { templates: environment(), files: BTreeMap::new(), edge: edge.to_owned() };
        pages.read_folder(folder, "").map_err(|error| {
            io::Error::new(error.kind(), format!("the portal's pages in {}: {error}", folder.display()))
        })?;
        // A template with an error stops the server at start instead of failing a visitor's request.
        for page in Page::every() {
            pages.render(page, &Session::default(), Value::UNDEFINED)?;
        }
        Ok(pages)
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for item in fs::read_dir(folder)? {
            let path = item?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let name = format!("{prefix}{name}");
            if path.is_dir() {
                self.read_folder(&path, &format!("{name}/"))?;
                continue;
            }
            let extension = path.extension().and_then(|extension| extension.to_str());
            if extension == Some("html") {
                let source = fs::read_to_string(&path)?;
                self.templates.add_template_owned(name, source).map_err(io::Error::other)?;
            } else if let Some(content_type) = extension.and_then(content_type) {
                self.files.insert(format!("/{name}"), StaticFile { content_type, content: fs::read(&path)? });
            }
        }
        Ok(())
    }

    /// The file served at that path, if there is one.
    pub(crate) fn file(&self, path: &str) -> Option<&StaticFile> {
        self.files.get(path)
    }

    /// The page as `session` sees it, with the members of `more`.
    pub(crate) fn render(&self, page: Page, session: &Session, more: Value) -> io::Result<String> {
        let values = context! { ..more, ..self.values(page, session) };
        let template = format!("{}.html", page.template());
        self.templates
            .get_template(&template)
            .and_then(|template| template.render(values))
            .map_err(io::Error::other)
    }

    fn values(&self, page: Page, session: &Session) -> Value {
        let citizen = session.citizen;
        let fits = citizen.is_some_and(|citizen| page.welcomes(citizen.person));
        let here = page.address();
        let cards = |entry: EntryPoint, next: &str| -> Vec<Value> {
            PEOPLE
                .iter()
                .filter(|person| person.portal() == entry)
                .map(|person| person_card(person, next))
                .collect()
        };
        let desk_cards = |next: &str| -> Vec<Value> {
            ADVISORS.iter().map(|advisor| advisor_card(advisor, next)).collect()
        };
        let own_entry = || citizen.map_or(EntryPoint::Myinps, |citizen| citizen.person.portal());
        let of_the_page = match page {
            Page::Index => context! {
                workers => cards(EntryPoint::Myinps, Page::Myinps.address()),
                employers => cards(EntryPoint::CassettoPrevidenziale, Page::Cassetto.address()),
                desk => desk_cards(Page::Console.address()),
            },
            Page::Myinps => context! {
                cards => cards(EntryPoint::Myinps, here),
                entry => EntryPoint::Myinps.as_str(),
            },
            Page::Cassetto => context! {
                cards => cards(EntryPoint::CassettoPrevidenziale, here),
                entry => EntryPoint::CassettoPrevidenziale.as_str(),
            },
            Page::Standalone { entry } | Page::Plain { entry } => {
                context! { entry => entry.unwrap_or_else(own_entry).as_str() }
            }
            Page::Embed(_) => context! { entry => own_entry().as_str() },
            Page::Console => context! { cards => desk_cards(here) },
            // So that the template can be rendered at start.
            Page::LineaInps => context! { switches => Vec::<Value>::new() },
            Page::Notices | Page::NotFound => Value::UNDEFINED,
        };
        context! {
            edge => self.edge.as_str(),
            here,
            citizen => citizen.as_ref().map(citizen_values),
            attributes => citizen.as_ref().map(element_attributes),
            advisor => session.advisor.map(|advisor| context! { name => advisor.name }),
            wrong_portal => citizen.is_some() && !fits,
            sign_in => !fits,
            ready => fits && citizen.is_some_and(|citizen| !citizen.must_choose()),
            choose_company => fits && citizen.is_some_and(|citizen| citizen.must_choose()),
            several => citizen.is_some_and(|citizen| citizen.person.companies.len() > 1),
            companies => citizen.as_ref().map(company_values).unwrap_or_default(),
            ..of_the_page
        }
    }
}

/// Templates escape every value as HTML, independent of the file name; a missing value is an error where it is
/// printed, and false where it is tested.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment
}

impl Page {
    /// Every page except the host pages of [`Embed`].
    const EVERY: [Self; 9] = [
        Self::Index,
        Self::Myinps,
        Self::Cassetto,
        Self::Standalone { entry: None },
        Self::Plain { entry: None },
        Self::Console,
        Self::LineaInps,
        Self::Notices,
        Self::NotFound,
    ];

    fn every() -> impl Iterator<Item = Self> {
        Self::EVERY.into_iter().chain(Embed::EVERY.iter().map(Self::Embed))
    }

    const fn template(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Myinps => "myinps",
            Self::Cassetto => "cassetto",
            Self::Standalone { .. } => "standalone",
            Self::Plain { .. } => "plain",
            Self::Console => "console",
            Self::Embed(embed) => embed.template,
            Self::LineaInps => "linea-inps",
            Self::Notices => "notices",
            Self::NotFound => "not-found",
        }
    }

    const fn address(self) -> &'static str {
        match self {
            Self::Index | Self::NotFound => "/",
            Self::Myinps => "/myinps",
            Self::Cassetto => "/cassetto",
            Self::Standalone { entry: None } => "/standalone",
            Self::Standalone { entry: Some(EntryPoint::Myinps) } => "/standalone?entry=myinps",
            Self::Standalone { entry: Some(EntryPoint::CassettoPrevidenziale) } => {
                "/standalone?entry=cassetto-previdenziale"
            }
            Self::Standalone { entry: Some(EntryPoint::OmniaIs) } => "/standalone?entry=omnia-is",
            Self::Plain { .. } => "/infocig/plain",
            Self::Console => "/console",
            Self::Embed(embed) => embed.address,
            Self::LineaInps => "/linea-inps",
            Self::Notices => "/informative",
        }
    }

    /// Whether the page is for that person. If not, it offers people it is for.
    fn welcomes(self, person: &Person) -> bool {
        match self {
            Self::Myinps => person.portal() == EntryPoint::Myinps,
            Self::Cassetto => person.portal() == EntryPoint::CassettoPrevidenziale,
            Self::Index
            | Self::Standalone { .. }
            | Self::Plain { .. }
            | Self::Console
            | Self::Embed(_)
            | Self::LineaInps
            | Self::Notices
            | Self::NotFound => true,
        }
    }
}

fn person_card(person: &Person, next: &str) -> Value {
    context! { id => person.id, name => person.full_name(), label => person.label, next }
}

fn advisor_card(advisor: &Advisor, next: &str) -> Value {
    context! { id => advisor.id, name => advisor.name, label => advisor.label, next }
}

fn citizen_values(citizen: &Citizen) -> Value {
    let person = citizen.person;
    context! {
        name => person.full_name(),
        given_name => person.given_name,
        credential => credential_label(person.credential),
        acting_for => person.represents.map(Person::full_name),
        company => citizen.company().map(|company| company_value(company, true)),
    }
}

/// The attributes of `<info-cig>` that describe the person signed in: with them the button says before it is pressed
/// whether they may enter. The province is not known before a company is chosen.
fn element_attributes(citizen: &Citizen) -> Value {
    let person = citizen.person;
    let province = (!citizen.must_choose()).then(|| person.province(citizen.company()).code);
    context! {
        category => person.category.as_str(),
        province,
        credential => person.credential.as_str(),
    }
}

/// The companies the person may act for.
fn company_values(citizen: &Citizen) -> Vec<Value> {
    citizen
        .person
        .companies
        .iter()
        .map(|company| company_value(company, citizen.company() == Some(company)))
        .collect()
}

fn company_value(company: &Company, current: bool) -> Value {
    context! {
        matricola => company.matricola,
        name => company.name,
        province => company.province.name,
        current,
    }
}

const fn credential_label(credential: Credential) -> &'static str {
    match credential {
        Credential::SpidL1 => "SPID di livello 1",
        Credential::SpidL2 => "SPID di livello 2",
        Credential::SpidL3 => "SPID di livello 3",
        Credential::Cie => "CIE 3.0",
        Credential::Cns => "CNS",
        Credential::Pin => "PIN",
    }
}

/// The content type of a file that is served as it is.
fn content_type(extension: &str) -> Option<&'static str> {
    match extension {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_never_becomes_markup() {
        let mut environment = environment();
        environment.add_template("page.html", r#"<p title="{{ v }}">{{ v }}</p>"#).unwrap();
        let page = environment.get_template("page.html").unwrap();

        let html = page.render(context! { v => "<b a=\"1\" c='2'>& {{ v }}" }).unwrap();

        let escaped = "&lt;b a=&quot;1&quot; c=&#x27;2&#x27;&gt;&amp; {{ v }}";
        assert_eq!(html, format!(r#"<p title="{escaped}">{escaped}</p>"#));
    }

    #[test]
    fn a_value_that_is_missing_is_an_error_where_it_is_printed() {
        let mut environment = environment();
        environment.add_template("printed.html", "{{ v }}").unwrap();
        environment.add_template("tested.html", "{% if v %}yes{% else %}no{% endif %}").unwrap();

        assert!(environment.get_template("printed.html").unwrap().render(context! {}).is_err());
        assert_eq!(environment.get_template("tested.html").unwrap().render(context! {}).unwrap(), "no");
    }

    #[test]
    fn every_page_can_be_rendered_for_everybody() {
        let pages = pages();
        for page in Page::every() {
            for person in PEOPLE {
                for advisor in ADVISORS {
                    let session = Session { citizen: Some(Citizen::new(person)), advisor: Some(advisor) };
                    let html = pages.render(page, &session, Value::UNDEFINED).unwrap();
                    assert!(!html.contains("{{") && !html.contains("{%"), "{page:?} for {}", person.id);
                }
            }
        }
    }

    #[test]
    fn every_page_says_that_it_is_a_demonstration() {
        for page in Page::every() {
            let html = pages().render(page, &Session::default(), Value::UNDEFINED).unwrap();
            assert!(html.contains("non è un sito dell'INPS"), "{page:?}");
            assert!(html.contains("lang=\"it\""), "{page:?}");
        }
    }

    #[test]
    fn no_page_has_inline_script_or_style() {
        for page in Page::every() {
            let html = pages().render(page, &Session::default(), Value::UNDEFINED).unwrap();
            assert!(
                !html.contains("<style") && !html.contains(" style=") && !html.contains(" on"),
                "{page:?}"
            );
            assert!(html.split("<script").skip(1).all(|script| script.contains("src=")), "{page:?}");
        }
    }

    #[test]
    fn the_button_is_there_for_people_of_the_portal_and_cards_for_others() {
        let pages = pages();
        for (page, id, button) in [
            (Page::Myinps, None, false),
            (Page::Myinps, Some("worker-roma"), true),
            (Page::Myinps, Some("titolare-milano"), false),
            (Page::Cassetto, Some("titolare-milano"), true),
            (Page::Cassetto, Some("worker-roma"), false),
            (Page::Cassetto, Some("consulente-napoli"), false),
            (Page::Standalone { entry: None }, None, true),
        ] {
            let citizen = id.and_then(Person::by_id).map(Citizen::new);
            let html = pages.render(page, &Session { citizen, advisor: None }, Value::UNDEFINED).unwrap();
            assert_eq!(html.contains("<info-cig "), button, "{page:?} for {id:?}");
        }
    }

    #[test]
    fn the_element_carries_category_province_and_credential() {
        let pages = pages();
        for (page, id, attributes) in [
            (
                Page::Myinps,
                "worker-spid1",
                r#" category="lavoratore" province="058" credential="spid-l1"><a"#,
            ),
            (Page::Myinps, "tutore-napoli", r#" category="lavoratore" province="063" credential="cie"><a"#),
            (
                Page::Cassetto,
                "rappresentante-torino",
                r#" category="rappresentante-legale" province="001" credential="spid-l2"><a"#,
            ),
            (STANDALONE, "worker-roma", r#" category="lavoratore" province="058" credential="spid-l2"><a"#),
            (STANDALONE, "consulente-napoli", r#" category="consulente" credential="spid-l2"><a"#),
        ] {
            let citizen = Person::by_id(id).map(Citizen::new);
            let html = pages.render(page, &Session { citizen, advisor: None }, Value::UNDEFINED).unwrap();
            assert!(html.contains(attributes), "{page:?} for {id}");
        }
        let nobody = pages.render(STANDALONE, &Session::default(), Value::UNDEFINED).unwrap();
        assert!(nobody.contains(r#" entry="myinps"><a"#));
    }

    #[test]
    fn the_province_of_a_company_is_that_of_its_registered_office() {
        let chosen = |matricola| {
            let citizen = Person::by_id("consulente-napoli").map(Citizen::new);
            let citizen = citizen.and_then(|citizen| citizen.acting_for(matricola));
            pages().render(Page::Cassetto, &Session { citizen, advisor: None }, Value::UNDEFINED).unwrap()
        };

        assert!(chosen("9900000215").contains(r#" province="015""#));
        assert!(chosen("9900000263").contains(r#" province="063""#));
    }

    #[test]
    fn a_representative_reads_the_name_of_the_represented_person() {
        let citizen = Person::by_id("tutore-napoli").map(Citizen::new);
        let html =
            pages().render(Page::Myinps, &Session { citizen, advisor: None }, Value::UNDEFINED).unwrap();

        assert!(html.contains("Ciao, Assunta") && html.contains("Agisci per Carmine Improta"));
    }

    #[test]
    fn the_standalone_page_enters_from_the_portal_its_address_names() {
        let titolare = Session { citizen: Person::by_id("titolare-milano").map(Citizen::new), advisor: None };
        for (entry, expected) in [(None, "cassetto-previdenziale"), (Some(EntryPoint::OmniaIs), "omnia-is")] {
            let html = pages().render(Page::Standalone { entry }, &titolare, Value::UNDEFINED).unwrap();
            assert!(html.contains(&format!("entry=\"{expected}\"")), "{entry:?}");
        }
    }

    const STANDALONE: Page = Page::Standalone { entry: None };

    fn pages() -> Pages {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/portal");
        Pages::read(&folder, "http://edge.example").unwrap()
    }
}
