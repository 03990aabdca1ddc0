// SPDX-License-Identifier: EUPL-1.2
//! The claims of an advisor's token: their identity, and the people they answer.
//!
//! Each claim about whom they answer is a list and optional. A list that is absent or empty narrows nothing, but for languages,
//! where it means Italian.
//!
//! | claim | its words |
//! |---|---|
//! | `infocig_categories` | `lavoratore`, `titolare`, `rappresentante-legale`, `consulente` |
//! | `infocig_languages` | `it`, `de`, `fr`, `sl`, `en` |
//! | `infocig_regions` | names of regions as ISTAT writes them: all of their provinces |
//! | `infocig_provinces` | ISTAT codes |
//! | `infocig_skills` | the words of `infocig_about` in a hand-off token |
//! | `infocig_queues` | ids of queues of the policy they belong to; without it, to every queue of the desk they sign in at |
//!
//! A word that is none of these is refused (`token-claim`): an advisor who answers nobody by mistake would never find out.

use infocig_domain::{
    desk::fit::Profile,
    people::Advisor,
    policy::{Policy, Queue},
    province::{self, Province},
};
use infocig_protocol::{
    id::{AdvisorId, QueueId},
    language::Language,
    person::Category,
    skill::Skill,
};
use serde::Deserialize;

use super::token::{claim, non_empty, printable};
use crate::problem::Refusal;

/// An advisor who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedInAdvisor {
    /// Their id and name.
    pub advisor: Advisor,
    /// The people they answer.
    pub profile: Profile,
    /// Whether their `infocig_role` is `supervisor`.
    pub supervisor: bool,
}

#[derive(Deserialize)]
pub(super) struct AdvisorClaims {
    sub: String,
    name: String,
    infocig_role: String,
    #[serde(default)]
    infocig_categories: Vec<String>,
    #[serde(default)]
    infocig_languages: Vec<String>,
    #[serde(default)]
    infocig_regions: Vec<String>,
    #[serde(default)]
    infocig_provinces: Vec<String>,
    #[serde(default)]
    infocig_skills: Vec<String>,
    #[serde(default)]
    infocig_queues: Vec<String>,
}

impl AdvisorClaims {
    pub(super) fn into_advisor(self) -> Result<SignedInAdvisor, Refusal> {
        let supervisor = match self.infocig_role.as_str() {
            "advisor" => false,
            "supervisor" => true,
            _ => return Err(claim("infocig_role", "must be advisor or supervisor")),
        };
        let id = AdvisorId::parse(self.sub).map_err(|error| claim("sub", &error.to_string()))?;
        let name = non_empty("name", self.name)?;
        let language = |word: &str| Language::ALL.into_iter().find(|language| language.as_str() == word);
        let region = |name: &str| {
            let codes: Vec<String> =
                province::all().filter(|one| one.region == name).map(|one| one.code.into()).collect();
            (!codes.is_empty()).then_some(codes)
        };
        let province = |code: &str| Province::by_code(code).map(|one| one.code.to_string());
        let mut provinces = words("infocig_regions", &self.infocig_regions, region)?.concat();
        provinces.extend(words("infocig_provinces", &self.infocig_provinces, province)?);
        let profile = Profile {
            categories: words("infocig_categories", &self.infocig_categories, Category::parse)?,
            languages: words("infocig_languages", &self.infocig_languages, language)?,
            provinces,
            skills: words("infocig_skills", &self.infocig_skills, Skill::parse)?,
            queues: words("infocig_queues", &self.infocig_queues, |id| QueueId::parse(id).ok())?,
        };
        Ok(SignedInAdvisor { advisor: Advisor { id, name }, profile, supervisor })
    }
}

/// A claim that is a list of known words.
fn words<T>(name: &str, list: &[String], parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Refusal> {
    let unknown = |word: &str| claim(name, &format!("has an unknown word: {}", printable(word)));
    list.iter().map(|word| parse(word).ok_or_else(|| unknown(word))).collect()
}

impl SignedInAdvisor {
    /// Their queues, in the order of the policy. One that the policy has not is refused, as any unknown word.
    pub fn queues<'p>(&self, policy: &'p Policy) -> Result<Vec<&'p Queue>, Refusal> {
        let is_known = |id: &&QueueId| policy.queues.iter().any(|queue| queue.id == **id);
        if let Some(unknown) = self.profile.queues.iter().find(|id| !is_known(id)) {
            return Err(claim("infocig_queues", &format!("has an unknown word: {unknown}")));
        }
        Ok(policy.queues.iter().filter(|queue| self.profile.serves(&queue.id)).collect())
    }
}

/// The audience of advisors' tokens at a service of that origin.
pub fn desk_audience(origin: &str) -> String {
    format!("{origin}/desk")
}
