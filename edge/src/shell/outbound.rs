// SPDX-License-Identifier: EUPL-1.2
//! Calls to systems outside: signed calls of ModI, the registry of cases, key sets of issuers, the staff's
//! provider, the relay of calls, webhooks, the language model.

pub(super) mod cases;
pub(super) mod jwks;
pub(super) mod language_model;
pub(super) mod oidc;
pub(super) mod signed_calls;
pub(super) mod turn;
pub(super) mod webhooks;
