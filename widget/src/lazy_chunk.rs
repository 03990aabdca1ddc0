// SPDX-License-Identifier: EUPL-1.2
//! A chunk of the module: fetched when it is needed or while the page is idle, and again after a failure.

use std::{any::Any, marker::PhantomData, pin::Pin};

use infocig_client::dom::saves_data;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::texts::Texts;

/// A chunk that is being loaded. Resolves to its functions, or to `None` if it could not be loaded.
pub(crate) type Loading = Pin<Box<dyn Future<Output = Option<Functions>>>>;

/// The table of the functions of a chunk, type-erased, because code of a type is compiled once for each type.
pub(crate) type Functions = &'static (dyn Any + Send + Sync);

/// The table of the functions of a chunk.
pub(crate) trait Chunk: Copy + Send + Sync + 'static {
    /// Loads the chunk.
    fn load() -> Loading;
}

/// The functions of a chunk that has been loaded. They live as long as the module, so that they are leaked.
pub(crate) fn arrived<V: Chunk, E>(functions: Result<V, E>) -> Option<Functions> {
    functions.ok().map(|functions| Box::leak(Box::new(functions)) as Functions)
}

/// The progress of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Unasked,
    Coming,
    There,
    Failed,
}

/// A handle on a chunk, loaded or not. All chats of a widget share it.
#[derive(Debug)]
pub(crate) struct LazyChunk<V: 'static> {
    any: AnyChunk,
    functions: PhantomData<fn() -> V>,
}

/// A handle on a chunk whose functions are not known by type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnyChunk {
    load: fn() -> Loading,
    arrived: RwSignal<(Progress, Option<Functions>)>,
    /// The texts whose later part comes with the chunk.
    texts: StoredValue<Option<Texts>, LocalStorage>,
}

impl<V> Clone for LazyChunk<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for LazyChunk<V> {}

impl<V: Chunk> LazyChunk<V> {
    /// A chunk that is not loaded, and the texts whose later part comes with it.
    pub(crate) fn new(texts: Option<Texts>) -> Self {
        Self { any: AnyChunk::new(V::load, texts), functions: PhantomData }
    }

    /// Its functions, if it is loaded; not followed ([`AnyChunk::progress`] is).
    pub(crate) fn get(self) -> Option<V> {
        self.any.get()?.downcast_ref().copied()
    }

    /// Loads it and waits. `None` if it could not be loaded, or the element has left the page.
    pub(crate) async fn wait(self) -> Option<V> {
        self.any.wait().await;
        self.get()
    }

    /// The handle without the type.
    pub(crate) const fn any(self) -> AnyChunk {
        self.any
    }
}

impl AnyChunk {
    #[inline(never)]
    fn new(load: fn() -> Loading, texts: Option<Texts>) -> Self {
        let arrived = RwSignal::new((Progress::Unasked, None));
        Self { load, arrived, texts: StoredValue::new_local(texts) }
    }

    #[inline(never)]
    fn get(self) -> Option<Functions> {
        let (_, functions) = self.arrived.try_get_untracked()?;
        functions
    }

    /// Its progress; followed.
    pub(crate) fn progress(self) -> Progress {
        self.arrived.try_get().map_or(Progress::Unasked, |(progress, _)| progress)
    }

    /// Loads it, unless it is loaded or being loaded.
    pub(crate) fn fetch(self) {
        if let Some((Progress::Unasked | Progress::Failed, _)) = self.arrived.try_get_untracked() {
            spawn_local(self.wait());
        }
    }

    /// Loads it before it is needed, unless the person saves data. After a failure only the button retries: it must not
    /// disappear under the pointer.
    pub(crate) fn fetch_early(self) {
        if let Some((Progress::Unasked, _)) = self.arrived.try_get_untracked()
            && !saves_data()
        {
            self.fetch();
        }
    }

    async fn wait(self) {
        if self.get().is_some() {
            return;
        }
        let _gone = self.arrived.try_set((Progress::Coming, None));
        let texts = self.texts.try_get_value().flatten();
        // Requested first, so that both arrive at once.
        let later = texts.as_ref().and_then(Texts::request_later);
        let mut functions = (self.load)().await;
        if let Some(texts) = texts
            && !texts.complete(later).await
        {
            functions = None;
        }
        let progress = if functions.is_some() { Progress::There } else { Progress::Failed };
        let _gone = self.arrived.try_set((progress, functions));
    }
}
