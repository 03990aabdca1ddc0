// SPDX-License-Identifier: EUPL-1.2
//! The shell: the only code that touches the platform. It translates, persists, sends and arms alarms; it decides nothing.
//!
//! - `worker` dispatches HTTP requests to the endpoints in `front`;
//! - `rpc` is the list of calls between the front and the objects, with their typed client;
//! - `durable` runs an actor as a Durable Object;
//! - `outbound` calls other systems; `http` reads requests and makes answers.
//!
//! A panic here would empty every object of the isolate, so nothing in it unwraps: failures are logged and answered.

mod clock;
mod counters;
mod durable;
mod front;
mod http;
mod knowledge;
mod log;
mod outbound;
mod process;
mod random;
mod refusals;
mod rpc;
mod rules;
mod worker;

use std::{cell::OnceCell, rc::Rc};

use ::worker::Env;
use wasm_bindgen::JsValue;

use crate::{
    problem::Fault,
    settings::{RawSettings, SHIPPED_POLICY, Settings},
};

/// The settings of this isolate with the rules in force. Settings that cannot be used stay a fault that every request reports.
fn settings(env: &Env) -> Result<Rc<Settings>, Fault> {
    installed_settings(env).map(rules::applied)
}

/// The settings of this isolate, read once, with the rules that the installation came with.
fn installed_settings(env: &Env) -> Result<Rc<Settings>, Fault> {
    thread_local! {
        static SETTINGS: OnceCell<Result<Rc<Settings>, Fault>> = const { OnceCell::new() };
    }
    SETTINGS.with(|cell| {
        cell.get_or_init(|| Settings::parse(RawSettings::read(|name| text_binding(env, name))).map(Rc::new))
            .clone()
    })
}

/// The policy document that the installation came with.
fn installed_policy(env: &Env) -> String {
    text_binding(env, "POLICY").filter(|text| !text.is_empty()).unwrap_or_else(|| SHIPPED_POLICY.into())
}

/// A binding that is a text. `Env::var` throws through Rust on the `null` of an environment variable that is not set.
fn text_binding(env: &Env, name: &str) -> Option<String> {
    js_sys::Reflect::get(env, &JsValue::from_str(name)).ok()?.as_string()
}

impl From<::worker::Error> for Fault {
    fn from(error: ::worker::Error) -> Self {
        Self::Platform(error.to_string())
    }
}
