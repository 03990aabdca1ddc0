// SPDX-License-Identifier: EUPL-1.2
//! Detection of texts without a visible character.

/// Whether a text has no visible character: white space, controls, and characters whose glyph is empty or absent
/// (Unicode `Default_Ignorable_Code_Point`, and the empty Braille pattern).
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_empty_glyph(c))
}

fn is_empty_glyph(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_text_is_blank() {
        for text in [
            "",
            " ",
            "\n\t",
            "\0",
            "\u{200b}",
            "\u{2800}\u{2800}",
            "\u{feff} \u{200d}",
            "\u{3164}",
            "\u{e0041}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn visible_text_is_not_blank() {
        for text in [".", "à", "\u{200b}a", "❤️", "👨‍👩‍👧", "مرحبا", "𝄞"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
