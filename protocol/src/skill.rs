// SPDX-License-Identifier: EUPL-1.2
//! The fields questions are about and advisors are versed in.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

/// A field of the matter: the subject of a question, and the knowledge of an advisor.
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
