// SPDX-License-Identifier: EUPL-1.2
//! The declaration of the settings, and `docs/configuration.md`, which is made of it.

use core::fmt::Write;

/// The declaration of a setting, or of a member of one that is JSON.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The name of the binding, or of the member.
    pub name: &'static str,
    /// Its form.
    pub form: &'static str,
    /// What holds without it; `None` where the service does not run without it.
    pub otherwise: Option<&'static str>,
    /// Whether it must be known to nobody else.
    pub secret: bool,
    /// The members, where it is JSON.
    pub members: &'static [Setting],
}

const fn required(name: &'static str, form: &'static str) -> Setting {
    Setting { name, form, otherwise: None, secret: false, members: &[] }
}

const fn optional(name: &'static str, form: &'static str, otherwise: &'static str) -> Setting {
    Setting { otherwise: Some(otherwise), ..required(name, form) }
}

/// The settings of the service, in the order in which they are checked.
pub const SETTINGS: [Setting; 13] = [
    required(
        "PUBLIC_ORIGIN",
        "the service's own origin, such as `https://chat.example`, without a slash at the end; also the audience of hand-off tokens. Upper case and a default port are written as browsers write them",
    ),
    Setting {
        members: &ISSUER,
        ..required(
            "ISSUERS",
            "the portals and sign-ins whose tokens are accepted: a JSON list, each with the members below",
        )
    },
    Setting {
        secret: true,
        ..required(
            "TICKET_KEY",
            "the key of tickets, 32 bytes or more: 64 hexadecimal digits (`openssl rand -hex 32`), 43 characters of base64url, or a text of 32 characters with others among them. Up to four keys, one a line: the first signs, all verify",
        )
    },
    optional(
        "POLICY",
        "the policy document ([schema](../edge/policy.schema.json)): hours, closures, roll-out, queues, texts",
        "the policy beside the Worker: [`edge/policy.json`](../edge/policy.json)",
    ),
    optional(
        "JURISDICTION",
        "where Durable Objects live, such as `eu`; on Cloudflare alone",
        "no jurisdiction",
    ),
    Setting {
        secret: true,
        members: &LINEA_INPS,
        ..optional(
            "LINEA_INPS",
            "how Linea INPS and the registry of cases are reached: a JSON object with the members below",
            "segnalazioni wait, and cases are not shown",
        )
    },
    Setting {
        members: &LINKS,
        ..optional(
            "LINKS",
            "the administration's pages about the service: a JSON object with the members below",
            "no links",
        )
    },
    Setting {
        members: &SECURITY,
        ..optional(
            "SECURITY",
            "where weaknesses are reported: a JSON object with the members below, served as `/.well-known/security.txt` (RFC 9116)",
            "that address answers 404",
        )
    },
    Setting {
        secret: true,
        members: &WEBHOOK,
        ..optional(
            "WEBHOOKS",
            "the systems that are told of conversations ([webhooks.md](webhooks.md)): a JSON list, at most five, each with the members below",
            "nobody is told",
        )
    },
    Setting {
        secret: true,
        ..optional(
            "METRICS_TOKEN",
            "the token with which Prometheus reads `GET /metrics` ([observability](observability.md)): one word of 32 bytes or more, such as `openssl rand -hex 32` prints",
            "that address answers 404",
        )
    },
    Setting {
        secret: true,
        members: &STAFF,
        ..optional(
            "STAFF",
            "the provider at which the staff sign in with OpenID Connect, and the roles it gives ([staff-sign-in.md](staff-sign-in.md)): a JSON object with the members below",
            "only tokens of `ISSUERS` open a desk, and `/console` answers 404",
        )
    },
    Setting {
        secret: true,
        members: &TURN,
        ..optional(
            "TURN",
            "the relay through which the media of calls pass ([calls.md](calls.md)): a JSON object with `urls` and `secrets`, or with `cloudflare`",
            "no media can be relayed: calls that the policy wants relayed do not come about",
        )
    },
    Setting {
        secret: true,
        members: &LANGUAGE_MODEL,
        ..optional(
            "LANGUAGE_MODEL",
            "a language model beside the assistant ([assistant.md](assistant.md#a-language-model)): a JSON object with the members below",
            "none is asked: the assistant shows its texts alone",
        )
    },
];

const ISSUER: [Setting; 5] = [
    required("issuer", "the `iss` of its tokens; one entry for each"),
    required("jwks_uri", "the `http(s)://` address of its public keys (RFC 7517 key set)"),
    required("roles", "what its tokens open: `citizen`, `advisor`"),
    required("origins", "the origins of the pages that may use the service in its name"),
    optional(
        "leeway_s",
        "by how many seconds its clock may differ from the service's, at most `300`",
        "`60`",
    ),
];

const LINEA_INPS: [Setting; 11] = [
    required(
        "base",
        "the address for segnalazioni: `{base}/segnalazioni`; also the audience of the signatures for it",
    ),
    required("token_url", "the token endpoint that gives vouchers"),
    required("client_id", "this service, as the other side knows it"),
    required("kid", "its key, as the other side knows it"),
    Setting { secret: true, ..required("key", "the key: P-256, PKCS#8, PEM") },
    required("jwks_uri", "the address of Linea INPS's public keys"),
    required("issuer", "the `iss` of its signatures; their `aud` is `{PUBLIC_ORIGIN}/v1/linea-inps/updates`"),
    optional("cases", "the registry of cases: `{cases}/searches`", "cases are not shown"),
    optional("audit", "whether each call names its user (`AUDIT_REST_02`)", "`false`"),
    optional("purpose_id", "the purpose as PDND names it; needed with `audit`", "no purpose"),
    optional(
        "leeway_s",
        "by how many seconds its clock may differ from the service's, at most `300`",
        "`60`",
    ),
];

const LINKS: [Setting; 4] = [
    optional("privacy", "an `https:` address: how personal data are treated", "no link"),
    optional("accessibility", "an `https:` address: the accessibility declaration", "no link"),
    optional("feedback", "an `https:` address: where barriers are reported", "no link"),
    optional("source", "an `https:` address: the source code", "no link"),
];

const SECURITY: [Setting; 2] = [
    required("contact", "an `https:`, `mailto:` or `tel:` address at which reports are read"),
    optional("policy", "an `https:` address: how reports are dealt with", "no such line"),
];

const WEBHOOK: [Setting; 3] = [
    required("name", "1 to 32 letters, digits or hyphens; events that wait know it by its name"),
    required("url", "the `http(s)://` address that events are posted to"),
    Setting {
        secret: true,
        ..required("secret", "the key that signs them: base64 of 24 to 64 bytes (`openssl rand -base64 32`)")
    },
];

const STAFF: [Setting; 16] = [
    required("issuer", "the `iss` of the provider, to the letter; its discovery document is below it"),
    required("client_id", "this service, as the provider knows it"),
    Setting {
        secret: true,
        ..optional(
            "client_secret",
            "the secret of the client (`client_secret_basic`)",
            "no secret: PKCE alone",
        )
    },
    Setting {
        secret: true,
        ..optional(
            "client_key",
            "the key of the client (`private_key_jwt`, ES256): `kid`, and `key` as for `LINEA_INPS`",
            "no key",
        )
    },
    required(
        "acr",
        "the values of `acr` that are accepted; they are asked for, and a token without one is refused",
    ),
    optional(
        "acr_claim",
        "the claim that is compared with them, such as `acrs` for Entra ID; a text or a list",
        "`acr`",
    ),
    optional(
        "algorithms",
        "the algorithms its tokens may be signed with: some of `ES256`, `PS256`, `RS256`",
        "all three",
    ),
    optional("scope", "the scopes that are asked for, `openid` among them", "`openid profile`"),
    optional(
        "roles_claim",
        "the claim that gives roles: a text or a list; with dots for a member of a member",
        "`groups`",
    ),
    required(
        "roles",
        "a list: each `value` of the claim that gives a `role`, and for those who answer, as in an advisor's token, `categories`, `languages`, `regions`, `provinces`, `skills`, `queues`",
    ),
    optional("name_claim", "the claim with the name that people read", "`name`"),
    optional("required", "claims that must have a value, such as `{\"tid\": \"…\"}` for one tenant", "none"),
    optional(
        "session_minutes",
        "how long a session stands before the provider is asked again, `2` to `60`",
        "`15`",
    ),
    optional("session_hours", "after how long one signs in anew in any case, `1` to `24`", "`12`"),
    optional(
        "max_age_minutes",
        "how long ago they may have proved who they are; needs `auth_time` in the token",
        "not asked",
    ),
    optional(
        "leeway_s",
        "by how many seconds its clock may differ from the service's, at most `300`",
        "`60`",
    ),
];

const TURN: [Setting; 3] = [
    optional(
        "urls",
        "the addresses of a relay of one's own, at most four: `turns:host:443?transport=tcp`, `turn:host:3478`",
        "`cloudflare` is needed",
    ),
    Setting {
        secret: true,
        ..optional(
            "secrets",
            "the secrets it shares with the service (`static-auth-secret` of coturn), 32 characters or more: a list, of which the first makes credentials; the others are there so that one list serves both",
            "`cloudflare` is needed",
        )
    },
    Setting {
        secret: true,
        ..optional(
            "cloudflare",
            "Cloudflare's relay instead: `key`, the id of a TURN key, and its `token`",
            "`urls` are needed",
        )
    },
];

const LANGUAGE_MODEL: [Setting; 3] = [
    required(
        "address",
        "where it is, an `http(s)://` address without a slash at the end, to which `/chat/completions` is added",
    ),
    required("model", "the name of the model there"),
    Setting {
        secret: true,
        ..optional("key", "the key that opens it, sent as a bearer token", "no `Authorization` is sent")
    },
];

/// `docs/configuration.md`.
pub fn document() -> String {
    let mut text = String::from(BEFORE);
    table(&mut text, "setting", &SETTINGS);
    for setting in SETTINGS.iter().filter(|setting| !setting.members.is_empty()) {
        let _infallible = write!(text, "\n## Members of `{}`\n\n", setting.name);
        table(&mut text, "member", setting.members);
    }
    text.push_str(AFTER);
    text
}

fn table(text: &mut String, first: &str, settings: &[Setting]) {
    let _infallible = writeln!(text, "| {first} | form | without it |\n|---|---|---|");
    for Setting { name, form, otherwise, secret, .. } in settings {
        let secret = if *secret { ". **Secret**" } else { "" };
        let otherwise = otherwise.unwrap_or("**the service does not run**");
        let _infallible = writeln!(text, "| `{name}` | {form}{secret} | {otherwise} |");
    }
}

const BEFORE: &str = "# Configuration

Made of the declaration in [`edge/src/settings/documentation.rs`](../edge/src/settings/documentation.rs): change it there, then run `INFOCIG_PIN=1 cargo test -p infocig-edge the_document`.

Settings are bindings of the Worker: environment variables on workerd, variables and secrets on Cloudflare. `infocig serve` and `infocig check` also read each setting `NAME` from the file that `NAME_FILE` names, so that a secret is in no list of processes. A setting that cannot be used stops the start with a sentence that says what to write; `infocig check` says all of them at once.

";

const AFTER: &str = "
## Policy

`infocig serve --policy FILE` (or `POLICY_FILE`) puts a policy of any size in the place of the one beside the Worker; `infocig explain --policy FILE` tries it before. On Cloudflare put the file in the place of `policy.json` beside `index.js` before the deployment; the variable `POLICY` holds 5 kB there and is for small ones.

## Changing keys with nobody logged out

- **Tickets.** Put the new key in the first line of `TICKET_KEY` and the old one below, and restart: new tickets are signed with the first, old ones still open their doors. Tickets last twelve hours; remove the old key after that. `infocig keys rotate-ticket` does both ([deployment.md](deployment.md#keys)).
- **A portal's signing key.** Add the new key to its key set, sign with it, then remove the old one. The service reads a set again when a token names a key it does not know, when no signature fits, and every ten minutes. Two keys under one `kid` are both tried.
- **A portal's `iss`.** Add the new issuer as a second entry, then remove the old one two minutes after its last token.
- **The relay's secret.** Give coturn the new secret beside the old one (`static-auth-secret` may stand twice), put it first in `secrets` and restart; remove the old one ten minutes later.
- **Linea INPS.** Publish the new public key beside the old one at the other side, then change `key` and `kid` and restart: each call signs anew.

## Certificates and proxies

A private certificate authority is named in `edge/workerd.capnp` (`tlsOptions.trustedCertificates` of the service `internet`). Outbound proxies cannot be used: workerd makes its connections itself.
";

#[cfg(test)]
mod tests {
    use std::{env, fs, path::Path};

    use super::*;

    #[test]
    fn the_document_of_the_settings_is_made_of_their_declaration() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md");
        if env::var_os("INFOCIG_PIN").is_some() {
            fs::write(&path, document()).unwrap();
        }
        let written = fs::read_to_string(path).unwrap_or_default();
        assert!(written == document(), "run `INFOCIG_PIN=1 cargo test -p infocig-edge the_document`");
    }

    #[test]
    fn every_declared_setting_is_read_and_no_other() {
        use std::cell::RefCell;

        let asked = RefCell::new(Vec::new());
        crate::settings::RawSettings::read(|name| {
            asked.borrow_mut().push(name.to_owned());
            None
        });
        let declared: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        let mut asked = asked.into_inner();
        asked.sort_by_key(|name| declared.iter().position(|declared| declared == name));
        assert_eq!(asked, declared);
    }
}
