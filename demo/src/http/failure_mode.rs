// SPDX-License-Identifier: EUPL-1.2
//! Setting the failure mode of a system: by `PUT` for tests, by the form on the page of Linea INPS for people.

use axum::{
    Form, Json,
    extract::rejection::{FormRejection, JsonRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::linea_inps;
use crate::{
    failure::{FailureSwitch, Mode, Setting},
    portal::Portal,
    problem::problem,
};

/// Sets the mode of a `PUT`.
pub(super) fn set(
    switch: &FailureSwitch,
    origin: &str,
    asked: Result<Json<Setting>, JsonRejection>,
) -> Response {
    match asked {
        Ok(Json(setting)) if setting.is_possible() => {
            switch.set(setting);
            Json(setting).into_response()
        }
        Ok(_) | Err(_) => problem(
            origin,
            StatusCode::BAD_REQUEST,
            "mode-invalid",
            "No such mode",
            "mode is one of the modes of the contract, seconds a whole number up to 600.",
        ),
    }
}

/// The fields of the form.
#[derive(Deserialize)]
pub(super) struct ModeForm {
    mode: String,
    seconds: Option<String>,
}

/// Sets the mode of the form, and answers with the page.
pub(super) fn choose(
    portal: &Portal,
    switch: &FailureSwitch,
    form: Result<Form<ModeForm>, FormRejection>,
) -> Response {
    let setting = form.ok().and_then(|Form(form)| {
        let seconds = form.seconds.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let seconds = seconds.map(str::parse).transpose().ok()?;
        Some(Setting { mode: Mode::parse(&form.mode)?, seconds }).filter(|setting| setting.is_possible())
    });
    if let Some(setting) = setting {
        switch.set(setting);
        Redirect::to("/linea-inps").into_response()
    } else {
        let error = "Scegli uno dei comportamenti e indica da 0 a 600 secondi.";
        linea_inps::show(portal, &HeaderMap::new(), StatusCode::BAD_REQUEST, Some(error))
    }
}
