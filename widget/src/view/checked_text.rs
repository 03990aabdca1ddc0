// SPDX-License-Identifier: EUPL-1.2
//! A form with one text that is checked before it is sent: the message and the written request.

use std::rc::Rc;

use infocig_protocol::sensitive;
use leptos::prelude::*;

use super::{
    sensitive_data_prompt::SensitiveDataPrompt,
    switch::ShowWhen,
    text_field::{CharactersLeft, Written},
};
use crate::{
    once::once,
    text_check::{self, TextError},
    ui::Ui,
};

/// The functions of a form, as a table: a handle on a form is `Copy`, and every form shares the code that checks.
pub(crate) struct TextForm {
    /// The text; followed.
    pub(crate) text: fn(Ui) -> String,
    /// Takes over a text that was typed.
    pub(crate) edit: fn(Ui, String),
    /// Sends a text that was checked.
    pub(crate) send: fn(Ui, String),
    /// Shows why the text cannot be sent.
    pub(crate) refuse: fn(Ui, TextError),
    /// Selector of the field.
    pub(crate) field: &'static str,
    pub(crate) max_chars: usize,
}

/// A handle on a form whose text is checked.
#[derive(Clone, Copy)]
pub(crate) struct CheckedText {
    ui: Ui,
    form: &'static TextForm,
    /// Whether the prompt about sensitive data is shown.
    is_asking: RwSignal<bool>,
}

impl CheckedText {
    pub(crate) fn new(ui: Ui, form: &'static TextForm) -> Self {
        Self { ui, form, is_asking: RwSignal::new(false) }
    }

    /// The text for the directive of the field.
    pub(crate) fn written(self) -> Written {
        Written {
            text: Rc::new(move || self.text()),
            on_write: Rc::new(move |text| {
                self.is_asking.set(false);
                (self.form.edit)(self.ui, text);
            }),
        }
    }

    /// Sends the text. One that cannot be sent is refused; one with sensitive data is sent only after the person has agreed.
    pub(crate) fn submit(self) {
        let text = untrack(|| self.text());
        match text_check::check(&text, self.form.max_chars) {
            Err(error) => {
                (self.form.refuse)(self.ui, error);
                self.focus();
            }
            Ok(kinds) if kinds.is_empty() => self.send(text),
            Ok(_) => self.is_asking.set(true),
        }
    }

    /// The text; followed.
    fn text(self) -> String {
        (self.form.text)(self.ui)
    }

    fn send(self, text: String) {
        self.is_asking.set(false);
        (self.form.send)(self.ui, text);
    }

    fn focus(self) {
        self.ui.focus(self.form.field);
    }
}

/// Below the field: the prompt about sensitive data, while it is open, and how many characters are left.
#[component]
pub(crate) fn TextChecks(checked: CheckedText) -> impl IntoView {
    once(view! {
        <ShowWhen holds=move || checked.is_asking.get()>
            <Prompt checked/>
        </ShowWhen>
        <CharactersLeft of=checked.form.max_chars text=move || checked.text()/>
    })
}

/// The prompt about sensitive data in the text.
#[component]
fn Prompt(checked: CheckedText) -> impl IntoView {
    let text = move || untrack(|| checked.text());
    once(view! {
        <SensitiveDataPrompt
            kinds=sensitive::kinds(&text())
            on_mask=move || checked.send(sensitive::mask(&text()))
            on_send=move || checked.send(text())
            on_edit=move || {
                checked.is_asking.set(false);
                checked.focus();
            }
        />
    })
}
