// SPDX-License-Identifier: EUPL-1.2
//! Calls to systems outside: signed calls of ModI, the registry of cases, key sets of issuers, the staff's
//! provider, webhooks.

pub(super) mod cases;
pub(super) mod jwks;
pub(super) mod oidc;
pub(super) mod signed_calls;
pub(super) mod webhooks;
