// SPDX-License-Identifier: EUPL-1.2
//! How far one's own messages have come, said under the two where it is news.

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

/// Shows it in the elements of the messages, among those of all entries.
pub(super) fn show_deliveries(ui: Ui, entries: HtmlElement) {
    let shown = RefCell::new(Vec::<Made>::new());
    let news =
        move || ui.state.read(|s| (s.deliveries(), s.entries.first().map(|first| first.seq), s.last_seq()));
    on_change(news, move || {
        for mut line in shown.take() {
            line.unmount();
        }
        // The entries are on the page before this runs: it was made after what puts them there.
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
