//! `/config.json`: what the page has to know before it can call.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::app::App;
use crate::region::Region;
use crate::upstream::Mode;

/// The configuration document. A page hosted apart has one beside it, of which only `gateway`, `defaultRegion`,
/// `language` and `regions` matter.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    /// Where the gateway is: here.
    gateway: &'a str,
    mode: Mode,
    token_required: bool,
    default_region: &'a str,
    language: Option<&'a str>,
    regions: Vec<Named>,
    version: &'a str,
}

#[derive(Clone, Debug, Serialize)]
struct Named {
    id: &'static str,
    name: &'static str,
}

/// The document's bytes: they do not change while the program runs.
pub(crate) fn bytes(app: &App) -> Bytes {
    let regions = Region::all().map(|region| Named {
        id: region.id(),
        name: region.name(),
    });
    let document = Document {
        gateway: "/",
        mode: app.upstream.mode(),
        token_required: app.settings.token.is_some(),
        default_region: app.settings.default_region.id(),
        language: app.settings.language.as_deref(),
        regions: regions.collect(),
        version: env!("CARGO_PKG_VERSION"),
    };
    serde_json::to_vec(&document)
        .expect("a document is plain data")
        .into()
}

/// `/policy.json`: the file of the team's policy as it is. Where there is none the answer is no error: every page asks,
/// and browsers report errors to those who look.
pub(crate) async fn policy(State(app): State<App>) -> Response {
    match &app.team {
        Some(team) => answer("application/json", team.bytes.clone()),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// An answer with this text.
pub(crate) fn answer(kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
