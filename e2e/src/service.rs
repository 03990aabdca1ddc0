// SPDX-License-Identifier: EUPL-1.2
//! The service with its pages: an edge that serves the site, and a portal that uses it. Browser tests start with it.

use crate::{
    artefacts,
    edge::{A_WORKING_AFTERNOON, Edge, EdgeOptions, policy_without_limits},
    error::Error,
    nginx::{self, Configuration, Nginx},
    portal::{Announced, Portal},
    proxy::Proxy,
};

/// On a working afternoon.
pub async fn service() -> Result<(Edge, Portal), Error> {
    service_at(A_WORKING_AFTERNOON).await
}

/// At an instant.
pub async fn service_at(instant: &str) -> Result<(Edge, Portal), Error> {
    service_with(|options| EdgeOptions { clock: Some(instant.into()), ..options }).await
}

/// On a working afternoon, with options changed by `change`.
pub async fn service_with(change: impl FnOnce(EdgeOptions) -> EdgeOptions) -> Result<(Edge, Portal), Error> {
    let announced = Announced::bind().await?;
    let options =
        EdgeOptions { site: Some(artefacts::site()?), ..EdgeOptions::trusting(announced.setting()) };
    let edge = Edge::start(change(options)).await?;
    let portal = announced.serve(&edge.url())?;
    Ok((edge, portal))
}

/// The same behind a proxy for all connections.
pub async fn service_behind_a_proxy(
    change: impl FnOnce(EdgeOptions) -> EdgeOptions,
) -> Result<(Edge, Proxy, Portal), Error> {
    let proxy = Proxy::announce().await?;
    let announced = Announced::bind().await?;
    let mut options =
        EdgeOptions { site: Some(artefacts::site()?), ..EdgeOptions::trusting(announced.setting()) };
    options.bindings.push(("PUBLIC_ORIGIN", Some(proxy.url())));
    let edge = Edge::start(change(options)).await?;
    proxy.lead_to(edge.port());
    let portal = announced.serve(&proxy.url())?;
    Ok((edge, proxy, portal))
}

/// The same behind nginx.
pub async fn service_behind_nginx(configuration: Configuration) -> Result<(Edge, Nginx, Portal), Error> {
    let front = nginx::Announced::pick(configuration)?;
    let announced = Announced::bind().await?;
    let mut options =
        EdgeOptions { site: Some(artefacts::site()?), ..EdgeOptions::trusting(announced.setting()) };
    options.bindings.push(("PUBLIC_ORIGIN", Some(front.origin())));
    let edge = Edge::start(options).await?;
    let nginx = front.start(&edge).await?;
    let portal = announced.serve(&front.origin())?;
    Ok((edge, nginx, portal))
}

/// The same without rate limits.
pub async fn patient_service_behind_a_proxy() -> Result<(Edge, Proxy, Portal), Error> {
    let policy = policy_without_limits()?;
    service_behind_a_proxy(|options| options.with_policy(policy)).await
}
