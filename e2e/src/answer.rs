// SPDX-License-Identifier: EUPL-1.2
//! Responses over HTTP, read to the end, so that a failed check can print them whole.

use infocig_protocol::http::Problem;
use reqwest::{RequestBuilder, header::HeaderMap};
use serde::de::DeserializeOwned;

use crate::{
    contract::Contract,
    error::{Error, While},
    wait::within_patience,
};

/// A response.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Answer {
    /// Sends a request and reads its answer, which must be one that the [`Contract`] describes.
    pub async fn to(request: RequestBuilder) -> Result<Self, Error> {
        let (client, request) = request.build_split();
        let request = request.while_doing("making a request")?;
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let answer = within_patience("an answer over HTTP", async {
            let response = client.execute(request).await.while_doing("sending a request")?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let body = response.text().await.while_doing("reading an answer")?;
            Ok::<_, Error>(Self { status, headers, body })
        })
        .await??;
        let content_type = answer.header("content-type");
        Contract::get()?.check(&method, &path, answer.status, content_type, &answer.body)?;
        Ok(answer)
    }

    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// The body of an answer with the expected status.
    pub fn document<D: DeserializeOwned>(&self, status: u16) -> Result<D, Error> {
        if self.status != status {
            let words = format!("expected {status}, received {}: {}", self.status, self.body);
            return Err(Error::new(words));
        }
        serde_json::from_str(&self.body).while_doing(format_args!("reading {}", self.body))
    }

    /// The body of an error answer, which must be a problem document (RFC 9457) that agrees with its own status.
    pub fn problem(&self) -> Result<Problem, Error> {
        let content_type = self.header("content-type");
        if content_type != "application/problem+json" {
            let words = format!("expected a problem, received {content_type}: {}", self.body);
            return Err(Error::new(words));
        }
        let problem: Problem = self.document(self.status)?;
        if problem.status == self.status {
            Ok(problem)
        } else {
            Err(Error::new(format!(
                "status {} has a problem document of another status: {}",
                self.status, self.body
            )))
        }
    }
}
