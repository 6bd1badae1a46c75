//! How faults are played: what becomes of a call or of its reply.

use std::time::Duration;

use bytes::Bytes;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Inner;
use super::answer::{Object, Refusal, internal_error, reply};
use super::fault::{Fault, Kind};
use super::instance::ACCOUNT;
use crate::upstream::{Call, Failure, MAX_REPLY, Reply, Step};

/// What a fault does to a call before the call has any effect.
pub(super) enum Before {
    /// It is answered with this.
    Reply(Reply),
    /// It is not answered.
    Failure(Failure),
    /// Nothing.
    Nothing,
}

impl Inner {
    /// Faults that keep the call from having an effect.
    pub(super) async fn before(&self, call: &Call, fault: &Fault) -> Before {
        let not_sent = |step, reason: &str| {
            Before::Failure(Failure::NotSent {
                host: host(call),
                step,
                reason: format!("{reason} (a fault of the sandbox)"),
            })
        };
        let product = call.operation.facts().product;
        let refuse =
            |refusal: Refusal| Before::Reply(refusal.reply(&self.world, product, call.region));
        match fault.kind() {
            Kind::Dns => not_sent(Step::Lookup, "the address was not found"),
            Kind::Connect => not_sent(Step::Connect, "the connection was refused"),
            Kind::Tls => not_sent(Step::Tls, "the certificate is not trusted"),
            Kind::Credentials => not_sent(Step::Credentials, "there are none"),
            Kind::DropBefore => {
                Before::Failure(lost(call, "the connection was closed without a reply"))
            }
            Kind::HangBefore => Before::Failure(self.hang(call, fault).await),
            Kind::Throttle => refuse(
                Refusal::api_gateway(
                    429,
                    "Throttling.User",
                    "Request was denied due to user flow control.",
                )
                .after(Duration::from_millis(fault.number())),
            ),
            Kind::Error500 => refuse(internal_error()),
            Kind::Error503 => refuse(unavailable()),
            Kind::NotSuccess => Before::Reply(Reply {
                status: 200,
                ..internal_error().reply(&self.world, product, call.region)
            }),
            Kind::Status => {
                let status = u16::try_from(fault.number()).unwrap_or(599);
                Before::Reply(reply(&self.world, status, "{}"))
            }
            Kind::Forbidden => refuse(
                Refusal::api_gateway(
                    403,
                    "NoPermission",
                    "You are not authorized to do this action.",
                )
                .with_detail(json!({
                    "AuthAction": format!("paidsw:{}", call.operation.facts().name),
                    "AuthPrincipalType": "SubUser",
                    "AuthPrincipalOwnerId": ACCOUNT,
                    "AuthPrincipalDisplayName": "sandbox_user",
                    "NoPermissionType": "ImplicitDeny",
                    "PolicyType": "AccountLevelIdentityBasedPolicy",
                    "EncodedDiagnosticMessage": "AQEAAAAAsample",
                })),
            ),
            Kind::ExpiredToken => refuse(Refusal::api_gateway(
                403,
                "InvalidSecurityToken.Expired",
                "Specified SecurityToken is expired.",
            )),
            Kind::ClockSkew => {
                let refusal = Refusal::api_gateway(
                    400,
                    "InvalidTimeStamp.Expired",
                    "Specified time stamp or date value is expired.",
                );
                let mut reply = refusal.reply(&self.world, product, call.region);
                let ahead = SignedDuration::from_mins(i64::try_from(fault.number()).unwrap_or(0));
                reply.date = self.world.now().checked_add(ahead).ok();
                Before::Reply(reply)
            }
            Kind::NonceUsed => refuse(Refusal::api_gateway(
                400,
                "SignatureNonceUsed",
                "Specified signature nonce was used already.",
            )),
            Kind::Signature => refuse(Refusal::api_gateway(
                400,
                "SignatureDoesNotMatch",
                "Specified signature does not match our calculation.",
            )),
            _ => Before::Nothing,
        }
    }

    /// Faults that keep the reply from being what it should.
    pub(super) async fn after(
        &self,
        call: &Call,
        fault: &Fault,
        served: Reply,
    ) -> Result<Reply, Failure> {
        let product = call.operation.facts().product;
        let with = |body: Bytes| {
            Ok(Reply {
                body,
                ..served.clone()
            })
        };
        match fault.kind() {
            Kind::DropAfter => Err(lost(call, "the connection was closed without a reply")),
            Kind::Reset => Err(lost(call, "the connection was reset within the reply")),
            Kind::Hang => Err(self.hang(call, fault).await),
            Kind::Error500After => Ok(internal_error().reply(&self.world, product, call.region)),
            Kind::Error503After => Ok(unavailable().reply(&self.world, product, call.region)),
            Kind::Malformed => with(Bytes::from_static(b"{\"RequestId\": nothing to see here}")),
            Kind::Cut => with(served.body.slice(..served.body.len() / 2)),
            Kind::NotUtf8 => with(Bytes::from_static(
                b"{\"RequestId\":\"\xff\xfe\",\"Success\":true,\"InstanceId\":\"dsw-\xc3\x28\"}",
            )),
            Kind::WrongTypes => with(Bytes::from_static(
                b"{\"RequestId\":7,\"Success\":\"true\",\"HttpStatusCode\":\"200\",\"InstanceId\":42,\
                  \"TotalCount\":\"many\",\"Instances\":{}}",
            )),
            Kind::OddId => with(edited(&served.body, "InstanceId", fault.text().into())),
            Kind::Huge => {
                let size = usize::try_from(fault.number()).unwrap_or(usize::MAX);
                if size > MAX_REPLY {
                    return Err(lost(call, "the reply is larger than any should be"));
                }
                let bare = edited(&served.body, "Padding", "".into()).len();
                let padding = "x".repeat(size.saturating_sub(bare));
                with(edited(&served.body, "Padding", padding.into()))
            }
            _ => Ok(served),
        }
    }

    async fn hang(&self, call: &Call, fault: &Fault) -> Failure {
        tokio::time::sleep(Duration::from_secs(fault.number())).await;
        Failure::Lost {
            host: host(call),
            reason: "no reply came in time (a fault of the sandbox)".to_owned(),
            timed_out: true,
        }
    }
}

fn unavailable() -> Refusal {
    Refusal::api_gateway(
        503,
        "ServiceUnavailable",
        "The request has failed due to a temporary failure of the server.",
    )
}

fn host(call: &Call) -> String {
    call.operation.facts().product.host(call.region)
}

fn lost(call: &Call, reason: &str) -> Failure {
    Failure::Lost {
        host: host(call),
        reason: format!("{reason} (a fault of the sandbox)"),
        timed_out: false,
    }
}

/// A JSON object with one member set; bytes that are no object stay as they are.
fn edited(body: &Bytes, name: &str, value: Value) -> Bytes {
    let Ok(mut object) = serde_json::from_slice::<Object>(body) else {
        return body.clone();
    };
    object.insert(name.to_owned(), value);
    Value::Object(object).to_string().into()
}
