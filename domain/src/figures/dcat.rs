// SPDX-License-Identifier: EUPL-1.2
//! Metadata of open figures by DCAT-AP_IT, as JSON-LD and as Turtle: two writings of one graph.
//!
//! The national catalogue harvests one address. Mandatory properties (ontology `http://dati.gov.it/onto/dcatapit`): of a
//! catalogue title, description, publisher, date of change; of a dataset title, description, identifier, date of change,
//! frequency, theme, holder of rights; of a distribution format, licence, address; of an agent name and identifier.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::open_data::PATH;

/// The data of a catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue<'c> {
    /// The origin of the service, without a slash at its end: `https://info-cig.example`.
    pub origin: &'c str,
    /// The name of the administration that holds the rights and publishes.
    pub holder: &'c str,
    /// Its code in the index of public administrations (IPA).
    pub holder_code: &'c str,
    /// The day of the last release ([`Publication::modified`](super::open_data::Publication::modified)).
    pub modified: Date,
}

const PREFIXES: [(&str, &str); 8] = [
    ("adms", "http://purl.org/adms/licencetype/"),
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dcatapit", "http://dati.gov.it/onto/dcatapit#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// Vocabularies of the Publications Office.
const AUTHORITY: &str = "http://publications.europa.eu/resource/authority";

/// CC BY 4.0 in the national vocabulary of licences.
const LICENCE: &str = "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40";

/// Something the catalogue speaks of: its address, its types, and properties.
struct Resource {
    address: String,
    types: Vec<&'static str>,
    properties: Vec<(&'static str, Object)>,
}

enum Object {
    Address(String),
    Text(String, &'static str),
    Plain(String),
    Date(Date),
}

/// A dataset: its path, title and description in Italian and English, and its distributions as path and file type.
struct Dataset {
    name: &'static str,
    title: [&'static str; 2],
    description: [&'static str; 2],
    files: &'static [(&'static str, &'static str)],
}

const DATASETS: [Dataset; 2] = [
    Dataset {
        name: "daily",
        title: ["INFO CIG: conversazioni per giorno", "INFO CIG: conversations by day"],
        description: [
            "Conversazioni entrate in coda, con risposta, abbandonate, chiuse online e inviate a Linea INPS, e attesa, per ogni giorno di servizio. I numeri piccoli non sono pubblicati.",
            "Conversations that entered the queue, were answered, abandoned, closed online and sent to Linea INPS, and the wait, for each day of service. Small numbers are not published.",
        ],
        files: &[("/daily.csv", "CSV")],
    },
    Dataset {
        name: "monthly",
        title: ["INFO CIG: conversazioni per mese", "INFO CIG: conversations by month"],
        description: [
            "Gli stessi dati per mese: in totale, per categoria, per provincia, per portale di provenienza e per argomento. I numeri piccoli non sono pubblicati.",
            "The same figures by month: in total, by category, by province, by portal of origin and by topic. Small numbers are not published.",
        ],
        files: &[("/monthly.csv", "CSV"), ("/all.json", "JSON")],
    },
];

impl Catalogue<'_> {
    /// The graph as JSON-LD; its context is in the document.
    pub fn json_ld(&self) -> String {
        let context: Map<String, Value> =
            PREFIXES.into_iter().map(|(prefix, address)| (prefix.to_owned(), address.into())).collect();
        let graph: Vec<Value> = self.resources().iter().map(Resource::to_json).collect();
        json!({ "@context": context, "@graph": graph }).to_string()
    }

    /// The graph as Turtle.
    pub fn turtle(&self) -> String {
        let prefixes = PREFIXES.map(|(prefix, address)| format!("@prefix {prefix}: <{address}> .\n"));
        let resources = self.resources();
        prefixes.into_iter().chain(resources.iter().map(Resource::to_turtle)).collect::<Vec<_>>().concat()
    }

    fn resources(&self) -> Vec<Resource> {
        let address = |below: &str| format!("{}{PATH}{below}", self.origin);
        let holder = || Object::Address(address("/catalogue#holder"));
        let dataset = |dataset: &Dataset| address(&format!("/catalogue#{}", dataset.name));
        let file = |path: &str| address(&format!("/catalogue#file-{}", path.trim_start_matches('/')));

        let mut catalogue = vec![
            ("dct:title", italian("Dati aperti di INFO CIG")),
            ("dct:title", english("Open data of INFO CIG")),
            (
                "dct:description",
                italian("Quante conversazioni sono cominciate su INFO CIG e come sono andate."),
            ),
            ("dct:description", english("How many conversations began on INFO CIG and what became of them.")),
            ("dct:publisher", holder()),
            ("dct:modified", Object::Date(self.modified)),
            ("dct:language", authority("language/ITA")),
            ("dcat:themeTaxonomy", authority("data-theme")),
            ("foaf:homepage", Object::Address(address(""))),
        ];
        catalogue.extend(DATASETS.iter().map(|each| ("dcat:dataset", Object::Address(dataset(each)))));
        let mut resources = vec![
            Resource {
                address: address("/catalogue"),
                types: vec!["dcatapit:Catalog", "dcat:Catalog"],
                properties: catalogue,
            },
            Resource {
                address: address("/catalogue#holder"),
                types: vec!["dcatapit:Agent", "foaf:Agent"],
                properties: vec![
                    ("foaf:name", italian(self.holder)),
                    ("dct:identifier", Object::Plain(self.holder_code.to_owned())),
                ],
            },
            Resource {
                address: LICENCE.to_owned(),
                types: vec!["dcatapit:LicenseDocument", "dct:LicenseDocument"],
                properties: vec![
                    ("foaf:name", english("Creative Commons Attribution 4.0 International (CC BY 4.0)")),
                    ("owl:versionInfo", Object::Plain("4.0".into())),
                    ("dct:type", Object::Address("http://purl.org/adms/licencetype/Attribution".into())),
                ],
            },
        ];
        for each in &DATASETS {
            let [title, title_en] = each.title;
            let [description, description_en] = each.description;
            let mut properties = vec![
                ("dct:title", italian(title)),
                ("dct:title", english(title_en)),
                ("dct:description", italian(description)),
                ("dct:description", english(description_en)),
                ("dct:identifier", Object::Plain(format!("{}:info-cig-{}", self.holder_code, each.name))),
                ("dct:modified", Object::Date(self.modified)),
                ("dct:accrualPeriodicity", authority("frequency/MONTHLY")),
                ("dcat:theme", authority("data-theme/GOVE")),
                ("dcat:theme", authority("data-theme/SOCI")),
                ("dct:rightsHolder", holder()),
                ("dct:publisher", holder()),
                ("dct:language", authority("language/ITA")),
                ("dct:spatial", authority("country/ITA")),
                ("dcat:landingPage", Object::Address(address(""))),
            ];
            properties.extend(
                each.files.iter().map(|(path, _)| ("dcat:distribution", Object::Address(file(path)))),
            );
            resources.push(Resource {
                address: dataset(each),
                types: vec!["dcatapit:Dataset", "dcat:Dataset"],
                properties,
            });
            resources.extend(each.files.iter().map(|(path, kind)| Resource {
                address: file(path),
                types: vec!["dcatapit:Distribution", "dcat:Distribution"],
                properties: vec![
                    ("dct:title", italian(&format!("{title} ({kind})"))),
                    ("dct:format", authority(&format!("file-type/{kind}"))),
                    ("dct:license", Object::Address(LICENCE.into())),
                    ("dcat:accessURL", Object::Address(address(""))),
                    ("dcat:downloadURL", Object::Address(address(path))),
                    ("dct:modified", Object::Date(self.modified)),
                ],
            }));
        }
        resources
    }
}

fn italian(text: &str) -> Object {
    Object::Text(text.to_owned(), "it")
}

fn english(text: &str) -> Object {
    Object::Text(text.to_owned(), "en")
}

fn authority(below: &str) -> Object {
    Object::Address(format!("{AUTHORITY}/{below}"))
}

impl Resource {
    fn to_turtle(&self) -> String {
        let types = self.types.iter().map(|kind| format!("a {kind}"));
        let properties =
            self.properties.iter().map(|(name, object)| format!("{name} {}", object.to_turtle()));
        let all: Vec<String> = types.chain(properties).collect();
        format!("\n<{}>\n    {} .\n", iri(&self.address), all.join(" ;\n    "))
    }

    fn to_json(&self) -> Value {
        let mut members = Map::new();
        members.insert("@id".into(), iri(&self.address).into());
        members.insert("@type".into(), json!(self.types));
        for (name, object) in &self.properties {
            let values = members.entry(*name).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = values {
                values.push(object.to_json());
            }
        }
        Value::Object(members)
    }
}

impl Object {
    fn to_json(&self) -> Value {
        match self {
            Self::Address(address) => json!({ "@id": iri(address) }),
            Self::Text(text, language) => json!({ "@value": text, "@language": language }),
            Self::Plain(text) => json!({ "@value": text }),
            Self::Date(date) => json!({ "@value": date.to_string(), "@type": "xsd:date" }),
        }
    }

    fn to_turtle(&self) -> String {
        match self {
            Self::Address(address) => format!("<{}>", iri(address)),
            Self::Text(text, language) => format!("{}@{language}", quoted(text)),
            Self::Plain(text) => quoted(text),
            Self::Date(date) => format!("\"{date}\"^^xsd:date"),
        }
    }
}

/// A literal of Turtle.
fn quoted(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.into(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<Vec<_>>().concat())
}

/// An address without the characters that none may have (RFC 3987).
fn iri(address: &str) -> String {
    address.chars().filter(|c| !c.is_control() && !c.is_whitespace() && !"<>\"{}|\\^`".contains(*c)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use oxjsonld::JsonLdParser;
    use oxrdf::{Graph, NamedNodeRef, NamedOrBlankNodeRef, TermRef, Triple, vocab};
    use oxttl::TurtleParser;

    use super::*;

    fn catalogue<'c>(holder: &'c str, origin: &'c str) -> Catalogue<'c> {
        Catalogue { origin, holder, holder_code: "inps", modified: jiff::civil::date(2026, 12, 2) }
    }

    fn of_turtle(text: &str) -> Graph {
        TurtleParser::new().for_slice(text.as_bytes()).collect::<Result<_, _>>().unwrap()
    }

    fn of_json(text: &str) -> Graph {
        let quads = JsonLdParser::new().for_slice(text.as_bytes()).map(|quad| Triple::from(quad.unwrap()));
        quads.collect()
    }

    fn long(name: &str) -> String {
        let (prefix, local) = name.split_once(':').unwrap();
        let (_, address) = PREFIXES.into_iter().find(|(known, _)| *known == prefix).unwrap();
        format!("{address}{local}")
    }

    fn of_type<'g>(graph: &'g Graph, class: &str) -> Vec<NamedOrBlankNodeRef<'g>> {
        let class = long(class);
        graph.subjects_for_predicate_object(vocab::rdf::TYPE, NamedNodeRef::new(&class).unwrap()).collect()
    }

    #[test]
    fn both_writings_are_the_same_graph() {
        for (holder, origin) in [
            ("Istituto Nazionale Previdenza Sociale", "https://info-cig.example"),
            ("A \"quoted\" \\ name\nof <two> lines, àèì", "https://x.example:8443"),
            ("x", "https://odd.example/<a b>\"{}"),
        ] {
            let catalogue = catalogue(holder, origin);
            let (turtle, json) = (of_turtle(&catalogue.turtle()), of_json(&catalogue.json_ld()));
            let sorted =
                |graph: &Graph| graph.iter().map(|triple| triple.to_string()).collect::<BTreeSet<_>>();
            assert_eq!(sorted(&turtle), sorted(&json));
            assert!(turtle.len() > 70);
        }
    }

    #[test]
    fn every_resource_has_the_members_the_profile_demands() {
        let mandatory: [(&str, usize, &[&str]); 5] = [
            (
                "dcatapit:Catalog",
                1,
                &["dct:title", "dct:description", "dct:publisher", "dct:modified", "dcat:dataset"],
            ),
            (
                "dcatapit:Dataset",
                2,
                &[
                    "dct:title",
                    "dct:description",
                    "dct:identifier",
                    "dct:modified",
                    "dct:accrualPeriodicity",
                    "dcat:theme",
                    "dct:rightsHolder",
                    "dcat:distribution",
                ],
            ),
            ("dcatapit:Distribution", 3, &["dct:format", "dct:license", "dcat:accessURL"]),
            ("dcatapit:Agent", 1, &["foaf:name", "dct:identifier"]),
            ("dcatapit:LicenseDocument", 1, &["dct:type"]),
        ];
        let graph = of_turtle(&catalogue("INPS", "https://info-cig.example").turtle());
        for (class, count, properties) in mandatory {
            let subjects = of_type(&graph, class);
            assert_eq!(subjects.len(), count, "{class}");
            for (subject, property) in
                subjects.iter().flat_map(|subject| properties.iter().map(move |name| (subject, name)))
            {
                let name = long(property);
                let objects: Vec<TermRef<'_>> = graph
                    .objects_for_subject_predicate(*subject, NamedNodeRef::new(&name).unwrap())
                    .collect();
                assert!(!objects.is_empty(), "{subject} has no {property}");
            }
        }
    }

    #[test]
    fn every_reference_of_the_catalogue_is_in_it() {
        let graph = of_turtle(&catalogue("INPS", "https://info-cig.example").turtle());
        let classes = [
            ("dct:publisher", "dcatapit:Agent"),
            ("dct:rightsHolder", "dcatapit:Agent"),
            ("dcat:dataset", "dcatapit:Dataset"),
            ("dcat:distribution", "dcatapit:Distribution"),
            ("dct:license", "dcatapit:LicenseDocument"),
        ];
        for (property, class) in classes {
            let (name, known) = (long(property), of_type(&graph, class));
            let known: BTreeSet<String> = known.iter().map(ToString::to_string).collect();
            let mut found = 0;
            for triple in graph.triples_for_predicate(NamedNodeRef::new(&name).unwrap()) {
                assert!(known.contains(&triple.object.to_string()), "{triple}");
                found += 1;
            }
            assert!(found > 0, "{property}");
        }
    }
}
