// SPDX-License-Identifier: EUPL-1.2
//! A client of the plain pages: a cookie, the current page, and its forms.
//!
//! It acts like a browser, and exposes the steps in between to tests: it follows redirects itself, with the cookie, and sends the
//! headers by which browsers name the origin of a request.

use std::fmt::Write as _;

use reqwest::{Client, RequestBuilder, header, redirect::Policy};

use crate::{
    answer::Answer,
    edge::Edge,
    error::{Error, While},
};

/// A reader of plain pages.
#[derive(Clone, Debug)]
pub struct Reader {
    http: Client,
    edge: String,
    /// The cookie of the edge, `name=value`.
    pub cookie: Option<String>,
    /// Whether the browser keeps cookies.
    pub keeps_cookies: bool,
    /// The value of `Origin` in its forms.
    pub origin: String,
    /// The HTML of the current page.
    pub page: Option<Answer>,
}

impl Reader {
    /// A client without a cookie. Its forms send `Origin: null`, as pages without referrers do.
    pub fn new(edge: &Edge) -> Result<Self, Error> {
        let http = Client::builder().no_proxy().redirect(Policy::none()).build();
        Ok(Self {
            http: http.while_doing("making an HTTP client")?,
            edge: edge.url(),
            cookie: None,
            keeps_cookies: true,
            origin: "null".into(),
            page: None,
        })
    }

    /// Sends the portal's form.
    pub async fn enter(&mut self, portal: &str, token: &str, language: &str) -> Result<&Answer, Error> {
        let request = self.http.post(format!("{}/chat", self.edge)).header(header::ORIGIN, portal);
        self.follow(with_fields(request, &[("token", token), ("lang", language)])).await
    }

    /// Opens an address.
    pub async fn open(&mut self, path: &str) -> Result<&Answer, Error> {
        let request = self.http.get(format!("{}{path}", self.edge));
        self.follow(request).await
    }

    /// Sends a text by the form of the page.
    pub async fn write(&mut self, text: &str) -> Result<&Answer, Error> {
        let (form, id) = (self.field("form")?, self.field("id")?);
        self.send("/chat/messages", &[("form", &form), ("id", &id), ("text", text)]).await
    }

    /// Presses a button of the prompt about sensitive data.
    pub async fn decide(&mut self, text: &str, way: &str) -> Result<&Answer, Error> {
        let (form, id) = (self.field("form")?, self.field("id")?);
        let fields = [("form", &*form), ("id", &id), ("text", text), ("way", way)];
        self.send("/chat/messages", &fields).await
    }

    /// Sends a form with these fields.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<&Answer, Error> {
        let request = self.http.post(format!("{}{path}", self.edge)).header(header::ORIGIN, &self.origin);
        self.follow(with_fields(request, fields)).await
    }

    /// The value of a hidden field of the page in front.
    pub fn field(&self, name: &str) -> Result<String, Error> {
        let mark = format!("name=\"{name}\" value=\"");
        let value = self.body().split_once(&mark).and_then(|(_, rest)| rest.split_once('"'));
        let value = value.map(|(value, _)| value.to_owned());
        value.ok_or_else(|| Error::new(format!("the page has no field {name}:\n{}", self.body())))
    }

    /// The page in front.
    pub fn body(&self) -> &str {
        self.page.as_ref().map_or("", |page| &page.body)
    }

    /// Checks that the current page includes these texts, in this order.
    pub fn says(&self, words: &[&str]) -> Result<(), Error> {
        let mut rest = self.body();
        for word in words {
            let Some((_, after)) = rest.split_once(word) else {
                return Err(Error::new(format!(
                    "the page does not include {word:?} at this place:\n{}",
                    self.body()
                )));
            };
            rest = after;
        }
        Ok(())
    }

    async fn follow(&mut self, request: RequestBuilder) -> Result<&Answer, Error> {
        let mut request = request;
        loop {
            let cookie = self.cookie.clone();
            let answer = Answer::to(match cookie {
                Some(cookie) => request.header(header::COOKIE, cookie),
                None => request,
            })
            .await?;
            let kept = answer.header("set-cookie").to_owned();
            if let Some((pair, attributes)) = kept.split_once(';').filter(|_| self.keeps_cookies) {
                self.cookie = (!attributes.contains("Max-Age=0")).then(|| pair.to_owned());
            }
            if answer.status != 303 {
                return Ok(self.page.insert(answer));
            }
            let (path, _) =
                answer.header("location").split_once('#').unwrap_or((answer.header("location"), ""));
            request = self.http.get(format!("{}{path}", self.edge));
        }
    }
}

/// The request with fields encoded as a form does, line ends included.
fn with_fields(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encoded(&value.replace('\n', "\r\n"))))
        .collect();
    request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(fields.join("&"))
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = if byte.is_ascii_alphanumeric() {
            write!(out, "{}", char::from(byte))
        } else {
            write!(out, "%{byte:02X}")
        };
        out
    })
}
