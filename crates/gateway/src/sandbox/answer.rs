//! How the service answers: success and refusal, in the manner of each of its layers.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::operation::Product;
use crate::region::Region;
use crate::upstream::Reply;
use crate::world::World;

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    layer: Layer,
    status: u16,
    code: &'static str,
    message: String,
    retry_after: Option<Duration>,
    /// `AccessDeniedDetail`; rare, so that it is not to take room in every result.
    detail: Option<Box<Value>>,
}

/// The two layers that answer, each with members of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    /// DSW itself.
    Dsw,
    /// The API gateway before it: signatures, permissions, throttling. Workspaces and datasets that do not
    /// exist are told of in this manner as well.
    ApiGateway,
}

impl Refusal {
    /// DSW finds a parameter wrong.
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::dsw(400, "ValidationError", message)
    }

    /// A refusal of DSW itself.
    pub(super) fn dsw(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Layer::Dsw, status, code, message)
    }

    /// A refusal in the manner of the API gateway.
    pub(super) fn api_gateway(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Layer::ApiGateway, status, code, message)
    }

    /// A parameter is wrong, told in the manner of the product.
    pub(super) fn parameter(product: Product, message: impl Into<String>) -> Self {
        match product {
            Product::PaiDsw => Self::validation(message),
            Product::AiWorkspace => Self::api_gateway(400, "InvalidParameter", message),
        }
    }

    fn new(layer: Layer, status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            layer,
            status,
            code,
            message: message.into(),
            retry_after: None,
            detail: None,
        }
    }

    /// The same, asking to wait (`x-acs-retry-after`).
    pub(super) fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The same, with an `AccessDeniedDetail`.
    pub(super) fn with_detail(mut self, detail: Value) -> Self {
        self.detail = Some(Box::new(detail));
        self
    }

    /// The refusal as it is received.
    pub(super) fn reply(self, world: &World, product: Product, region: Region) -> Reply {
        let id = request_id(world);
        let mut body = match self.layer {
            Layer::Dsw => json!({
                "RequestId": id,
                "Success": false,
                "Code": self.code,
                "Message": self.message,
                "HttpStatusCode": self.status,
            }),
            Layer::ApiGateway => json!({
                "RequestId": id,
                "HostId": product.host(region),
                "Code": self.code,
                "Message": self.message,
                "Recommend": format!(
                    "https://api.aliyun.com/troubleshoot?q={}&product={}&requestId={id}",
                    self.code,
                    match product {
                        Product::PaiDsw => "pai-dsw",
                        Product::AiWorkspace => "AIWorkSpace",
                    },
                ),
            }),
        };
        if let (Some(detail), Some(object)) = (self.detail, body.as_object_mut()) {
            object.insert("AccessDeniedDetail".to_owned(), *detail);
        }
        Reply {
            retry_after: self.retry_after,
            ..reply(world, self.status, body.to_string())
        }
    }
}

/// An answer of success with these members besides those that every one has.
pub(super) fn success(world: &World, product: Product, data: Object) -> Reply {
    let mut body = Object::new();
    body.insert("RequestId".to_owned(), request_id(world).into());
    if product == Product::PaiDsw {
        body.insert("Success".to_owned(), true.into());
        // Their documented values on success are place holders.
        body.insert("Code".to_owned(), "".into());
        body.insert("Message".to_owned(), "".into());
        body.insert("HttpStatusCode".to_owned(), 200.into());
    }
    body.extend(data);
    reply(world, 200, Value::Object(body).to_string())
}

/// A reply with this body, dated now.
pub(super) fn reply(world: &World, status: u16, body: impl Into<Bytes>) -> Reply {
    Reply {
        status,
        body: body.into(),
        retry_after: None,
        date: Some(world.now()),
    }
}

/// A request's id in the service's form: a UUID in capitals.
fn request_id(world: &World) -> String {
    let digits = world.token().to_ascii_uppercase();
    let (time, rest) = digits.split_at(8);
    let (mid, rest) = rest.split_at(4);
    let (high, rest) = rest.split_at(4);
    let (clock, node) = rest.split_at(4);
    [time, mid, high, clock, node].join("-")
}

/// The service is in trouble.
pub(super) fn internal_error() -> Refusal {
    Refusal::dsw(500, "InternalError", "An internal error occurred.")
}
