// SPDX-License-Identifier: EUPL-1.2
//! Text as it stands in pages. `maud` escapes every text; this module removes the characters that would move the text
//! around them.

use maud::{Markup, html};

/// A text without control characters and without those that turn the direction of more than themselves. Every way to begin a
/// line (Unicode, UAX 14) becomes the same one; marks that right-to-left scripts are written with stay.
pub(crate) fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// A [`plain`] text on as many lines as it has.
pub(crate) fn lines(text: &str) -> Markup {
    html! {
        @for (number, line) in plain(text).split('\n').enumerate() {
            @if number > 0 { br; }
            (line)
        }
    }
}
