// SPDX-License-Identifier: EUPL-1.2
//! The settings of one stand-in server: two origins, the folder with its pages, and the client that may call it.

use std::{io, path::PathBuf};

use crate::caller_auth::Client;

/// The settings of a stand-in server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Origin of the edge, without a final slash: the audience of tokens and the only other origin pages may use.
    pub edge: String,
    /// Origin of the stand-in itself: the issuer of tokens.
    pub origin: String,
    /// The folder with the pages.
    pub portal_dir: PathBuf,
    /// The client that may call Linea INPS and the registry. Without one they answer 401 to every request.
    pub client: Option<Client>,
    /// Whether every call to them must carry `Agid-JWT-TrackingEvidence` (`AUDIT_REST_02`).
    pub audit: bool,
}

impl Settings {
    /// A portal whose Linea INPS knows no client.
    pub fn new(edge: impl Into<String>, origin: impl Into<String>, portal_dir: impl Into<PathBuf>) -> Self {
        Self {
            edge: edge.into(),
            origin: origin.into(),
            portal_dir: portal_dir.into(),
            client: None,
            audit: false,
        }
    }

    /// The same with a client that may call Linea INPS and the registry.
    #[must_use]
    pub fn with_client(self, client: Client) -> Self {
        Self { client: Some(client), ..self }
    }

    /// Refuses settings whose origins are not origins: they are written into policies and tokens as they are.
    pub(crate) fn check(&self) -> io::Result<()> {
        for origin in [&self.edge, &self.origin] {
            if !is_origin(origin) {
                let message =
                    format!("`{origin}` is not an origin; expected something like https://chat.example:8787");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
        }
        Ok(())
    }
}

fn is_origin(text: &str) -> bool {
    let Some(authority) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    !authority.is_empty()
        && authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_nothing_else() {
        for origin in ["http://127.0.0.1:8787", "https://chat.example", "http://[::1]:8787"] {
            assert!(is_origin(origin), "{origin}");
        }
        for other in
            ["", "chat.example", "https://", "https://chat.example/", "https://a b", "https://a;script-src *"]
        {
            assert!(!is_origin(other), "{other}");
        }
    }
}
