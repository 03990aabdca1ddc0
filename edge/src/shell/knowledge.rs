// SPDX-License-Identifier: EUPL-1.2
//! The library of the automatic assistant: read from the site's files at the first question, and kept in memory after it.

use std::{cell::RefCell, rc::Rc};

use ::worker::Env;
use infocig_domain::assistant::{
    document::{Document, FORM},
    library::Library,
};

use super::rpc;
use crate::problem::Fault;

thread_local! {
    /// The library of this instance of the Worker. A new version of the site starts a new instance.
    static LIBRARY: RefCell<Option<Rc<Library>>> = const { RefCell::new(None) };
}

/// The library.
pub(crate) async fn library(env: &Env) -> Result<Rc<Library>, Fault> {
    if let Some(library) = LIBRARY.with_borrow(Clone::clone) {
        return Ok(library);
    }
    let mut file = rpc::site(env)?.fetch(format!("https://site{FILE}"), None).await?;
    if file.status_code() != 200 {
        return Err(Fault::Platform(format!("{FILE}: {}", file.status_code())));
    }
    let document: Document = serde_json::from_slice(&file.bytes().await?)
        .map_err(|error| Fault::Corrupt(format!("{FILE}: {error}")))?;
    if document.form != FORM {
        return Err(Fault::Corrupt(format!("{FILE} has the form {}, and not {FORM}", document.form)));
    }
    let library = Rc::new(Library::new(document));
    LIBRARY.set(Some(Rc::clone(&library)));
    Ok(library)
}

/// Its file among those of the site.
const FILE: &str = "/knowledge.json";
