// SPDX-License-Identifier: EUPL-1.2
//! Nothing: the package exists for the lock file beside it.
