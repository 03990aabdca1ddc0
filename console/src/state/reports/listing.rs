// SPDX-License-Identifier: EUPL-1.2
//! A form, and the rows that were found with it, page by page.

use infocig_client::query::Query;

use super::Loading;
use crate::state::cases::RequestError;

/// The filters of a list. An empty field is no filter.
pub trait Filters: Clone {
    /// The parameters of the request.
    fn parameters(&self) -> Query;
    /// Whether the filters contradict themselves.
    fn is_wrong(&self) -> bool;
}

/// The form, and the rows found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<F, T> {
    pub form: F,
    /// The form of the listed rows.
    sought: F,
    pub pages: Loading<()>,
    pub found: Vec<T>,
    next: Option<String>,
}

impl<F: Default, T> Default for Listing<F, T> {
    fn default() -> Self {
        let (form, sought) = (F::default(), F::default());
        Self { form, sought, pages: Loading::default(), found: Vec::new(), next: None }
    }
}

impl<F: Filters, T> Listing<F, T> {
    /// Begins a search. Returns the number of the request for the first page; `None` for a form that has an error.
    pub fn begin(&mut self) -> Option<u32> {
        if self.form.is_wrong() {
            return None;
        }
        self.sought = self.form.clone();
        self.found.clear();
        self.next = None;
        self.pages.answer = None;
        Some(self.pages.begin())
    }

    /// The number of the request for the next page; `None` if there is none, or it is loading.
    pub fn begin_next(&mut self) -> Option<u32> {
        (self.next.is_some() && !self.pages.loading).then(|| self.pages.begin())
    }

    /// The parameters of the request for the next page.
    pub fn parameters(&self) -> Query {
        let mut query = self.sought.parameters();
        query.extend(self.next.clone().map(|next| ("cursor", next)));
        query
    }

    /// Applies a page: its rows, and the cursor of the next one.
    pub fn answered(&mut self, number: u32, answer: Result<(Vec<T>, Option<String>), RequestError>) {
        let newest = self.pages.is_newest(number);
        let page = answer.map(|(rows, next)| {
            if newest {
                self.found.extend(rows);
                self.next = next;
            }
        });
        self.pages.answered(number, page);
    }

    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }
}

/// The fields that are filled in.
pub(super) fn filled<const N: usize>(fields: [(&'static str, String); N]) -> Query {
    fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// Whether both days are there and in the wrong order.
pub(super) fn is_backwards(from: &str, to: &str) -> bool {
    !from.is_empty() && !to.is_empty() && from > to
}
