// SPDX-License-Identifier: EUPL-1.2
//! A clause of the protocol, and the three verdicts about it.

use std::fmt::{Debug, Display};

use super::stage::Stage;

/// A sentence of PROTOCOL.md that can be tried.
pub(super) struct Clause {
    /// The section of PROTOCOL.md.
    pub(super) section: &'static str,
    /// The sentence, in short.
    pub(super) sentence: &'static str,
    /// The way to try it.
    pub(super) play: Play,
}

/// The way to try a clause.
pub(super) enum Play {
    /// By what it does, one clause after the other.
    Now(fn(&Stage) -> Played),
    /// By a beginning, and an end that waits for so many seconds, beside all others.
    Waiting(u64, fn(&Stage) -> Result<Rest, Verdict>),
    /// Not from outside: the reason.
    Untried(&'static str),
}

/// The end of a clause that waits.
pub(super) type Rest = Box<dyn FnOnce(&Stage) -> Played + Send>;

/// A clause that was kept, or the verdict that it was not.
pub(super) type Played = Result<(), Verdict>;

/// A verdict other than that a clause was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The service does otherwise.
    Broken {
        /// What the protocol says.
        expected: String,
        /// What the service did.
        observed: String,
    },
    /// It could not be tried, for this reason.
    Untried(String),
}

/// A broken clause.
pub(super) fn broken(expected: impl Display, observed: impl Display) -> Verdict {
    let shortened: String = observed.to_string().chars().take(MOST_OBSERVED).collect();
    Verdict::Broken { expected: expected.to_string(), observed: shortened }
}

/// A clause that cannot be tried.
pub(super) fn untried(reason: impl Display) -> Verdict {
    Verdict::Untried(reason.to_string())
}

/// Whether it holds.
pub(super) fn expect(holds: bool, expected: impl Display, observed: impl Display) -> Played {
    if holds { Ok(()) } else { Err(broken(expected, observed)) }
}

/// Whether two are the same.
pub(super) fn same<T: PartialEq + Debug>(what: &str, observed: T, expected: T) -> Played {
    expect(observed == expected, format_args!("{what} {expected:?}"), format_args!("{observed:?}"))
}

/// A clause that is played.
pub(super) const fn now(section: &'static str, sentence: &'static str, play: fn(&Stage) -> Played) -> Clause {
    Clause { section, sentence, play: Play::Now(play) }
}

/// A clause that waits.
pub(super) const fn waiting(
    section: &'static str,
    sentence: &'static str,
    seconds: u64,
    begin: fn(&Stage) -> Result<Rest, Verdict>,
) -> Clause {
    Clause { section, sentence, play: Play::Waiting(seconds, begin) }
}

/// A clause that cannot be tried.
pub(super) const fn never(section: &'static str, sentence: &'static str, reason: &'static str) -> Clause {
    Clause { section, sentence, play: Play::Untried(reason) }
}

const MOST_OBSERVED: usize = 600;
