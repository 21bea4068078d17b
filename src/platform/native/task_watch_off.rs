//! Nobody watches the tasks of this process: that is the feature `console`.

use tracing_subscriber::layer::Identity;

/// What listens to nothing.
pub fn layer() -> Identity {
    Identity::new()
}
