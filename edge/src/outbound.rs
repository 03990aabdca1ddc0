// SPDX-License-Identifier: EUPL-1.2
//! Other systems: answers read and judged (Linea INPS, its token endpoint, the registry of cases), signatures of webhooks.

pub mod cases;
pub mod delivery;
pub mod language_model;
pub mod turn;
pub mod webhook_signature;
