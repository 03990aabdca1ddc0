// SPDX-License-Identifier: EUPL-1.2
//! Elements that many views share. Each is one function, so that its code is compiled once.

use leptos::{children::ToChildren, prelude::*};

use super::{
    listens::{listens, on},
    live_text::{live, live_text},
    switch::Read,
};
use crate::{
    focus::takes_focus,
    once::{Once, element, once},
};

/// A paragraph. An omitted property sets no attribute.
#[component]
pub(crate) fn Paragraph(
    #[prop(optional)] class: &'static str,
    #[prop(optional)] role: &'static str,
    #[prop(optional)] part: &'static str,
    #[prop(optional)] id: &'static str,
    #[prop(into)] text: String,
) -> impl IntoView {
    once(view! { <p class=given(class) role=given(role) data-part=given(part) id=given(id)>{text}</p> })
}

/// A `div`. An omitted property sets no attribute.
#[component]
pub(crate) fn Block(
    #[prop(optional)] class: &'static str,
    #[prop(optional)] role: &'static str,
    #[prop(optional)] part: &'static str,
    children: Inside,
) -> impl IntoView {
    once(view! { <div class=given(class) role=given(role) data-part=given(part)>{children.0}</div> })
}

/// A heading one level below the heading of the panel.
#[component]
pub(crate) fn Heading(
    #[prop(optional)] id: &'static str,
    /// Whether it takes the focus when it is mounted.
    #[prop(optional)]
    focused: bool,
    text: String,
) -> impl IntoView {
    let heading = element(view! { <h3 id=given(id)>{text}</h3> });
    if focused && let Some(heading) = heading.element() {
        takes_focus(heading);
    }
    heading
}

/// A section of the panel, labelled by its heading.
#[component]
pub(crate) fn Aside(part: &'static str, labelled_by: &'static str, children: Inside) -> impl IntoView {
    once(view! {
        <section class="aside" data-part=part aria-labelledby=labelled_by>{children.0}</section>
    })
}

/// A field with its label.
#[component]
pub(crate) fn Labelled(id: &'static str, label: String, children: Inside) -> impl IntoView {
    once(view! { <p class="field"><label for=id>{label}</label>{children.0}</p> })
}

/// A group of fields with a legend.
#[component]
pub(crate) fn Fields(legend: String, children: Inside) -> impl IntoView {
    once(view! { <fieldset><legend>{legend}</legend>{children.0}</fieldset> })
}

/// A question with buttons for its answers. It takes the focus.
#[component]
pub(crate) fn Question(
    #[prop(optional)] part: &'static str,
    #[prop(into)] id: String,
    text: String,
    /// The buttons.
    children: Inside,
) -> impl IntoView {
    let labelled_by = id.clone();
    once(view! {
        <div
            class="ask"
            role="alertdialog"
            aria-labelledby=labelled_by
            data-part=given(part)
            use:takes_focus
        >
            <p id=id>{text}</p>
            <Block class="actions">{children.0}</Block>
        </div>
    })
}

/// A radio button or a checkbox with its label.
#[component]
pub(crate) fn Choice(
    /// `radio` or `checkbox`.
    kind: &'static str,
    #[prop(optional)] name: &'static str,
    part: &'static str,
    label: String,
    checked: bool,
    #[prop(optional)] required: bool,
    /// Called with whether it is checked.
    on_choose: Box<dyn Fn(bool)>,
) -> impl IntoView {
    let change = on("change", move |event| on_choose(event_target_checked(&event)));
    once(view! {
        <label class="choice">
            <input
                type=kind
                name=given(name)
                data-part=part
                checked=checked
                required=required
                use:listens=change
            />
            <span>{label}</span>
        </label>
    })
}

/// A button that submits its form.
#[component]
pub(crate) fn Submit(
    class: &'static str,
    part: &'static str,
    #[prop(into)] label: Read<String>,
) -> impl IntoView {
    let Read(label) = label;
    once(view! { <button class=class type="submit" data-part=part use:live_text=live(label)></button> })
}

/// The value of an attribute; `None` removes the attribute.
pub(crate) fn given(value: &'static str) -> Option<&'static str> {
    (!value.is_empty()).then_some(value)
}

/// The value of a boolean attribute, which is present or absent.
pub(crate) fn flag(is: bool) -> Option<&'static str> {
    is.then_some("")
}

/// The value of an attribute with the values `true` and `false`, such as those of ARIA.
#[expect(clippy::unnecessary_wraps, reason = "attributes that follow signals have one type, compiled once")]
pub(crate) fn truth(is: bool) -> Option<&'static str> {
    Some(if is { "true" } else { "false" })
}

/// Children that are built before their component, because it always shows them.
pub(crate) struct Inside(Once);

impl<F, V> ToChildren<F> for Inside
where
    F: FnOnce() -> V,
    V: IntoView,
    V::State: 'static,
{
    fn to_children(make: F) -> Self {
        Self(once(make()))
    }
}
