// SPDX-License-Identifier: EUPL-1.2
//! The one error of this crate: a sentence for the reader of a failed test, with the expected and the actual state.
//!
//! Tests unwrap every result and match on no error, so that the crate needs no kinds of errors. A sentence made where the
//! failure is known tells more than a type that is converted on its way up.

use std::fmt::{self, Display};

/// A failure, as one sentence.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    /// An error with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// `unwrap` prints the debug form.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// Turns any error into an [`Error`] that begins with the action that failed.
pub trait While<T> {
    /// `doing` reads after "while": "starting the runtime". The causes of the error follow it.
    fn while_doing(self, doing: impl Display) -> Result<T, Error>;
}

impl<T, E: std::error::Error> While<T> for Result<T, E> {
    fn while_doing(self, doing: impl Display) -> Result<T, Error> {
        self.map_err(|error| {
            let mut text = format!("while {doing}: {error}");
            let mut source = error.source();
            while let Some(deeper) = source {
                text = format!("{text}: {deeper}");
                source = deeper.source();
            }
            Error(text)
        })
    }
}
