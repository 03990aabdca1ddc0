// SPDX-License-Identifier: EUPL-1.2
//! The whole kit of conformance, with the clauses that wait for a minute or two.

use infocig_e2e::linea_inps::LineaInps;

use crate::runtime::conformance::{Kit, NOT_FROM_OUTSIDE};

#[tokio::test]
async fn the_edge_keeps_the_clauses_that_wait_too() {
    let mut kit = Kit::new().await;
    let office = LineaInps::open(|options| kit.trusted_by(options)).await.unwrap();
    kit.expire_a_ticket(&office.scene).await;

    let report = kit.run(&office.scene.edge.url(), &["--forward"]).await;

    assert_eq!(report.of("broken"), [] as [String; 0], "{report:#?}");
    assert_eq!(report.of("not tried"), NOT_FROM_OUTSIDE);
}
