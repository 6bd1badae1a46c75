//! Credentials that somebody gives away at an address.

use std::time::Duration;

use http::uri::Uri;
use http::{HeaderValue, Request, header};
use http_body_util::Full;

use super::recipe::{Answer, Context, Error, Fetched, ask, read, refused};
use crate::transport::{Endpoint, Limits};

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    first_byte: Duration::from_secs(10),
};

/// Asks at the address. Only its host is named in errors: the rest may be secret.
pub(super) async fn fetch(address: &str, context: &Context) -> Result<Fetched, Error> {
    let uri: Option<Uri> = address.trim().parse().ok();
    let (endpoint, uri) =
        uri.and_then(|uri| Some((Endpoint::of(&uri)?, uri)))
            .ok_or(Error::BadVariable {
                name: "the credentials URI",
                expected: "an address with http: or https:",
            })?;
    let who = endpoint.authority();
    let mut request = Request::new(Full::default());
    if let Some(target) = uri.path_and_query() {
        *request.uri_mut() = Uri::from(target.clone());
    }
    let host = HeaderValue::from_str(&who).expect("a host that can be sent");
    request.headers_mut().insert(header::HOST, host);
    let reply = ask(&who, &endpoint, request, LIMITS, context).await?;
    if reply.status != 200 {
        return Err(refused(&who, &reply));
    }
    let answer: Answer = read(&who, &reply.body)?;
    if !answer.is_success() {
        return Err(refused(&who, &reply));
    }
    answer.take(&who, context.world.now())
}
