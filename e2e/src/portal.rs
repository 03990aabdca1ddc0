// SPDX-License-Identifier: EUPL-1.2
//! The stand-in INPS with its pages, in this process.
//!
//! Portal and edge need each other's origin, so that the portal binds its port before the edge starts and serves afterwards.

use std::net::Ipv4Addr;

use infocig_demo::{Client, KeyPair, Settings, edge_setting, serve};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    artefacts, edge,
    error::{Error, While},
};

/// A portal with a bound port that does not serve yet.
#[derive(Debug)]
pub struct Announced {
    listener: TcpListener,
    origin: String,
    edge_key: KeyPair,
}

/// A running portal. Dropping it ends it.
#[derive(Debug)]
pub struct Portal {
    origin: String,
    serving: JoinHandle<()>,
}

impl Announced {
    /// Binds a free port.
    pub async fn bind() -> Result<Self, Error> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.while_doing("starting the portal")?;
        let address = listener.local_addr().while_doing("starting the portal")?;
        let edge_key = KeyPair::generate().while_doing("making the edge's key")?;
        Ok(Self { listener, origin: format!("http://{address}"), edge_key })
    }

    /// Its member of the binding `ISSUERS`.
    pub fn setting(&self) -> Value {
        edge::issuer_at(&self.origin)
    }

    /// The binding `LINEA_INPS` of an edge that may call the Linea INPS and the registry at this portal.
    pub fn linea_inps(&self) -> Result<Value, Error> {
        Ok(edge_setting(&self.origin, CLIENT, &self.edge_key))
    }

    /// Serves the pages, which load INFO CIG from `edge`.
    pub fn serve(self, edge: &str) -> Result<Portal, Error> {
        self.serve_as(edge, false)
    }

    /// The same with a Linea INPS and a registry that may require evidence of the user (`AUDIT_REST_02`).
    pub fn serve_as(self, edge: &str, audit: bool) -> Result<Portal, Error> {
        let public_key = self.edge_key.public_pem().to_owned();
        let settings = Settings::new(edge, &self.origin, artefacts::portal_pages()?);
        let settings = settings.with_client(Client { id: CLIENT.into(), public_key, kid: None });
        let settings = Settings { audit, ..settings };
        let serving = tokio::spawn(async move {
            // The server runs until the test drops it.
            let _ = serve(self.listener, settings).await;
        });
        Ok(Portal { origin: self.origin, serving })
    }
}

impl Portal {
    /// The URL of one of its pages.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

/// The client id of the edge at Linea INPS.
const CLIENT: &str = "info-cig";

impl Drop for Portal {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
