//! `serve`: the planner over HTTP, until it is asked to end.

use anyhow::Result;

use super::config::ServeConfig;
use super::{Exit, Host};

/// Serves.
///
/// # Errors
/// Where it cannot listen.
pub async fn run(host: &dyn Host, config: &ServeConfig) -> Result<Exit> {
    if let Err(error) = host.serve(config).await {
        host.write_stderr(&format!("error: {} cannot be served at: {error}\n", config.listen));
        return Ok(Exit::InputError);
    }
    Ok(Exit::Done)
}
