// SPDX-License-Identifier: EUPL-1.2
//! The person of a conversation: capacity, province, sign-in, representation, question.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{case::Question, language::Language, skill::Skill};

/// The capacity in which a person enters. The names are INPS's own (Messaggio 4497/2022).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// A worker who receives, or waits for, wage integration.
    Lavoratore,
    /// The owner of a company.
    Titolare,
    /// The legal representative of a company.
    RappresentanteLegale,
    /// An intermediary who acts for companies (*consulente aziendale*).
    Consulente,
}

/// The credential a person signed in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// SPID level 1: a password alone.
    SpidL1,
    /// SPID level 2: password and one-time code.
    SpidL2,
    /// SPID level 3: hardware-backed.
    SpidL3,
    /// Electronic identity card (CIE 3.0).
    Cie,
    /// National services card.
    Cns,
    /// The former INPS PIN.
    Pin,
}

/// The portal a person comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "kebab-case")]
pub enum EntryPoint {
    /// The personal area of a citizen.
    Myinps,
    /// *Cassetto previdenziale del contribuente*: the employer's area.
    CassettoPrevidenziale,
    /// The platform for wage-integration applications.
    OmniaIs,
}

/// The person as advisors see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PersonCard {
    /// Given and family name of who signed in.
    pub name: String,
    /// The capacity they write in.
    pub category: Category,
    /// ISTAT code of the province that counts for them (residence for workers, registered office for companies).
    pub province: String,
    /// Its name.
    #[serde(default)]
    pub province_name: String,
    /// The credential they signed in with.
    pub credential: Credential,
    /// For whom they act, when not for themself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<ActingFor>,
    /// The language they read the service in, when it is not Italian.
    #[serde(default, skip_serializing_if = "is_italian")]
    pub language: Language,
    /// The portal they came from; absent for those who entered before it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<EntryPoint>,
    /// The subject of their question, where the portal knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Skill>,
    /// The question as they described it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_italian(language: &Language) -> bool {
    *language == Language::It
}

/// The company or person somebody acts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ActingFor {
    /// Company name, or the name of the person represented.
    pub name: String,
    /// The company's INPS number (*matricola*), where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matricola: Option<String>,
}
