// SPDX-License-Identifier: EUPL-1.2
//! The entries on the page, in groups of a hundred. Leptos's `For` would compare ten thousand keys for each new entry; here
//! only entries that are not on the page yet are built.

use infocig_client::dates::{Day, Moment};
use infocig_protocol::entry::Entry;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use super::entry::{Line, lines};
use crate::{
    effects::{after_layout, keep},
    once::{Once, element},
    ui::Ui,
};

/// Entries in a group. The browser neither lays out nor paints a group far from the screen (`content-visibility`). With each
/// entry by itself it would check every entry in every frame.
const GROUP: usize = 100;

/// The part of the log that is on the page.
pub(super) struct Groups {
    entries: HtmlElement,
    /// Numbers of the first and the last entry.
    ends: Option<(u64, u64)>,
    run: Run,
}

/// A run of entries on the page.
#[derive(Default)]
pub(super) struct Run {
    /// The day of the first entry, and the line of its heading.
    first_day: Option<(Day, Option<Element>)>,
    pub(super) last_day: Option<Day>,
    /// Author and minute of the last entry, if it is a message.
    last: Option<(String, String)>,
    /// The group for the next entry, and the number of its entries.
    group: Option<(Element, usize)>,
}

impl Groups {
    /// An empty list in an element.
    pub(super) fn of(entries: HtmlElement) -> Self {
        Self { entries, ends: None, run: Run::default() }
    }

    /// Numbers of the first and the last entry on the page.
    pub(super) const fn ends(&self) -> Option<(u64, u64)> {
        self.ends
    }

    /// Adds the entries that are not on the page.
    pub(super) fn show(&mut self, ui: Ui, all: &[Entry]) {
        let now = all.first().zip(all.last()).map(|(first, last)| (first.seq, last.seq));
        let goes_on = match (self.ends, now) {
            (Some(before), Some(now)) => now.0 <= before.0 && before.1 <= now.1,
            (None, _) => true,
            (Some(_), None) => false,
        };
        if !goes_on {
            self.entries.set_text_content(None);
            (self.ends, self.run) = (None, Run::default());
        }
        let (first, last) = self.ends.unwrap_or((u64::MAX, 0));
        if first != u64::MAX {
            self.put_before(ui, all.iter().take_while(|entry| entry.seq < first));
        }
        let unread = ui.state.peek(|s| s.unread_from);
        let fresh = all.iter().rev().take_while(|entry| entry.seq > last).count();
        for entry in all.iter().skip(all.len() - fresh) {
            self.run.put(ui, entry, unread, &self.entries, None);
        }
        self.ends = now;
    }

    /// Adds earlier entries at the beginning. The heading of a day in both parts stays once.
    fn put_before<'e>(&mut self, ui: Ui, earlier: impl Iterator<Item = &'e Entry>) {
        let mut run = Run::default();
        let place = self.entries.first_child();
        for entry in earlier {
            run.put(ui, entry, None, &self.entries, place.as_ref());
        }
        if let Some((last, _)) = &run.group {
            settle(last);
        }
        if run.first_day.is_none() {
            return;
        }
        if let (Some(last), Some((day, Some(said)))) = (run.last_day, &self.run.first_day)
            && last == *day
        {
            said.remove();
        }
        self.run.first_day = run.first_day;
    }
}

impl Run {
    /// Adds an entry to the last group. A new group is inserted before a node, or at the end of `entries`.
    fn put(
        &mut self,
        ui: Ui,
        entry: &Entry,
        unread: Option<u64>,
        entries: &HtmlElement,
        before: Option<&Node>,
    ) {
        let moment = Moment::in_italy(entry.at);
        for line in lines(ui, entry, &moment, unread, self) {
            let group = self.group(entries, before);
            let put = |view: Once| {
                let mut made = view.build();
                made.mount(&group, None);
                made
            };
            match line {
                Line::Day(view) => {
                    let day = put(view).element();
                    self.first_day.get_or_insert((moment.day, day));
                }
                // Constant elements need no owner, so only the elements are kept.
                Line::Still(view) => drop(put(view)),
                Line::Alive(view) => keep(put(view)),
            }
        }
    }

    /// The group for the next line.
    fn group(&mut self, entries: &HtmlElement, before: Option<&Node>) -> Element {
        match &mut self.group {
            Some((group, count)) if *count < GROUP => {
                *count += 1;
                group.clone()
            }
            full => {
                let mut group = element(view! { <div class="group"></div> }).build();
                group.mount(entries, before);
                let group = group.element().unwrap_or_else(|| entries.clone().into());
                if let Some((full, _)) = full.replace((group.clone(), 1)) {
                    settle(&full);
                }
                group
            }
        }
    }

    /// Whether a message has the author and the minute of the one before. Stores both for the next call.
    pub(super) fn goes_on(&mut self, author: &str, minute: &str) -> bool {
        let goes_on = self.last.as_ref().is_some_and(|(who, when)| who == author && when == minute);
        self.last = Some((author.into(), minute.into()));
        goes_on
    }

    /// Forgets author and minute, because an entry other than a message follows.
    pub(super) fn is_interrupted(&mut self) {
        self.last = None;
    }
}

/// Marks a group as complete. Out of sight it keeps its last height, so that the scroll position does not jump.
fn settle(group: &Element) {
    let group: HtmlElement = group.clone().unchecked_into();
    after_layout(move || {
        let height = group.offset_height();
        if height > 0 {
            let size = ["auto ", &*height.to_string(), "px"].concat();
            let _known = group.style().set_property("contain-intrinsic-block-size", &size);
            group.set_class_name("group settled");
        }
    });
}
