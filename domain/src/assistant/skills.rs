// SPDX-License-Identifier: EUPL-1.2
//! The skills: what each claims, and what it says about the person who asks.
//!
//! A skill is one file below this one, and one line of [`SKILLS`]. It is pure: what it may know stands in the
//! [`Asker`](super::master::Asker), and what it says rests on that alone.

mod case_words;
mod knowledge;
pub mod my_case;
mod my_segnalazioni;
mod service_rules;

use super::library::Found;
use super::master::Asker;

/// A skill.
#[derive(Debug)]
pub struct Skill {
    /// Its name, stable.
    pub name: &'static str,
    /// The facts it speaks from.
    pub needs: Facts,
    /// Whether it answers a question for which these entries were found.
    pub claims: fn(&Found<'_>) -> bool,
    /// What it says to this person, paragraph by paragraph; nothing where it knows nothing.
    pub say: fn(&Asker<'_>, &Found<'_>) -> Vec<String>,
}

/// The facts about a person that a skill speaks from. They are fetched only for the skill that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facts {
    /// None.
    Nothing,
    /// Their cases, of the registry.
    Cases,
    /// Their segnalazioni.
    Segnalazioni,
    /// The rules of the service, as they hold for them.
    Rules,
}

/// The skills, in the order in which they are asked. The last claims every question.
pub const SKILLS: [Skill; 4] =
    [my_case::SKILL, my_segnalazioni::SKILL, service_rules::SKILL, knowledge::SKILL];

/// Whether the best entry is about one of some topics, and the question is not what a word means.
fn is_about(found: &Found<'_>, topics: &[&str]) -> bool {
    let defines = found.concepts.iter().any(|concept| ["whatis", "difference"].contains(concept));
    let best = found.passages.first().map_or("", |best| best.entry.topic());
    !defines && topics.contains(&best)
}
