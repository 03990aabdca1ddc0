// SPDX-License-Identifier: EUPL-1.2
//! The live region that announces new entries of the log to screen readers, whether the panel is open or closed.

use std::{cell::RefCell, rc::Rc, time::Duration};

use infocig_client::dates;
use leptos::prelude::*;

use crate::{
    announce::{self, Said},
    effects::{after, on_change},
    focus::root,
    once::element,
    ui::Ui,
};

/// An invisible live region.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let ui = Ui::current();
    let heard = Rc::new(RefCell::new((None::<u64>, Vec::<Said>::new())));
    let region = element(view! {
        <div class="unseen" role="status" aria-live="polite" data-part="announcer"></div>
    });
    let Some(node) = region.element() else { return region };
    on_change(
        move || ui.state.read(|s| s.last_seq()),
        move || {
            let known = heard.borrow_mut().0.replace(ui.state.peek(|s| s.last_seq()));
            let said = fresh(ui, known);
            if said.is_empty() {
                return;
            }
            let begins = heard.borrow().1.is_empty();
            heard.borrow_mut().1.extend(said);
            if !begins {
                return;
            }
            let elsewhere = root(&node).is_none_or(|root| root.active_element().is_none());
            let (heard, node) = (Rc::clone(&heard), node.clone());
            let say = move || {
                let said = std::mem::take(&mut heard.borrow_mut().1);
                let text = ui.words(|words| announce::together(words, &said, elsewhere));
                node.set_text_content(Some(&text));
                // Cleared later, so that a screen reader that reads the page to its end does not find it there.
                let said = node.clone();
                let clear = move || {
                    if said.text_content().as_ref() == Some(&text) {
                        said.set_text_content(None);
                    }
                };
                after(HEARD_AFTER, clear);
            };
            after(if elsewhere { GATHERED } else { AT_ONCE }, say);
        },
    );
    region
}

/// The announcements of the entries after a number; none for the entries of the first page.
fn fresh(ui: Ui, known: Option<u64>) -> Vec<Said> {
    let Some(known) = known.filter(|known| *known > 0) else { return Vec::new() };
    ui.state.peek(|s| {
        let new = s.entries.iter().filter(|entry| entry.seq > known);
        let said = |entry| ui.words(|words| announce::of(words, entry, s.settings.announce, dates::clock));
        new.filter_map(said).collect()
    })
}

/// Entries that arrive within this time are one announcement.
const AT_ONCE: Duration = Duration::from_millis(150);
/// Time until the region is cleared. Longer than a screen reader needs to notice the text; clearing does not interrupt it.
const HEARD_AFTER: Duration = Duration::from_secs(10);
/// The same time while the focus is outside the widget, so that a person is interrupted less often.
const GATHERED: Duration = Duration::from_secs(3);
