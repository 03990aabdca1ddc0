// SPDX-License-Identifier: EUPL-1.2
//! The plain pages over HTTP, as far as no platform is needed: the cookie, the forms, and whom they come from.
//!
//! - The cookie holds the conversation's ticket and nothing else. It is `HttpOnly`, sent below [`PATH`] alone, lives no longer
//!   than the ticket, and is `Secure` with the prefix browsers tie to that (RFC 6265bis) wherever the service's own origin is
//!   `https:`; only on plain HTTP, a developer's machine, it is neither. `SameSite=Lax`, not `Strict`: the page that follows
//!   the portal's form is still the portal's navigation.
//! - A form is believed if the request came from this service's own page (`Sec-Fetch-Site`, or `Origin` where a browser sends
//!   one) *and* the form carries a value that only that page could know: a digest of the ticket.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use infocig_domain::plain_page::{FormError, PATH, PageOptions, Refresh};
use infocig_protocol::{problem::Code, sensitive, time::Timestamp};
use sha2::{Digest, Sha256};

use crate::http::language;

/// The fields of a form, or the parameters of an address. Where a name comes twice, the first counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`. Nothing is an error: an unreadable field is absent.
    pub fn parse(bytes: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(bytes);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// A field's value; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A text somebody wrote, with the line ends they meant: a form sends each as CR LF.
    pub fn text(&self, name: &str) -> String {
        self.get(name).replace("\r\n", "\n")
    }

    /// The view its sender has chosen: language, refresh, and the entries before one.
    pub fn view(&self) -> PageOptions {
        PageOptions {
            language: language::requested(Some(self.get("lang"))),
            refresh: Refresh::parse(self.get("refresh")),
            before: self.get("before").parse().ok(),
        }
    }
}

/// The kind of a request for a page. Only a person's visit counts them as connected, and the page as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageRequest {
    /// A person opens the page.
    Visit,
    /// Something asks for the headers alone.
    HeadersOnly,
    /// A browser fetches ahead of a visit that may never come: it is refused, and asks again when it comes.
    Prefetch,
}

/// The kind of a request, by its method and its headers of purpose (`Sec-Purpose`, and those of older browsers).
pub fn page_request(method: &str, purposes: &[Option<String>]) -> PageRequest {
    let is_ahead = |purpose: &String| purpose.to_ascii_lowercase().contains("prefetch");
    if method == "HEAD" {
        PageRequest::HeadersOnly
    } else if purposes.iter().flatten().any(is_ahead) {
        PageRequest::Prefetch
    } else {
        PageRequest::Visit
    }
}

/// The cookie of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookie {
    is_secure: bool,
}

impl Cookie {
    /// The one for a service at that origin.
    pub fn of(origin: &str) -> Self {
        Self { is_secure: origin.starts_with("https:") }
    }

    const fn name(self) -> &'static str {
        if self.is_secure { "__Secure-infocig-chat" } else { "infocig-chat" }
    }

    /// The ticket in a `Cookie` header, if there is one.
    pub fn ticket_in<'c>(self, cookies: &'c str) -> Option<&'c str> {
        let named = |pair: &'c str| pair.trim().strip_prefix(self.name())?.strip_prefix('=');
        // The same name may come twice, set below another path by somebody else: the one that is a ticket in form is meant.
        let is_ticket = |ticket: &&str| ticket.split('.').filter(|part| !part.is_empty()).count() == 3;
        cookies.split(';').filter_map(named).find(is_ticket)
    }

    /// The `Set-Cookie` that keeps a ticket until it expires, at the second `exp`.
    pub fn keep(self, ticket: &str, exp: i64, now: Timestamp) -> String {
        let left = (exp - now.as_millis().div_euclid(1000)).max(0);
        self.set(ticket, left)
    }

    /// The same with a lifetime of so many seconds.
    pub fn keep_for(self, value: &str, seconds: i64) -> String {
        self.set(value, seconds)
    }

    /// The `Set-Cookie` that forgets it.
    pub fn forget(self) -> String {
        self.set("", 0)
    }

    fn set(self, value: &str, max_age: i64) -> String {
        let secure = if self.is_secure { "; Secure" } else { "" };
        format!("{}={value}; Path={PATH}; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}", self.name())
    }
}

/// The token in every form on the page of a ticket: a digest that only a reader of the ticket can make.
pub fn form_token(ticket: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("form of a plain page\n{ticket}")))
}

/// Whether a form was sent by a page of the service itself. Its pages send no referrer, so that a browser says `Origin: null`
/// for them; a browser that says nothing at all is left to the form's own token.
pub fn is_own(origin: Option<&str>, fetch_site: Option<&str>, own: &str) -> bool {
    let same_origin = origin.is_none_or(|origin| origin == own || origin == "null");
    let same_site = fetch_site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    same_origin && same_site
}

/// Why a text that was posted is not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// The text has sensitive data, and its author has not yet chosen how to send it.
    Asked,
    /// Its author goes back to it.
    Edited,
}

/// The text to send, after the decision of its author about it by the button they pressed (`way`). A text of more than `most`
/// characters comes back for that reason first.
pub fn decided(text: String, way: &str, most: usize) -> Result<String, (String, Undecided)> {
    match way {
        "edit" => Err((text, Undecided::Edited)),
        "send" => Ok(text),
        "mask" => Ok(sensitive::mask(&text)),
        _ if text.chars().count() > most || sensitive::kinds(&text).is_empty() => Ok(text),
        _ => Err((text, Undecided::Asked)),
    }
}

/// The form error that a refusal by the rules is shown as.
pub fn form_error(code: Code, retry_after_ms: Option<i64>) -> Option<FormError> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these are refusals of what was written")]
    match code {
        Code::MessageEmpty => Some(FormError::Empty),
        Code::MessageTooLong => Some(FormError::TooLong),
        Code::TooFast => Some(FormError::TooFast { retry_after_ms: retry_after_ms.unwrap_or_default() }),
        Code::ConversationClosed => Some(FormError::Over),
        Code::ConversationFull => Some(FormError::Full),
        _ => None,
    }
}

/// The headers of every page: nothing may run, load from elsewhere, be framed, be cached or send a referrer.
pub const HEADERS: [(&str, &str); 5] = [
    ("content-type", "text/html; charset=utf-8"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store, no-transform"),
];

/// Most bytes of a form: a message of the greatest length has 48,000 as a browser sends it (`%F0%9F%98%80` for one
/// character), and one that is far too long must still come back to its author.
pub const MAX_FORM_BYTES: usize = 512 * 1024;

#[cfg(test)]
mod tests {
    use infocig_protocol::{language::Language, limits::MAX_MESSAGE_CHARS};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_send_it() {
        let fields = Fields::parse(b"text=perch%C3%A9+no%3F%0D%0A%F0%9F%98%80&id=a&id=b&broken=%zz&%ff=x");
        assert_eq!(fields.text("text"), "perché no?\n😀");
        assert_eq!((fields.get("id"), fields.get("broken"), fields.get("none")), ("a", "%zz", ""));
    }

    #[test]
    fn an_address_says_how_its_sender_looks_at_the_page_and_nothing_strange() {
        let view = |query: &str| Fields::parse(query.as_bytes()).view();
        let expected =
            PageOptions { language: Some(Language::De), refresh: Some(Refresh::Often), before: Some(8) };
        assert_eq!(view("lang=de&refresh=20&before=8&at=5"), expected);
        assert_eq!(view("refresh=1&before=x"), PageOptions::default());
        assert_eq!(view("lang=pt").language, Some(Language::It));
    }

    #[test]
    fn sensitive_data_is_sent_once_its_author_has_chosen_how() {
        let text = "IBAN IT60X0542811101000000123456";
        let decide = |text: &str, way: &str| {
            decided(text.into(), way, MAX_MESSAGE_CHARS).map_err(|(_, undecided)| undecided)
        };
        let covered = "IBAN •••••••••••••••••••••••••56";
        for (text, way, expected) in [
            (text, "", Err(Undecided::Asked)),
            (text, "x", Err(Undecided::Asked)),
            (text, "send", Ok(text)),
            (text, "mask", Ok(covered)),
            (text, "edit", Err(Undecided::Edited)),
            (covered, "", Ok(covered)),
            ("Quando?", "", Ok("Quando?")),
            ("Quando?", "mask", Ok("Quando?")),
        ] {
            assert_eq!(decide(text, way), expected.map(String::from), "{text} {way}");
        }
        let long = format!("{text}{}", " ".repeat(MAX_MESSAGE_CHARS));
        assert_eq!(decide(&long, ""), Ok(long.clone()));
        assert_eq!(decided(text.into(), "", 10), Ok(text.into()), "too long for a question");
    }

    proptest! {
        // Nothing that is posted may empty the isolate.
        #[test]
        fn any_text_can_be_decided_about(text: String, signs in "[A-Z0-9 .-]{0,80}", way in "|send|mask|edit") {
            for text in [text, signs] {
                let length = text.chars().count();
                let (Ok(text) | Err((text, _))) = decided(text, &way, MAX_MESSAGE_CHARS);
                prop_assert_eq!(text.chars().count(), length);
            }
        }
    }

    /// Kind: requests nobody made by visiting.
    #[test]
    fn only_a_persons_own_visit_counts() {
        let said = |purpose: &str| [Some(purpose.to_string()), None, None];
        assert_eq!(page_request("GET", &[None, None, None]), PageRequest::Visit);
        assert_eq!(page_request("POST", &said("")), PageRequest::Visit);
        assert_eq!(page_request("HEAD", &[None, None, None]), PageRequest::HeadersOnly);
        for purpose in ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip", "Prefetch"] {
            assert_eq!(page_request("GET", &said(purpose)), PageRequest::Prefetch, "{purpose}");
        }
    }

    #[test]
    fn the_cookie_holds_the_ticket_for_as_long_as_it_is_good_and_is_bound_to_https() {
        let now = Timestamp::from_millis(10_000);
        let cookie = Cookie::of("https://chat.example");
        assert_eq!(
            cookie.keep("t.i.c", 70, now),
            "__Secure-infocig-chat=t.i.c; Path=/chat; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(cookie.keep("t", 0, now).contains("Max-Age=0"), cookie.forget().contains("Max-Age=0"));
        let plain = Cookie::of("http://127.0.0.1:8787");
        assert_eq!(
            plain.keep("t", 70, now),
            "infocig-chat=t; Path=/chat; Max-Age=60; HttpOnly; SameSite=Lax"
        );

        assert_eq!(cookie.ticket_in("a=b; __Secure-infocig-chat=t.i.c; c=d"), Some("t.i.c"));
        assert_eq!(cookie.ticket_in("infocig-chat=t; __Secure-infocig-chats=u"), None);
        assert_eq!(plain.ticket_in("infocig-chat="), None);
        assert_eq!(plain.ticket_in("infocig-chat=stale; infocig-chat=t.i.c"), Some("t.i.c"));
    }

    #[test]
    fn only_a_page_of_the_service_sends_its_forms() {
        let own = "https://chat.example";
        for (origin, site, believed) in [
            (Some(own), Some("same-origin"), true),
            (Some("null"), Some("same-origin"), true),
            (Some("null"), Some("none"), true),
            (None, None, true),
            (Some("null"), Some("cross-site"), false),
            (Some("https://portale.example"), Some("same-site"), false),
            (Some("https://portale.example"), None, false),
            (None, Some("cross-site"), false),
        ] {
            assert_eq!(is_own(origin, site, own), believed, "{origin:?} {site:?}");
        }
        assert_ne!(form_token("a"), form_token("b"));
        assert_eq!(form_token("a").len(), 43);
    }
}
