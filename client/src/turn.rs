// SPDX-License-Identifier: EUPL-1.2
//! One tab of several: the one that holds a lock of a name has the turn, the others wait.
//!
//! A tab that comes first holds it at once; the others wait in line and are told, and any of them may take it over. Where
//! the browser has no locks (Web Locks API), every tab has the turn.

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

/// A tab's place in the line of those who would have the turn. Dropping it leaves the line.
pub struct Turn(Rc<Line>);

struct Line {
    locks: Option<LockManager>,
    name: String,
    tell: Box<dyn Fn(bool)>,
    /// Lets go of the lock while it is held.
    release: RefCell<Option<Function>>,
    left: Cell<bool>,
}

/// How the lock is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// If nobody has it.
    IfFree,
    /// When it is this tab's turn.
    InTurn,
    /// From whoever has it.
    TakeOver,
}

impl Turn {
    /// Joins the line; `tell` hears whether this tab has the turn, whenever that changes.
    pub fn join(name: String, tell: impl Fn(bool) + 'static) -> Self {
        Self::join_by(Manner::IfFree, name, tell)
    }

    /// The same for a tab that somebody looks at: it has the turn from the beginning, instead of whoever has it.
    pub fn join_in_front(name: String, tell: impl Fn(bool) + 'static) -> Self {
        Self::join_by(Manner::TakeOver, name, tell)
    }

    fn join_by(manner: Manner, name: String, tell: impl Fn(bool) + 'static) -> Self {
        let locks = web_sys::window().and_then(|window| {
            let locks = Reflect::get(&window.navigator(), &JsValue::from_str("locks")).ok()?;
            locks.is_object().then(|| locks.unchecked_into())
        });
        let line =
            Line { locks, name, tell: Box::new(tell), release: RefCell::default(), left: Cell::new(false) };
        let line = Rc::new(line);
        ask(&line, manner);
        Self(line)
    }

    /// Has the turn from here on, instead of whoever has it.
    pub fn take_over(&self) {
        ask(&self.0, Manner::TakeOver);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.left.set(true);
        self.0.let_go();
    }
}

impl Line {
    fn let_go(&self) {
        if let Some(release) = self.release.take() {
            let _released = release.call0(&JsValue::NULL);
        }
    }

    /// The lock is this tab's, until the promise that is returned is kept.
    fn hold(self: &Rc<Self>) -> JsValue {
        if self.left.get() {
            return JsValue::UNDEFINED;
        }
        (self.tell)(true);
        let line = self.clone();
        let mut keep = move |resolve: Function, _reject: Function| {
            line.release.replace(Some(resolve));
        };
        Promise::new(&mut keep).into()
    }
}

fn ask(line: &Rc<Line>, manner: Manner) {
    let Some(locks) = &line.locks else { return (line.tell)(true) };
    let options = Object::new();
    let option = match manner {
        Manner::IfFree => Some("ifAvailable"),
        Manner::TakeOver => Some("steal"),
        Manner::InTurn => None,
    };
    if let Some(option) = option {
        let _fresh_object = Reflect::set(&options, &JsValue::from_str(option), &JsValue::TRUE);
    }
    let granted = {
        let line = line.clone();
        Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if !lock.is_null() {
                return line.hold();
            }
            (line.tell)(false);
            ask(&line, Manner::InTurn);
            JsValue::UNDEFINED
        })
    };
    let Ok(asked) = locks.request(&line.name, &options, granted.unchecked_ref()) else {
        return (line.tell)(true);
    };
    let line = line.clone();
    spawn_local(async move {
        // It is broken when another tab takes the lock over. One that was never had is not asked for again: where the page
        // is going away, WebKit refuses every one, at once and for ever.
        if JsFuture::from(asked).await.is_err() && !line.left.get() && line.release.take().is_some() {
            (line.tell)(false);
            ask(&line, Manner::InTurn);
        }
    });
}
