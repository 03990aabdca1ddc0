// SPDX-License-Identifier: EUPL-1.2
//! Asking whether the service is open.

use std::time::Duration;

use infocig_client::{clock, http};
use infocig_protocol::time::Timestamp;
use wasm_bindgen_futures::spawn_local;

use super::Chat;
use crate::{recheck, state::Availability};

impl Chat {
    /// Asks whether the service is open, and asks again when the answer expires.
    pub(crate) fn check_availability(&self) {
        let chat = self.clone();
        spawn_local(async move {
            let answer =
                http::availability(&chat.config.edge, &chat.config.availability_query(chat.language())).await;
            if chat.state.is_gone() {
                return;
            }
            let (availability, wait) = match answer {
                Ok(admission) => {
                    let wait = recheck::wait(&admission, |text| {
                        clock::parse_rfc3339(text).map(Timestamp::as_millis)
                    });
                    (Availability::Known(admission), wait)
                }
                Err(_) => (Availability::Unknown, Some(recheck::AFTER_FAILURE_MS)),
            };
            chat.state.change(|s| s.availability = availability);
            chat.schedule_recheck(wait);
        });
    }

    fn schedule_recheck(&self, wait: Option<i64>) {
        let Some(wait) = wait else { return self.recheck.stop() };
        let chat = self.clone();
        let wait = Duration::from_millis(wait.unsigned_abs() + u64::from(jitter_ms()));
        self.recheck.set(wait, move || {
            if !chat.state.is_gone() {
                chat.check_availability();
            }
        });
    }
}

/// Spreads the requests of all pages, which would come in the same instant at opening time.
fn jitter_ms() -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1200")]
    let jitter = (js_sys::Math::random() * 1200.0) as u16;
    jitter
}
