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
//! `infocig_role` is a word of a role of the staff. A word that is none of these is refused (`token-claim`): an advisor who answers nobody by mistake would never find out.

use infocig_domain::{
    desk::fit::Profile,
    people::Advisor,
    policy::{Policy, Queue},
    province::{self, Province},
    staff::{Roles, StaffRole},
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
    /// Their roles: here the one of `infocig_role`.
    pub roles: Roles,
}

/// The words by which a sign-in says whom somebody answers.
#[derive(Clone, Copy, Debug)]
pub struct ProfileWords<'w> {
    /// Words of `infocig_categories`.
    pub categories: &'w [String],
    /// Words of `infocig_languages`.
    pub languages: &'w [String],
    /// Words of `infocig_regions`.
    pub regions: &'w [String],
    /// Words of `infocig_provinces`.
    pub provinces: &'w [String],
    /// Words of `infocig_skills`.
    pub skills: &'w [String],
    /// Words of `infocig_queues`.
    pub queues: &'w [String],
}

impl ProfileWords<'_> {
    /// The profile they say, or the name of the first list with an unknown word, and that word.
    pub fn profile(self) -> Result<Profile, (&'static str, String)> {
        let language = |word: &str| Language::ALL.into_iter().find(|language| language.as_str() == word);
        let region = |name: &str| {
            let codes: Vec<String> =
                province::all().filter(|one| one.region == name).map(|one| one.code.into()).collect();
            (!codes.is_empty()).then_some(codes)
        };
        let province = |code: &str| Province::by_code(code).map(|one| one.code.to_string());
        let mut provinces = words("regions", self.regions, region)?.concat();
        provinces.extend(words("provinces", self.provinces, province)?);
        Ok(Profile {
            categories: words("categories", self.categories, Category::parse)?,
            languages: words("languages", self.languages, language)?,
            provinces,
            skills: words("skills", self.skills, Skill::parse)?,
            queues: words("queues", self.queues, |id| QueueId::parse(id).ok())?,
        })
    }
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
        let role = StaffRole::parse(&self.infocig_role).ok_or_else(|| {
            claim(
                "infocig_role",
                &format!("must be one of {}", StaffRole::ALL.map(StaffRole::as_str).join(", ")),
            )
        })?;
        let id = AdvisorId::parse(self.sub).map_err(|error| claim("sub", &error.to_string()))?;
        let name = non_empty("name", self.name)?;
        let words = ProfileWords {
            categories: &self.infocig_categories,
            languages: &self.infocig_languages,
            regions: &self.infocig_regions,
            provinces: &self.infocig_provinces,
            skills: &self.infocig_skills,
            queues: &self.infocig_queues,
        };
        let profile = words.profile().map_err(|(name, word)| {
            claim(&format!("infocig_{name}"), &format!("has an unknown word: {word}"))
        })?;
        Ok(SignedInAdvisor { advisor: Advisor { id, name }, profile, roles: role.into() })
    }
}

/// A list of known words.
fn words<T>(
    name: &'static str,
    list: &[String],
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, (&'static str, String)> {
    list.iter().map(|word| parse(word).ok_or_else(|| (name, printable(word)))).collect()
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
