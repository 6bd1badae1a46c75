//! Credentials of the role that this machine has, from its metadata service.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use http_body_util::Full;

use super::recipe::{Answer, Context, Error, Fetched, ask, read, refused};
use crate::sign::escape;
use crate::transport::{Limits, Received};

const WHO: &str = "the metadata service";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
/// Seconds that a token of the service is asked for. It is used at once.
const TOKEN_SECONDS: &str = "60";
/// The service is on the machine itself, or there is none.
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(1),
    first_byte: Duration::from_secs(1),
};

/// Asks for the credentials of the role, and first for its name if it is not known.
pub(super) async fn fetch(role: Option<String>, context: &Context) -> Result<Fetched, Error> {
    let old_protocol = !context.environment.is_true("ALIBABA_CLOUD_IMDSV1_DISABLED");
    let token = token(old_protocol, context).await?;
    let role = match role {
        Some(role) => role,
        None => {
            let reply = get(ROLES, token.as_ref(), old_protocol, context).await?;
            String::from_utf8_lossy(&reply.body).into_owned()
        }
    };
    let role = role.trim();
    if role.is_empty() || role.len() > 64 || role.contains(char::is_whitespace) {
        return Err(Error::BadAnswer {
            who: WHO.to_owned(),
            what: "something that is no name of a role",
        });
    }
    let path = [ROLES, &escape(role)].concat();
    let reply = get(&path, token.as_ref(), old_protocol, context).await?;
    let answer: Answer = read(WHO, &reply.body)?;
    if !answer.is_success() {
        return Err(refused(WHO, &reply));
    }
    answer.take(WHO, context.world.now())
}

/// The token that protects the newer protocol, or none where only the older one is spoken.
async fn token(old_protocol: bool, context: &Context) -> Result<Option<HeaderValue>, Error> {
    let mut request = request(Method::PUT, "/latest/api/token", context);
    request.headers_mut().insert(
        "x-aliyun-ecs-metadata-token-ttl-seconds",
        HeaderValue::from_static(TOKEN_SECONDS),
    );
    let reply = ask(WHO, &context.places.metadata, request, LIMITS, context).await;
    let reply = match reply {
        Ok(reply) if reply.status == 200 => reply,
        Ok(reply) if !old_protocol => return Err(refused(WHO, &reply)),
        Ok(_) => return Ok(None),
        // Where nobody listens, nobody speaks the older protocol either.
        Err(Error::NoAnswer { absent: false, .. }) if old_protocol => return Ok(None),
        Err(error) => return Err(error),
    };
    let text = reply.body.trim_ascii();
    let mut token = HeaderValue::from_bytes(text).map_err(|_| Error::BadAnswer {
        who: WHO.to_owned(),
        what: "something that is no token",
    })?;
    token.set_sensitive(true);
    Ok(Some(token))
}

async fn get(
    path: &str,
    token: Option<&HeaderValue>,
    old_protocol: bool,
    context: &Context,
) -> Result<Received, Error> {
    let endpoint = &context.places.metadata;
    let mut asked = request(Method::GET, path, context);
    if let Some(token) = token {
        let headers = asked.headers_mut();
        headers.insert("x-aliyun-ecs-metadata-token", token.clone());
    }
    let mut reply = ask(WHO, endpoint, asked, LIMITS, context).await?;
    if reply.status != 200 && token.is_some() && old_protocol {
        let asked = request(Method::GET, path, context);
        reply = ask(WHO, endpoint, asked, LIMITS, context).await?;
    }
    if reply.status == 200 {
        Ok(reply)
    } else {
        Err(refused(WHO, &reply))
    }
}

fn request(method: Method, path: &str, context: &Context) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::default());
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().expect("an escaped path");
    let host = context.places.metadata.authority();
    let host = HeaderValue::from_str(&host).expect("a host that can be sent");
    request.headers_mut().insert(header::HOST, host);
    request
}
