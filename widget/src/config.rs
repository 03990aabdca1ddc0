// SPDX-License-Identifier: EUPL-1.2
//! The configuration in the element's attributes.
//!
//! | attribute | value |
//! |---|---|
//! | `edge` | origin of the service, for example `https://chat.example` (required) |
//! | `token-url` | where on the page's own origin a hand-off token is had (required, unless the page brings tokens itself) |
//! | `entry` | the portal: `myinps` (default), `cassetto-previdenziale`, `omnia-is` |
//! | `category` | who the page speaks to; without it, workers in MyINPS and company owners elsewhere |
//! | `province` | ISTAT code, where the page knows it: the button can then say whether the service is open there |
//! | `credential` | how the person signed in (`spid-l2`, `cie`, …), where the page knows it |
//! | `lang` | the language, as on any element; the person may choose another |
//! | `theme` | `sirio` (default) or `italia` |
//! | `launcher` | `floating` for a button over the page; without it, the button stands where the element is |
//! | `privacy-url`, `accessibility-url`, `feedback-url`, `source-url` | the privacy notice, the accessibility statement, where barriers are reported, the source code: shown where they are given |
//! | `window-url` | a page that holds the element alone, to be opened in a window of its own |

use infocig_protocol::{
    language::Language,
    person::{Category, Credential, EntryPoint},
};

/// The attributes, read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Origin of the service, without a slash at the end.
    pub edge: String,
    /// The portal.
    pub entry: EntryPoint,
    /// The category of people that the page is for.
    pub category: Category,
    /// ISTAT code of their province.
    pub province: Option<String>,
    /// How they signed in.
    pub credential: Option<Credential>,
    /// The links of the page from the chat.
    pub links: Links,
}

/// Pages of the portal; each is shown where it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The privacy notice (art. 13 GDPR).
    pub privacy: Option<String>,
    /// The accessibility statement (Directive (EU) 2016/2102, art. 7).
    pub accessibility: Option<String>,
    /// The address for reports of barriers (the same article's feedback mechanism).
    pub feedback: Option<String>,
    /// The source code (art. 69 CAD).
    pub source: Option<String>,
    /// The element alone in a page.
    pub window: Option<String>,
}

impl Config {
    /// Reads the attributes with `attribute`. The error names the one that is missing or wrong. `provided` is whether the page
    /// brings tokens itself.
    pub fn read(attribute: impl Fn(&str) -> Option<String>, provided: bool) -> Result<Self, String> {
        let filled = |name: &str| attribute(name).filter(|value| !value.trim().is_empty());
        let required =
            |name: &str| filled(name).ok_or_else(|| format!("<info-cig> needs the attribute {name}"));
        let edge = required("edge")?;
        if !provided {
            required("token-url")?;
        }
        let entry = match filled("entry") {
            None => EntryPoint::Myinps,
            Some(word) => EntryPoint::parse(&word).ok_or_else(|| unknown("entry", &word))?,
        };
        let category = match filled("category") {
            None if entry == EntryPoint::Myinps => Category::Lavoratore,
            None => Category::Titolare,
            Some(word) => Category::parse(&word).ok_or_else(|| unknown("category", &word))?,
        };
        let credential = match filled("credential") {
            None => None,
            Some(word) => Some(Credential::parse(&word).ok_or_else(|| unknown("credential", &word))?),
        };
        Ok(Self {
            edge: edge.trim_end_matches('/').into(),
            entry,
            category,
            province: filled("province"),
            credential,
            links: Links {
                privacy: filled("privacy-url").filter(|url| leads_to_a_page(url)),
                accessibility: filled("accessibility-url").filter(|url| leads_to_a_page(url)),
                feedback: filled("feedback-url").filter(|url| leads_to_a_page(url)),
                source: filled("source-url").filter(|url| leads_to_a_page(url)),
                window: filled("window-url").filter(|url| leads_to_a_page(url)),
            },
        })
    }

    /// The attributes of the person that the page knows, as the query of `GET /v1/availability`.
    pub fn availability_query(&self, language: Language) -> String {
        let words = [self.category.as_str(), self.entry.as_str(), language.as_str()];
        let mut query = format!("category={}&entry={}&lang={}", words[0], words[1], words[2]);
        if let Some(province) =
            self.province.as_deref().filter(|code| code.bytes().all(|b| b.is_ascii_digit()))
        {
            query.push_str("&province=");
            query.push_str(province);
        }
        if let Some(credential) = self.credential {
            query.push_str("&credential=");
            query.push_str(credential.as_str());
        }
        query
    }
}

/// Whether an address is one of a page: nothing that runs, and nothing that is no address at all.
fn leads_to_a_page(url: &str) -> bool {
    ["https://", "http://", "/", "./", "../", "?", "#"].iter().any(|start| url.starts_with(start))
}

fn unknown(name: &str, word: &str) -> String {
    format!("<info-cig> does not know {name}=\"{word}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_needs_to_say_only_where_the_service_and_the_token_are() {
        let config = read(&[("edge", "https://chat.example/"), ("token-url", "/token")]).unwrap();

        assert_eq!(config.edge, "https://chat.example");
        assert_eq!(config.availability_query(Language::It), "category=lavoratore&entry=myinps&lang=it");
    }

    #[test]
    fn missing_and_unknown_attributes_are_named() {
        assert_eq!(read(&[("edge", "https://a")]), Err("<info-cig> needs the attribute token-url".into()));
        let provided = Config::read(|name| (name == "edge").then(|| "https://a".into()), true);
        assert_eq!(provided.map(|config| config.edge), Ok("https://a".into()));
        let wrong = read(&[("edge", "https://a"), ("token-url", "/t"), ("entry", "elsewhere")]);
        assert_eq!(wrong, Err("<info-cig> does not know entry=\"elsewhere\"".into()));
    }

    #[test]
    fn a_sign_in_the_page_knows_is_asked_about() {
        let attributes = [("edge", "https://a"), ("token-url", "/t"), ("credential", "spid-l1")];
        assert_eq!(
            read(&attributes).unwrap().availability_query(Language::De),
            "category=lavoratore&entry=myinps&lang=de&credential=spid-l1"
        );
    }

    #[test]
    fn a_province_is_asked_about_only_if_it_can_be_one() {
        let page = |province| {
            let attributes =
                [("edge", "https://a"), ("token-url", "/t"), ("entry", "omnia-is"), ("province", province)];
            read(&attributes).unwrap().availability_query(Language::De)
        };
        assert_eq!(page("015"), "category=titolare&entry=omnia-is&lang=de&province=015");
        assert_eq!(page("01&x=1"), "category=titolare&entry=omnia-is&lang=de");
    }

    #[test]
    fn links_lead_to_pages_and_run_nothing() {
        let page = |url| {
            let attributes = [("edge", "https://a"), ("token-url", "/t"), ("privacy-url", url)];
            read(&attributes).unwrap().links.privacy
        };
        for url in ["https://www.inps.it/privacy", "/privacy", "?p=privacy"] {
            assert_eq!(page(url).as_deref(), Some(url));
        }
        for url in ["", "javascript:alert(1)", "data:text/html,x", "privacy"] {
            assert_eq!(page(url), None, "{url}");
        }
    }

    fn read(attributes: &[(&str, &str)]) -> Result<Config, String> {
        let value =
            |name: &str| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
        Config::read(value, false)
    }
}
