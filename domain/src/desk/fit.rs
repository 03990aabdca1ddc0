// SPDX-License-Identifier: EUPL-1.2
//! Fit: whether an advisor is one of those for a person, by the routing rules, and why.
//!
//! A list an advisor's profile leaves empty narrows nothing: no province listed is all of Italy. Only languages are not so:
//! an advisor who lists none speaks Italian.

use infocig_protocol::{
    desk::{Match, Why},
    id::QueueId,
    language::Language,
    person::{Category, PersonCard},
    skill::Skill,
};
use serde::{Deserialize, Serialize};

use crate::{policy::RoutingRule, province::Province};

/// The people an advisor answers and the queues they belong to, according to the administration's sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The categories they answer.
    pub categories: Vec<Category>,
    /// The languages they speak.
    pub languages: Vec<Language>,
    /// ISTAT codes of the provinces they look after.
    pub provinces: Vec<String>,
    /// The fields they know.
    pub skills: Vec<Skill>,
    /// The queues they belong to; if empty, every queue of their desk.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueId>,
}

/// Why an advisor fits a person under a rule; `None` if they do not. What the profile leaves open is no reason.
pub fn why(rule: &RoutingRule, person: &PersonCard, profile: &Profile) -> Option<Why> {
    let subjects = || rule.agree.iter().copied();
    let fits = subjects().all(|subject| agree(subject, person, profile));
    fits.then(|| Why {
        after_minutes: rule.after_minutes,
        agree: subjects().filter(|subject| profile.speaks_of(*subject)).collect(),
    })
}

impl Profile {
    /// Whether they belong to a queue of their desk.
    pub fn serves(&self, queue: &QueueId) -> bool {
        self.queues.is_empty() || self.queues.contains(queue)
    }

    /// Whether the profile restricts a subject. It always restricts languages.
    fn speaks_of(&self, subject: Match) -> bool {
        match subject {
            Match::Language => true,
            Match::Category => !self.categories.is_empty(),
            Match::Province | Match::Region => !self.provinces.is_empty(),
            Match::Skill => !self.skills.is_empty(),
        }
    }
}

fn agree(subject: Match, person: &PersonCard, profile: &Profile) -> bool {
    match subject {
        Match::Category => profile.categories.is_empty() || profile.categories.contains(&person.category),
        Match::Language if profile.languages.is_empty() => person.language == Language::It,
        Match::Language => profile.languages.contains(&person.language),
        Match::Province => shares(person, profile, |province| province.code),
        Match::Region => shares(person, profile, |province| province.region),
        Match::Skill => {
            profile.skills.is_empty() || person.about.is_none_or(|about| profile.skills.contains(&about))
        }
    }
}

fn shares(person: &PersonCard, profile: &Profile, of: impl Fn(Province) -> &'static str) -> bool {
    if profile.provinces.is_empty() {
        return true;
    }
    let Some(wanted) = Province::by_code(&person.province).map(&of) else { return false };
    profile.provinces.iter().filter_map(|code| Province::by_code(code)).any(|province| of(province) == wanted)
}

#[cfg(test)]
mod tests {
    use infocig_protocol::person::Credential;

    use super::*;

    #[test]
    fn an_advisor_for_naples_fits_all_of_campania_and_no_other_region() {
        let naples = Profile { provinces: vec!["063".into()], ..Profile::default() };

        assert!(fits(Match::Region, &from("065"), &naples));
        assert!(!fits(Match::Region, &from("058"), &naples));
        assert!(fits(Match::Province, &from("263"), &naples), "a metropolitan city has two codes");
        assert!(!fits(Match::Province, &from("065"), &naples));
    }

    #[test]
    fn an_empty_profile_answers_everybody_in_italian() {
        let anybody = Profile::default();
        for subject in [Match::Category, Match::Province, Match::Region, Match::Skill, Match::Language] {
            assert!(fits(subject, &from("058"), &anybody), "{subject:?}");
        }
        assert!(!fits(Match::Language, &PersonCard { language: Language::De, ..from("021") }, &anybody));
    }

    #[test]
    fn an_open_member_of_a_profile_is_no_reason() {
        let rule = RoutingRule { after_minutes: 0, agree: vec![Match::Language, Match::Region] };
        let reasons = |profile: &Profile| why(&rule, &from("063"), profile).map(|why| why.agree);

        assert_eq!(reasons(&Profile::default()), Some(vec![Match::Language]));
        let naples = Profile { provinces: vec!["063".into()], ..Profile::default() };
        assert_eq!(reasons(&naples), Some(vec![Match::Language, Match::Region]));
    }

    #[test]
    fn a_question_about_nothing_in_particular_fits_every_skill() {
        let funds = Profile { skills: vec![Skill::Fondi], ..Profile::default() };

        assert!(fits(Match::Skill, &from("058"), &funds));
        assert!(!fits(Match::Skill, &PersonCard { about: Some(Skill::Cigs), ..from("058") }, &funds));
    }

    fn fits(subject: Match, person: &PersonCard, profile: &Profile) -> bool {
        why(&RoutingRule { after_minutes: 0, agree: vec![subject] }, person, profile).is_some()
    }

    fn from(province: &str) -> PersonCard {
        PersonCard {
            name: "Persona Di Prova".into(),
            category: Category::Lavoratore,
            province: province.into(),
            province_name: String::new(),
            credential: Credential::Cie,
            acting_for: None,
            language: Language::It,
            entry_point: None,
            about: None,
            question: None,
        }
    }
}
