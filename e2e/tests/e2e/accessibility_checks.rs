// SPDX-License-Identifier: EUPL-1.2
//! Accessibility checks of the current state in several themes, colour schemes and languages.

use infocig_e2e::{
    browser::Browser,
    page::{PlainPage, PortalPage},
};
use infocig_protocol::language::Language;

/// Checks one theme on a light page and the other on a dark one, and restores the first.
#[track_caller]
pub(crate) fn meets_no_barrier<'w>(worker: &'w PortalPage<'_>) -> impl Future<Output = ()> + 'w {
    let place = std::panic::Location::caller();
    async move {
        for (theme, scheme) in [("italia", "dark"), ("sirio", "light")] {
            worker.wears(theme).await.unwrap();
            worker.lies_in_a_page_that_is(scheme).await.unwrap();
            let found = worker.is_accessible().await;
            found.map_err(|found| format!("{place}, {theme}, {scheme}: {found}")).unwrap();
        }
    }
}

/// Checks both themes on a light page and on a dark one and, where the engine can emulate it, with a preference for dark pages
/// and with forced colours.
pub(crate) async fn in_every_look(phone: &Browser, worker: &PortalPage<'_>) {
    for theme in ["italia", "sirio"] {
        worker.wears(theme).await.unwrap();
        for scheme in ["dark", "light"] {
            worker.lies_in_a_page_that_is(scheme).await.unwrap();
            worker.is_accessible().await.map_err(|found| format!("{theme}, {scheme}: {found}")).unwrap();
        }
        if phone.has_tools() {
            phone.prefers("dark").await.unwrap();
            worker.is_accessible().await.map_err(|found| format!("{theme}, light: {found}")).unwrap();
            phone.forces_colours(true).await.unwrap();
            let found = worker.is_accessible().await;
            found.map_err(|found| format!("{theme}, forced colours: {found}")).unwrap();
            phone.prefers("light").await.unwrap();
        }
    }
}

/// The shown texts, in every language.
pub(crate) async fn in_every_language(worker: &PortalPage<'_>) {
    for language in Language::ALL {
        worker.press_options().await.unwrap();
        worker.choose_language(language.as_str()).await.unwrap();
        worker.press_options().await.unwrap();
        worker.is_accessible().await.map_err(|found| format!("{language:?}: {found}")).unwrap();
    }
}

/// A plain page, and, where a device can be told to prefer it, as it is on a device that prefers dark ones or has its own
/// colours.
pub(crate) async fn plainly(phone: &Browser, page: &PlainPage<'_>) {
    page.is_accessible().await.unwrap();
    if phone.has_tools() {
        phone.prefers("dark").await.unwrap();
        page.is_accessible().await.map_err(|found| format!("dark: {found}")).unwrap();
        phone.forces_colours(true).await.unwrap();
        page.is_accessible().await.map_err(|found| format!("forced colours: {found}")).unwrap();
        phone.forces_colours(false).await.unwrap();
    }
}
