// SPDX-License-Identifier: EUPL-1.2
//! The attributes of the element.
//!
//! | attribute | meaning |
//! |---|---|
//! | `edge` | origin of the service, for example `https://chat.example` (required) |
//! | `token-url` | where on the page's own origin an advisor's token is requested (required, unless the page provides tokens itself) |
//! | `signed-out-url` | where the page goes when a sign-in has ended; without it the lists stay on screen until somebody signs in again (read by the loader) |

/// The attributes, read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The origin of the service, without a trailing slash.
    pub edge: String,
}

impl Config {
    /// Reads the attributes with `attribute`; `provided` says whether the page provides tokens itself.
    ///
    /// # Errors
    /// A sentence with the name of the missing attribute.
    pub fn read(attribute: impl Fn(&str) -> Option<String>, provided: bool) -> Result<Self, String> {
        let required = |name: &str| {
            attribute(name)
                .filter(|value| !value.trim().is_empty())
                .ok_or_else(|| format!("<info-cig-console> needs the attribute {name}"))
        };
        if !provided {
            required("token-url")?;
        }
        Ok(Self { edge: required("edge")?.trim_end_matches('/').into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_after_the_origin_makes_no_difference() {
        let attribute = |name: &str| match name {
            "edge" => Some("https://chat.example/".into()),
            _ => Some("/token".into()),
        };
        let config = Config::read(attribute, false);
        let edge = config.map(|config| config.edge);

        assert_eq!(edge, Ok("https://chat.example".into()));
    }

    #[test]
    fn a_missing_setting_is_named() {
        let read = |provided| Config::read(|name| (name == "edge").then(|| "https://a".into()), provided);

        assert_eq!(read(false), Err("<info-cig-console> needs the attribute token-url".into()));
        assert_eq!(read(true).map(|config| config.edge), Ok("https://a".into()));
    }
}
