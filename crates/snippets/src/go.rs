//! Go, by the vendor's SDK.

use dsw_model::descriptor::Kind;
use dsw_words::tr;

use crate::Input;
use crate::left_out::SLASHES;
use crate::names::Class;
use crate::text::Strings;
use crate::typed::{Model, fitting};
use crate::value::Dialect;
use crate::writer::Writer;

/// What keeps any number as it is written. Within a text the quote would be escaped, so it is in code alone.
const NUMBER: &str = "json.Number(\"";

const VALUES: Dialect = Dialect {
    strings: Strings::Go,
    atoms: ["nil", "true", "false"],
    list: ["[]interface{}{", "}"],
    map: ["map[string]interface{}{", "}"],
    colon: ": ",
    ends_with_comma: true,
    name: |out, name| Strings::Go.write(out, name),
    number: |out, number| {
        if number.parse::<i32>().is_ok() {
            out.push_str(number);
        } else {
            out.push_str(NUMBER);
            out.push_str(number);
            out.push_str("\")");
        }
    },
    secret: |out, variable| {
        out.push_str("secret(");
        Strings::Go.write(out, variable);
        out.push(')');
    },
};

const MODEL: Model = Model {
    values: &VALUES,
    object: |out, class| {
        out.push_str("&dsw.");
        out.push_str(&class.name);
        out.push('{');
    },
    object_end: "}",
    member: |out, wire| {
        out.push_str(wire);
        out.push_str(": ");
    },
    member_end: ",",
    text: ["dara.String(", ")"],
    integer: ["dara.Int64(", ")"],
    boolean: ["dara.Bool(", ")"],
    list: Some(list),
    map: Some("map[string]*string{"),
};

fn list(out: &mut String, kind: Kind, class: &Class) {
    out.push_str("[]*");
    if matches!(kind, Kind::Struct(_)) {
        out.push_str("dsw.");
        out.push_str(&class.name);
    } else {
        out.push_str("string");
    }
    out.push('{');
}

/// The request as values of the SDK's structs.
pub(crate) fn typed(input: &mut Input<'_>) -> String {
    let node = fitting(&input.tree, &mut input.notes);
    let left_out = input.leave_out(&node);
    input
        .notes
        .say(tr("Not tried with the SDK, whose module could not be had.").to_owned());
    let mut request = Writer::at(1, "\t");
    request.line(&["request := "]);
    MODEL.request(&mut request, &node, &input.tree);
    let request = request.text();

    let has_secrets = request.contains("secret(\"");
    let mut w = Writer::new("\t");
    w.lines(
        "// go get github.com/alibabacloud-go/pai-dsw-20220101/v2@v2.2.4\n\
         // Credentials come from the environment, or from where else the SDK looks for them.\n\
         package main\n\nimport (",
    );
    if request.contains(NUMBER) {
        w.line(&["\t\"encoding/json\""]);
    }
    w.lines("\t\"fmt\"\n\t\"log\"");
    if has_secrets {
        w.line(&["\t\"os\""]);
    }
    w.lines(
        "\n\topenapiutil \"github.com/alibabacloud-go/darabonba-openapi/v2/utils\"\n\
         \tdsw \"github.com/alibabacloud-go/pai-dsw-20220101/v2/client\"\n\
         \t\"github.com/alibabacloud-go/tea/dara\"\n\
         \tcredential \"github.com/aliyun/credentials-go/credentials\"\n)\n\n",
    );
    if has_secrets {
        w.lines(
            "func secret(name string) string {\n\
             \tvalue, ok := os.LookupEnv(name)\n\
             \tif !ok {\n\
             \t\tlog.Fatalf(\"The variable %s is not set.\", name)\n\
             \t}\n\
             \treturn value\n\
             }\n\n",
        );
    }
    w.lines(
        "func main() {\n\
         \tcred, err := credential.NewCredential(nil)\n\
         \tif err != nil {\n\
         \t\tlog.Fatal(err)\n\
         \t}\n\
         \tclient, err := dsw.NewClient(&openapiutil.Config{\n\
         \t\tCredential: cred,",
    );
    for (name, value) in [
        ("RegionId:   ", input.region),
        ("Endpoint:   ", &input.host()),
    ] {
        w.line(&["\t\t", name, "dara.String("]);
        Strings::Go.write(w.out(), value);
        w.push("),");
    }
    w.lines("\t})\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}");
    w.deeper();
    left_out.comments(&mut w, &SLASHES, &input.tree);
    w.back();
    w.block(&request);
    w.lines(
        "\tresponse, err := client.CreateInstanceWithOptions(request, map[string]*string{}, &dara.RuntimeOptions{})\n\
         \tif err != nil {\n\
         \t\tlog.Fatal(err)\n\
         \t}\n\
         \treply := response.Body\n\
         \tif !dara.BoolValue(reply.Success) {\n\
         \t\tlog.Fatal(dara.StringValue(reply.Code), \": \", dara.StringValue(reply.Message))\n\
         \t}\n\
         \tfmt.Println(dara.StringValue(reply.InstanceId))\n\
         }",
    );
    w.finish()
}
