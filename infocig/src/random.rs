// SPDX-License-Identifier: EUPL-1.2
//! Random bytes of the system, for keys, tokens and ids.

use crate::{Error, While};

/// So many random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).while_doing("asking the system for random bytes")?;
    Ok(bytes)
}

/// So many random bytes as hexadecimal digits.
pub(crate) fn hex<const N: usize>() -> Result<String, Error> {
    Ok(base16ct::lower::encode_string(&bytes::<N>()?))
}
