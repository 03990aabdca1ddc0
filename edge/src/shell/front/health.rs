// SPDX-License-Identifier: EUPL-1.2
//! `GET /healthz`, and the pages that the `type` of a problem leads to.

use ::worker::Response;
use infocig_protocol::problem::Code;

use crate::{
    problem::Error,
    shell::{http::replies, process, refusals},
};

/// That the process is alive and not about to end: memory alone is looked at, so that a full disk does not have a supervisor
/// restart what would be no better afterwards. `dead_letters` counts the messages between objects that were given up since the
/// process began; each is in the log with its reason. `refusals_waiting` are those the register has not counted yet,
/// `refusals_lost` those that were not kept. Settings that cannot be used are answered before this.
pub(crate) fn read() -> Result<Response, Error> {
    if process::is_ending() {
        return Err(process::ending().into());
    }
    let (waiting, lost) = refusals::uncounted();
    let health = serde_json::json!({
        "status": "ok",
        "dead_letters": process::dead_letters(),
        "refusals_waiting": waiting,
        "refusals_lost": lost,
    });
    Ok(replies::json(200, &health)?)
}

/// `GET /problems/{code}`
pub(crate) fn problem(code: Code) -> Result<Response, Error> {
    let page = serde_json::json!({ "code": code, "title": code.title(), "status": code.status() });
    Ok(replies::json(200, &page)?)
}
