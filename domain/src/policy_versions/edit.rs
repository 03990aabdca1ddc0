// SPDX-License-Identifier: EUPL-1.2
//! The edits of a policy document that an administrator makes in two presses: closing at once, and the service banner.
//!
//! They touch one member of the document and leave every other as it was written. An emergency does not wait for a second person:
//! these edits are published without approval, and apply to the version in force and to every scheduled one.

use std::fmt;

use infocig_protocol::{
    policy::{BannerText, ClosingReason},
    time::Timestamp,
};
use jiff::civil::DateTime;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::calendar::ZONE;

/// The document with a closure of everything from an instant until another, both cut to whole seconds.
pub fn closed(
    document: &str,
    from: Timestamp,
    until: Timestamp,
    reason: ClosingReason,
    by: &str,
) -> Result<String, NotADocument> {
    let closure = AtOnce {
        from: civil(from),
        to: civil(until),
        reason: words(reason, &clock(until)),
        source: format!("{AT_ONCE}: {by}"),
    };
    edited(document, "closures", |closures| {
        let mut list = elements(closures)?;
        list.push(written(&closure)?);
        joined(&list).map(Some)
    })
}

/// The document without the rest of the closures that hold at an instant and were made at once: they end there.
pub fn reopened(document: &str, at: Timestamp) -> Result<String, NotADocument> {
    let now = civil(at);
    edited(document, "closures", |closures| {
        let mut list = Vec::new();
        for raw in elements(closures)? {
            match serde_json::from_str::<AtOnce>(raw.get()) {
                Ok(closure) if closure.source.starts_with(AT_ONCE) && closure.to > now => {
                    if closure.from < now {
                        list.push(written(&AtOnce { to: now.clone(), ..closure })?);
                    }
                }
                Ok(_) | Err(_) => list.push(raw),
            }
        }
        joined(&list).map(Some)
    })
}

/// A closure that was made at once.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AtOnce {
    from: String,
    to: String,
    reason: Words,
    source: String,
}

/// A text in every language.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    it: String,
    de: String,
    fr: String,
    sl: String,
    en: String,
}

#[derive(Serialize)]
struct Notice<'n> {
    text: &'n BannerText,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// The beginning of the source of a closure that was made at once.
const AT_ONCE: &str = "Chiusura immediata";

fn elements(list: Option<&RawValue>) -> Result<Vec<Box<RawValue>>, serde_json::Error> {
    list.map_or_else(|| Ok(Vec::new()), |raw| serde_json::from_str(raw.get()))
}

/// A list as it is written as a member of the document.
fn joined(list: &[Box<RawValue>]) -> Result<Box<RawValue>, serde_json::Error> {
    if list.is_empty() {
        return RawValue::from_string("[]".into());
    }
    let rows: Vec<&str> = list.iter().map(|raw| raw.get()).collect();
    RawValue::from_string(format!("[\n    {}\n  ]", rows.join(",\n    ")))
}

/// A value as it is written in a list of the document.
fn written(value: &impl Serialize) -> Result<Box<RawValue>, serde_json::Error> {
    RawValue::from_string(serde_json::to_string_pretty(value)?.replace('\n', "\n    "))
}

/// The document with another banner, or with none.
pub fn announced(
    document: &str,
    banner: Option<(&BannerText, Option<Timestamp>)>,
) -> Result<String, NotADocument> {
    edited(document, "banner", |_| {
        let notice = banner.map(|(text, until)| Notice { text, until: until.map(civil) });
        let text = notice.map(|notice| serde_json::to_string_pretty(&notice)).transpose()?;
        text.map(|text| RawValue::from_string(text.replace('\n', "\n  "))).transpose()
    })
}

/// The text for people.
fn words(reason: ClosingReason, until: &str) -> Words {
    let [it, de, fr, sl, en] = match reason {
        ClosingReason::Maintenance => [
            "Il servizio è sospeso per manutenzione fino alle {}.",
            "Der Dienst ist wegen Wartungsarbeiten bis {} Uhr unterbrochen.",
            "Le service est suspendu pour maintenance jusqu'à {}.",
            "Storitev je zaradi vzdrževanja prekinjena do {}.",
            "The service is suspended for maintenance until {}.",
        ],
        ClosingReason::Fault => [
            "Il servizio è sospeso per un problema tecnico fino alle {}.",
            "Der Dienst ist wegen eines technischen Problems bis {} Uhr unterbrochen.",
            "Le service est suspendu en raison d'un problème technique jusqu'à {}.",
            "Storitev je zaradi tehnične težave prekinjena do {}.",
            "The service is suspended because of a technical problem until {}.",
        ],
        ClosingReason::Strike => [
            "Il servizio è sospeso per sciopero fino alle {}.",
            "Der Dienst ist wegen eines Streiks bis {} Uhr unterbrochen.",
            "Le service est suspendu pour cause de grève jusqu'à {}.",
            "Storitev je zaradi stavke prekinjena do {}.",
            "The service is suspended because of a strike until {}.",
        ],
        ClosingReason::Assembly => [
            "Il servizio è sospeso per un'assemblea del personale fino alle {}.",
            "Der Dienst ist wegen einer Personalversammlung bis {} Uhr unterbrochen.",
            "Le service est suspendu pour une assemblée du personnel jusqu'à {}.",
            "Storitev je zaradi zbora zaposlenih prekinjena do {}.",
            "The service is suspended because of a staff meeting until {}.",
        ],
    };
    let said = |text: &str| text.replace("{}", until);
    Words { it: said(it), de: said(de), fr: said(fr), sl: said(sl), en: said(en) }
}

fn in_italy(at: Timestamp) -> DateTime {
    let instant = jiff::Timestamp::from_second(at.as_millis().div_euclid(1_000));
    ZONE.to_datetime(instant.unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

fn civil(at: Timestamp) -> String {
    in_italy(at).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn clock(at: Timestamp) -> String {
    in_italy(at).strftime("%H:%M").to_string()
}

/// The document with one member changed: replaced where it is, added at the end where there is none, taken away for `None`.
fn edited(
    document: &str,
    member: &str,
    change: impl FnOnce(Option<&RawValue>) -> Result<Option<Box<RawValue>>, serde_json::Error>,
) -> Result<String, NotADocument> {
    let Members(mut members) = serde_json::from_str(document)?;
    let place = members.iter().position(|(name, _)| name == member);
    let before = place.and_then(|place| members.get(place)).map(|(_, raw)| raw.as_ref());
    let after = change(before)?;
    match (place, after) {
        (Some(place), Some(raw)) => {
            if let Some((_, value)) = members.get_mut(place) {
                *value = raw;
            }
        }
        (Some(place), None) => {
            members.remove(place);
        }
        (None, Some(raw)) => members.push((member.into(), raw)),
        (None, None) => {}
    }
    let rows =
        members.iter().map(|(name, raw)| Ok(format!("  {}: {}", serde_json::to_string(name)?, raw.get())));
    let rows = rows.collect::<Result<Vec<String>, serde_json::Error>>()?;
    Ok(format!("{{\n{}\n}}\n", rows.join(",\n")))
}

/// A text that is no JSON object, or whose member has another form than an edit needs.
#[derive(Debug, thiserror::Error)]
#[error("not a policy document: {0}")]
pub struct NotADocument(#[from] serde_json::Error);

/// The members of an object in their order, each as it was written.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    const SHIPPED: &str = include_str!("../../../edge/policy.json");

    fn at(instant: &str) -> Timestamp {
        Timestamp::from_millis(instant.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn closing_at_once_adds_one_closure_and_leaves_every_other_line_as_it_was() {
        let (from, until) = (at("2026-11-23T15:10:20.5+01:00"), at("2026-11-23T16:30:00+01:00"));

        let closed = closed(SHIPPED, from, until, ClosingReason::Maintenance, "Anna").unwrap();

        let policy = Policy::parse(&closed).unwrap();
        let [closure] = policy.closures.as_slice() else { panic!("one closure") };
        assert_eq!(closure.from.to_string(), "2026-11-23T15:10:20");
        assert_eq!(closure.to.to_string(), "2026-11-23T16:30:00");
        let lost = SHIPPED
            .lines()
            .filter(|line| !line.trim().is_empty() && !closed.contains(line.trim_end_matches(',')));
        assert_eq!(lost.collect::<Vec<_>>(), ["  \"closures\": [],"]);
    }

    #[test]
    fn opening_again_ends_what_was_closed_at_once_and_no_closure_of_the_calendar() {
        let now = at("2026-11-23T15:30:00+01:00");
        let strike = SHIPPED.replace(
            r#""closures": []"#,
            r#""closures": [{"from": "2026-11-23", "to": "2026-11-24", "reason": "Sciopero.", "source": "X"}]"#,
        );
        let until = at("2026-11-23T17:00:00+01:00");
        let closed =
            closed(&strike, at("2026-11-23T15:00:00+01:00"), until, ClosingReason::Fault, "Anna").unwrap();

        let open = Policy::parse(&reopened(&closed, now).unwrap()).unwrap();

        let ends: Vec<String> = open.closures.iter().map(|closure| closure.to.to_string()).collect();
        assert_eq!(ends, ["2026-11-24T00:00:00", "2026-11-23T15:30:00"]);
    }

    #[test]
    fn a_banner_comes_and_goes_without_a_trace() {
        let text =
            BannerText { it: "Avviso".into(), de: None, fr: None, sl: None, en: Some("Notice".into()) };
        let until = at("2026-11-23T16:10:00+01:00");

        let announced_once = announced(SHIPPED, Some((&text, Some(until)))).unwrap();
        let taken_down = announced(&announced_once, None).unwrap();

        let banner = Policy::parse(&announced_once).unwrap().banner.unwrap();
        assert_eq!(banner.until.unwrap().to_string(), "2026-11-23T16:10:00");
        assert_eq!(crate::policy_versions::diff::between(SHIPPED, &taken_down), []);
    }

    #[test]
    fn the_console_shows_the_sentence_that_is_written_before_it_is_written() {
        let files = [
            ("it", include_str!("../../../console/texts/it.json")),
            ("de", include_str!("../../../console/texts/de.json")),
            ("fr", include_str!("../../../console/texts/fr.json")),
            ("sl", include_str!("../../../console/texts/sl.json")),
            ("en", include_str!("../../../console/texts/en.json")),
        ];
        for (language, file) in files {
            let shown: serde_json::Value = serde_json::from_str(file).unwrap();
            for reason in [
                ClosingReason::Maintenance,
                ClosingReason::Fault,
                ClosingReason::Strike,
                ClosingReason::Assembly,
            ] {
                let key = format!("rules.says_{}", reason.as_str());
                let shown = shown[&key].as_str().unwrap_or_default().replace("{clock}", "16:30");
                let written = serde_json::to_value(words(reason, "16:30")).unwrap();
                assert_eq!(written[language], shown, "{key} in {language}");
            }
        }
    }

    #[test]
    fn a_document_that_is_none_is_an_error() {
        assert!(announced("[]", None).is_err());
        assert!(reopened("{\"closures\": 3}", at("2026-11-23T16:10:00Z")).is_err());
    }
}
