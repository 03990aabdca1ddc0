// SPDX-License-Identifier: EUPL-1.2
//! The check of a text before it is sent, the same for a message and for a written request: emptiness, length, sensitive data.

use infocig_protocol::{
    blank::is_blank,
    sensitive::{self, Kind},
};

/// Why a text cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// It has no visible character.
    Empty,
    /// It has more characters than the limit.
    TooLong,
}

/// Compares a text with the limits of the service. `None` if it can be sent.
pub fn error(text: &str, max_chars: usize) -> Option<TextError> {
    if is_blank(text) {
        Some(TextError::Empty)
    } else if text.chars().count() > max_chars {
        Some(TextError::TooLong)
    } else {
        None
    }
}

/// The kinds of sensitive data in a text that can be sent. With at least one, the person is asked before it is sent.
///
/// # Errors
/// The text is empty or too long.
pub fn check(text: &str, max_chars: usize) -> Result<Vec<Kind>, TextError> {
    error(text, max_chars).map_or_else(|| Ok(sensitive::kinds(text)), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_at_least_one_visible_character_and_at_most_the_limit() {
        assert_eq!(check(" \n", 3), Err(TextError::Empty));
        assert_eq!(check("èèè", 3), Ok(Vec::new()));
        assert_eq!(check("èèèè", 3), Err(TextError::TooLong));
    }

    #[test]
    fn sensitive_data_is_reported_only_in_a_text_that_can_be_sent() {
        let text = "Sono RSSMRA85T10A562S.";
        assert_eq!(check(text, 100), Ok(vec![Kind::TaxNumber]));
        assert_eq!(check(text, 5), Err(TextError::TooLong));
    }
}
