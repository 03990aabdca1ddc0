// SPDX-License-Identifier: EUPL-1.2
//! The HTTP client of drivers, on a runtime that lives as long as the process.
//!
//! Every test has its own runtime, and a pooled connection ends with the runtime it was opened on: the next test of the same
//! browser would get no answer.

use std::{
    pin::Pin,
    sync::{Arc, LazyLock},
};

use axum::{
    body::Bytes,
    http::{Request, Response},
};
use thirtyfour::{
    error::{WebDriverError, WebDriverResult},
    session::http::{Body, HttpClient},
};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::Error;

/// An HTTP client on the runtime of the process.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    client: reqwest::Client,
    runtime: Handle,
}

impl Wire {
    pub(super) fn new(client: reqwest::Client) -> Result<Self, Error> {
        Ok(Self { client, runtime: runtime()? })
    }
}

/// The runtime of tasks that outlive a test.
pub(super) fn runtime() -> Result<Handle, Error> {
    static RUNTIME: LazyLock<std::io::Result<Runtime>> =
        LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build());
    let runtime = RUNTIME.as_ref();
    let runtime = runtime.map_err(|error| Error::new(format!("while starting a runtime: {error}")))?;
    Ok(runtime.handle().clone())
}

type Answering<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl HttpClient for Wire {
    fn send<'s: 'a, 'b: 'a, 'a>(
        &'s self,
        request: Request<Body<'b>>,
    ) -> Answering<'a, WebDriverResult<Response<Bytes>>> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let mut request = self.client.request(parts.method, parts.uri.to_string()).headers(parts.headers);
            if let Body::Json(json) = body {
                request = request.json(json);
            }
            let exchange = self.runtime.spawn(async move {
                let answer = request.send().await?;
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = answer.status();
                response.headers_mut().clone_from(answer.headers());
                *response.body_mut() = answer.bytes().await?;
                Ok::<_, reqwest::Error>(response)
            });
            let answered = exchange.await.map_err(|gone| WebDriverError::FatalError(gone.to_string()))?;
            answered.map_err(|error| WebDriverError::HttpError(error.to_string()))
        })
    }

    fn new<'s: 'a, 'a>(&'s self) -> Answering<'a, Arc<dyn HttpClient>> {
        Box::pin(async move { Arc::new(self.clone()) as Arc<dyn HttpClient> })
    }
}
