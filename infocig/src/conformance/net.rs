// SPDX-License-Identifier: EUPL-1.2
//! Bytes to and from the service: requests with any header, and the upgrade to a WebSocket by hand, so that an answer no client
//! may accept is seen instead of being an error.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Request};

use super::clause::{Played, Verdict, broken, expect};
use crate::{Error, random};

/// The service under test.
pub(super) struct Service {
    /// Its origin.
    pub(super) origin: String,
    host: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
    http: Agent,
}

/// An answer to a request.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: String,
}

impl Service {
    /// The service of an origin, `http(s)://host[:port]`.
    pub(super) fn at(origin: &str) -> Result<Self, Error> {
        let wrong = || Error::Usage(format!("--edge {origin} must be http(s)://host or http(s)://host:port"));
        let origin = infocig_edge::http::origin::normal(origin).map_err(|_| wrong())?;
        let (scheme, authority) = origin.split_once("://").ok_or_else(wrong)?;
        let is_secure = scheme == "https";
        let end = authority.rfind(']').map_or(0, |end| end + 1);
        let (host, port) = match authority.get(end..).and_then(|rest| rest.rsplit_once(':')) {
            Some((_, port)) => {
                let host = authority.strip_suffix(port).and_then(|host| host.strip_suffix(':'));
                (host.ok_or_else(wrong)?, port.parse().map_err(|_| wrong())?)
            }
            None => (authority, if is_secure { 443 } else { 80 }),
        };
        let http = Agent::config_builder()
            .timeout_global(Some(ANSWERS_WITHIN))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            // A connection that the service ends is then never taken for one that is open.
            .max_idle_connections(0)
            .build();
        let tls = is_secure.then(tls).transpose()?;
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { host, port, tls, http: http.into(), origin })
    }

    /// The answer to a request.
    pub(super) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Answer, Verdict> {
        let failed = |error: &dyn std::fmt::Display| broken(format!("an answer to {method} {path}"), error);
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.origin));
        for (name, value) in headers {
            let name: HeaderName = name.parse().map_err(|error| failed(&error))?;
            request = request.header(name, HeaderValue::from_str(value).map_err(|error| failed(&error))?);
        }
        let sent = match body {
            Some(body) => {
                let request = request.body(body.to_owned()).map_err(|error| failed(&error))?;
                // An answer that refuses a body may come before it was sent, and the connection end before it is read.
                let again = || self.http.run(request.clone());
                again().or_else(|_| again()).or_else(|_| again())
            }
            None => self.http.run(request.body(()).map_err(|error| failed(&error))?),
        };
        let mut answer = sent.map_err(|error| failed(&error))?;
        let text = answer.body_mut().with_config().limit(LARGEST_ANSWER).read_to_string();
        Ok(Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: text.map_err(|error| failed(&error))?,
        })
    }

    /// Asks for a WebSocket: the stream and the subprotocol that was accepted, or the answer that refuses it.
    pub(super) fn upgrade(
        &self,
        path: &str,
        origin: &str,
        offered: &str,
    ) -> Result<Result<Upgraded, Answer>, Verdict> {
        let failed = |error: io::Error| broken(format!("an answer to the upgrade of {path}"), error);
        let key = STANDARD.encode(random::bytes::<16>().map_err(|error| broken("a key", error))?);
        let authority = self.origin.split_once("://").map_or("", |(_, authority)| authority);
        let mut head = format!(
            "GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: {origin}\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        );
        if !offered.is_empty() {
            head = format!("{head}Sec-WebSocket-Protocol: {offered}\r\n");
        }
        let mut stream = self.connect().map_err(failed)?;
        stream.write_all(format!("{head}\r\n").as_bytes()).and_then(|()| stream.flush()).map_err(failed)?;
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = find(&bytes, b"\r\n\r\n") {
                break end;
            }
            more(&mut stream, &mut bytes).map_err(failed)?;
        };
        let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned();
        let rest = bytes.split_off(end + 4);
        let (status, headers) = read_head(&head).ok_or_else(|| broken("an HTTP answer", &head))?;
        let header =
            |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        if status == 101 {
            let accepted = header("sec-websocket-protocol");
            return Ok(Ok(Upgraded { stream, rest, accepted }));
        }
        let body = read_body(&mut stream, rest, &header).map_err(failed)?;
        Ok(Err(Answer { status, headers, body }))
    }

    fn connect(&self) -> io::Result<Stream> {
        let tcp = TcpStream::connect((self.host.as_str(), self.port))?;
        tcp.set_nodelay(true)?;
        tcp.set_read_timeout(Some(ANSWERS_WITHIN))?;
        tcp.set_write_timeout(Some(ANSWERS_WITHIN))?;
        let Some(tls) = &self.tls else { return Ok(Stream::Plain(tcp)) };
        let name = ServerName::try_from(self.host.clone()).map_err(io::Error::other)?;
        let session = ClientConnection::new(tls.clone(), name).map_err(io::Error::other)?;
        Ok(Stream::Tls(Box::new(StreamOwned::new(session, tcp))))
    }
}

impl Answer {
    /// A header, or an empty text.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body, if it is JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The answer, which must have one of these statuses, as JSON.
    pub(super) fn document(&self, what: &str, statuses: &[u16]) -> Result<Value, Verdict> {
        expect(statuses.contains(&self.status), format_args!("{what}: {statuses:?}"), self.said())?;
        Ok(self.json())
    }

    /// Whether it is the problem document (RFC 9457) of a code.
    pub(super) fn problem(&self, what: &str, status: u16, code: &str) -> Played {
        let document = self.json();
        let is_whole = document["code"] == code
            && document["status"] == status
            && document["type"].as_str().is_some_and(|kind| kind.ends_with(&format!("/problems/{code}")))
            && document["title"].as_str().is_some_and(|title| !title.is_empty())
            && document["detail"].is_string();
        let holds =
            self.status == status && self.header("content-type").starts_with("application/problem+json");
        expect(holds && is_whole, format_args!("{what}: {status}, problem document {code}"), self.said())
    }

    /// The status and the body, for a verdict.
    pub(super) fn said(&self) -> String {
        format!("{} {}", self.status, self.body)
    }
}

/// A connection that speaks WebSocket.
pub(super) struct Upgraded {
    pub(super) stream: Stream,
    /// What came with the answer.
    pub(super) rest: Vec<u8>,
    /// The subprotocol that was accepted.
    pub(super) accepted: Option<String>,
}

/// A connection.
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Stream {
    /// The longest wait of a read.
    pub(super) fn wait(&self, at_most: Duration) -> io::Result<()> {
        let tcp = match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_ref(),
        };
        // A wait of no time would be one without an end.
        tcp.set_read_timeout(Some(at_most.max(Duration::from_millis(1))))
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.read(buffer),
            Self::Tls(tls) => tls.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.write(bytes),
            Self::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.flush(),
            Self::Tls(tls) => tls.flush(),
        }
    }
}

fn tls() -> Result<Arc<ClientConfig>, Error> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(format!("TLS: {error}")))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

fn read_head(head: &str) -> Option<(u16, HeaderMap)> {
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        headers.append(name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value.trim()).ok()?);
    }
    Some((status, headers))
}

/// The body of an answer, with its length or in pieces (RFC 9112, 6.3 and 7.1).
fn read_body(
    stream: &mut Stream,
    mut bytes: Vec<u8>,
    header: &impl Fn(&str) -> Option<String>,
) -> io::Result<String> {
    if header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        let mut body = Vec::new();
        loop {
            let Some(end) = find(&bytes, b"\r\n") else {
                more(stream, &mut bytes)?;
                continue;
            };
            let size = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned();
            let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
            while bytes.len() < end + 2 + size + 2 {
                more(stream, &mut bytes)?;
            }
            body.extend_from_slice(bytes.get(end + 2..end + 2 + size).unwrap_or_default());
            bytes.drain(..end + 2 + size + 2);
            if size == 0 {
                return Ok(String::from_utf8_lossy(&body).into_owned());
            }
        }
    }
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while bytes.len() < length {
        more(stream, &mut bytes)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn more(stream: &mut Stream, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut piece = [0; 4_096];
    match stream.read(&mut piece)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        read => {
            bytes.extend_from_slice(piece.get(..read).unwrap_or_default());
            Ok(())
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
const LARGEST_ANSWER: u64 = 16 * 1024 * 1024;
