// SPDX-License-Identifier: EUPL-1.2
//! The portal's pages: read from a folder once, at start, and filled in for whoever looks.
//!
//! Only what was read at start is ever served, so no address can reach another file.

use std::{collections::BTreeMap, fs, io, path::Path};

use infocig_protocol::person::{Credential, EntryPoint};
use serde_json::{Value, json};

use crate::{
    embed::Embed,
    people::{ADVISORS, Advisor, Company, PEOPLE, Person},
    session::{Citizen, Session},
    template::Templates,
};

/// A file served as it is.
pub(crate) struct StaticFile {
    pub(crate) content_type: &'static str,
    pub(crate) content: Vec<u8>,
}

/// Everything in the portal's folder.
pub(crate) struct Pages {
    templates: Templates,
    files: BTreeMap<String, StaticFile>,
    edge: String,
}

/// Which page, and the choices its address makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Index,
    Myinps,
    Cassetto,
    /// INFO CIG alone on a page, entered from the portal given or from the person's own.
    Standalone {
        entry: Option<EntryPoint>,
    },
    /// The way to INFO CIG without scripts, from the portal given or from the person's own. Its token comes from who signs.
    Plain {
        entry: Option<EntryPoint>,
    },
    Console,
    /// A page of somebody else's kind.
    Embed(&'static Embed),
    /// What Linea INPS received. Its values come from there.
    LineaInps,
    /// What the element's links lead to.
    Notices,
    NotFound,
}

impl Pages {
    /// Reads the folder. `edge` is the origin of INFO CIG.
    pub(crate) fn read(folder: &Path, edge: &str) -> io::Result<Self> {
        let mut pages =
            Self { templates: Templates::default(), files: BTreeMap::new(), edge: edge.to_owned() };
        pages.read_folder(folder, "").map_err(|error| {
            io::Error::new(error.kind(), format!("the portal's pages in {}: {error}", folder.display()))
        })?;
        // A page that cannot be filled in is found now, not by a visitor.
        for page in Page::every() {
            pages.fill(page, &Session::default())?;
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
            if let (Some("html"), Some(template)) = (extension, name.strip_suffix(".html")) {
                let source = fs::read_to_string(&path)?;
                self.templates
                    .add(template, &source)
                    .map_err(|fault| io::Error::other(format!("{name}: {fault}")))?;
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

    /// The page as `session` sees it.
    pub(crate) fn fill(&self, page: Page, session: &Session) -> io::Result<String> {
        self.fill_with(page, session, Value::Null)
    }

    /// The page as `session` sees it, with the members of `more`.
    pub(crate) fn fill_with(&self, page: Page, session: &Session, more: Value) -> io::Result<String> {
        let mut values = self.values(page, session);
        if let (Value::Object(values), Value::Object(more)) = (&mut values, more) {
            values.extend(more);
        }
        self.templates
            .render(page.template(), &values)
            .map_err(|fault| io::Error::other(format!("{}.html: {fault}", page.template())))
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
        let mut values = json!({
            "edge": self.edge,
            "here": here,
            "citizen": citizen.as_ref().map(citizen_values),
            "asks": citizen.as_ref().map(element_values),
            "advisor": session.advisor.map(advisor_values),
            "stranger": citizen.is_some() && !fits,
            "sign_in": !fits,
            "ready": fits && citizen.is_some_and(|citizen| !citizen.must_choose()),
            "choose_company": fits && citizen.is_some_and(|citizen| citizen.must_choose()),
            "several": citizen.is_some_and(|citizen| citizen.person.companies.len() > 1),
            "companies": citizen.as_ref().map(company_values).unwrap_or_default(),
        });
        match page {
            Page::Index => {
                values["workers"] = json!(cards(EntryPoint::Myinps, Page::Myinps.address()));
                values["employers"] =
                    json!(cards(EntryPoint::CassettoPrevidenziale, Page::Cassetto.address()));
                values["desk"] = json!(desk_cards(Page::Console.address()));
            }
            Page::Myinps => {
                values["cards"] = json!(cards(EntryPoint::Myinps, here));
                values["entry"] = json!(EntryPoint::Myinps.as_str());
            }
            Page::Cassetto => {
                values["cards"] = json!(cards(EntryPoint::CassettoPrevidenziale, here));
                values["entry"] = json!(EntryPoint::CassettoPrevidenziale.as_str());
            }
            Page::Standalone { entry } | Page::Plain { entry } => {
                let own = citizen.map_or(EntryPoint::Myinps, |citizen| citizen.person.portal());
                values["entry"] = json!(entry.unwrap_or(own).as_str());
            }
            Page::Embed(_) => {
                let own = citizen.map_or(EntryPoint::Myinps, |citizen| citizen.person.portal());
                values["entry"] = json!(own.as_str());
            }
            Page::Console => values["cards"] = json!(desk_cards(here)),
            Page::LineaInps | Page::Notices | Page::NotFound => {}
        }
        values
    }
}

impl Page {
    /// Every one of its own.
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

    /// Whether the page has something for that person. Where it has not, it offers people for whom it has.
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
    json!({ "id": person.id, "name": person.full_name(), "label": person.label, "next": next })
}

fn advisor_card(advisor: &Advisor, next: &str) -> Value {
    json!({ "id": advisor.id, "name": advisor.name, "label": advisor.label, "next": next })
}

fn citizen_values(citizen: &Citizen) -> Value {
    let person = citizen.person;
    json!({
        "name": person.full_name(),
        "given_name": person.given_name,
        "credential": credential_words(person.credential),
        "acting_for": person.represents.map(Person::full_name),
        "company": citizen.company().map(|company| company_value(company, true)),
    })
}

/// What the page knows of who asks, in the words of the attributes of `<info-cig>`: with it the button says before any
/// press whether they may enter. The province is not known before a company is chosen.
fn element_values(citizen: &Citizen) -> Value {
    let person = citizen.person;
    let province = (!citizen.must_choose()).then(|| person.province(citizen.company()).code);
    json!({
        "category": person.category.as_str(),
        "province_code": province,
        "credential_word": person.credential.as_str(),
    })
}

fn advisor_values(advisor: &Advisor) -> Value {
    json!({ "name": advisor.name })
}

/// The companies somebody may act for.
fn company_values(citizen: &Citizen) -> Vec<Value> {
    citizen
        .person
        .companies
        .iter()
        .map(|company| company_value(company, citizen.company() == Some(company)))
        .collect()
}

fn company_value(company: &Company, current: bool) -> Value {
    json!({
        "matricola": company.matricola,
        "company_name": company.name,
        "province": company.province.name,
        "current": current,
    })
}

const fn credential_words(credential: Credential) -> &'static str {
    match credential {
        Credential::SpidL1 => "SPID di livello 1",
        Credential::SpidL2 => "SPID di livello 2",
        Credential::SpidL3 => "SPID di livello 3",
        Credential::Cie => "CIE 3.0",
        Credential::Cns => "CNS",
        Credential::Pin => "PIN",
    }
}

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
    fn every_page_can_be_filled_in_for_everybody() {
        let pages = pages();
        for page in Page::every() {
            for person in PEOPLE {
                for advisor in ADVISORS {
                    let session = Session { citizen: Some(Citizen::new(person)), advisor: Some(advisor) };
                    let html = pages.fill(page, &session).unwrap();
                    assert!(!html.contains("{{"), "{page:?} for {}", person.id);
                }
            }
        }
    }

    #[test]
    fn every_page_says_that_it_is_a_demonstration() {
        for page in Page::every() {
            let html = pages().fill(page, &Session::default()).unwrap();
            assert!(html.contains("non è un sito dell'INPS"), "{page:?}");
            assert!(html.contains("lang=\"it\""), "{page:?}");
        }
    }

    #[test]
    fn no_page_has_inline_script_or_style() {
        for page in Page::every() {
            let html = pages().fill(page, &Session::default()).unwrap();
            assert!(
                !html.contains("<style") && !html.contains(" style=") && !html.contains(" on"),
                "{page:?}"
            );
            assert!(html.split("<script").skip(1).all(|script| script.contains("src=")), "{page:?}");
        }
    }

    #[test]
    fn the_button_is_there_for_who_fits_and_cards_for_who_does_not() {
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
            let html = pages.fill(page, &Session { citizen, advisor: None }).unwrap();
            assert_eq!(html.contains("<info-cig "), button, "{page:?} for {id:?}");
        }
    }

    #[test]
    fn the_element_says_what_the_page_knows_of_who_asks() {
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
            let html = pages.fill(page, &Session { citizen, advisor: None }).unwrap();
            assert!(html.contains(attributes), "{page:?} for {id}");
        }
        let nobody = pages.fill(STANDALONE, &Session::default()).unwrap();
        assert!(nobody.contains(r#" entry="myinps"><a"#));
    }

    #[test]
    fn of_a_company_the_registered_office_counts_and_not_where_its_consultant_lives() {
        let chosen = |matricola| {
            let citizen = Person::by_id("consulente-napoli").map(Citizen::new);
            let citizen = citizen.and_then(|citizen| citizen.acting_for(matricola));
            pages().fill(Page::Cassetto, &Session { citizen, advisor: None }).unwrap()
        };

        assert!(chosen("9900000215").contains(r#" province="015""#));
        assert!(chosen("9900000263").contains(r#" province="063""#));
    }

    #[test]
    fn who_acts_for_somebody_else_reads_for_whom() {
        let citizen = Person::by_id("tutore-napoli").map(Citizen::new);
        let html = pages().fill(Page::Myinps, &Session { citizen, advisor: None }).unwrap();

        assert!(html.contains("Ciao, Assunta") && html.contains("Agisci per Carmine Improta"));
    }

    #[test]
    fn the_standalone_page_enters_from_the_portal_its_address_names() {
        let titolare = Session { citizen: Person::by_id("titolare-milano").map(Citizen::new), advisor: None };
        for (entry, expected) in [(None, "cassetto-previdenziale"), (Some(EntryPoint::OmniaIs), "omnia-is")] {
            let html = pages().fill(Page::Standalone { entry }, &titolare).unwrap();
            assert!(html.contains(&format!("entry=\"{expected}\"")), "{entry:?}");
        }
    }

    const STANDALONE: Page = Page::Standalone { entry: None };

    fn pages() -> Pages {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/portal");
        Pages::read(&folder, "http://edge.example").unwrap()
    }
}
