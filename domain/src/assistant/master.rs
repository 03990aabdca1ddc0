// SPDX-License-Identifier: EUPL-1.2
//! The master: reads a question once, and hands it to the first skill that claims it.
//!
//! It never answers by itself. Where the library finds nothing no skill is asked: [`read`] is `None`, and whoever calls it
//! says that the assistant does not know and offers a person.

use infocig_protocol::{
    assistant::{self, AssistantAnswer},
    case::Cases,
    language::Language,
    segnalazione::SegnalazioneStatus,
};
use jiff::Timestamp;

use super::library::{Found, Library, Passage};
use super::skills::{Facts, SKILLS, Skill};
use crate::admission::{Applicant, Load};
use crate::calendar::Calendar;
use crate::policy::Policy;
use crate::transcript::Texts;

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

/// A question that is understood, before the facts for its answer are fetched.
#[derive(Clone, Debug)]
pub struct Understood<'l> {
    found: Found<'l>,
    skill: &'static Skill,
}

/// Reads a question; `None` where the assistant does not know.
pub fn read<'l>(
    library: &'l Library,
    question: &str,
    language: Language,
    now: Timestamp,
) -> Option<Understood<'l>> {
    let found = library.find(question, language, Calendar::day(now))?;
    let skill = skill_of(&found)?;
    Some(Understood { found, skill })
}

impl<'l> Understood<'l> {
    /// The facts that the answer needs.
    pub fn needs(&self) -> Facts {
        self.skill.needs
    }

    /// The answer, with the facts that were fetched.
    pub fn answer(self, asker: &Asker<'_>) -> Answer<'l> {
        let Self { found, skill } = self;
        Answer { skill: skill.name, said: (skill.say)(asker, &found), passages: found.passages }
    }
}

impl Answer<'_> {
    /// The answer as it is sent and stored, to somebody who reads `language`.
    pub fn to_document(&self, language: Language) -> AssistantAnswer {
        let said = (!self.said.is_empty()).then(|| assistant::Passage {
            entry: None,
            title: String::new(),
            text: self.said.join("\n\n"),
            language,
        });
        let shown = self.passages.iter().filter_map(|passage| passage.to_document(language));
        AssistantAnswer { passages: said.into_iter().chain(shown).collect() }
    }
}

impl Passage<'_> {
    fn to_document(&self, reader: Language) -> Option<assistant::Passage> {
        let (language, section) = self.entry.section(self.language)?;
        let texts = Texts::of(reader);
        let steps: Vec<_> =
            (1..).zip(&section.steps).map(|(number, step)| format!("{number}. {step}")).collect();
        let source =
            |source: &super::document::Source| texts.source(&source.name, source.date, source.url.as_deref());
        let sources: Vec<_> = self.entry.sources.iter().map(source).collect();
        let blocks = [section.text.clone(), steps.join("\n"), sources.join("\n")];
        let blocks: Vec<_> = blocks.into_iter().filter(|block| !block.is_empty()).collect();
        Some(assistant::Passage {
            entry: Some(self.entry.id.clone()),
            title: section.questions.first().cloned().unwrap_or_default(),
            text: blocks.join("\n\n"),
            language,
        })
    }
}

/// The first skill that claims what was found.
pub fn skill_of(found: &Found<'_>) -> Option<&'static Skill> {
    SKILLS.iter().find(|skill| (skill.claims)(found))
}
