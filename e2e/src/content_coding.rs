// SPDX-License-Identifier: EUPL-1.2
//! Decoding compressed responses. The HTTP client of the tests does not decode, so that a test sees the bytes sent.

use std::{io::Read, path::Path};

use crate::error::{Error, While};

/// Whether a file of the site has this extension.
pub fn is_a(ending: &str, path: &str) -> bool {
    Path::new(path).extension().is_some_and(|own| own == ending)
}

/// Decodes a body by its `Content-Encoding`; an empty one is none.
pub fn decoded(coding: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut whole = Vec::new();
    match coding {
        "" => whole.extend(bytes),
        "br" => brotli::BrotliDecompress(&mut &*bytes, &mut whole).while_doing("reading brotli")?,
        "gzip" => {
            let read = flate2::read::GzDecoder::new(bytes).read_to_end(&mut whole);
            read.while_doing("reading gzip")?;
        }
        other => return Err(Error::new(format!("unknown content coding {other}"))),
    }
    Ok(whole)
}
