// SPDX-License-Identifier: EUPL-1.2
//! A button with a confirmation.

use std::rc::Rc;

use leptos::prelude::*;

use super::{
    button::Button,
    pieces::{Block, Question},
    switch::Switch,
};
use crate::{once::once, ui::Ui};

/// A button that shows a question before it acts. The `data-part` of each element begins with `part`.
#[component]
pub(crate) fn Confirm(
    part: &'static str,
    label: &'static str,
    question: &'static str,
    on_confirm: Rc<dyn Fn()>,
) -> impl IntoView {
    let ui = Ui::current();
    let asking = RwSignal::new(false);
    let ask = move || {
        let on_confirm = Rc::clone(&on_confirm);
        let id = [part, "-question"].concat();
        once(view! {
            <Question id text=ui.text(question)>
                <Button
                    class="button danger"
                    part=[part, "-confirm"].concat()
                    label=ui.text(label)
                    on_press=move || {
                        asking.set(false);
                        on_confirm();
                    }
                />
                <Button
                    class="button quiet"
                    part=[part, "-cancel"].concat()
                    label=ui.text("panel.cancel")
                    on_press=move || asking.set(false)
                />
            </Question>
        })
    };
    once(view! {
        <Block>
            <Switch on=move || asking.get() let:asked>
                {if asked {
                    ask()
                } else {
                    once(view! {
                        <Button
                            class="button quiet"
                            part=part
                            label=ui.text(label)
                            on_press=move || asking.set(true)
                        />
                    })
                }}
            </Switch>
        </Block>
    })
}
