// SPDX-License-Identifier: EUPL-1.2
//! Origins as browsers write them (RFC 6454, 6.1), and the headers that a page of another origin may send.

/// An origin as browsers write it, or a sentence with the form to write instead.
pub fn normal(text: &str) -> Result<String, String> {
    let (scheme, rest) = text.split_once("://").ok_or_else(|| must_be(text))?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match &*scheme {
        "https" => "443",
        "http" => "80",
        _ => return Err(must_be(text)),
    };
    if !rest.is_ascii() {
        return Err(format!(
            "\"{text}\" must be written with its host in ASCII (xn--…), as browsers send it"
        ));
    }
    let rest = rest.to_ascii_lowercase();
    let end_of_host = if rest.starts_with('[') { rest.find(']').map(|end| end + 1) } else { rest.find(':') };
    let (host, port) = rest.split_at(end_of_host.unwrap_or(rest.len()));
    let host_is_well_formed = match host.strip_prefix('[').map(|inner| inner.strip_suffix(']')) {
        Some(inner) => inner.is_some_and(|inner| {
            inner.contains(':') && inner.bytes().all(|c| c.is_ascii_hexdigit() || b":.".contains(&c))
        }),
        None => {
            host.starts_with(|first: char| first.is_ascii_alphanumeric())
                && host.bytes().all(|c| c.is_ascii_alphanumeric() || b".-_".contains(&c))
                && !host.ends_with(['.', '-'])
        }
    };
    let port_is_well_formed = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| {
            digits.bytes().all(|c| c.is_ascii_digit())
                && !digits.starts_with('0')
                && digits.parse::<u16>().is_ok()
        });
    if !host_is_well_formed || !port_is_well_formed {
        return Err(must_be(text));
    }
    let port = if port.strip_prefix(':') == Some(default_port) { "" } else { port };
    Ok(format!("{scheme}://{host}{port}"))
}

fn must_be(text: &str) -> String {
    format!(
        "\"{text}\" must be http(s)://host or http(s)://host:port, without a path, and each host by itself"
    )
}

/// The request headers that pages of allowed origins may send: those the service reads, and all others that the page's browser
/// asks for. Agents that watch a page add headers of theirs (`traceparent`, `baggage`) to every request; one that is not
/// allowed would keep the request itself from leaving. A header that is not read does no harm.
pub fn allowed_headers(asked: Option<&str>) -> String {
    let is_name = |name: &&str| {
        (1..=64).contains(&name.len())
            && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c))
    };
    let mut names = vec!["authorization".to_string(), "content-type".to_string()];
    for name in asked.unwrap_or_default().split(',').map(str::trim).filter(is_name).take(MOST_HEADERS) {
        let name = name.to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

const MOST_HEADERS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        for (text, expected) in [
            ("https://portale.example", "https://portale.example"),
            ("HTTPS://Portale.Example", "https://portale.example"),
            ("https://portale.example:443", "https://portale.example"),
            ("http://portale.example:80", "http://portale.example"),
            ("https://portale.example:8443", "https://portale.example:8443"),
            ("http://127.0.0.1:8788", "http://127.0.0.1:8788"),
            ("http://[::1]:8788", "http://[::1]:8788"),
        ] {
            assert_eq!(normal(text).as_deref(), Ok(expected), "{text}");
        }
    }

    /// Found by `cargo xtask fuzz`.
    #[test]
    fn a_host_has_one_port() {
        for bad in [
            "https://[::1]:443:443",
            "https://a:443:443",
            "https://a:0443",
            "https://a:65536",
            "https://[::1]a",
            "https://[]",
            "https://[::1",
            "https://a]",
        ] {
            assert!(normal(bad).is_err(), "{bad}");
        }
        assert_eq!(normal("https://[::1]:443").as_deref(), Ok("https://[::1]"));
    }

    #[test]
    fn a_malformed_origin_is_refused_with_advice() {
        for bad in [
            "",
            "*",
            "portale.example",
            "https://",
            "https://*",
            "https://*.example",
            "https://a/",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "https://a b",
            "ftp://a",
            "null",
            "https://a:",
            "https://.a",
        ] {
            assert!(normal(bad).unwrap_err().contains("must be http(s)://host"), "{bad}");
        }
        assert!(normal("https://città.example").unwrap_err().contains("xn--"));
    }

    #[test]
    fn headers_of_agents_that_watch_a_page_are_allowed() {
        assert_eq!(allowed_headers(None), "authorization, content-type");
        let asked = "authorization,baggage, Sentry-Trace,traceparent,content-type";
        let allowed = "authorization, content-type, baggage, sentry-trace, traceparent";
        assert_eq!(allowed_headers(Some(asked)), allowed);
    }

    #[test]
    fn an_invalid_header_name_is_not_repeated() {
        for asked in ["a b", "x\r\ny", "*", "é", "a;b", &"a".repeat(65), ",,,"] {
            assert_eq!(allowed_headers(Some(asked)), "authorization, content-type", "{asked:?}");
        }
        let many: Vec<String> = (0..100).map(|number| format!("x-{number}")).collect();
        assert_eq!(allowed_headers(Some(&many.join(","))).split(',').count(), 2 + MOST_HEADERS);
    }
}
