//! The log: one JSON object a line (S21). What a client sent is escaped and capped, and no body, token or
//! query is ever written.

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt};

use crate::world::World;

/// A log that goes to this writer, filtered as in `info,dsw_gateway=debug`.
///
/// # Errors
///
/// When the filter can not be understood.
pub fn subscriber<W>(
    writer: W,
    filter: &str,
    world: World,
) -> Result<impl Subscriber + Send + Sync, tracing_subscriber::filter::ParseError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer()
        .fmt_fields(JsonFields::new())
        .event_format(
            fmt::format()
                .json()
                .flatten_event(true)
                .with_current_span(false)
                .with_span_list(false)
                .with_timer(Clock(world)),
        )
        .with_writer(writer);
    Ok(Registry::default()
        .with(EnvFilter::try_new(filter)?)
        .with(lines))
}

/// The same for people at a terminal. What a client sent stands in quotes, with escapes.
///
/// # Errors
///
/// When the filter can not be understood.
pub fn for_people<W>(
    writer: W,
    filter: &str,
    world: World,
) -> Result<impl Subscriber + Send + Sync, tracing_subscriber::filter::ParseError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer()
        .with_ansi(false)
        .with_target(false)
        .with_timer(Clock(world))
        .with_writer(writer);
    Ok(Registry::default()
        .with(EnvFilter::try_new(filter)?)
        .with(lines))
}

struct Clock(World);

impl FormatTime for Clock {
    fn format_time(&self, writer: &mut fmt::format::Writer<'_>) -> std::fmt::Result {
        write!(writer, "{:.3}", self.0.now())
    }
}

/// Characters of the longest text of a client that is logged.
const CAP: usize = 200;

/// A text of a client, as it may be logged.
pub(crate) fn capped(text: &str) -> &str {
    let end = text
        .char_indices()
        .nth(CAP)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}
