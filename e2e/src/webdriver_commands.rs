// SPDX-License-Identifier: EUPL-1.2
//! Commands of the `WebDriver` standard that the library lacks, or sends in the form of one browser only.

use reqwest::Method;
use serde_json::{Value, json};
use thirtyfour::{
    RequestData, SessionId, WebDriver, WebElement,
    common::command::FormatRequestData,
    error::{WebDriverError, WebDriverResult},
};

/// The elements inside the open shadow root of `host` that a selector finds.
pub(crate) async fn all_in_shadow(
    driver: &WebDriver,
    host: &WebElement,
    selector: &str,
) -> WebDriverResult<Vec<WebElement>> {
    let root = get(driver, format!("element/{}/shadow", host.element_id())).await?;
    let root = root[SHADOW_ROOT].as_str().ok_or_else(|| WebDriverError::Json(format!("no root: {root}")))?;
    let search = json!({ "using": "css selector", "value": selector });
    let find = Command { method: Method::POST, path: format!("shadow/{root}/elements"), body: Some(search) };
    driver.handle().cmd(find).await?.elements(driver.handle().clone())
}

/// The role of an element in the accessibility tree.
pub(crate) async fn computed_role(driver: &WebDriver, element: &WebElement) -> WebDriverResult<String> {
    computed(driver, element, "computedrole").await
}

/// The name of an element in the accessibility tree.
pub(crate) async fn computed_label(driver: &WebDriver, element: &WebElement) -> WebDriverResult<String> {
    computed(driver, element, "computedlabel").await
}

async fn computed(driver: &WebDriver, element: &WebElement, what: &str) -> WebDriverResult<String> {
    let found = get(driver, format!("element/{}/{what}", element.element_id())).await?;
    Ok(found.as_str().unwrap_or_default().to_owned())
}

/// Sets the context of scripts to Firefox itself (`chrome`) or to its pages (`content`).
pub(crate) async fn firefox_context(driver: &WebDriver, context: &str) -> WebDriverResult<()> {
    let body = Some(json!({ "context": context }));
    driver.handle().cmd(Command { method: Method::POST, path: "moz/context".into(), body }).await?;
    Ok(())
}

async fn get(driver: &WebDriver, path: String) -> WebDriverResult<Value> {
    driver.handle().cmd(Command { method: Method::GET, path, body: None }).await?.value()
}

/// One command of a session.
#[derive(Debug)]
struct Command {
    method: Method,
    path: String,
    body: Option<Value>,
}

impl FormatRequestData for Command {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let request = RequestData::new(self.method.clone(), format!("session/{session}/{}", self.path));
        match &self.body {
            Some(body) => request.add_body(body.clone()),
            None => request,
        }
    }
}

/// The key of a reference to a shadow root in the standard.
const SHADOW_ROOT: &str = "shadow-6066-11e4-a52e-4f735466cecf";
