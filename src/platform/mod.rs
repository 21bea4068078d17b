//! The platform: what touches clocks, timers, storage, the terminal and the event loop.
//!
//! This file alone looks at the target and picks: the browser, a native host with the feature
//! `native`, or a host without it, which has the engine and no edge. Each implements the traits of
//! `runtime`, `store` and `cache`, and the `Host` of the layer that it serves.

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(all(not(target_arch = "wasm32"), not(feature = "native")))]
pub mod host;
#[cfg(all(not(target_arch = "wasm32"), feature = "native"))]
pub mod native;
#[cfg(all(not(unix), not(target_arch = "wasm32"), feature = "native"))]
#[path = "native/stop_elsewhere.rs"]
pub mod stop;
#[cfg(all(unix, not(target_arch = "wasm32"), feature = "native"))]
#[path = "native/stop_unix.rs"]
pub mod stop;
