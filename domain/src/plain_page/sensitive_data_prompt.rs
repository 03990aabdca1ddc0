// SPDX-License-Identifier: EUPL-1.2
//! The question about a text with sensitive data: the kinds that were found, and three choices.
//!
//! The text stands beside the question, to be read and not to be changed: the decision is about these words. The first button
//! is the one that Enter presses, and masks the data.

use infocig_protocol::sensitive::{self, Kind};
use maud::{Markup, html};

use super::{forms::alert, languages::Texts};
use crate::{html::plain, transcript::fill};

/// The kinds of sensitive data in a text, and that the service does not need them.
fn question(text: &str, texts: &Texts) -> String {
    let kinds = sensitive::kinds(text);
    let names = kinds.iter().map(|kind| match kind {
        Kind::TaxNumber => texts.caution_tax_number,
        Kind::Iban => texts.caution_iban,
        Kind::Card => texts.caution_card,
        Kind::Secret => texts.caution_secret,
        Kind::Health => texts.caution_health,
    });
    let names = names.map(String::from).reduce(|first, last| fill(texts.caution_and, &[&first, &last]));
    let sentence = if kinds.len() > 1 { texts.caution_many } else { texts.caution };
    fill(sentence, &[&names.unwrap_or_default()])
}

/// The form with the question. `hidden` are the fields its form had before; `id` and `label` those of its text.
pub(super) fn form(
    address: &str,
    hidden: &Markup,
    (id, label): (&str, &str),
    text: &str,
    texts: &Texts,
) -> Markup {
    html! {
        (alert(&question(text, texts), texts))
        form method="post" action=(address) {
            (hidden)
            label for=(id) { (label) } "\n"
            // A browser drops the first line end of a field.
            textarea id=(id) name="text" rows="5" readonly aria-describedby="form-error" { "\n" (plain(text)) } "\n"
            p class="ways" {
                "\n"
                button name="way" value="mask" aria-describedby="form-error" autofocus { (texts.caution_mask) } "\n"
                button class="quiet" name="way" value="send" { (texts.caution_send) } "\n"
                button class="quiet" name="way" value="edit" { (texts.caution_edit) } "\n"
            }
        } "\n"
    }
}
