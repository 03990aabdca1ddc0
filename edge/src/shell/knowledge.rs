// SPDX-License-Identifier: EUPL-1.2
//! The library of the automatic assistant: read from the site's files at the first question, with the entries of the policy, and
//! kept in memory until the policy has others.

use std::{cell::RefCell, rc::Rc};

use ::worker::Env;
use infocig_domain::{
    assistant::{
        document::{Document, FORM},
        library::Library,
    },
    policy::AssistantRules,
};

use super::rpc;
use crate::problem::Fault;

thread_local! {
    /// The library of this instance of the Worker, and the rules it was made with. A new version of the site starts a new instance.
    static LIBRARY: RefCell<Option<(AssistantRules, Rc<Library>)>> = const { RefCell::new(None) };
}

/// The library by the rules of the assistant.
pub(crate) async fn library(env: &Env, rules: &AssistantRules) -> Result<Rc<Library>, Fault> {
    let known = LIBRARY.with_borrow(|library| {
        let (made_with, library) = library.as_ref()?;
        let is_same = made_with.entries == rules.entries && made_with.withdrawn == rules.withdrawn;
        is_same.then(|| Rc::clone(library))
    });
    if let Some(library) = known {
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
    let library = Rc::new(Library::new(document.with(rules)));
    LIBRARY.set(Some((rules.clone(), Rc::clone(&library))));
    Ok(library)
}

/// Its file among those of the site.
const FILE: &str = "/knowledge.json";
