// SPDX-License-Identifier: EUPL-1.2
//! HTTP without a platform: reading the headers of a request, and forms of pages without scripts.

pub mod audit_csv;
pub mod bounded_body;
pub mod data_protection;
pub mod encoding;
pub mod etag;
pub mod language;
mod negotiation;
pub mod origin;
pub mod own_data;
pub mod plain_pages;
pub mod report_csv;
pub mod security_txt;
pub mod supervision;
