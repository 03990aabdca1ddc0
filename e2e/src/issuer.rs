// SPDX-License-Identifier: EUPL-1.2
//! A token issuer that only publishes its key. The test holds the key and signs any claims.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, http::header::CONTENT_TYPE, routing::get};
use infocig_demo::{KeyPair, Signer};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    edge,
    error::{Error, While},
    tokens::Claims,
};

/// A running issuer. Dropping it ends it.
pub struct Issuer {
    signer: Signer,
    origin: String,
    asked: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Issuer {
    /// Starts an issuer with a key of its own.
    pub async fn start() -> Result<Self, Error> {
        Self::start_with_padding(0).await
    }

    /// The same with a key set that has so many bytes of blanks before it.
    pub async fn start_with_padding(padding: usize) -> Result<Self, Error> {
        Self::publish(Signer::generate().while_doing("making a key")?, padding).await
    }

    /// The same with this key, which another program signs with too.
    pub async fn start_with_key(pair: &KeyPair) -> Result<Self, Error> {
        Self::publish(pair.signer().while_doing("reading a key")?, 0).await
    }

    async fn publish(signer: Signer, padding: usize) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.while_doing("starting an issuer")?;
        let address = listener.local_addr().while_doing("starting an issuer")?;
        let keys = [" ".repeat(padding), signer.jwks().to_string()].concat();
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = asked.clone();
        let router = Router::new().route(
            "/.well-known/jwks.json",
            get(async move || {
                counter.fetch_add(1, Ordering::Relaxed);
                ([(CONTENT_TYPE, "application/json")], keys.clone())
            }),
        );
        let serving = tokio::spawn(async move {
            // The server runs until the test drops it.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { signer, origin: format!("http://{address}"), asked, serving })
    }

    /// Its `iss`, which is also the origin of its pages.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Its member of the binding `ISSUERS`.
    pub fn setting(&self) -> Value {
        edge::issuer_at(&self.origin)
    }

    /// How often its key set was requested.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// The key.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Signs claims as a token of the given `typ`.
    pub fn sign(&self, typ: &str, claims: &Claims) -> Result<String, Error> {
        self.signer.sign(typ, claims.as_value()).while_doing("signing a token")
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
