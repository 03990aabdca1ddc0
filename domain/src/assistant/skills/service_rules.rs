// SPDX-License-Identifier: EUPL-1.2
//! The skill `service_rules`: whether and when this person may enter, as admission decides at this instant.
//!
//! It calls the function that decides at the door, so it cannot say anything else than the door does.

use super::{Facts, Skill, is_about};
use crate::admission::admit;
use crate::assistant::library::Found;
use crate::assistant::master::Asker;
use crate::sentence;

pub(super) const SKILL: Skill =
    Skill { name: "service_rules", needs: Facts::Rules, claims: |found| is_about(found, &TOPICS), say };

const TOPICS: [&str; 3] = ["orari-servizio", "chi-puo-entrare", "credenziali"];

fn say(asker: &Asker<'_>, _found: &Found<'_>) -> Vec<String> {
    let Some(rules) = &asker.rules else { return Vec::new() };
    let assessment = admit(rules.policy, &rules.applicant, rules.load, asker.now);
    vec![sentence::of(&assessment, asker.language)]
}
