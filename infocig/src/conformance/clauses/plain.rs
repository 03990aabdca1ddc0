// SPDX-License-Identifier: EUPL-1.2
//! § 14: plain pages.

use std::fmt::Write as _;

use super::super::clause::{Clause, Played, Verdict, broken, expect, now, same};
use super::super::net::Answer;
use super::super::stage::{Opened, Stage};

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "14",
        "`POST /chat` leads to the conversation of the token; one of an origin that is no portal's, or of `null`, is refused",
        entry,
    ),
    now(
        "14",
        "The cookie is the ticket's: `HttpOnly`, `SameSite=Lax`, `Path=/chat`, 12 hours at most; `Secure` over https",
        cookie,
    ),
    now("14", "A form posts one message however often it is sent, and its text is shown as text", form),
    now("14", "A form of another site, or with the digest of another ticket, posts nothing", foreign_form),
    now("14", "Sensitive data comes back with a choice and is stored as chosen", sensitive),
    now(
        "14",
        "`/chat/end` asks and ends; `/chat/transcript` and `/chat/history` are pages; `/chat/leave` forgets",
        rest,
    ),
];

/// A browser without scripts.
struct Reader<'s> {
    stage: &'s Stage,
    opened: Opened,
    /// The cookie, `name=value`.
    cookie: String,
    /// Every `Set-Cookie`.
    cookies: Vec<String>,
    page: Answer,
}

impl<'s> Reader<'s> {
    fn enter(stage: &'s Stage) -> Result<Self, Verdict> {
        let opened = stage.enter()?;
        let page = knock(stage, &opened.person, &stage.origin)?;
        page.document("`POST /chat`", &[303])?;
        let mut reader = Self { stage, opened, cookie: String::new(), cookies: Vec::new(), page };
        let path = reader.keep();
        reader.open(&path)?;
        Ok(reader)
    }

    /// Keeps the cookie of an answer, and says where it leads.
    fn keep(&mut self) -> String {
        let cookie = self.page.header("set-cookie").to_owned();
        if !cookie.is_empty() {
            cookie.split(';').next().unwrap_or_default().clone_into(&mut self.cookie);
            self.cookies.push(cookie);
        }
        self.page.header("location").split('#').next().unwrap_or_default().to_owned()
    }

    /// Opens an address, and follows where it leads on this service.
    fn open(&mut self, path: &str) -> Result<&Answer, Verdict> {
        let mut path = path.to_owned();
        for _ in 0..MOST_REDIRECTS {
            self.page = self.stage.service.ask("GET", &path, &[("cookie", &self.cookie)], None)?;
            let leads_to = self.keep();
            if self.page.status != 303 {
                break;
            }
            path = leads_to;
        }
        self.page.document(&path, &[200])?;
        Ok(&self.page)
    }

    /// The value of a hidden field of the page.
    fn field(&self, name: &str) -> Result<String, Verdict> {
        let mark = format!("name=\"{name}\" value=\"");
        let value = self.page.body.split_once(&mark).and_then(|(_, rest)| rest.split_once('"'));
        let value = value.map(|(value, _)| value.to_owned());
        value.ok_or_else(|| broken(format_args!("a form with the field {name}"), self.page.said()))
    }

    fn send(&self, path: &str, site: &str, fields: &[(&str, &str)]) -> Result<Answer, Verdict> {
        let origin = if site == "same-origin" { "null" } else { "https://elsewhere.example" };
        let headers = [("cookie", self.cookie.as_str()), ("origin", origin), ("sec-fetch-site", site), FORM];
        self.stage.service.ask("POST", path, &headers, Some(&encoded(fields)))
    }

    fn texts(&self) -> Result<Vec<String>, Verdict> {
        let link = self.stage.link(&self.opened)?;
        let text =
            |entry: &serde_json::Value| entry["body"]["message"]["text"].as_str().map(ToOwned::to_owned);
        Ok(link.log.iter().filter_map(text).collect())
    }
}

fn knock(stage: &Stage, person: &str, origin: &str) -> Result<Answer, Verdict> {
    let token = stage.handoff(&stage.claims(person)?);
    let fields = [("token", token.as_str()), ("lang", "it")];
    stage.service.ask("POST", "/chat", &[("origin", origin), FORM], Some(&encoded(&fields)))
}

fn entry(stage: &Stage) -> Played {
    let reader = Reader::enter(stage)?;
    expect(
        reader.page.body.contains("Prova Conformità"),
        "the person's name in the page",
        reader.page.said(),
    )?;
    for origin in ["https://elsewhere.example", "null"] {
        let refused = knock(stage, &reader.opened.person, origin)?;
        same(&format!("Origin {origin}:"), (refused.status, refused.header("set-cookie")), (403, ""))?;
    }
    let nobody = stage.service.ask("GET", "/chat", &[], None)?;
    same("without a cookie:", nobody.status, 403)
}

fn cookie(stage: &Stage) -> Played {
    let reader = Reader::enter(stage)?;
    let is_secure = stage.audience.starts_with("https:");
    let name = if is_secure { "__Secure-infocig-chat=" } else { "infocig-chat=" };
    for cookie in &reader.cookies {
        let attributes: Vec<String> =
            cookie.split(';').map(|part| part.trim().to_ascii_lowercase()).collect();
        let has = |attribute: &str| attributes.iter().any(|found| found == attribute);
        let age = attributes.iter().find_map(|part| part.strip_prefix("max-age=")?.parse::<u32>().ok());
        let holds = cookie.starts_with(name)
            && ["httponly", "samesite=lax", "path=/chat"].into_iter().all(has)
            && has("secure") == is_secure
            && age.is_some_and(|age| (1..=43_200).contains(&age));
        // The value is a ticket: it is not repeated in a verdict.
        let shown = format!("{name}… {}", attributes.get(1..).unwrap_or_default().join("; "));
        expect(
            holds,
            "HttpOnly, SameSite=Lax, Path=/chat, Max-Age of 43200 at most, Secure over https",
            shown,
        )?;
    }
    expect(!reader.cookies.is_empty(), "a cookie", "none")
}

fn form(stage: &Stage) -> Played {
    let reader = Reader::enter(stage)?;
    let (form, id) = (reader.field("form")?, reader.field("id")?);
    let fields = [("form", form.as_str()), ("id", &id), ("text", "Una <b>volta</b>")];
    for _ in 0..2 {
        reader.send("/chat/messages", "same-origin", &fields)?.document("a form", &[303])?;
    }
    same("the messages:", reader.texts()?, vec!["Una <b>volta</b>".to_owned()])?;
    let mut reader = reader;
    let page = reader.open("/chat")?;
    expect(page.body.contains("Una &lt;b&gt;volta"), "text that is no markup", page.said())
}

fn foreign_form(stage: &Stage) -> Played {
    let reader = Reader::enter(stage)?;
    let (form, id) = (reader.field("form")?, reader.field("id")?);
    let refused =
        reader.send("/chat/messages", "cross-site", &[("form", &form), ("id", &id), ("text", "Di altri")])?;
    same("a form of another site:", refused.status, 403)?;
    let refused =
        reader.send("/chat/messages", "same-origin", &[("form", "x"), ("id", &id), ("text", "Di altri")])?;
    expect((400..500).contains(&refused.status), "another digest: refused", refused.said())?;
    same("the messages:", reader.texts()?, Vec::new())
}

fn sensitive(stage: &Stage) -> Played {
    let reader = Reader::enter(stage)?;
    let (form, id) = (reader.field("form")?, reader.field("id")?);
    let text = "IBAN IT60X0542811101000000123456";
    let send = |way: &str| {
        let fields = [("form", form.as_str()), ("id", &id), ("text", text), ("way", way)];
        reader.send("/chat/messages", "same-origin", if way.is_empty() { &fields[..3] } else { &fields })
    };
    let asked = send("")?;
    same("before a choice:", (asked.status, reader.texts()?), (422, Vec::new()))?;
    send("mask")?.document("the choice to cover it", &[303])?;
    let texts = reader.texts()?;
    let is_covered =
        texts.len() == 1 && texts.iter().all(|text| text.starts_with("IBAN ") && !text.contains("IT60X"));
    expect(is_covered, "one message, covered", texts.join(" | "))
}

fn rest(stage: &Stage) -> Played {
    let mut reader = Reader::enter(stage)?;
    reader.open("/chat/end")?;
    let form = reader.field("form")?;
    reader.send("/chat/end", "same-origin", &[("form", &form)])?.document("the end", &[303])?;
    let log = stage.link(&reader.opened)?.log.clone();
    expect(
        log.iter().any(|entry| entry["body"]["closed"]["by"] == "citizen"),
        "an entry `closed`",
        serde_json::json!(log),
    )?;
    for path in
        ["/chat/transcript?format=text", "/chat/transcript?format=html&lang=de", "/chat/history", "/chat"]
    {
        reader.open(path)?;
    }
    let form = reader.field("form")?;
    let left = reader.send("/chat/leave", "same-origin", &[("form", &form)])?;
    left.document("leaving", &[303])?;
    expect(
        left.header("set-cookie").contains("Max-Age=0"),
        "a cookie that is forgotten",
        left.header("set-cookie"),
    )
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in fields {
        let _ = write!(out, "{}{name}=", if out.is_empty() { "" } else { "&" });
        for byte in value.bytes() {
            // Writing to a string cannot fail.
            let _ = if byte.is_ascii_alphanumeric() {
                write!(out, "{}", char::from(byte))
            } else {
                write!(out, "%{byte:02X}")
            };
        }
    }
    out
}

const MOST_REDIRECTS: u32 = 4;
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
