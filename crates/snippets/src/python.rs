//! Python, by the vendor's SDK.

use dsw_words::tr;

use dsw_model::descriptor::{Kind, StructDescriptor};

use crate::Input;
use crate::exact::Exact;
use crate::left_out::HASHES;
use crate::names::snake;
use crate::note::Notes;
use crate::text::Strings;
use crate::tree::{Node, ROOT, item, member};
use crate::typed::{Model, fitting};
use crate::value::{Dialect, digits};
use crate::writer::Writer;

const VALUES: Dialect = Dialect {
    strings: Strings::Python,
    atoms: ["None", "True", "False"],
    list: ["[", "]"],
    map: ["{", "}"],
    colon: ": ",
    ends_with_comma: true,
    name: |out, name| Strings::Python.write(out, name),
    number: digits,
    secret: |out, variable| {
        out.push_str("os.environ[");
        Strings::Python.write(out, variable);
        out.push(']');
    },
};

const MODEL: Model = Model {
    values: &VALUES,
    object: |out, class| {
        out.push_str("dsw.");
        out.push_str(&class.name);
        out.push('(');
    },
    object_end: ")",
    member: |out, wire| {
        out.push_str(&snake(wire));
        out.push('=');
    },
    member_end: ",",
    text: ["", ""],
    integer: ["", ""],
    boolean: ["", ""],
    list: None,
    map: None,
};

/// The request as objects of the SDK's models.
pub(crate) fn typed(input: &mut Input<'_>) -> String {
    let node = fitting(&input.tree, &mut input.notes);
    let left_out = input.leave_out(&node);
    added(&node, Kind::Struct(ROOT), "", &mut input.notes);
    input.tree.tell_inexact(Exact::Python, &mut input.notes);
    let mut request = Writer::new("    ");
    request.line(&["request = "]);
    MODEL.request(&mut request, &node, &input.tree);
    let request = request.text();
    let mut w = begin(
        input,
        &request,
        &[
            "from alibabacloud_pai_dsw20220101 import models as dsw",
            "from alibabacloud_pai_dsw20220101.client import Client",
            "from alibabacloud_tea_openapi.models import Config",
            "from darabonba.runtime import RuntimeOptions",
        ],
    );
    left_out.comments(&mut w, &HASHES, &input.tree);
    w.block(&request);
    w.lines(
        "response = client.create_instance_with_options(request, {}, RuntimeOptions())\n\
         reply = response.body\n\
         if not reply.success:\n    \
             raise SystemExit(f\"{reply.code}: {reply.message}\")\n\
         print(reply.instance_id)",
    );
    w.finish()
}

/// The body as it is.
pub(crate) fn generic(input: &mut Input<'_>) -> String {
    input.tree.tell_inexact(Exact::Python, &mut input.notes);
    let mut body = Writer::new("    ");
    body.line(&["body = "]);
    VALUES.write(&mut body, &input.tree.root, &input.tree);
    let body = body.text();
    let mut w = begin(
        input,
        &body,
        &[
            "from alibabacloud_pai_dsw20220101.client import Client",
            "from alibabacloud_tea_openapi.models import Config",
            "from alibabacloud_tea_openapi.utils_models import OpenApiRequest, Params",
            "from darabonba.runtime import RuntimeOptions",
        ],
    );
    w.lines(
        "params = Params(\n    \
             action=\"CreateInstance\", version=\"2022-01-01\", protocol=\"HTTPS\", method=\"POST\",\n    \
             pathname=\"/api/v2/instances\", auth_type=\"AK\", style=\"ROA\",\n    \
             req_body_type=\"json\", body_type=\"json\",\n\
         )",
    );
    w.block(&body);
    w.lines(
        "response = client.call_api(params, OpenApiRequest(body=body), RuntimeOptions())\n\
         reply = response[\"body\"]\n\
         if not reply.get(\"Success\"):\n    \
             raise SystemExit(f\"{reply.get('Code')}: {reply.get('Message')}\")\n\
         print(reply[\"InstanceId\"])",
    );
    w.finish()
}

/// Packages, imports and the client.
fn begin(input: &Input<'_>, request: &str, imports: &[&str]) -> Writer {
    let mut w = Writer::new("    ");
    w.lines(
        "# pip install alibabacloud-pai-dsw20220101==2.4.0 alibabacloud-credentials\n\
         # Credentials come from the environment, or from where else the SDK looks for them.",
    );
    if request.contains("os.environ[\"") {
        w.lines("import os\n\n");
    }
    w.line(&["from alibabacloud_credentials.client import Client as CredentialClient"]);
    for import in imports {
        w.line(&[import]);
    }
    w.line(&[]);
    w.lines("client = Client(Config(\n    credential=CredentialClient(),");
    for (name, value) in [("region_id", input.region), ("endpoint", &input.host())] {
        w.line(&["    ", name, "="]);
        Strings::Python.write(w.out(), value);
        w.push(",");
    }
    w.line(&["))"]);
    w
}

/// Says which empty lists the SDK adds: those of objects that an object within the request lacks.
fn added(node: &Node<'_>, kind: Kind, path: &str, notes: &mut Notes) {
    match (kind, node) {
        (Kind::List(kind), Node::List(items)) => {
            for (row, node) in items.iter().enumerate() {
                added(node, *kind, &item(path, row), notes);
            }
        }
        (Kind::Struct(descriptor), Node::Map(members)) => {
            if !path.is_empty() {
                lacking(members, descriptor, path, notes);
            }
            for (name, node) in members {
                if let Some((_, field)) = descriptor.field(name) {
                    added(node, field.kind, &member(path, name), notes);
                }
            }
        }
        _ => {}
    }
}

fn lacking(
    members: &[(&str, Node<'_>)],
    descriptor: &StructDescriptor,
    path: &str,
    notes: &mut Notes,
) {
    for field in descriptor.fields {
        let is_list = matches!(field.kind, Kind::List(Kind::Struct(_)));
        if is_list && !members.iter().any(|(name, _)| *name == field.wire) {
            let text = tr("The SDK sends an empty list that the body does not have.");
            notes.about(text, member(path, field.wire));
        }
    }
}
