// SPDX-License-Identifier: EUPL-1.2
//! The state of delivery, shown below at most two messages of the person: the last one read and the last one delivered.

use std::cell::RefCell;

use leptos::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::{
    effects::on_change,
    once::{Made, once},
    text,
    ui::Ui,
    view::pieces::Paragraph,
};

/// Shows the state of delivery in the elements of the messages.
pub(super) fn show_deliveries(ui: Ui, entries: HtmlElement) {
    let shown = RefCell::new(Vec::<Made>::new());
    let news =
        move || ui.state.read(|s| (s.deliveries(), s.entries.first().map(|first| first.seq), s.last_seq()));
    on_change(news, move || {
        for mut line in shown.take() {
            line.unmount();
        }
        // This effect was created after the one that adds the entries, so they are on the page when it runs.
        for (seq, delivery) in ui.state.peek(|s| s.deliveries()) {
            let selector = ["[data-seq=\"", &*seq.to_string(), "\"]"].concat();
            let message: Option<Element> = entries.query_selector(&selector).ok().flatten();
            if let Some(message) = message {
                let said = ui.text(text::delivery(delivery));
                let line = once(view! { <Paragraph class="delivery" part="delivery" text=said/> });
                let mut line = line.build();
                line.mount(&message, None);
                shown.borrow_mut().push(line);
            }
        }
    });
}
