// SPDX-License-Identifier: EUPL-1.2
//! The OpenAPI documents of the service, and whether an answer is one that they describe.
//!
//! Every answer that a test reads through [`Answer`](crate::answer::Answer) is checked: its status, its media type and its body
//! against the operation of its method and path. Addresses of no document are left alone.

use std::{collections::BTreeMap, sync::LazyLock};

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use reqwest::Method;
use serde_json::Value;

use crate::error::{Error, While};

/// The operations of the documents.
pub struct Contract {
    operations: Vec<Operation>,
    schemas: Schemas,
}

/// One method of one path.
struct Operation {
    /// As in `GET /healthz`.
    name: String,
    method: String,
    /// Segments of the path; one in braces stands for any.
    path: Vec<String>,
    /// By status, or `default`.
    responses: BTreeMap<String, Vec<Content>>,
}

/// A media type of a response, and the schema of its body where it is JSON.
struct Content {
    media_type: String,
    schema: Option<SchemaIndex>,
}

impl Contract {
    /// The documents of this repository, read once.
    pub fn get() -> Result<&'static Self, Error> {
        static CONTRACT: LazyLock<Result<Contract, String>> =
            LazyLock::new(|| Contract::read().map_err(|error| error.to_string()));
        CONTRACT.as_ref().map_err(|error| Error::new(error.clone()))
    }

    fn read() -> Result<Self, Error> {
        let mut contract = Self { operations: Vec::new(), schemas: Schemas::new() };
        for (name, text) in DOCUMENTS {
            let document: Value = serde_saphyr::from_str(text).while_doing(format_args!("reading {name}"))?;
            contract.add(&format!("https://contract.example/{name}"), &document)?;
        }
        Ok(contract)
    }

    fn add(&mut self, address: &str, document: &Value) -> Result<(), Error> {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.add_resource(address, document.clone()).map_err(|error| Error::new(error.to_string()))?;
        for (path, methods) in members(&document["paths"]) {
            for (method, operation) in members(methods) {
                let mut responses = BTreeMap::new();
                for (status, response) in members(&operation["responses"]) {
                    let here = format!("/paths/{}/{method}/responses/{status}", escaped(path));
                    let (pointer, response) = resolved(document, here, response);
                    let mut contents = Vec::new();
                    for (media_type, content) in members(&response["content"]) {
                        let is_json = media_type.ends_with("json") && !content["schema"].is_null();
                        let at = format!("{address}#{pointer}/content/{}/schema", escaped(media_type));
                        let compiled = is_json
                            .then(|| compiler.compile(&at, &mut self.schemas).map_err(Box::new))
                            .transpose();
                        let schema = compiled.map_err(|error| Error::new(format!("{at}: {error}")))?;
                        contents.push(Content { media_type: media_type.clone(), schema });
                    }
                    responses.insert(status.clone(), contents);
                }
                self.operations.push(Operation {
                    name: format!("{} {path}", method.to_uppercase()),
                    method: method.to_uppercase(),
                    path: path.split('/').map(str::to_owned).collect(),
                    responses,
                });
            }
        }
        Ok(())
    }

    /// The names of all operations, as in `GET /healthz`.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.operations.iter().map(|operation| operation.name.as_str())
    }

    /// Checks an answer. Returns the name of its operation; `None` for an address of no document.
    pub fn check(
        &self,
        method: &Method,
        path: &str,
        status: u16,
        content_type: &str,
        body: &str,
    ) -> Result<Option<&str>, Error> {
        let Some(operation) = self.operations.iter().find(|operation| operation.is_at(method, path)) else {
            return Ok(None);
        };
        let wrong = |words: String| Err(Error::new(format!("{}: {words}", operation.name)));
        let contents = operation.responses.get(&status.to_string());
        let contents = contents.or_else(|| operation.responses.get("default").filter(|_| status >= 400));
        let Some(contents) = contents else {
            return wrong(format!("{status} is not in the contract: {body}"));
        };
        if contents.is_empty() {
            let is_bare = body.is_empty();
            return if is_bare {
                Ok(Some(&operation.name))
            } else {
                wrong(format!("{status} has a body: {body}"))
            };
        }
        let Some(content) = contents.iter().find(|content| content.media_type == content_type) else {
            return wrong(format!("{status} as {content_type} is not in the contract: {body}"));
        };
        if let Some(schema) = content.schema {
            let document: Value = serde_json::from_str(body).while_doing(format_args!("reading {body}"))?;
            if let Err(error) = self.schemas.validate(&document, schema) {
                return wrong(format!("{error}: {body}"));
            }
        }
        Ok(Some(&operation.name))
    }
}

impl Operation {
    fn is_at(&self, method: &Method, path: &str) -> bool {
        let mut segments = path.split('/');
        self.method == method.as_str()
            && self.path.iter().all(|expected| {
                segments.next().is_some_and(|segment| expected.starts_with('{') || expected == segment)
            })
            && segments.next().is_none()
    }
}

/// The members of an object.
fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

/// A value and its pointer, or the value that its `$ref` points to and that pointer.
fn resolved<'v>(document: &'v Value, pointer: String, value: &'v Value) -> (String, &'v Value) {
    let reference = value["$ref"].as_str().and_then(|text| text.strip_prefix('#'));
    match reference.and_then(|to| Some((to, document.pointer(to)?))) {
        Some((to, value)) => (to.to_owned(), value),
        None => (pointer, value),
    }
}

/// A token of a JSON pointer in the fragment of an address (RFC 6901).
fn escaped(token: &str) -> String {
    let token = token.replace('~', "~0").replace('/', "~1");
    ["%", " ", "{", "}", ";", "="].iter().fold(token, |token, one| {
        let byte = one.bytes().next().unwrap_or_default();
        token.replace(one, &format!("%{byte:02X}"))
    })
}

const DOCUMENTS: [(&str, &str); 5] = [
    ("service.openapi.yaml", include_str!("../../docs/service.openapi.yaml")),
    ("supervision.openapi.yaml", include_str!("../../docs/supervision.openapi.yaml")),
    ("policy.openapi.yaml", include_str!("../../docs/policy.openapi.yaml")),
    ("data-protection.openapi.yaml", include_str!("../../docs/data-protection.openapi.yaml")),
    ("staff.openapi.yaml", include_str!("../../docs/staff.openapi.yaml")),
];
