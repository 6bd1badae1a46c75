//! The stand-in for the service: as fast as can be, so that what is before it is measured.

use std::convert::Infallible;
use std::net::Ipv4Addr;

use bytes::Bytes;
use http::{Method, Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::Result;

/// Answers on this port until it is ended.
pub(crate) fn serve(port: u16) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let answers: &'static Answers = Box::leak(Box::new(Answers::new()));
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(async move {
                let service = service_fn(move |request| answer(request, answers));
                // A client that goes away is no failure of the stand-in.
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    })
}

/// All that is ever answered.
struct Answers {
    created: Bytes,
    instances: Bytes,
    workspaces: Bytes,
}

impl Answers {
    fn new() -> Self {
        let bytes = |value: Value| Bytes::from(value.to_string());
        let workspace = |n: u32| {
            json!({
                "WorkspaceId": (40_000 + n).to_string(), "WorkspaceName": format!("workspace_{n}"),
                "DisplayName": format!("Workspace {n}"), "Description": "For training", "Status": "ENABLED",
                "Creator": "1234567890123456", "EnvTypes": ["prod"], "GmtCreateTime": "2026-01-01T00:00:00Z",
                "GmtModifiedTime": "2026-01-01T00:00:00Z", "IsDefault": false, "ResourceGroupId": "rg-xxxxxxxxxxxx",
            })
        };
        Self {
            created: bytes(json!({
                "RequestId": "E7D55162-4489-1619-AAF5-3F97D5FCA948", "Code": "", "Message": "XXX",
                "InstanceId": "dsw-730xxxxxxxxxx", "Success": true, "HttpStatusCode": 200,
            })),
            instances: bytes(json!({
                "RequestId": "E7D55162-4489-1619-AAF5-3F97D5FCA948", "Success": true, "TotalCount": 0,
                "Instances": [],
            })),
            workspaces: bytes(json!({
                "RequestId": "E7D55162-4489-1619-AAF5-3F97D5FCA948", "TotalCount": 20,
                "Workspaces": (0..20).map(workspace).collect::<Vec<_>>(),
            })),
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    answers: &'static Answers,
) -> std::result::Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let _read = body.collect().await;
    let answer = match (&head.method, head.uri.path()) {
        (&Method::POST, _) => &answers.created,
        (_, "/api/v2/instances") => &answers.instances,
        _ => &answers.workspaces,
    };
    let response = Response::builder()
        .header(header::CONTENT_TYPE, "application/json;charset=utf-8")
        .body(Full::new(answer.clone()));
    Ok(response.expect("the header is well formed"))
}
