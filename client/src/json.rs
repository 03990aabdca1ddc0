// SPDX-License-Identifier: EUPL-1.2
//! The JSON tree the codec reads from: in a browser the engine's own, elsewhere `serde_json`'s.

use infocig_protocol::codec::{Read, Tree};

#[cfg(target_arch = "wasm32")]
pub use js::{Json, WholeJson};
#[cfg(not(target_arch = "wasm32"))]
pub use serde_json::{Value as Json, Value as WholeJson};

/// Reads a frame or document. `None` if the text is not JSON, or not of that form.
pub fn read<T: Read>(text: &str) -> Option<T> {
    T::read(&Json::parse(text)?)
}

/// The same, with the variants that come late.
pub fn read_whole<T: Read>(text: &str) -> Option<T> {
    T::read(&WholeJson::parse(text)?)
}

#[cfg(target_arch = "wasm32")]
mod js {
    use infocig_protocol::codec::Tree;
    use js_sys::{Array, JSON, Object, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    /// A value `JSON.parse` made, or the place where one is missing.
    #[derive(Clone, Debug)]
    pub struct Js<const LATE: bool>(JsValue);

    /// Without what comes late.
    pub type Json = Js<false>;

    /// With what comes late.
    pub type WholeJson = Js<true>;

    impl<const LATE: bool> Tree for Js<LATE> {
        const LATE: bool = LATE;

        fn parse(text: &str) -> Option<Self> {
            JSON::parse(text).ok().map(Self)
        }

        fn member(&self, name: &str) -> Self {
            let name = JsValue::from_str(name);
            // Inherited members, such as `constructor`, are not the object's own.
            let own = self.0.is_object() && Object::has_own(self.0.unchecked_ref::<Object>(), &name);
            let found = own.then(|| Reflect::get(&self.0, &name).ok()).flatten();
            Self(found.unwrap_or(JsValue::UNDEFINED))
        }

        fn only(&self) -> Option<(String, Self)> {
            if !self.0.is_object() || Array::is_array(&self.0) {
                return None;
            }
            let names = Object::keys(self.0.unchecked_ref::<Object>());
            let name = names.get(0);
            (names.length() == 1).then_some(())?;
            Some((name.as_string()?, Self(Reflect::get(&self.0, &name).ok()?)))
        }

        fn is_missing(&self) -> bool {
            self.0.is_undefined() || self.0.is_null()
        }

        fn text(&self) -> Option<String> {
            self.0.as_string()
        }

        #[expect(
            clippy::cast_possible_truncation,
            clippy::float_cmp,
            reason = "a whole number survives the way there and back"
        )]
        #[expect(clippy::cast_precision_loss, reason = "a number that loses anything is refused")]
        fn integer(&self) -> Option<i64> {
            let number = self.0.as_f64()?;
            let whole = number as i64;
            (whole as f64 == number && whole.unsigned_abs() <= 1 << 53).then_some(whole)
        }

        fn flag(&self) -> Option<bool> {
            self.0.as_bool()
        }

        fn items(&self) -> Option<Vec<Self>> {
            let array = Array::is_array(&self.0).then(|| self.0.unchecked_ref::<Array>())?;
            Some(array.iter().map(Self).collect())
        }
    }
}
