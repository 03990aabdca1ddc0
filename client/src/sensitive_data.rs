// SPDX-License-Identifier: EUPL-1.2
//! The kinds of sensitive data in words, for the question that both sides are asked before such a text leaves.

use infocig_protocol::sensitive::Kind;

use crate::words::Words;

/// The kinds by name, one after the other.
pub fn names(words: &Words, kinds: &[Kind]) -> String {
    let names = kinds.iter().map(|kind| {
        words.text(match kind {
            Kind::TaxNumber => "sensitive_data.tax_number",
            Kind::Iban => "sensitive_data.iban",
            Kind::Card => "sensitive_data.card",
            Kind::Secret => "sensitive_data.secret",
            Kind::Health => "sensitive_data.health",
        })
    });
    let all =
        names.reduce(|first, last| words.fill("sensitive_data.and", &[("first", &first), ("last", &last)]));
    all.unwrap_or_default()
}
