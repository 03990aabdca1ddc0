// SPDX-License-Identifier: EUPL-1.2
//! Chance, from the platform's generator: names nobody used before. A platform without any is a fault.

use crate::problem::Fault;

/// 128 bits in hexadecimal: a `jti`, or a message's id.
pub(crate) fn name() -> Result<String, Fault> {
    Ok(format!("{:016x}{:016x}", bits()?, bits()?))
}

/// A number of thirteen digits, as in the examples of `AUDIT_REST_02`.
pub(crate) fn thirteen_digits() -> Result<u64, Fault> {
    Ok(1_000_000_000_000 + bits()? % 9_000_000_000_000)
}

/// 96 bits, to seal one text with.
pub(crate) fn nonce() -> Result<[u8; 12], Fault> {
    let mut bytes = [0; 12];
    getrandom02::getrandom(&mut bytes)
        .map_err(|error| Fault::Platform(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

fn bits() -> Result<u64, Fault> {
    let mut bytes = [0; 8];
    getrandom02::getrandom(&mut bytes)
        .map_err(|error| Fault::Platform(format!("no random bytes: {error}")))?;
    Ok(u64::from_le_bytes(bytes))
}
