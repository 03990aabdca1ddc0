// SPDX-License-Identifier: EUPL-1.2
//! The person: capacity, credential, province, language, field of the matter.

use infocig_client::words::Words;
use infocig_protocol::{
    language::Language,
    person::{ActingFor, Category, Credential, PersonCard},
    skill::Skill,
};

pub const fn category(category: Category) -> &'static str {
    match category {
        Category::Lavoratore => "category.worker",
        Category::Titolare => "category.owner",
        Category::RappresentanteLegale => "category.legal_representative",
        Category::Consulente => "category.consultant",
    }
}

pub const fn credential(credential: Credential) -> &'static str {
    match credential {
        Credential::SpidL1 => "credential.spid_1",
        Credential::SpidL2 => "credential.spid_2",
        Credential::SpidL3 => "credential.spid_3",
        Credential::Cie => "credential.cie",
        Credential::Cns => "credential.cns",
        Credential::Pin => "credential.pin",
    }
}

/// The company or person represented.
pub fn acting_for(words: &Words, acting_for: &ActingFor) -> String {
    let ActingFor { name, matricola } = acting_for;
    match matricola {
        Some(matricola) => words.fill("person.company", &[("name", name), ("matricola", matricola)]),
        None => name.clone(),
    }
}

/// The province of a person: its name, or its ISTAT code if the name is unknown.
pub fn province(words: &Words, person: &PersonCard) -> String {
    if person.province_name.is_empty() {
        words.fill("province.code", &[("code", &person.province)])
    } else {
        person.province_name.clone()
    }
}

/// Capacity and province on one line.
pub fn capacity(words: &Words, person: &PersonCard) -> String {
    format!("{} · {}", words.text(category(person.category)), province(words, person))
}

pub const fn language(language: Language) -> &'static str {
    match language {
        Language::It => "language.it",
        Language::De => "language.de",
        Language::Fr => "language.fr",
        Language::Sl => "language.sl",
        Language::En => "language.en",
    }
}

pub const fn skill(skill: Skill) -> &'static str {
    match skill {
        Skill::Cigo => "skill.cigo",
        Skill::Cigs => "skill.cigs",
        Skill::AisFis => "skill.ais_fis",
        Skill::Fondi => "skill.fondi",
        Skill::Pagamenti => "skill.pagamenti",
    }
}
