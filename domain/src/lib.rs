// SPDX-License-Identifier: EUPL-1.2
//! The rules of INFO CIG as values: no I/O, no clock, no randomness.
//!
//! In reading order:
//! - [`policy`]: the document that holds every rule that can change, parsed and checked once.
//! - [`province`]: the 110 territorial units and the codes they are known by.
//! - [`calendar`]: opening hours, holidays and closures; an instant in, open or closed out.
//! - [`admission`]: who may enter at an instant, why not, and when.
//! - [`sentence`]: the same, in words, in five languages.
//! - [`webhook`]: what other systems of the administration are told.
//! - [`assistant`]: a first answer to a question, from written entries, a person's cases and the rules, or none.
//! - [`conversation`]: one conversation: who may speak, what happened, what happens next.
//! - [`desk`]: who waits, and which advisor takes which conversation.
//! - [`figures`]: what happened, counted.
//! - [`notification`]: what conversations and desks send each other.
//! - [`staff`]: the roles of the staff, their rights, and the pages at which they sign in.
//! - [`people`]: advisors, people who ask, and speakers on a link.
//! - [`transcript`], [`plain_page`]: a conversation on paper, and as pages without scripts.
//! - [`retention`]: how long what is kept. [`data_notice`]: the same, in words, for whoever is about to write.
//! - [`refusal`]: a command that the rules decline, with its reason.
//!
//! The caller passes the time and stores what the rules return. A declined command is a refusal, never a fault.

#![warn(missing_docs)]

pub mod access;
pub mod admission;
pub mod assistant;
pub mod audit;
pub mod calendar;
pub mod chain;
pub mod conversation;
pub mod data_notice;
pub mod desk;
pub mod figures;
mod html;
pub mod linea_inps;
pub mod notification;
pub mod own_data;
pub mod people;
pub mod plain_page;
pub mod policy;
pub mod policy_versions;
pub mod province;
pub mod rate_limiter;
pub mod refusal;
pub mod requests;
pub mod retention;
pub mod sentence;
pub mod staff;
mod timers;
pub mod transcript;
pub mod webhook;
