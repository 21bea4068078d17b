//! Everything that this browser keeps, as one file: out and in.

use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;

use super::engine::Engine;
use crate::store::archive::{self, Archive, Exported, Restored, Unpacked};

/// The file. Only once the engine's code is there.
#[inline(never)]
pub fn export(engine: Rc<Engine>) -> LocalBoxFuture<'static, Result<Exported, String>> {
    async move {
        let collected = archive::collect(&*engine.documents, &*engine.disk).boxed_local().await;
        let Unpacked { archive, problems } = collected.map_err(|error| error.to_string())?;
        let bytes = archive.pack().map_err(|error| error.to_string())?;
        Ok(Exported { bytes, problems })
    }
    .boxed_local()
}

/// Puts the contents of a file beside what is kept. Only once the engine's code is there.
#[inline(never)]
pub fn import(engine: Rc<Engine>, bytes: Vec<u8>) -> LocalBoxFuture<'static, Result<Restored, String>> {
    async move {
        let unpacked = Archive::unpack(&bytes).map_err(|error| error.to_string())?;
        let restored = archive::restore(unpacked, &*engine.documents, &*engine.disk).boxed_local().await;
        restored.map_err(|error| error.to_string())
    }
    .boxed_local()
}
