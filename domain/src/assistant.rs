// SPDX-License-Identifier: EUPL-1.2
//! The *Assistente automatico*: a first answer before a person, and beside one.
//!
//! In reading order:
//! - [`document`]: the entries and words it knows, made of the folder `knowledge/`.
//! - `words`, `stems`, `lexicon`, `typos`: a text as terms.
//! - `index`, `retrieval`: how well each entry answers.
//! - [`library`]: what is found, or that nothing is.
//! - [`master`]: which skill answers, and what it says.
//! - [`skills`]: the skills: a file and a line each.
//! - [`language_model`]: what an optional model is asked, and whether what it wrote may be shown above the entries.
//! - [`proposal`]: an answer that an advisor proposes as an entry.
//! - [`readability`]: how easy an answer is to read.
//!
//! It shows what somebody wrote and approved, what the registry of cases says, and what the rules decide. It composes nothing
//! else by itself, and says that it does not know rather than something near.

pub mod document;
mod index;
pub mod language_model;
mod lexicon;
pub mod library;
pub mod master;
pub mod proposal;
pub mod readability;
mod retrieval;
pub mod skills;
mod stems;
mod typos;
mod words;
