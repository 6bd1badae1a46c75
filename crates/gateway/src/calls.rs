//! [`make`]: one call to the service, if there is room for it, within a time.

use tokio::time::{Instant, timeout_at};

use crate::app::App;
use crate::error::Error;
use crate::upstream::{Call, Failure, Reply};

/// Why there is no reply.
#[derive(Debug)]
pub enum NoReply {
    /// There is no room for one more call; nothing was sent.
    Busy(Box<Error>),
    /// Time ran out while the call was under way.
    TimedOut,
    /// The upstream says why.
    Failed(Failure),
}

/// Makes one call if there is room for it (S11), and gives up at the deadline.
///
/// # Errors
///
/// When there is no reply.
pub async fn make(app: &App, call: Call, deadline: Instant) -> Result<Reply, NoReply> {
    let _permit = app
        .permit()
        .map_err(|error| NoReply::Busy(Box::new(error)))?;
    answer(app, call, deadline).await
}

/// The same for a call that has its room already.
///
/// # Errors
///
/// When there is no reply.
pub async fn answer(app: &App, call: Call, deadline: Instant) -> Result<Reply, NoReply> {
    match timeout_at(deadline, app.upstream.call(call)).await {
        Ok(answered) => answered.map_err(NoReply::Failed),
        Err(_) => Err(NoReply::TimedOut),
    }
}
