// SPDX-License-Identifier: EUPL-1.2
//! What a request for a person's data asks for, read from its query.

use infocig_protocol::{language::Language, problem::Code};

use crate::problem::Refusal;

/// The form of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// For programs.
    #[default]
    Json,
    /// A page.
    Html,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The form.
    pub shape: Shape,
    /// The ordinal before which the conversations begin.
    pub before: Option<u32>,
    /// The language of a page; the person's if absent.
    pub language: Option<Language>,
}

impl Shape {
    /// Reads a word; the default of none.
    pub fn read(word: Option<&str>) -> Result<Self, Refusal> {
        match word {
            None | Some("json") => Ok(Self::Json),
            Some("html") => Ok(Self::Html),
            Some(_) => Err(Refusal::new(Code::RequestInvalid, "format is json or html")),
        }
    }

    /// The ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
        }
    }
}

impl Query {
    /// Reads the parameters.
    pub fn read(format: Option<&str>, before: Option<&str>, language: Option<&str>) -> Result<Self, Refusal> {
        let shape = Shape::read(format)?;
        let wrong =
            |_| Refusal::new(Code::RequestInvalid, "before is the number that the last document said");
        let before = before.map(|before| before.parse().map_err(wrong)).transpose()?;
        Ok(Self { shape, before, language: language.and_then(Language::of_tag) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_a_form_a_place_and_a_language_and_each_may_be_absent() {
        assert_eq!(Query::read(None, None, None), Ok(Query::default()));
        let page = Query { shape: Shape::Html, before: Some(48_108), language: Some(Language::De) };
        assert_eq!(Query::read(Some("html"), Some("48108"), Some("de-IT")), Ok(page));
        for (format, before) in [(Some("pdf"), None), (Some(""), None), (None, Some("-1")), (None, Some("a"))]
        {
            let refused = Query::read(format, before, None).unwrap_err();
            assert_eq!(refused.code, Code::RequestInvalid, "{format:?} {before:?}");
        }
    }
}
