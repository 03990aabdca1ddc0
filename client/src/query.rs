// SPDX-License-Identifier: EUPL-1.2
//! Parameters of a request. They are made anywhere and sent from browsers.

/// Parameters by name, not encoded.
pub type Query = Vec<(&'static str, String)>;
