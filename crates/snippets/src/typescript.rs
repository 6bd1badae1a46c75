//! TypeScript, by the vendor's SDK.

use crate::Input;
use crate::exact::Exact;
use crate::left_out::SLASHES;
use crate::names::camel;
use crate::text::Strings;
use crate::typed::{Model, fitting};
use crate::value::{Dialect, digits};
use crate::writer::Writer;
use dsw_words::tr;

const VALUES: Dialect = Dialect {
    strings: Strings::TypeScript,
    atoms: ["null", "true", "false"],
    list: ["[", "]"],
    map: ["{", "}"],
    colon: ": ",
    ends_with_comma: true,
    name,
    number: digits,
    secret: |out, variable| {
        out.push_str("secret(");
        Strings::TypeScript.write(out, variable);
        out.push(')');
    },
};

const MODEL: Model = Model {
    values: &VALUES,
    object: |out, class| {
        out.push_str("new $dsw.");
        out.push_str(&class.name);
        out.push_str("({");
    },
    object_end: "})",
    member: |out, wire| {
        out.push_str(&camel(wire));
        out.push_str(": ");
    },
    member_end: ",",
    text: ["", ""],
    integer: ["", ""],
    boolean: ["", ""],
    list: None,
    map: None,
};

/// Writes the name of a property. `__proto__` is no property's unless it is computed.
fn name(out: &mut String, name: &str) {
    let is_plain = !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match name {
        "__proto__" => out.push_str("['__proto__']"),
        _ if is_plain => out.push_str(name),
        _ => Strings::TypeScript.write(out, name),
    }
}

/// The body as it is.
pub(crate) fn generic(input: &mut Input<'_>) -> String {
    input.tree.tell_inexact(Exact::Double, &mut input.notes);
    let mut body = Writer::at(1, "  ");
    body.line(&["const body = "]);
    VALUES.write(&mut body, &input.tree.root, &input.tree);
    let body = body.text();
    let mut w = Writer::new("  ");
    w.lines(
        "// npm install @alicloud/openapi-core@1.0.8 @alicloud/credentials@2.4.7 @darabonba/typescript@1.0.5\n\
         // Compile it as CommonJS, with esModuleInterop.\n\
         import Core, { $OpenApiUtil } from '@alicloud/openapi-core';\n\
         import Credential from '@alicloud/credentials';\n\
         import { RuntimeOptions } from '@darabonba/typescript';",
    );
    begin(&mut w, input, &body, "new Core(new $OpenApiUtil.Config({");
    w.lines(
        "const params = new $OpenApiUtil.Params({\n  \
           action: 'CreateInstance', version: '2022-01-01', protocol: 'HTTPS', method: 'POST',\n  \
           pathname: '/api/v2/instances', authType: 'AK', style: 'ROA',\n  \
           reqBodyType: 'json', bodyType: 'json',\n\
         });",
    );
    w.block(&body);
    w.push(";");
    w.lines(
        "const response = await client.callApi(params, new $OpenApiUtil.OpenApiRequest({ body }), new RuntimeOptions({}));\n\
         const reply = response.body;\n\
         if (!reply.Success) throw new Error(`${reply.Code}: ${reply.Message}`);\n\
         console.log(reply.InstanceId);",
    );
    end(w)
}

/// The request as objects of the SDK's models.
pub(crate) fn typed(input: &mut Input<'_>) -> String {
    let node = fitting(&input.tree, &mut input.notes);
    let left_out = input.leave_out(&node);
    input.tree.tell_inexact(Exact::Double, &mut input.notes);
    input.notes.say(
        tr("Not tried: the package could not be had. The generic form was compiled and run.")
            .to_owned(),
    );
    let mut request = Writer::at(1, "  ");
    request.line(&["const request = "]);
    MODEL.request(&mut request, &node, &input.tree);
    let request = request.text();
    let mut w = Writer::new("  ");
    w.lines(
        "// npm install @alicloud/pai-dsw20220101@2.1.0 @alicloud/openapi-core@1.0.8 @alicloud/credentials@2.4.7\n\
         // Compile it as CommonJS, with esModuleInterop.\n\
         import Client, * as $dsw from '@alicloud/pai-dsw20220101';\n\
         import { $OpenApiUtil } from '@alicloud/openapi-core';\n\
         import Credential from '@alicloud/credentials';\n\
         import { RuntimeOptions } from '@darabonba/typescript';",
    );
    begin(
        &mut w,
        input,
        &request,
        "new Client(new $OpenApiUtil.Config({",
    );
    left_out.comments(&mut w, &SLASHES, &input.tree);
    w.block(&request);
    w.push(";");
    w.lines(
        "const response = await client.createInstanceWithOptions(request, {}, new RuntimeOptions({}));\n\
         const reply = response.body;\n\
         if (!reply?.success) throw new Error(`${reply?.code}: ${reply?.message}`);\n\
         console.log(reply.instanceId);",
    );
    end(w)
}

/// What comes before the request.
fn begin(w: &mut Writer, input: &Input<'_>, request: &str, client: &str) {
    w.line(&[]);
    if request.contains("secret('") {
        w.lines(
            "function secret(name: string): string {\n  \
               const value = process.env[name];\n  \
               if (value === undefined) throw new Error(`The variable ${name} is not set.`);\n  \
               return value;\n\
             }\n\n",
        );
    }
    w.line(&["async function main() {"]);
    w.deeper();
    w.line(&["const client = ", client]);
    w.line(&["  credential: new Credential(),"]);
    for (name, value) in [("regionId", input.region), ("endpoint", &input.host())] {
        w.line(&["  ", name, ": "]);
        Strings::TypeScript.write(w.out(), value);
        w.push(",");
    }
    w.line(&["}));"]);
}

fn end(mut w: Writer) -> String {
    w.back();
    w.lines("}\n\nmain().catch((error) => {\n  console.error(error.code ?? '', error.message);\n  process.exit(1);\n});");
    w.finish()
}
