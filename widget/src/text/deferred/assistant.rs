// SPDX-License-Identifier: EUPL-1.2
//! The texts of the automatic assistant.

use crate::{state::AskingError, text::service_error};

/// Why a question was not answered, and what to do.
pub const fn error(error: AskingError) -> &'static str {
    match error {
        AskingError::Empty => "assistant.empty",
        AskingError::TooLong => "assistant.too_long",
        AskingError::TooFast => "assistant.too_fast",
        AskingError::Off => "assistant.off",
        AskingError::Service(error) => service_error(error),
    }
}

/// Whether an error is one of the text in the field.
pub const fn is_of_text(error: AskingError) -> bool {
    matches!(error, AskingError::Empty | AskingError::TooLong)
}
