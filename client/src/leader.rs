// SPDX-License-Identifier: EUPL-1.2
//! Leader election among the tabs of a browser: the tab that holds a lock of a name leads, the others are candidates.
//!
//! The first tab leads at once; the others wait in a queue, and any of them may take the lead over. Where the browser has no
//! locks (Web Locks API), every tab leads.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &Function,
    ) -> Result<Promise, JsValue>;
}

/// A tab's candidacy. Dropping it gives up the lead and the candidacy.
pub struct Leader(Rc<Candidate>);

struct Candidate {
    locks: Option<LockManager>,
    name: String,
    on_change: Box<dyn Fn(bool)>,
    /// Resolves the promise that holds the lock.
    release: RefCell<Option<Function>>,
    left: Cell<bool>,
}

/// The mode of a request for the lock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// If it is free.
    IfFree,
    /// When those before have released it.
    Queued,
    /// From the tab that holds it.
    TakeOver,
}

impl Leader {
    /// Becomes a candidate; `on_change` is told whether this tab leads, whenever that changes.
    pub fn join(name: String, on_change: impl Fn(bool) + 'static) -> Self {
        Self::join_by(Mode::IfFree, name, on_change)
    }

    /// Leads from the beginning, in the place of the tab that leads: for a tab that is in front.
    pub fn join_as_leader(name: String, on_change: impl Fn(bool) + 'static) -> Self {
        Self::join_by(Mode::TakeOver, name, on_change)
    }

    fn join_by(mode: Mode, name: String, on_change: impl Fn(bool) + 'static) -> Self {
        let locks = web_sys::window().and_then(|window| {
            let locks = Reflect::get(&window.navigator(), &JsValue::from_str("locks")).ok()?;
            locks.is_object().then(|| locks.unchecked_into())
        });
        let candidate = Candidate {
            locks,
            name,
            on_change: Box::new(on_change),
            release: RefCell::default(),
            left: Cell::new(false),
        };
        let candidate = Rc::new(candidate);
        request(&candidate, mode);
        Self(candidate)
    }

    /// Leads from here on, in the place of the tab that leads.
    pub fn take_over(&self) {
        request(&self.0, Mode::TakeOver);
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        self.0.left.set(true);
        self.0.release_lock();
    }
}

impl Candidate {
    fn release_lock(&self) {
        if let Some(release) = self.release.take() {
            let _released = release.call0(&JsValue::NULL);
        }
    }

    /// The lock is this tab's, until the promise that is returned is kept.
    fn lead(self: &Rc<Self>) -> JsValue {
        if self.left.get() {
            return JsValue::UNDEFINED;
        }
        (self.on_change)(true);
        let candidate = self.clone();
        let mut keep = move |resolve: Function, _reject: Function| {
            candidate.release.replace(Some(resolve));
        };
        Promise::new(&mut keep).into()
    }
}

fn request(candidate: &Rc<Candidate>, mode: Mode) {
    let Some(locks) = &candidate.locks else { return (candidate.on_change)(true) };
    let options = Object::new();
    let option = match mode {
        Mode::IfFree => Some("ifAvailable"),
        Mode::TakeOver => Some("steal"),
        Mode::Queued => None,
    };
    if let Some(option) = option {
        let _fresh_object = Reflect::set(&options, &JsValue::from_str(option), &JsValue::TRUE);
    }
    let granted = {
        let candidate = candidate.clone();
        Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if !lock.is_null() {
                return candidate.lead();
            }
            (candidate.on_change)(false);
            request(&candidate, Mode::Queued);
            JsValue::UNDEFINED
        })
    };
    let Ok(asked) = locks.request(&candidate.name, &options, granted.unchecked_ref()) else {
        return (candidate.on_change)(true);
    };
    let candidate = candidate.clone();
    spawn_local(async move {
        // It is broken when another tab takes the lock over. One that was never had is not asked for again: where the page
        // is going away, WebKit refuses every one, at once and for ever.
        if JsFuture::from(asked).await.is_err() && !candidate.left.get() && candidate.release.take().is_some()
        {
            (candidate.on_change)(false);
            request(&candidate, Mode::Queued);
        }
    });
}
