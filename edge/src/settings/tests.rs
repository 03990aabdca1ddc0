// SPDX-License-Identifier: EUPL-1.2
//! Settings that are good, and the sentence for each that is not.

use serde_json::Value;

use super::*;

#[test]
fn a_ticket_key_has_256_bits_in_whatever_it_is_written() {
    let is_taken = |key: &str| {
        let raw = RawSettings { ticket_key: Some(key.into()), ..good() };
        Settings::parse(raw).is_ok()
    };
    for (chars, alphabet) in [(64, "0123456789abcdef"), (43, "Ab9-_xyz"), (32, "correct horse battery ")] {
        let key: String = alphabet.chars().cycle().take(chars).collect();
        assert!(is_taken(&key), "{key}");
        assert!(!is_taken(&key[1..]), "{key}");
    }
}

#[test]
fn tickets_may_have_several_keys_one_a_line() {
    let read = |keys: String| {
        let raw = RawSettings { ticket_key: Some(keys), ..good() };
        Settings::parse(raw).map(|settings| settings.ticket_key).map_err(|fault| fault.to_string())
    };
    let (new, old) = ("0123456789abcdef".repeat(4), "fedcba9876543210".repeat(4));
    assert_eq!(read(format!("{new}\r\n\n {old} \n")).unwrap(), format!("{new}\n{old}"));
    assert!(read(format!("{new}\nshort")).unwrap_err().contains("must have at least 32 characters"));
    assert!(read("\n \n".into()).is_err());
    let five = [new.as_str(); 5].join("\n");
    assert!(read(five).unwrap_err().contains("TICKET_KEY has 5 keys"));
}

#[test]
fn the_token_of_metrics_is_one_long_word_of_what_a_header_can_carry() {
    let read = |token: &str| {
        let raw = RawSettings { metrics_token: Some(token.into()), ..good() };
        Settings::parse(raw).map(|settings| settings.metrics_token).map_err(|fault| fault.to_string())
    };
    let token = "0123456789abcdef".repeat(4);
    assert_eq!(read(&format!(" {token}\n")), Ok(Some(token.clone())));
    assert_eq!(read(""), Ok(None));
    for wrong in [
        &token[1..],
        "geheim",
        "a token of several words that is long enough",
        "pàssword-che-è-lunga-abbastanza-ma-non-ascii",
    ] {
        assert!(read(wrong).unwrap_err().contains("METRICS_TOKEN must be one word"), "{wrong}");
    }
    assert_eq!(Settings::faults(&RawSettings { metrics_token: Some("x".into()), ..good() }).len(), 1);
}

#[test]
fn all_faults_are_found_at_once() {
    let raw = RawSettings { public_origin: None, links: Some("{".into()), ..good() };
    let faults = Settings::faults(&raw);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].starts_with("PUBLIC_ORIGIN is not set: write"), "{faults:?}");
    assert!(faults[1].starts_with("LINKS "), "{faults:?}");
    assert!(Settings::faults(&good()).is_empty());
}

#[test]
fn good_settings_are_accepted() {
    let settings = Settings::parse(good()).unwrap();

    assert!(settings.allows_origin("https://portale.example"));
    assert!(settings.allows_origin("https://chat.example"));
    assert!(!settings.allows_origin("https://altrove.example"));
}

#[test]
fn a_wrong_setting_is_named() {
    let check = |change: fn(&mut RawSettings), expected: &str| {
        let mut raw = good();
        change(&mut raw);
        let message = ToString::to_string(&Settings::parse(raw).unwrap_err());
        assert!(message.starts_with(expected), "{message}");
    };
    check(|raw| raw.public_origin = None, "settings: PUBLIC_ORIGIN is not set");
    check(
        |raw| raw.public_origin = Some("https://a/b".into()),
        "settings: PUBLIC_ORIGIN \"https://a/b\" must be http(s)://host",
    );
    check(|raw| raw.issuers = Some("[{}]".into()), "settings: ISSUERS missing field `issuer`");
    check(
        |raw| raw.ticket_key = Some("short".into()),
        "settings: TICKET_KEY must have at least 32 characters: 64 if all are hexadecimal digits, 43 if all are of base64url",
    );
    check(|raw| raw.policy = Some("{".into()), "settings: policy line 1, column 1: ");
}

#[test]
fn a_webhook_has_a_name_of_its_own_an_address_and_a_key() {
    let parse = |webhooks: &str| Settings::parse(RawSettings { webhooks: Some(webhooks.into()), ..good() });
    let webhook = |name: &str, url: &str, secret: &str| {
        format!(r#"{{"name":"{name}","url":"{url}","secret":"{secret}"}}"#)
    };
    let key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let good = webhook("archivio", "https://archivio.example/eventi", &format!("whsec_{key}"));

    let settings = parse(&format!("[{good}]")).unwrap();
    assert_eq!(settings.webhook_names(), ["archivio"]);
    assert_eq!(settings.webhooks[0].key().map(|key| key.len()), Some(24));
    for (wrong, why) in [
        (format!("[{good},{good}]"), "is there twice"),
        (format!("[{}]", webhook("a b", "https://a.example", key)), "letters, digits or hyphens"),
        (format!("[{}]", webhook("a", "ftp://a.example", key)), "http(s)://"),
        (format!("[{}]", webhook("a", "https://a.example", "short")), "openssl rand -base64 32"),
        ("[{}]".into(), "missing field"),
    ] {
        let message = parse(&wrong).unwrap_err().to_string();
        assert!(message.starts_with("settings: WEBHOOKS") && message.contains(why), "{message}");
    }
}

#[test]
fn an_error_of_an_issuer_is_a_sentence() {
    let one = |change: &dyn Fn(&mut Value)| {
        let mut issuer = serde_json::json!({
            "issuer": "https://p.example", "jwks_uri": "https://p.example/jwks", "roles": ["citizen"],
            "origins": ["https://p.example"],
        });
        change(&mut issuer);
        issuer
    };
    let parse = |issuers: Vec<Value>| {
        let issuers = Some(Value::from(issuers).to_string());
        Settings::parse(RawSettings { issuers, ..good() }).map_err(|fault| fault.to_string())
    };
    let named = |name: &str, value: Value| one(&|issuer| issuer[name] = value.clone());
    let refused = |issuers, expected: &str| {
        let message = parse(issuers).unwrap_err();
        assert!(message.contains(expected), "{message}");
    };

    refused(vec![], "ISSUERS names nobody");
    refused(vec![one(&|_| ()), one(&|_| ())], "is there twice");
    refused(vec![named("roles", serde_json::json!([]))], "roles must name");
    refused(vec![named("issuer", " ".into())], "issuer must not be empty");
    refused(vec![named("leeway_s", 301.into())], "leeway_s must be at most 300");
    assert_eq!(parse(vec![one(&|_| ())]).unwrap().issuers[0].leeway_s, 60);
    assert_eq!(parse(vec![named("leeway_s", 300.into())]).unwrap().issuers[0].leeway_s, 300);
    for bad in ["not a url", "", "p.example/jwks", "https://", "file:///jwks", "https://a b/jwks"] {
        refused(vec![named("jwks_uri", bad.into())], "jwks_uri must be");
    }
    for bad in ["*", "https://p.example/", "https://città.example"] {
        refused(vec![named("origins", serde_json::json!([bad]))], "origins: ");
    }
    let settings = parse(vec![named("origins", serde_json::json!(["https://P.example:443"]))]).unwrap();
    assert!(settings.allows_origin("https://p.example"));
}

#[test]
fn links_may_be_absent_and_lead_to_web_pages() {
    let links = |text: &str| {
        let settings = Settings::parse(RawSettings { links: Some(text.into()), ..good() });
        settings.map(|settings| settings.links)
    };
    assert_eq!(Settings::parse(good()).unwrap().links, Links::default());
    assert_eq!(links("").unwrap(), Links::default());
    let some = r#"{"privacy":"https://inps.example/privacy?a=1&b#c","source":"https://inps.example"}"#;
    let some = links(some).unwrap();
    assert_eq!(some.privacy.as_deref(), Some("https://inps.example/privacy?a=1&b#c"));
    assert_eq!((some.accessibility, some.feedback), (None, None));

    for bad in ["http://inps.example", "javascript:alert(1)", "https://", "https:///a", "https://a b", ""] {
        let message = ToString::to_string(&links(&format!(r#"{{"feedback":"{bad}"}}"#)).unwrap_err());
        assert_eq!(message, "settings: LINKS feedback must be an https: address", "{bad}");
    }
    for bad in ["{", "[1]", r#"{"privacy":1}"#, r#"{"imprint":"https://a.example"}"#] {
        let message = ToString::to_string(&links(bad).unwrap_err());
        assert!(message.starts_with("settings: LINKS "), "{message}");
    }
}

#[test]
fn a_security_contact_may_be_absent_and_is_an_address_for_reports() {
    let security = |text: &str| {
        let settings = Settings::parse(RawSettings { security: Some(text.into()), ..good() });
        settings.map(|settings| settings.security)
    };
    let contact = |address: &str| security(&serde_json::json!({ "contact": address }).to_string());
    assert_eq!(Settings::parse(good()).unwrap().security, None);
    assert_eq!(security("").unwrap(), None);
    for address in ["https://inps.example/segnala?a=1", "mailto:sicurezza@inps.example", "tel:+39-06-0000"] {
        let read = contact(address).unwrap().unwrap();
        assert_eq!(read, SecurityContact { contact: address.into(), policy: None });
    }
    let both = r#"{"contact":"https://inps.example/segnala","policy":"https://inps.example/regole"}"#;
    let both = security(both).unwrap().unwrap();
    assert_eq!(both.policy.as_deref(), Some("https://inps.example/regole"));

    for bad in [
        "",
        "sicurezza@inps.example",
        "mailto:",
        "mailto:inps.example",
        "mailto:a@b\nPolicy: x",
        "http://inps.example",
        "tel:06",
        "tel:+",
        "tel:+39 06",
        "javascript:alert(1)",
    ] {
        let message = ToString::to_string(&contact(bad).unwrap_err());
        assert_eq!(message, "settings: SECURITY contact must be an https:, mailto: or tel: address", "{bad}");
    }
    for bad in ["{", "{}", "[1]", r#"{"contact":"tel:+39","key":"x"}"#] {
        let message = ToString::to_string(&security(bad).unwrap_err());
        assert!(message.starts_with("settings: SECURITY "), "{message}");
    }
    let bad = security(r#"{"contact":"tel:+39","policy":"http://inps.example"}"#).unwrap_err();
    assert_eq!(ToString::to_string(&bad), "settings: SECURITY policy must be an https: address");
}

#[test]
fn linea_inps_may_be_absent_and_is_read_where_it_is_not() {
    assert!(Settings::parse(good()).unwrap().linea_inps.is_none());
    assert!(linea_inps("").unwrap().is_none());

    let all = linea_inps(&good_linea_inps().to_string()).unwrap().unwrap();
    assert_eq!(all.base, "http://127.0.0.1:9/linea-inps");
    assert_eq!(all.identity.client_id, "info-cig");
    assert_eq!(all.cases.as_deref(), Some("https://inps.example/cases"));
    assert!(all.audit);
    assert!(!format!("{all:?}").contains("PRIVATE"), "a key is in no log");

    let mut least = good_linea_inps();
    for optional in ["cases", "audit", "purpose_id"] {
        least.as_object_mut().unwrap().remove(optional);
    }
    let least = linea_inps(&least.to_string()).unwrap().unwrap();
    assert_eq!((least.cases, least.audit, least.purpose_id), (None, false, None));
}

#[test]
fn an_error_of_linea_inps_is_named_without_the_key() {
    let check = |name: &str, value: Value, expected: &str| {
        let mut raw = good_linea_inps();
        if value.is_null() {
            raw.as_object_mut().unwrap().remove(name);
        } else {
            raw[name] = value;
        }
        let message = ToString::to_string(&linea_inps(&raw.to_string()).unwrap_err());
        assert!(message.starts_with(&format!("settings: LINEA_INPS {expected}")), "{message}");
        assert!(!message.contains("secret"), "{message}");
    };
    for name in ["base", "token_url", "client_id", "kid", "key", "jwks_uri", "issuer"] {
        check(name, Value::Null, &format!("missing field `{name}`"));
    }
    for name in ["base", "token_url", "jwks_uri", "cases"] {
        for bad in ["", "inps.example", "https://", "https://a/", "https://a/b?c", "https://a b", "file:///a"]
        {
            check(name, bad.into(), &format!("{name} must be http(s)://host/path"));
        }
    }
    for name in ["client_id", "kid", "issuer", "purpose_id"] {
        check(name, " ".into(), &format!("{name} must not be empty"));
    }
    check("purpose_id", Value::Null, "purpose_id is needed with audit");
    check("key", "secret".into(), "key must be a P-256 private key");
    check("key", serde_json::json!(["secret"]), "has a member of another type");
    check("audit", "secret".into(), "has a member of another type");
    check("else", "secret".into(), "unknown field `else`");
    let message = ToString::to_string(&linea_inps("{").unwrap_err());
    assert!(message.starts_with("settings: LINEA_INPS is not JSON"), "{message}");
}

fn linea_inps(text: &str) -> Result<Option<LineaInps>, Fault> {
    Settings::parse(RawSettings { linea_inps: Some(text.into()), ..good() })
        .map(|settings| settings.linea_inps)
}

#[test]
fn the_sign_in_of_the_staff_is_refused_with_what_to_write_and_without_its_secrets() {
    let staff = |change: &dyn Fn(&mut Value)| {
        let mut staff = good_staff();
        change(&mut staff);
        Settings::parse(RawSettings { staff: Some(staff.to_string()), ..good() })
            .map(|settings| settings.staff)
    };
    let read = staff(&|_| ()).unwrap().unwrap();
    assert_eq!((read.session_minutes, read.session_hours, read.leeway_s), (15, 12, 60));
    assert_eq!((read.roles_claim.as_str(), read.scope.as_str()), ("groups", "openid profile"));
    assert!(staff(&|all| all["issuer"] = "http://127.0.0.1:9/realm".into()).is_ok(), "on this machine");

    let wrong: [(&str, Value, &str); 16] = [
        ("issuer", "login.example".into(), "issuer must be"),
        ("issuer", "http://login.example".into(), "https: address"),
        ("issuer", "http://localhost.evil.example".into(), "https: address"),
        ("client_id", " ".into(), "client_id"),
        ("acr", serde_json::json!([]), "acr must list"),
        ("acr", serde_json::json!(["a b"]), "acr must list"),
        ("algorithms", serde_json::json!(["HS256"]), "algorithms"),
        ("algorithms", serde_json::json!([]), "algorithms"),
        ("scope", "profile".into(), "openid"),
        ("roles", serde_json::json!([]), "roles must name"),
        ("roles", serde_json::json!([{ "value": "x", "role": "king" }]), "one of advisor, supervisor"),
        (
            "roles",
            serde_json::json!([{ "value": "x", "role": "advisor", "regions": ["Atlantide"] }]),
            "regions",
        ),
        ("session_minutes", 1.into(), "session_minutes"),
        ("session_hours", 25.into(), "session_hours"),
        ("leeway_s", 301.into(), "leeway_s"),
        ("client_key", serde_json::json!({ "kid": "k", "key": "x" }), "client_secret and client_key"),
    ];
    for (name, value, expected) in wrong {
        let fault = staff(&|all| all[name] = value.clone()).unwrap_err().to_string();
        assert!(fault.contains("STAFF") && fault.contains(expected), "{name} {value}: {fault}");
        assert!(!fault.contains("hunter2"), "{fault}");
    }
    let fault = staff(&|all| all["client_secret"] = serde_json::json!(["hunter2"])).unwrap_err().to_string();
    assert!(!fault.contains("hunter2"), "{fault}");
}

fn good_staff() -> Value {
    serde_json::json!({
        "issuer": "https://login.example/realm", "client_id": "infocig", "client_secret": "hunter2", "acr": ["2"],
        "roles": [{ "value": "cig", "role": "advisor", "languages": ["it", "de"] }],
    })
}

fn good_linea_inps() -> Value {
    serde_json::json!({
        "base": "http://127.0.0.1:9/linea-inps", "token_url": "https://inps.example/token",
        "client_id": "info-cig", "kid": "k1", "key": crate::auth::modi::testing::pem(7),
        "jwks_uri": "https://inps.example/jwks.json", "issuer": "linea-inps",
        "cases": "https://inps.example/cases", "audit": true, "purpose_id": "p-1",
    })
}

fn good() -> RawSettings {
    RawSettings {
        metrics_token: Some("0123456789abcdef".repeat(4)),
        public_origin: Some("https://chat.example".into()),
        issuers: Some(
            r#"[{"issuer":"https://portale.example","jwks_uri":"https://portale.example/jwks","roles":["citizen"],
                "origins":["https://portale.example"]}]"#
                .into(),
        ),
        ticket_key: Some("0123456789abcdef".repeat(4)),
        policy: None,
        jurisdiction: None,
        linea_inps: None,
        links: None,
        security: None,
        webhooks: None,
        staff: None,
        turn: None,
        language_model: None,
    }
}
