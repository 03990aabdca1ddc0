// SPDX-License-Identifier: EUPL-1.2
//! Answers of other systems, read and judged: Linea INPS, its token endpoint, the registry of cases.

pub mod cases;
pub mod delivery;
