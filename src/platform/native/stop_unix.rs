//! When the system asks the process to end, where that is said by signals.

use futures::future::{pending, select};
use tokio::signal::unix::{SignalKind, signal};

/// Resolves when the process is asked to end, by Ctrl-C or by `SIGTERM`. May be asked again afterwards.
pub async fn asked() {
    let interrupted = Box::pin(next(SignalKind::interrupt()));
    let terminated = Box::pin(next(SignalKind::terminate()));
    select(interrupted, terminated).await;
}

async fn next(kind: SignalKind) {
    match signal(kind) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        // Without a handler the signal ends the process.
        Err(_) => pending().await,
    }
}
