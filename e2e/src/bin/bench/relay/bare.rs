// SPDX-License-Identifier: EUPL-1.2
//! Rooms of the minimal object.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use infocig_e2e::{bare::Bare, error::Error, socket::Socket};
use serde_json::Value;

use super::{
    ours::AT_ONCE,
    pair::{Pair, Stream},
};

/// Opens this number of rooms with both sides connected.
pub(super) async fn pairs(bare: &Bare, count: usize) -> Result<Vec<Pair>, Error> {
    let rooms = stream::iter(0..count).map(|place| async move {
        let room = bare.room(&format!("{place}-of-{count}"));
        Pair::new(place, open(&room).await?, open(&room).await?, |_| Ok(true))
    });
    rooms.buffered(AT_ONCE).try_collect().await
}

async fn open(room: &str) -> Result<Stream, Error> {
    let knocked = Socket::<Value>::try_socket(room, "http://127.0.0.1", None).await?;
    let socket =
        knocked.map_err(|answer| Error::new(format!("the bare object answered {}", answer.status)))?;
    Ok(socket.into_stream())
}
