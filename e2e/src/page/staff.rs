// SPDX-License-Identifier: EUPL-1.2
//! The pages at which the staff sign in: the console's on the service's own origin, and those of the provider.

use super::{ConsolePage, PlainPage, parts::press_at};
use crate::{browser::Browser, error::Error, oidc::OidcProvider};

/// The console's page of a service, before and after the sign-in.
#[derive(Clone, Copy, Debug)]
pub struct StaffPage<'b> {
    browser: &'b Browser,
    /// Its content outside the console.
    pub page: PlainPage<'b>,
}

impl<'b> StaffPage<'b> {
    /// Opens it.
    pub async fn open(browser: &'b Browser, edge: &str) -> Result<Self, Error> {
        let page = PlainPage::open(browser, &format!("{edge}/console")).await?;
        Ok(Self { browser, page })
    }

    /// Begins to sign in, and chooses an account at the provider. The provider may answer with another page than the console's.
    pub async fn sign_in_as(&self, account: &str) -> Result<(), Error> {
        press_at(self.browser, "a[href*='/v1/staff/sign-in']").await?;
        press_at(self.browser, &format!("#{account}")).await
    }

    /// Begins to sign in, where the provider's own session still stands.
    pub async fn sign_in_again(&self) -> Result<ConsolePage<'b>, Error> {
        press_at(self.browser, "a[href*='/v1/staff/sign-in']").await?;
        ConsolePage::at_the_desk(self.browser).await
    }

    /// Signs in, and returns once the desk counts the advisor as present.
    pub async fn console_of(&self, account: &str) -> Result<ConsolePage<'b>, Error> {
        self.sign_in_as(account).await?;
        ConsolePage::at_the_desk(self.browser).await
    }

    /// Signs out here, and then at the provider, which leads back.
    pub async fn sign_out(&self) -> Result<(), Error> {
        press_at(self.browser, ".who button").await?;
        press_at(self.browser, "button[name='logout']").await?;
        self.page.says(&["Accedi con le credenziali del tuo ente."]).await
    }

    /// Signs out at the provider alone, in a tab of its own, and returns to the console's.
    pub async fn signs_out_elsewhere(&self, provider: &OidcProvider) -> Result<(), Error> {
        let console = self.browser.tab().await?;
        self.browser.new_tab().await?;
        self.browser.open(&format!("{}/session/end", provider.issuer())).await?;
        press_at(self.browser, "button[name='logout']").await?;
        self.browser.page_says("Sign-out").await?;
        self.browser.go_to(console).await
    }

    /// Waits until the console is closed: the page says so, and nothing of anybody is on it.
    pub async fn is_closed(&self) -> Result<(), Error> {
        self.page.says(&["Il tuo accesso è finito.", "Accedi"]).await?;
        let script = "const console = document.querySelector('info-cig-console');
            return console.textContent + (console.shadowRoot?.textContent ?? '');";
        let shown = self.browser.script(script, Vec::new()).await?.to_string();
        if shown.contains("Lucia Ferretti") {
            Err(Error::new(format!("it still shows {shown}")))
        } else {
            Ok(())
        }
    }
}
