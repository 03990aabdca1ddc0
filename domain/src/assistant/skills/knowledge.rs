// SPDX-License-Identifier: EUPL-1.2
//! The skill `knowledge`: shows the entries that were found, and says nothing of its own.

use super::{Facts, Skill};

pub(super) const SKILL: Skill = Skill {
    name: "knowledge",
    needs: Facts::Nothing,
    claims: |_found| true,
    say: |_asker, _found| Vec::new(),
};
