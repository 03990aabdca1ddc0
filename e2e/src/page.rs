// SPDX-License-Identifier: EUPL-1.2
//! Page objects: texts, buttons and fields, one file for each surface.
//!
//! INFO CIG renders into shadow roots. Its parts are found by `data-part`, which stays the same in every language and theme.

mod console;
mod parts;
mod plain;
mod portal;
mod rules;
mod staff;
mod widget;
mod widget_access;

pub(crate) use self::parts::{SCALE, click};
pub use self::{
    console::ConsolePage, plain::PlainPage, portal::PortalPage, rules::RulesPage, staff::StaffPage,
};

/// A message of the log as the interface shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownMessage {
    /// `citizen` or `advisor`.
    pub author: String,
    /// Its text, with the texts beside it, such as the time and the state of delivery.
    pub text: String,
}
