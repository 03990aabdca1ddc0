// SPDX-License-Identifier: EUPL-1.2
//! Starts and stops the stand-in server.

use std::{io, sync::Arc};

use tokio::net::TcpListener;

use crate::{http, portal::Portal, settings::Settings};

/// Serves the portal until the process ends.
pub async fn serve(listener: TcpListener, settings: Settings) -> io::Result<()> {
    serve_until(listener, settings, std::future::pending()).await
}

/// Serves the portal until `stop` resolves, then answers the requests that have arrived and returns.
pub async fn serve_until(
    listener: TcpListener,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let portal = Arc::new(Portal::new(settings)?);
    axum::serve(listener, http::router(portal)).with_graceful_shutdown(stop).await
}
