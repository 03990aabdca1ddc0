// SPDX-License-Identifier: EUPL-1.2
//! Who writes: in which capacity, from where, how strongly signed in, for whom, about what.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{case::Question, language::Language};

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

/// A field of the matter: what a question is about, and what an advisor is versed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "kebab-case")]
pub enum Skill {
    /// Ordinary wage integration (*cassa integrazione guadagni ordinaria*).
    Cigo,
    /// Extraordinary wage integration (*straordinaria*).
    Cigs,
    /// Wage integration paid by the funds for small employers: AIS of the FIS (*assegno di integrazione salariale*).
    AisFis,
    /// The bilateral solidarity funds (*fondi di solidarietà*).
    Fondi,
    /// Direct payment by the Institute.
    Pagamenti,
}

/// What an advisor is told about the person they answer.
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
    /// How they signed in.
    pub credential: Credential,
    /// For whom they act, when not for themself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<ActingFor>,
    /// The language they read the service in, when it is not Italian.
    #[serde(default, skip_serializing_if = "is_italian")]
    pub language: Language,
    /// What their question is about, where the portal knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Skill>,
    /// What they said about it themself.
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
