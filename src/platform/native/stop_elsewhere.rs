//! When the system asks the process to end, where there is Ctrl-C alone.

use futures::future::pending;

/// Resolves when the process is asked to end. May be asked again afterwards.
pub async fn asked() {
    // Without a handler the signal ends the process.
    if tokio::signal::ctrl_c().await.is_err() {
        pending().await
    }
}
