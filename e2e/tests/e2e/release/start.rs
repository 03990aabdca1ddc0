// SPDX-License-Identifier: EUPL-1.2
//! Settings and routes that a release must not have.

use infocig_e2e::{artefacts::Variant, edge::EdgeOptions, scene::Scene};
use infocig_protocol::problem::Code;

#[tokio::test]
async fn a_release_has_no_clock_that_can_be_set() {
    let scene = Scene::with(|options| EdgeOptions { variant: Variant::Release, ..options }).await.unwrap();

    let read = scene.edge.get("/test/clock").await.unwrap();
    let set = scene.edge.set_clock("2021-05-10T15:05:00+02:00").await;

    assert_eq!((read.status, read.problem().unwrap().code), (404, Code::NotFound));
    assert!(set.unwrap_err().to_string().contains("not-found"));
}
