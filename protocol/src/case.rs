// SPDX-License-Identifier: EUPL-1.2
//! A case (*pratica*): one application for wage integration, and how far it has come.
//!
//! Both sides of a conversation look at the same [`Case`]: the registry's own answer, with the instant it speaks of.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{id::CaseId, skill::Skill, time::Timestamp};

/// The kind of wage integration an application is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "kebab-case")]
pub enum BenefitKind {
    /// Ordinary wage integration (*cassa integrazione guadagni ordinaria*).
    Cigo,
    /// Extraordinary wage integration (*straordinaria*).
    Cigs,
    /// AIS of the FIS (*assegno di integrazione salariale*).
    AisFis,
    /// A bilateral solidarity fund (*fondo di solidarietà*).
    Fondi,
    /// Wage integration of agricultural workers (*CISOA*).
    Cisoa,
}

impl BenefitKind {
    /// The Institute's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cigo => "CIGO",
            Self::Cigs => "CIGS",
            Self::AisFis => "AIS / FIS",
            Self::Fondi => "Fondi di solidarietà",
            Self::Cisoa => "CISOA",
        }
    }

    /// The skill an advisor needs to answer; CISOA has none of its own.
    pub const fn skill(self) -> Option<Skill> {
        match self {
            Self::Cigo => Some(Skill::Cigo),
            Self::Cigs => Some(Skill::Cigs),
            Self::AisFis => Some(Skill::AisFis),
            Self::Fondi => Some(Skill::Fondi),
            Self::Cisoa => None,
        }
    }
}

/// The payer of the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    /// The Institute pays the worker (*pagamento diretto*).
    Direct,
    /// The employer pays in advance and settles with the Institute (*conguaglio*).
    Employer,
}

/// A step on the way of a case. The first five are those of the automated CIGO procedure, in INPS's order (press release on
/// CIGO with the Covid-19 reason, 2021).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum CasePhase {
    /// *Caricamento domande telematiche su Sistema Unico.*
    Loaded,
    /// *Caricamento domande da Sistema Unico nella procedura "Nuova Istruttoria CIGO".*
    Imported,
    /// *Esecuzione controlli di preistruttoria.*
    PreChecked,
    /// *Esecuzione controlli di istruttoria.*
    Checked,
    /// *Definizione delle domande validate.*
    Decided,
    /// The application was authorised.
    Authorised,
    /// The data for the payment came from the employer (UniEmens-Cig, formerly SR41).
    PaymentDataReceived,
    /// The payment was ordered.
    PaymentOrdered,
    /// The money was credited.
    Credited,
}

/// A phase that applies to a case, and when it was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct CaseStep {
    /// The phase.
    pub phase: CasePhase,
    /// The day it was completed, `2026-10-02`; absent until it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

/// The state of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    /// Within the time the office expects.
    OnTrack,
    /// Beyond the time the office expects.
    Late,
    /// The employer has yet to send what the payment needs.
    WaitingForEmployer,
    /// Refused: no step follows the last one reached.
    Refused,
    /// The money is there.
    Credited,
}

/// One application and how far it has come, as its registry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Case {
    /// The registry's name for it.
    pub id: CaseId,
    /// The kind of wage integration.
    pub kind: BenefitKind,
    /// The employer.
    pub company: String,
    /// The employer's INPS number (*matricola*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matricola: Option<String>,
    /// First day of the period, `2026-09-01`.
    pub from: String,
    /// Last day of the period.
    pub to: String,
    /// The payer of the worker.
    pub payment: Payment,
    /// The application's protocol number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The *ticket* that ties it to the suspension in the monthly flow of the employer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Its state. Cards stored before it had this name say `standing`.
    #[serde(alias = "standing")]
    pub status: CaseStatus,
    /// The phases that apply to it, in order: those reached first, each with its day.
    pub steps: Vec<CaseStep>,
}

impl Case {
    /// The last phase it has reached.
    pub fn reached(&self) -> Option<&CaseStep> {
        self.steps.iter().take_while(|step| step.on.is_some()).last()
    }
}

/// A person's or company's cases: the answer of `GET /v1/conversations/{id}/cases`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Cases {
    /// The instant the registry speaks of.
    pub as_of: Timestamp,
    /// The cases, newest period first.
    pub cases: Vec<Case>,
}

/// The body of `POST /v1/conversations/{id}/cards`: an advisor shows a case to the person. Repeating the same `id` is
/// harmless. The person is shown the registry's answer of that moment, never data of the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ShareCase {
    /// Made by the console, unique within the conversation.
    pub id: crate::id::MessageId,
    /// The case.
    pub case: CaseId,
}

/// The subject of a question, as the person describes it before it is answered. Every member is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Question {
    /// The kind of wage integration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<BenefitKind>,
    /// First month of the period, `2026-09`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last month of the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The payer of the worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// The application's protocol number: 1 to [`MAX_PROTOCOL_CHARS`](crate::limits::MAX_PROTOCOL_CHARS) letters, digits,
    /// dots, slashes, hyphens or spaces. INPS publishes no form for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}

impl Question {
    /// The skill an advisor needs to answer it, as far as it says.
    pub fn skill(&self) -> Option<Skill> {
        let pays = self.payment.filter(|payment| *payment == Payment::Direct).map(|_| Skill::Pagamenti);
        self.about.and_then(BenefitKind::skill).or(pays)
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether every part of it has its form.
    pub fn is_well_formed(&self) -> bool {
        let months = [&self.from, &self.to].into_iter().flatten().all(|month| is_month(month));
        months
            && self.from.as_ref().zip(self.to.as_ref()).is_none_or(|(from, to)| from <= to)
            && self.protocol.as_ref().is_none_or(|text| is_reference(text))
    }
}

/// Whether a text can be the protocol number or the *ticket* of an application.
pub fn is_reference(text: &str) -> bool {
    let count = text.chars().count();
    (1..=crate::limits::MAX_PROTOCOL_CHARS).contains(&count)
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-' | ' '))
        && text.trim() == text
}

fn is_month(text: &str) -> bool {
    let Some((year, month)) = text.split_once('-') else { return false };
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    digits(year, 4) && digits(month, 2) && (1..=12).contains(&month.parse::<u8>().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_about_its_members() {
        let question = Question { payment: Some(Payment::Direct), ..Question::default() };
        assert_eq!(question.skill(), Some(Skill::Pagamenti));
        assert_eq!(Question { about: Some(BenefitKind::Cigs), ..question }.skill(), Some(Skill::Cigs));
        assert_eq!(Question::default().skill(), None);
    }

    #[test]
    fn months_and_references_have_a_form() {
        let question = |from: &str, to: &str, protocol: &str| Question {
            from: Some(from.into()),
            to: Some(to.into()),
            protocol: Some(protocol.into()),
            ..Question::default()
        };
        assert!(question("2026-09", "2026-10", "INPS.5100.02/10/2026.0123456").is_well_formed());
        assert!(question("2026-09", "2026-10", &"1".repeat(64)).is_well_formed());
        for wrong in [
            question("2026-13", "2026-14", "1"),
            question("2026-9", "2026-10", "1"),
            question("2026-10", "2026-09", "1"),
            question("2026-09", "2026-09", ""),
            question("2026-09", "2026-09", "<b>"),
            question("2026-09", "2026-09", " 1"),
            question("2026-09", "2026-09", &"1".repeat(65)),
        ] {
            assert!(!wrong.is_well_formed(), "{wrong:?}");
        }
    }
}
