// SPDX-License-Identifier: EUPL-1.2
//! The one place that speaks to screen readers of what comes in the log, whether the panel is open or put away.

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

/// A line nobody sees.
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
                // What was said is not found again by whoever reads on to the end of the page.
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

/// What came since an entry; nothing of what was there when the log was first told.
fn fresh(ui: Ui, known: Option<u64>) -> Vec<Said> {
    let Some(known) = known.filter(|known| *known > 0) else { return Vec::new() };
    ui.state.peek(|s| {
        let new = s.entries.iter().filter(|entry| entry.seq > known);
        let said = |entry| ui.words(|words| announce::of(words, entry, s.settings.announce, dates::clock));
        new.filter_map(said).collect()
    })
}

/// Several that come together are one announcement.
const AT_ONCE: Duration = Duration::from_millis(150);
/// Long enough to be noticed by any screen reader; an announcement that has begun is not cut off.
const HEARD_AFTER: Duration = Duration::from_secs(10);
/// Whoever is elsewhere in the page is not interrupted for each.
const GATHERED: Duration = Duration::from_secs(3);
