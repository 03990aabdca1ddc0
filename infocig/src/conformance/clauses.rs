// SPDX-License-Identifier: EUPL-1.2
//! The clauses of the protocol, a module for each section of PROTOCOL.md, in its order.

mod admission;
mod codes;
mod desk;
mod ephemeral;
mod frames;
mod handshake;
mod heartbeat;
mod limits;
mod log;
mod messages;
mod plain;
mod polling;
mod requests;
mod segnalazioni;
mod supervision;

use super::clause::Clause;

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Clause> {
    let sections = [
        admission::CLAUSES,
        frames::CLAUSES,
        handshake::CLAUSES,
        log::CLAUSES,
        messages::CLAUSES,
        ephemeral::CLAUSES,
        heartbeat::CLAUSES,
        desk::CLAUSES,
        supervision::CLAUSES,
        polling::CLAUSES,
        limits::CLAUSES,
        requests::CLAUSES,
        segnalazioni::CLAUSES,
        codes::CLAUSES,
        plain::CLAUSES,
    ];
    sections.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// `## 3. Handshake` and `### 8.1 Supervision` are sections with rules.
    #[test]
    fn every_section_of_the_protocol_has_clauses_and_no_clause_is_of_a_section_that_is_not_there() {
        const PROTOCOL: &str = include_str!("../../../protocol/PROTOCOL.md");
        let heading = |line: &'static str| {
            let title = line.strip_prefix("## ").or_else(|| line.strip_prefix("### "))?;
            title.split(' ').next().map(|number| number.trim_end_matches('.'))
        };

        let sections: Vec<&str> = PROTOCOL.lines().filter_map(heading).collect();

        let mut of_clauses: Vec<&str> = all().map(|clause| clause.section).collect();
        of_clauses.dedup();
        assert_eq!(of_clauses, sections);
    }

    #[test]
    fn a_clause_is_said_once() {
        let sentences: BTreeSet<&str> = all().map(|clause| clause.sentence).collect();
        assert_eq!(sentences.len(), all().count());
    }
}
