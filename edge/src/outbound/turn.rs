// SPDX-License-Identifier: EUPL-1.2
//! The reader of Cloudflare's answer to the question for credentials of its relay.

use infocig_protocol::call::RelayServer;
use serde::Deserialize;

/// Most that is read of an answer, in bytes.
pub const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// The servers in an answer that can relay and that browsers use: no `stun:`, and none at port 53, which they refuse. `None` if
/// there is none.
pub fn read(text: &str) -> Option<Vec<RelayServer>> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(rename = "iceServers")]
        servers: OneOrMany<Server>,
    }
    #[derive(Deserialize)]
    struct Server {
        urls: OneOrMany<String>,
        username: Option<String>,
        credential: Option<String>,
    }
    let Answer { servers } = serde_json::from_str(text).ok()?;
    let relay = |Server { urls, username, credential }: Server| {
        let urls: Vec<String> = urls.into_vec().into_iter().filter(|url| is_usable(url)).collect();
        Some(RelayServer { urls, username: username?, credential: credential? })
            .filter(|server| !server.urls.is_empty())
    };
    let servers: Vec<RelayServer> = servers.into_vec().into_iter().filter_map(relay).collect();
    (!servers.is_empty()).then_some(servers)
}

fn is_usable(url: &str) -> bool {
    let address = url.split('?').next().unwrap_or_default();
    (address.starts_with("turn:") || address.starts_with("turns:")) && !address.ends_with(":53")
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_relays_is_taken_and_what_browsers_refuse_is_not() {
        let text = r#"{ "iceServers": [
            { "urls": ["stun:stun.cloudflare.com:3478", "stun:stun.cloudflare.com:53"] },
            { "urls": ["turn:turn.cloudflare.com:3478?transport=udp", "turn:turn.cloudflare.com:53?transport=udp",
                       "turns:turn.cloudflare.com:443?transport=tcp"],
              "username": "u", "credential": "c" } ] }"#;
        let servers = read(text).unwrap();
        assert_eq!(servers.len(), 1);
        let urls =
            ["turn:turn.cloudflare.com:3478?transport=udp", "turns:turn.cloudflare.com:443?transport=tcp"];
        assert_eq!(servers[0].urls, urls);
        let one = r#"{ "iceServers": { "urls": "turn:a:3478", "username": "u", "credential": "c" } }"#;
        assert_eq!(read(one).unwrap()[0].urls, ["turn:a:3478"]);
    }

    #[test]
    fn an_answer_without_a_relay_is_none() {
        for text in [
            "",
            "{}",
            r#"{ "iceServers": [] }"#,
            r#"{ "iceServers": { "urls": "stun:a:3478" } }"#,
            r#"{ "iceServers": { "urls": "turn:a:53", "username": "u", "credential": "c" } }"#,
            r#"{ "iceServers": { "urls": "turn:a:3478" } }"#,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
