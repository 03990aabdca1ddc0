// SPDX-License-Identifier: EUPL-1.2
//! A form with one text of several lines: the written request, the question to the assistant.

use leptos::prelude::*;

use super::{
    checked_text::{CheckedText, TextChecks, TextForm},
    listens::{listens, on},
    pieces::{Block, Paragraph, Submit, flag, given, truth},
    switch::ErrorLine,
    text_field::writes,
};
use crate::{
    once::{Once, once},
    ui::Ui,
};

/// The looks and the state of a form, as a table: every form shares the code that builds it.
pub(crate) struct FormLook {
    pub(crate) part: &'static str,
    /// The id of its heading; empty for none.
    pub(crate) heading: &'static str,
    pub(crate) help: Text,
    pub(crate) label: &'static str,
    /// The id of the field.
    pub(crate) field: &'static str,
    pub(crate) field_part: &'static str,
    pub(crate) rows: &'static str,
    /// Whether the text in the field is wrong; followed.
    pub(crate) is_wrong: fn(Ui) -> bool,
    /// Whether the text is on its way; followed.
    pub(crate) is_sending: fn(Ui) -> bool,
    pub(crate) error_part: &'static str,
    /// The key of the error; followed.
    pub(crate) error: fn(Ui) -> Option<&'static str>,
    pub(crate) submit_class: &'static str,
    pub(crate) submit_part: &'static str,
    /// The key of the label of the button; followed.
    pub(crate) submit: fn(Ui) -> &'static str,
}

/// An id and the key of its text.
pub(crate) struct Text {
    pub(crate) id: &'static str,
    pub(crate) key: &'static str,
}

/// The form. `before` is its heading, `beside_error` and `beside_submit` are further views of it.
#[component]
pub(crate) fn CheckedForm(
    look: &'static FormLook,
    form: &'static TextForm,
    before: Once,
    beside_error: Once,
    beside_submit: Once,
) -> impl IntoView {
    let ui = Ui::current();
    let text = CheckedText::new(ui, form);
    let submit = on("submit", move |event| {
        event.prevent_default();
        text.submit();
    });
    once(view! {
        <form class="aside" data-part=look.part aria-labelledby=given(look.heading) use:listens=submit>
            {before}
            <Paragraph id=look.help.id text=ui.text(look.help.key)/>
            <label for=look.field>{ui.text(look.label)}</label>
            <textarea
                id=look.field
                data-part=look.field_part
                rows=look.rows
                dir="auto"
                aria-describedby=look.help.id
                aria-invalid=move || truth((look.is_wrong)(ui))
                readonly=move || flag((look.is_sending)(ui))
                use:writes=text.written()
            ></textarea>
            <ErrorLine part=look.error_part text=move || (look.error)(ui).map(|key| ui.text(key))/>
            {beside_error}
            <TextChecks checked=text/>
            <Block class="actions">
                <Submit class=look.submit_class part=look.submit_part label=move || ui.text((look.submit)(ui))/>
                {beside_submit}
            </Block>
        </form>
    })
}
