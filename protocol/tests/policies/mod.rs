// SPDX-License-Identifier: EUPL-1.2
//! Sample values of the documents for administrators.

#![expect(clippy::unwrap_used, reason = "the values are constant and well-formed")]

use infocig_protocol::{
    desk::ProvinceName,
    id::AdvisorId,
    person::{Category, EntryPoint},
    policy::{
        BannerText, PolicyAuthor, PolicyChange, PolicyDay, PolicyDocument, PolicyFault, PolicyHistory,
        PolicyPreview, PolicyState, PolicyVersion, PolicyWeek,
    },
};

use crate::fixtures::at;

/// A page with a version that waits and the installation's own.
pub(crate) fn policy_history() -> PolicyHistory {
    let installed = PolicyVersion {
        number: 1,
        base: None,
        author: None,
        reason: String::new(),
        made: at(),
        state: PolicyState::Published,
        from: Some(at()),
        decided_by: None,
        decided: None,
    };
    PolicyHistory {
        in_force: 1,
        four_eyes: true,
        banner: Some("Gli operatori non vedono i pagamenti.".into()),
        closure: Some("Sciopero.".into()),
        versions: vec![version(), installed],
        next: Some(51),
        provinces: vec![ProvinceName { code: "058".into(), name: "Roma".into() }],
    }
}

/// A version with its document.
pub(crate) fn policy_document() -> PolicyDocument {
    PolicyDocument { version: version(), document: "{}\n".into(), changes: changes() }
}

/// What a draft changes.
pub(crate) fn policy_preview() -> PolicyPreview {
    PolicyPreview {
        fault: None,
        changes: changes(),
        weeks: vec![PolicyWeek {
            week: "2026-11-30".into(),
            category: Category::Lavoratore,
            entry: EntryPoint::Myinps,
            provinces: vec!["058".into()],
            before_minutes: 900,
            after_minutes: 720,
        }],
        days: vec![PolicyDay {
            day: "2026-12-04".into(),
            reason: "Sciopero.".into(),
            hours: vec!["15:00–16:00".into()],
            provinces: vec!["058".into()],
        }],
    }
}

/// Why a draft is no policy.
pub(crate) fn faulty_policy_preview() -> PolicyPreview {
    let reason = "to: 25:00 is no time of day".into();
    PolicyPreview { fault: Some(PolicyFault { line: 9, column: 13, reason }), ..PolicyPreview::default() }
}

/// A banner in every language.
pub(crate) fn banner_text() -> BannerText {
    BannerText {
        it: "Avviso".into(),
        de: Some("Hinweis".into()),
        fr: Some("Avis".into()),
        sl: Some("Obvestilo".into()),
        en: Some("Notice".into()),
    }
}

fn version() -> PolicyVersion {
    PolicyVersion {
        number: 2,
        base: Some(1),
        author: Some(author("anna", "Anna")),
        reason: "Sciopero".into(),
        made: at(),
        state: PolicyState::Published,
        from: Some(at().plus_millis(60_000)),
        decided_by: Some(author("bruno", "Bruno")),
        decided: Some(at()),
    }
}

fn author(id: &str, name: &str) -> PolicyAuthor {
    PolicyAuthor { id: AdvisorId::parse(id).unwrap(), name: name.into() }
}

fn changes() -> Vec<PolicyChange> {
    vec![PolicyChange {
        path: "hours[0].to".into(),
        before: Some("\"18:00\"".into()),
        after: Some("\"17:00\"".into()),
    }]
}
