// SPDX-License-Identifier: EUPL-1.2
//! The readers, and the invariants of accepted inputs. A broken invariant panics, as a fault of the reader itself does.

use std::fmt::Debug;

use infocig_client::json;
use infocig_domain::{
    admission::{Applicant, Load, admit},
    audit::file,
    policy::Policy,
    policy_versions::{edit, preview},
    transcript,
};
use infocig_edge::{
    auth::{
        jws,
        modi::{Expected, Received},
        ticket::Ticket,
        token,
        write_request_token::{Purpose, WriteRequestToken},
    },
    http::{
        encoding, etag, language, origin,
        plain_pages::{self, Cookie, Fields},
    },
    outbound::delivery::retry_after,
    route,
    settings::{Issuer, RawSettings, Role, Settings},
};
use infocig_protocol::{
    blank,
    desk::{DeskClientFrame, DeskServerFrame},
    frame::{ClientFrame, ServerFrame},
    http::Problem,
    http::{Admission, ConversationOpened, Poll, Polled},
    id::{AdvisorId, ConversationId, MessageId, QueueId},
    language::Language,
    limits::MAX_MESSAGE_CHARS,
    links,
    person::Category,
    policy::{BannerText, ClosingReason},
    segnalazione::History,
    sensitive, subprotocol,
    time::Timestamp,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A reader of untrusted input.
pub struct Target {
    /// Its name, which is also its folder of the corpus.
    pub name: &'static str,
    /// Reads bytes.
    pub read: fn(&[u8]),
}

/// All of them.
pub const ALL: &[Target] = &[
    Target { name: "frames", read: frames },
    Target { name: "documents", read: documents },
    Target { name: "tokens", read: tokens },
    Target { name: "key-sets", read: key_sets },
    Target { name: "policies", read: policies },
    Target { name: "settings", read: settings },
    Target { name: "forms", read: forms },
    Target { name: "headers", read: headers },
    Target { name: "ids", read: ids },
    Target { name: "texts", read: texts },
    Target { name: "transcripts", read: transcripts },
    Target { name: "audit-files", read: audit_files },
];

/// A frame the server accepts is the same after serialising and reading it again.
fn frames(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(frame) = serde_json::from_str::<ClientFrame>(text) {
        let again = serde_json::to_string(&frame).unwrap_or_default();
        assert_eq!(serde_json::from_str::<ClientFrame>(&again).ok(), Some(frame));
    }
    if let Ok(frame) = serde_json::from_str::<DeskClientFrame>(text) {
        let again = serde_json::to_string(&frame).unwrap_or_default();
        assert_eq!(serde_json::from_str::<DeskClientFrame>(&again).ok(), Some(frame));
    }
    let _answered = serde_json::from_str::<DeskServerFrame>(text);
    let _by_codec = json::read::<ServerFrame>(text);
    let _poll = serde_json::from_slice::<Poll>(bytes);
}

/// A frame accepted by both the codec of browsers and the derived reader has the same value in both.
fn documents(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    agree(json::read::<Admission>(text), text);
    agree(json::read::<Problem>(text), text);
    agree(json::read::<ConversationOpened>(text), text);
    agree(json::read::<Polled>(text), text);
    agree(json::read::<History>(text), text);
}

fn agree<T: DeserializeOwned + PartialEq + Debug>(by_codec: Option<T>, text: &str) {
    if let (Some(by_codec), Ok(derived)) = (by_codec, serde_json::from_str::<T>(text)) {
        assert_eq!(by_codec, derived);
    }
}

fn tokens(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let issuers = [Issuer {
        issuer: "https://portale.example".into(),
        jwks_uri: "https://portale.example/jwks".into(),
        roles: vec![Role::Citizen, Role::Advisor],
        origins: Vec::new(),
        leeway_s: 60,
    }];
    let none = jws::read_keys(r#"{"keys":[]}"#);
    for role in [Role::Citizen, Role::Advisor] {
        if let (Ok(token), Ok(keys)) = (token::inspect(Some(&text), role, &issuers), &none) {
            assert!(token.person(keys, ORIGIN, NOW).is_err() && token.advisor(keys, ORIGIN, NOW).is_err());
        }
    }
    assert!(Ticket::verify_citizen(&text, KEY, NOW).is_err(), "nobody knows the key");
    for purpose in [Purpose::WriteRequest, Purpose::Entry] {
        assert!(WriteRequestToken::verify(&text, purpose, KEY, NOW).is_err(), "nobody knows the key");
    }
    let _ticket = subprotocol::ticket(&text);
    let _kept = Cookie::of(ORIGIN).ticket_in(&text);
}

fn key_sets(bytes: &[u8]) {
    let Ok(keys) = jws::read_keys(&String::from_utf8_lossy(bytes)) else { return };
    for key in &keys.keys {
        let _usable = jsonwebtoken::DecodingKey::from_jwk(key);
    }
    let header = |_: &str| Some("a.b.c".to_string());
    let received = Received { body: bytes, header: &header };
    let expected = Expected { issuer: "linea-inps", audience: ORIGIN, leeway_s: 60 };
    assert!(received.verify(&keys, expected, NOW).is_err(), "nothing signed it");
}

/// An accepted policy has a verdict and a sentence for every person, and is still a policy after every edit of an emergency.
fn policies(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let banner = BannerText { it: "Avviso".into(), de: None, fr: None, sl: None, en: None };
    let edited = [
        edit::closed(&text, NOW, NOW.plus_millis(60_000), ClosingReason::Fault, "Anna"),
        edit::reopened(&text, NOW),
        edit::announced(&text, Some((&banner, Some(NOW)))),
        edit::announced(&text, None),
    ];
    match Policy::parse(&text) {
        Ok(policy) => {
            for document in edited {
                let edited = document.map_err(|error| error.to_string()).map(|text| Policy::parse(&text));
                assert!(matches!(edited, Ok(Ok(_))), "{edited:?}");
            }
            let preview = preview::preview(&text, &text, NOW);
            assert!(preview.changes.is_empty() && preview.weeks.is_empty(), "{preview:?}");
            for category in Category::ALL {
                assert!(policy.queue_for(category).is_some());
                let applicant = Applicant { category, province: Some("058"), credential: None, entry: None };
                let at = jiff::Timestamp::from_millisecond(NOW.as_millis()).unwrap_or_default();
                let document =
                    admit(&policy, &applicant, Load::Bearable, at).to_document(&policy, Language::It);
                assert!(!document.message.is_empty());
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split('\n').map(|part| Some(part.to_owned()).filter(|part| !part.is_empty()));
    let mut next = || parts.next().flatten();
    let raw = RawSettings {
        public_origin: next(),
        issuers: next(),
        ticket_key: next(),
        linea_inps: next(),
        links: next(),
        security: next(),
        webhooks: next(),
        metrics_token: next(),
        staff: next(),
        turn: next(),
        language_model: next(),
        policy: None,
        jurisdiction: None,
    };
    if let Ok(settings) = Settings::parse(raw) {
        assert!(settings.allows_origin(&settings.origin) && !settings.issuers.is_empty());
    }
    if let Ok(origin) = origin::normal(&text) {
        assert_eq!(origin::normal(&origin), Ok(origin.clone()), "a normal form is its own");
    }
}

fn forms(bytes: &[u8]) {
    let form = Fields::parse(bytes);
    let view = form.view();
    assert!(view.address("").is_ascii(), "an address is one of a header");
    for name in ["token", "text", "form", "id", "way", "write_request_token", "answer"] {
        let _decided = plain_pages::decided(form.text(name), form.get("way"), MAX_MESSAGE_CHARS);
    }
}

fn headers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert!(!encoding::preferred(Some(&text)).is_empty(), "there is always a form to send");
    let _language = (language::preferred(&text), language::requested(Some(&text)));
    let _known = etag::is_known(Some(&text), "\"0123\"");
    let allowed = origin::allowed_headers(Some(&text));
    assert!(allowed.is_ascii() && allowed.len() < 8_192, "{} bytes are allowed", allowed.len());
    let _own = plain_pages::is_own(Some(&text), Some(&text), ORIGIN);
    let _request = plain_pages::page_request(&text, &[Some(text.to_string())]);
    let _wait = retry_after(&text, NOW);
    let (method, path) = text.split_once(' ').unwrap_or(("GET", &text));
    let _route = route::parse(method, path);
}

/// An accepted id is serialised unchanged.
fn ids(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if let Ok(id) = ConversationId::parse(text.clone()) {
        assert_eq!(ConversationId::of(id.object(), id.ordinal()).as_ref(), Ok(&id));
        assert_eq!(id.as_str(), text);
    }
    for taken in [
        MessageId::parse(text.clone()).map(|id| id.as_str().to_owned()),
        QueueId::parse(text.clone()).map(|id| id.as_str().to_owned()),
        AdvisorId::parse(text.clone()).map(|id| id.as_str().to_owned()),
    ]
    .into_iter()
    .flatten()
    {
        assert_eq!(taken, text);
    }
}

/// Splitting a text loses no character, and masking keeps all positions.
fn texts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let whole: String = links::pieces(&text)
        .into_iter()
        .map(|piece| match piece {
            links::Piece::Words(text) | links::Piece::Link(text) => text,
        })
        .collect();
    assert_eq!(whole, text);
    let _blank = blank::is_blank(&text);
    let masked = sensitive::mask(&text);
    assert_eq!(masked.chars().count(), text.chars().count());
}

fn transcripts(bytes: &[u8]) {
    if let Some(text) = transcript::decoded(bytes)
        && let Ok(whole) = transcript::verify(&text)
    {
        assert_eq!(whole.head.len(), 64);
    }
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        let _read = serde_json::from_value::<infocig_protocol::entry::Entry>(value);
    }
}

/// A file that is whole says so again after it was written again.
fn audit_files(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (Ok(whole), Ok((after, rows))) = (file::verify(text), file::rows(text)) else { return };
    let end = whole.ends.as_ref().map(|(_, end)| end.clone()).or_else(|| after.clone()).unwrap_or_default();
    let again = file::write(&rows, after.as_ref(), &end, NOW).unwrap_or_default();
    assert_eq!(file::verify(&again), Ok(whole));
}

const ORIGIN: &str = "https://chat.example";
const KEY: &str = "0123456789abcdef0123456789abcdef";
const NOW: Timestamp = Timestamp::from_millis(1_795_444_800_000);
