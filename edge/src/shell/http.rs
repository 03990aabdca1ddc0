// SPDX-License-Identifier: EUPL-1.2
//! Requests read and answers made, with the platform's types.

pub(super) mod body;
pub(super) mod cors;
pub(super) mod headers;
pub(super) mod replies;
