// SPDX-License-Identifier: EUPL-1.2
//! The master: reads a question once, and hands it to the first skill that claims it.
//!
//! It never answers by itself. Where the library finds nothing no skill is asked: [`answer`] is `None`, and whoever calls it
//! says that the assistant does not know and offers a person.

use infocig_protocol::{case::Cases, language::Language, segnalazione::SegnalazioneStatus};
use jiff::Timestamp;

use super::library::{Found, Library, Passage};
use super::skills::{SKILLS, Skill};
use crate::admission::{Applicant, Load};
use crate::calendar::Calendar;
use crate::policy::Policy;

/// Whoever asks, as far as the service knows them, at an instant.
#[derive(Clone, Debug)]
pub struct Asker<'a> {
    /// The language they ask and read in.
    pub language: Language,
    /// When they ask.
    pub now: Timestamp,
    /// The rules of the service, if they are at hand.
    pub rules: Option<Rules<'a>>,
    /// Their cases, if they were fetched.
    pub cases: Option<&'a Cases>,
    /// Their segnalazioni, newest first.
    pub segnalazioni: &'a [SegnalazioneStatus],
}

/// What a decision of admission rests on.
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The facts about the person.
    pub applicant: Applicant<'a>,
    /// How busy the desk is.
    pub load: Load,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer<'l> {
    /// The name of the skill that gives it.
    pub skill: &'static str,
    /// What the skill says about the person: sentences made of facts, each a paragraph. Empty where it knows none.
    pub said: Vec<String>,
    /// The entries that answer, best first. Never empty.
    pub passages: Vec<Passage<'l>>,
}

/// Answers a question; `None` where the assistant does not know.
pub fn answer<'l>(library: &'l Library, question: &str, asker: &Asker<'_>) -> Option<Answer<'l>> {
    let found = library.find(question, asker.language, Calendar::day(asker.now))?;
    let skill = skill_of(&found)?;
    Some(Answer { skill: skill.name, said: (skill.say)(asker, &found), passages: found.passages })
}

/// The first skill that claims what was found.
pub fn skill_of(found: &Found<'_>) -> Option<&'static Skill> {
    SKILLS.iter().find(|skill| (skill.claims)(found))
}
