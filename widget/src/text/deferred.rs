// SPDX-License-Identifier: EUPL-1.2
//! The texts of the deferred chunk. They are in files of their own, which come with the chunk: no other module may name their keys.

pub mod assistant;
pub mod case;
pub mod office;
