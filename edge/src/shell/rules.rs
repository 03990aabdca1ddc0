// SPDX-License-Identifier: EUPL-1.2
//! The rules in force, as this isolate knows them: asked for at the policy object, at most every [`ASK_EVERY_MS`] and only by
//! events, so that a version that is published is in force everywhere within seconds.
//!
//! A scheduled version is known before it begins, and begins by the clock. Before the first answer the rules are those that the
//! installation came with; the front answers nobody by them.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use ::worker::Env;
use infocig_domain::{notification::DeskNotification, policy::Policy};
use infocig_protocol::time::Timestamp;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    clock, installed_settings, log,
    rpc::{self, ReadRules},
};
use crate::{
    actors::{Rules, RulesVersion},
    problem::{Error, Fault},
    settings::Settings,
};

/// The answer of the policy object.
#[derive(Default)]
struct Known {
    /// Its revision; absent before the first answer.
    revision: Option<u32>,
    /// When it was last asked for, by the wall clock.
    asked: Option<Timestamp>,
    /// The version in force at that time, then the scheduled ones.
    versions: Vec<Version>,
}

struct Version {
    number: u32,
    from: Timestamp,
    settings: Rc<Settings>,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
    /// The version that was last applied; 0 for the document of the installation.
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// The number of the version that was last applied.
pub(super) fn number() -> u32 {
    NUMBER.get()
}

/// The settings with the rules in force now.
pub(super) fn applied(installed: Rc<Settings>) -> Rc<Settings> {
    KNOWN.with_borrow(|known| {
        let now = clock::now();
        let begun = known.versions.iter().rev().find(|version| version.from <= now);
        // A clock that was set back finds none that has begun: the earliest is the best there is.
        let Some(version) = begun.or(known.versions.first()) else { return installed };
        NUMBER.set(version.number);
        Rc::clone(&version.settings)
    })
}

/// When the next scheduled version begins, where one is known.
pub(super) fn next_beginning() -> Option<Timestamp> {
    let now = clock::now();
    KNOWN.with_borrow(|known| {
        known.versions.iter().map(|version| version.from).filter(|from| *from > now).min()
    })
}

/// Asks for the rules, unless that was done a moment ago. A failure is an error only where none are known yet.
pub(super) async fn refresh(env: &Env) -> Result<(), Fault> {
    let now = clock::wall();
    let is_fresh = KNOWN.with_borrow(|known| {
        let age = known.asked.map(|asked| now.as_millis() - asked.as_millis());
        known.revision.is_some() && age.is_some_and(|age| (0..ASK_EVERY_MS).contains(&age))
    });
    if is_fresh {
        return Ok(());
    }
    KNOWN.with_borrow_mut(|known| known.asked = Some(now));
    match ask(env).await {
        Err(fault) if is_known() => {
            log::error("rules", &format!("the rules of before stay in force: {fault}"));
            Ok(())
        }
        asked => asked,
    }
}

/// Whether a notification says that other rules are in force. They are asked for where they are not known: the notification came
/// from another isolate.
pub(super) async fn catch_up(env: &Env, notification: &str) -> Result<bool, Fault> {
    if !notification.starts_with(RULES_CHANGED) {
        return Ok(false);
    }
    let Ok(DeskNotification::RulesChanged { version }) = serde_json::from_str(notification) else {
        return Ok(false);
    };
    let knows = || KNOWN.with_borrow(|known| known.versions.iter().any(|held| held.number == version));
    if !knows() {
        ask(env).await?;
    }
    installed_settings(env).map(applied).map(|_| true)
}

/// Whether the policy object has answered.
pub(super) fn is_known() -> bool {
    KNOWN.with_borrow(|known| known.revision.is_some())
}

/// Whether frames can be judged by the rules in force.
#[expect(unreachable_pub, reason = "the bindings ask for it")]
#[wasm_bindgen(js_name = knowsRules)]
pub fn knows_rules() -> bool {
    is_known()
}

/// Asks for the rules, for an object that has just been made: until it knows them it takes no event.
#[expect(unreachable_pub, reason = "the bindings ask for it")]
#[wasm_bindgen(js_name = fetchRules)]
pub async fn fetch_rules(env: Env) {
    if let Err(fault) = refresh(&env).await {
        log::fault(&fault);
    }
}

async fn ask(env: &Env) -> Result<(), Fault> {
    let known = KNOWN.with_borrow(|known| known.revision);
    let rules = rpc::call(&rpc::policy(env)?, &ReadRules { known }).await.map_err(|error| match error {
        Error::Fault(fault) => fault,
        Error::Refused(refusal) => Fault::Platform(refusal.detail),
    })?;
    hold(env, rules)
}

/// Takes the rules over, all or none.
pub(super) fn hold(env: &Env, rules: Rules) -> Result<(), Fault> {
    let Rules { revision, versions } = rules;
    if !versions.is_empty() {
        let installed = installed_settings(env)?;
        let parsed = versions.into_iter().map(|RulesVersion { number, from, document }| {
            let policy = Policy::parse(&document)
                .map_err(|error| Fault::Corrupt(format!("version {number} of the policy: {error}")))?;
            Ok(Version {
                number,
                from,
                settings: Rc::new(Settings { policy, ..Settings::clone(&installed) }),
            })
        });
        let parsed = parsed.collect::<Result<Vec<Version>, Fault>>()?;
        KNOWN.with_borrow_mut(|known| known.versions = parsed);
    }
    KNOWN.with_borrow_mut(|known| known.revision = Some(revision));
    // Applies them.
    installed_settings(env).map(applied).map(|_| ())
}

/// How old the answer may be: a version that is published is in force everywhere within five seconds.
const ASK_EVERY_MS: i64 = 2_000;
/// The beginning of the only notification that speaks of rules.
const RULES_CHANGED: &str = r#"{"rules_changed""#;
