// SPDX-License-Identifier: EUPL-1.2
//! Pages, portals and people's habits, in every engine.

mod pages;
mod portals;
