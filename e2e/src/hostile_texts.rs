// SPDX-License-Identifier: EUPL-1.2
//! Texts with markup, control characters and unusual Unicode. Each must be stored and shown exactly as written, without effect.

/// The texts, each with at least one visible character.
pub fn texts() -> Vec<String> {
    let mut texts: Vec<String> = TEXTS.iter().copied().map(String::from).collect();
    texts.extend([
        // The longest message, of characters with four bytes.
        "𝄞".repeat(infocig_protocol::limits::MAX_MESSAGE_CHARS),
        // One grapheme cluster of a thousand marks.
        format!("Z{}", "\u{301}".repeat(1_000)),
        // Every control character but the ones JSON escapes with a letter.
        format!("<{}>", (1_u8..32).map(char::from).collect::<String>()),
    ]);
    texts
}

const TEXTS: [&str; 28] = [
    // Spaces and ends of line are kept.
    "  spazi ai lati  ",
    "riga\nsu riga\r\n\te ancora",
    "non\u{a0}separabile\u{2003}largo\u{3000}ideografico",
    // HTML, scripts, styles.
    "<b>non è HTML</b> & \"virgolette\" &amp; &#39;",
    "<script>document.title='preso'</script>",
    "<img src=x onerror=\"document.title='preso'\">",
    "<svg/onload=document.title='preso'>",
    "javascript:document.title='preso'",
    "</textarea><iframe srcdoc=\"<script>parent.document.title='preso'</script>\">",
    "]]><!-- --><style>*{display:none}</style>",
    "{{constructor.constructor('document.title=1')()}} ${7*7} <%= 7*7 %>",
    // SQL, shells, paths, formats.
    "'; DROP TABLE entry; --",
    "Robert\"); DELETE FROM conversation; --",
    "$(reboot) `id` ; | && ../../etc/passwd %s%n%x \\x00 \\u0000",
    // Frames.
    "{\"close\":{}}",
    "PING",
    "null",
    // Unicode.
    "nullo: \u{0} in mezzo",
    "e\u{301} non è é; ﬁ non è fi; Å non è Å",
    "al contrario: \u{202e}txet\u{202c} e \u{2067}isolato\u{2069}",
    "مرحبا بالعالم وعدد 123 ثم English",
    "larghezza zero: a\u{200b}b\u{200d}c\u{feff}d\u{2060}e",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇮🇹 ☺️ 1️⃣",
    "non assegnati: \u{10ffff} \u{e000} \u{fffd} \u{fffe}",
    "separatori: \u{2028}riga\u{2029}paragrafo\u{85}",
    "Ｓｔｒａｎｅ ｌａｒｇｈｅ, ⓒⓔⓡⓒⓗⓘ, ᶦⁿ ᵃˡᵗᵒ, ʇɹoʌoɐs",
    "Zażółć gęślą jaźń — Ljubljana – Südtirol – «français» – Ωμέγα – 漢字 – 한글",
    "e un \u{1} solo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_one_that_may_be_sent() {
        for text in texts() {
            assert!(!text.trim().is_empty(), "{text:?}");
            assert!(text.chars().count() <= infocig_protocol::limits::MAX_MESSAGE_CHARS);
        }
    }
}
