// SPDX-License-Identifier: EUPL-1.2
//! The one error of this crate: a sentence that says what a test was waiting for and what it met instead.

use std::{
    error::Error,
    fmt::{self, Display},
};

/// What went wrong, in words for the person who reads the failed test.
#[derive(Clone, PartialEq, Eq)]
pub struct Trouble(String);

impl Trouble {
    /// Trouble in these words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Tests unwrap, and what `unwrap` shows is the debug form.
impl fmt::Debug for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Trouble {}

/// Turns any error into a [`Trouble`] that says what was being done.
pub trait While<T> {
    /// `doing` reads after "while": "starting the runtime".
    fn while_doing(self, doing: impl Display) -> Result<T, Trouble>;
}

impl<T, E: Error> While<T> for Result<T, E> {
    fn while_doing(self, doing: impl Display) -> Result<T, Trouble> {
        self.map_err(|error| {
            let mut words = format!("while {doing}: {error}");
            let mut source = error.source();
            while let Some(deeper) = source {
                words = format!("{words}: {deeper}");
                source = deeper.source();
            }
            Trouble(words)
        })
    }
}
