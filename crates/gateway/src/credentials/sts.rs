//! Credentials of a role, from the Security Token Service.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use http_body_util::Full;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::recipe::{Answer, Context, Error, Fetched, ask, read, read_file, refused};
use super::{Credentials, Environment};
use crate::sign::{self, escape, sign};
use crate::transport::{Endpoint, Limits};

const VERSION: &str = "2015-04-01";
/// What this program calls itself in the audit trail of a role that no session name is given for.
const SESSION: &str = "dsw-composer";
/// Seconds that a role's credentials are good for, unless something else is asked.
const DURATION: u64 = 3600;
/// The service gives none that are good for less.
const SHORTEST: u64 = 900;
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    first_byte: Duration::from_secs(10),
};

/// The role that is to be taken.
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session: Option<String>,
    pub(super) duration: Option<u64>,
    pub(super) policy: Option<String>,
    pub(super) external_id: Option<String>,
    /// The region whose service is asked, and whether by its address inside a VPC.
    pub(super) sts_region: Option<String>,
    pub(super) vpc: Option<bool>,
}

impl Role {
    /// A role, with all else as the service has it.
    pub(super) fn new(arn: String) -> Self {
        Self {
            arn,
            session: None,
            duration: None,
            policy: None,
            external_id: None,
            sts_region: None,
            vpc: None,
        }
    }

    /// What a request for it says.
    fn members(&self) -> Vec<(&str, String)> {
        let session = self.session.as_deref().unwrap_or(SESSION);
        let duration = self.duration.unwrap_or(DURATION).max(SHORTEST);
        let mut members = vec![
            ("RoleArn", self.arn.clone()),
            ("RoleSessionName", session.to_owned()),
            ("DurationSeconds", duration.to_string()),
        ];
        let optional = [("Policy", &self.policy), ("ExternalId", &self.external_id)];
        for (name, value) in optional {
            members.extend(value.clone().map(|value| (name, value)));
        }
        members
    }

    fn endpoint(&self, context: &Context) -> Result<Endpoint, Error> {
        if let Some(endpoint) = &context.places.sts {
            return Ok(endpoint.clone());
        }
        let environment = &context.environment;
        let region = self
            .sts_region
            .clone()
            .or_else(|| environment.get("ALIBABA_CLOUD_STS_REGION"));
        let vpc = self
            .vpc
            .unwrap_or_else(|| environment.is_true("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"));
        host(region.as_deref(), vpc).map(Endpoint::secure)
    }
}

/// The host of the service: one for all, or that of a region, perhaps as it is reached inside a VPC.
fn host(region: Option<&str>, vpc: bool) -> Result<String, Error> {
    let Some(region) = region.map(str::trim).filter(|region| !region.is_empty()) else {
        return Ok("sts.aliyuncs.com".to_owned());
    };
    // The region becomes a part of the host, and of nothing else.
    let is_region = region.len() <= 40
        && region
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_region {
        return Err(Error::BadVariable {
            name: "the region of STS",
            expected: "a region's id",
        });
    }
    let service = if vpc { "sts-vpc" } else { "sts" };
    Ok(format!("{service}.{region}.aliyuncs.com"))
}

/// The role that the environment names, if all that an identity provider's token needs is there.
pub(super) fn of_environment(environment: &Environment) -> Option<(Role, String, String)> {
    let arn = environment.get("ALIBABA_CLOUD_ROLE_ARN")?;
    let provider = environment.get("ALIBABA_CLOUD_OIDC_PROVIDER_ARN")?;
    let token_file = environment.get("ALIBABA_CLOUD_OIDC_TOKEN_FILE")?;
    let mut role = Role::new(arn);
    role.session = environment.get("ALIBABA_CLOUD_ROLE_SESSION_NAME");
    Some((role, provider, token_file))
}

/// Exchanges credentials for those of a role.
pub(super) async fn assume(
    role: &Role,
    base: &Credentials,
    context: &Context,
) -> Result<Fetched, Error> {
    let endpoint = role.endpoint(context)?;
    let host = endpoint.authority();
    let members = role.members();
    let query: Vec<_> = members
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let request = sign::Request {
        method: &Method::POST,
        host: &host,
        path: "/",
        query: &query,
        action: "AssumeRole",
        version: VERSION,
        content_type: None,
        body: b"",
    };
    let signed = sign(&request, base, context.world.now(), &context.world.token());
    let mut request = Request::new(Full::default());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = signed.target.parse().expect("an escaped target");
    request.headers_mut().extend(signed.headers);
    exchange(&endpoint, request, context).await
}

/// Exchanges an identity provider's token for the credentials of a role. It is not signed: the token proves
/// who asks. It goes in the body, since addresses are what gets logged on the way.
pub(super) async fn assume_with_oidc(
    role: &Role,
    provider: &str,
    token_file: &Path,
    context: &Context,
) -> Result<Fetched, Error> {
    let endpoint = role.endpoint(context)?;
    // It is good for a short time only, and mounted as the cluster decides.
    let token = read_file(token_file, false)
        .await?
        .ok_or_else(|| Error::file(token_file, "there is no such file"))?;
    let date = context.world.now().strftime("%Y-%m-%dT%H:%M:%SZ");
    let target = format!(
        "/?Action=AssumeRoleWithOIDC&Format=JSON&Timestamp={}&Version={VERSION}",
        escape(&date.to_string())
    );
    let mut form = Zeroizing::new(format!(
        "OIDCProviderArn={}&OIDCToken={}",
        escape(provider),
        escape(token.trim())
    ));
    for (name, value) in role.members() {
        for part in ["&", name, "=", &escape(&value)] {
            form.push_str(part);
        }
    }
    let mut request = Request::new(Full::new(Bytes::copy_from_slice(form.as_bytes())));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = target.parse().expect("an escaped target");
    let host = HeaderValue::from_str(&endpoint.authority()).expect("a host that can be sent");
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(header::HOST, host);
    request.headers_mut().insert(header::CONTENT_TYPE, form);
    exchange(&endpoint, request, context).await
}

async fn exchange(
    endpoint: &Endpoint,
    mut request: Request<Full<Bytes>>,
    context: &Context,
) -> Result<Fetched, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Exchanged {
        credentials: Answer,
    }
    let who = endpoint.authority();
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(header::ACCEPT, json);
    let reply = ask(&who, endpoint, request, LIMITS, context).await?;
    if reply.status != 200 {
        return Err(refused(&who, &reply));
    }
    let exchanged: Exchanged = read(&who, &reply.body)?;
    exchanged.credentials.take(&who, context.world.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s07_a_region_of_sts_is_a_part_of_the_host_and_nothing_else() {
        assert_eq!(host(None, true).as_deref(), Ok("sts.aliyuncs.com"));
        assert_eq!(
            host(Some("cn-hangzhou"), false).as_deref(),
            Ok("sts.cn-hangzhou.aliyuncs.com")
        );
        assert_eq!(
            host(Some(" cn-hangzhou\n"), true).as_deref(),
            Ok("sts-vpc.cn-hangzhou.aliyuncs.com")
        );
        for region in ["evil.example/", "a.b", "a@b", "a:1", "A", &"a".repeat(41)] {
            assert!(host(Some(region), false).is_err(), "{region}");
        }
    }
}
