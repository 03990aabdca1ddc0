// SPDX-License-Identifier: EUPL-1.2
//! The Content Security Policies of the portal's pages.

/// The policy of every page that has none of its own. `edge` is an origin that begins with `http:` or `https:`.
pub(crate) fn usual(edge: &str) -> String {
    let socket = socket_origin(edge);
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {edge}; connect-src 'self' {edge} {socket}; \
         style-src 'self' {edge}; font-src 'self' {edge}; img-src 'self' data:; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'self'"
    )
}

/// The usual policy for a page whose form is sent to the edge.
pub(crate) fn with_forms_to_the_edge(edge: &str) -> String {
    usual(edge).replace("form-action 'self'", &format!("form-action 'self' {edge}"))
}

/// The usual policy for a page that is shown in a frame of the portal.
pub(crate) fn in_a_frame(edge: &str) -> String {
    usual(edge).replace("frame-ancestors 'none'", "frame-ancestors 'self'")
}

/// The least that INFO CIG needs of a page, with a report for every violation. `wasm` says whether WebAssembly is allowed.
pub(crate) fn strict(edge: &str, wasm: bool) -> String {
    let socket = socket_origin(edge);
    let wasm = if wasm { " 'wasm-unsafe-eval'" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' {edge}{wasm}; style-src 'self'; connect-src 'self' {edge} {socket}; \
         font-src 'self' {edge}; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self' {edge}; \
         require-trusted-types-for 'script'; trusted-types 'none'; report-uri /embed/reports"
    )
}

/// `ws:` for `http:`, `wss:` for `https:`.
fn socket_origin(edge: &str) -> String {
    edge.replacen("http", "ws", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_allowed_to_the_edge_only() {
        let policy = usual("https://chat.example");

        assert!(policy.contains("connect-src 'self' https://chat.example wss://chat.example;"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains('*'), "{policy}");
    }
}
