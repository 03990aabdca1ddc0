// SPDX-License-Identifier: EUPL-1.2
//! What an administration reads first: `publiccode.yml` has what its standard asks for and claims nothing that no test proves,
//! the licence is where both conventions look for it, and the README in Italian says what the other one says.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail like tests do")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use infocig_protocol::language::Language;
use serde_json::Value;

#[test]
fn publiccode_has_every_mandatory_key_with_texts_of_the_lengths_of_the_standard() {
    let publiccode = publiccode();

    assert_eq!(publiccode["publiccodeYmlVersion"], "0.7");
    for pointer in [
        "/name",
        "/url",
        "/platforms/0",
        "/developmentStatus",
        "/softwareType",
        "/legal/license",
        "/maintenance/type",
        "/maintenance/contacts/0/name",
        "/localisation/localisationReady",
        "/localisation/availableLanguages/0",
    ] {
        assert!(publiccode.pointer(pointer).is_some(), "{pointer}");
    }
    for language in ["en", "it"] {
        let description = &publiccode["description"][language];
        let chars = |name: &str| description[name].as_str().unwrap().chars().count();
        assert!((1..=150).contains(&chars("shortDescription")), "{language}");
        assert!((150..=10_000).contains(&chars("longDescription")), "{language}");
        assert!((5..=20).contains(&list(&description["features"]).len()), "{language}");
    }
}

#[test]
fn publiccode_says_what_the_repository_says() {
    let publiccode = publiccode();

    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    assert_eq!(publiccode["legal"]["license"].as_str(), manifest["workspace"]["package"]["license"].as_str());
    let languages: BTreeSet<&str> =
        list(&publiccode["localisation"]["availableLanguages"]).into_iter().collect();
    let spoken: BTreeSet<&str> = Language::ALL.into_iter().map(|language| language.as_str()).collect();
    assert_eq!(languages, spoken);
    let packages: Value = serde_json::from_str(&read("package.json")).unwrap();
    assert_eq!(publiccode["dependsOn"]["open"][0]["version"], packages["dependencies"]["workerd"]);
    for language in ["en", "it"] {
        for path in list(&publiccode["description"][language]["screenshots"]) {
            assert!(root().join(path).is_file(), "{path}");
        }
    }
}

#[test]
fn a_test_stands_behind_every_standard_that_is_claimed() {
    let text = read("publiccode.yml");
    let claims: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "supports:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .collect();

    assert_eq!(claims.len(), publiccode()["supports"].as_array().unwrap().len());
    for claim in claims {
        let test = claim.split_once(" # ").and_then(|(_, test)| test.split_once(' '));
        assert!(
            test.is_some_and(|(file, name)| read(file).contains(&format!("fn {name}("))),
            "no such test: {claim}"
        );
    }
}

#[test]
fn the_licence_is_the_same_text_in_both_places() {
    assert_eq!(read("LICENSE"), read("LICENSES/EUPL-1.2.txt"));
    let reuse: toml::Table = read("REUSE.toml").parse().unwrap();
    for annotation in reuse["annotations"].as_array().unwrap() {
        assert_eq!(annotation["SPDX-License-Identifier"].as_str(), Some("EUPL-1.2"));
    }
}

#[test]
fn the_readme_in_italian_has_the_links_and_the_numbers_of_the_other_one() {
    let (english, italian) = (read("README.md"), read("README.it.md"));

    assert_eq!(targets(&italian), targets(&english));
    assert_eq!(numbers(&italian), numbers(&english));
}

/// Where the links of a text lead, in order, but for those between the two languages.
fn targets(text: &str) -> Vec<&str> {
    let behind = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    behind.filter(|target| !target.starts_with("README")).collect()
}

/// The numbers of a text, sorted. Dots and commas are left out: the languages exchange them.
fn numbers(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    let mut numbers: Vec<String> =
        parts.map(|part| part.replace(['.', ','], "")).filter(|number| !number.is_empty()).collect();
    numbers.sort();
    numbers
}

fn publiccode() -> Value {
    serde_saphyr::from_str(&read("publiccode.yml")).unwrap()
}

/// The texts of a list.
fn list(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}

#[track_caller]
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
