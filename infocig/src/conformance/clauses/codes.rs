// SPDX-License-Identifier: EUPL-1.2
//! § 13: codes.

use infocig_protocol::problem::Code;

use super::super::clause::{Clause, Played, expect, now};
use super::super::stage::Stage;

pub(super) const CLAUSES: &[Clause] = &[
    now("13", "Every code of version 2 has its status and title at `GET /problems/{code}`", every_code),
    now("13", "A code that is none is answered 404", no_code),
];

fn every_code(stage: &Stage) -> Played {
    for code in Code::ALL.iter().filter(|code| **code != Code::Unknown) {
        let document =
            stage.get(&format!("/problems/{}", code.as_str()), "")?.document(code.as_str(), &[200])?;
        let holds = document["code"] == code.as_str()
            && document["status"] == code.status()
            && document["title"].as_str().is_some_and(|title| !title.is_empty());
        expect(
            holds,
            format_args!("{} with status {} and a title", code.as_str(), code.status()),
            &document,
        )?;
    }
    Ok(())
}

fn no_code(stage: &Stage) -> Played {
    stage.get("/problems/no-such-code", "")?.problem("a code that is none", 404, "not-found")
}
