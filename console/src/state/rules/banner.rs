// SPDX-License-Identifier: EUPL-1.2
//! The service banner: a text in five languages, and until when.

use std::collections::BTreeMap;

use infocig_client::dates::Moment;
use infocig_protocol::policy::{BannerText, NewBanner};

use super::{FiveTexts, prefixed};

/// The form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BannerForm {
    pub texts: FiveTexts,
    /// As `2026-11-23T16:10` in Italy; empty for until it is taken down.
    pub until: String,
    /// Whether somebody has tried to put it up: errors show from then on.
    pub tried: bool,
}

impl BannerForm {
    /// What is to be put up. `None` without an Italian text, or with an instant that is none.
    pub fn banner(&self) -> Option<NewBanner> {
        let said = |text: &String| Some(text.trim().to_string()).filter(|text| !text.is_empty());
        let FiveTexts { it, de, fr, sl, en } = &self.texts;
        let text = BannerText { it: said(it)?, de: said(de), fr: said(fr), sl: said(sl), en: said(en) };
        let until = match self.until.as_str() {
            "" => None,
            until => Some(Moment::parse(until)?.rfc3339()?),
        };
        Some(NewBanner { text: Some(text), until })
    }

    pub(super) fn written(&self) -> Vec<(String, String)> {
        let mut fields = self.texts.written(PREFIX);
        fields.extend(prefixed(PREFIX, &[("until", &self.until)]));
        fields
    }

    pub(super) fn restored(draft: &BTreeMap<String, String>) -> Self {
        let until = draft.get(&format!("{PREFIX}.until")).cloned().unwrap_or_default();
        Self { texts: FiveTexts::restored(draft, PREFIX), until, tried: false }
    }
}

/// What the names of its fields begin with, in storage.
const PREFIX: &str = "banner";
