//! Java, by the vendor's SDK.

use dsw_words::tr;

use crate::Input;
use crate::left_out::ASCII_SLASHES;
use crate::note::Notes;
use crate::text::Strings;
use crate::tree::{Node, member};
use crate::typed::{Model, fitting};
use crate::value::Dialect;
use crate::writer::Writer;

const VALUES: Dialect = Dialect {
    strings: Strings::Java,
    // Alone it would be taken for the whole array of a call.
    atoms: ["(Object) null", "true", "false"],
    list: ["Arrays.asList(", ")"],
    map: ["map(", ")"],
    colon: ", ",
    ends_with_comma: false,
    name: |out, name| Strings::Java.write(out, name),
    number: |out, number| {
        if number.parse::<i64>().is_ok() {
            out.push_str(number);
            out.push('L');
        } else {
            out.push_str("new java.math.BigDecimal(");
            Strings::Java.write(out, number);
            out.push(')');
        }
    },
    secret: |out, variable| {
        out.push_str("secret(");
        Strings::Java.write(out, variable);
        out.push(')');
    },
};

const MODEL: Model = Model {
    values: &VALUES,
    object: |out, class| {
        out.push_str("new ");
        if class.outer != class.name {
            out.push_str(&class.outer);
            out.push('.');
        }
        out.push_str(&class.name);
        out.push_str("()");
    },
    object_end: "",
    member: |out, wire| {
        out.push_str(".set");
        out.push_str(wire);
        out.push('(');
    },
    member_end: ")",
    text: ["", ""],
    integer: ["", "L"],
    boolean: ["", ""],
    list: None,
    map: None,
};

/// Members that the models of version 1.5.6 do not have.
const NEWER: [&str; 3] = ["DockerConfig", "AccessRestrictionRules", "NlbGatewayId"];

/// The most bytes of a text in a class file.
const LONGEST: usize = 65_535;

/// The request as objects of the SDK's models.
pub(crate) fn typed(input: &mut Input<'_>) -> String {
    let node = fitting(&input.tree, &mut input.notes);
    let left_out = input.leave_out(&node);
    tell(&node, "", &mut input.notes);
    input
        .notes
        .say(tr("Not tried with the SDK, whose package could not be had.").to_owned());
    let mut request = Writer::at(2, "    ");
    request.line(&["CreateInstanceRequest request = "]);
    MODEL.request(&mut request, &node, &input.tree);
    let request = request.text();

    let mut w = Writer::new("    ");
    w.lines(
        "// Maven: com.aliyun:pai_dsw20220101:1.5.6 and com.aliyun:credentials-java\n\
         // Credentials come from the environment, or from where else the SDK looks for them.\n\
         import com.aliyun.pai_dsw20220101.Client;\n\
         import com.aliyun.pai_dsw20220101.models.*;\n\
         import com.aliyun.teaopenapi.models.Config;\n\
         import com.aliyun.teautil.models.RuntimeOptions;\n\
         import java.util.*;\n\n\
         public class CreateDswInstance {",
    );
    w.deeper();
    // Line breaks stand raw in code alone; in texts they are escaped.
    if request.contains("map(\n") || request.contains("map()") {
        w.lines(
            "@SuppressWarnings(\"unchecked\")\n\
             static <T> Map<String, T> map(Object... pairs) {\n    \
                 Map<String, T> map = new LinkedHashMap<>();\n    \
                 for (int i = 0; i < pairs.length; i += 2) {\n        \
                     map.put((String) pairs[i], (T) pairs[i + 1]);\n    \
                 }\n    \
                 return map;\n\
             }\n\n",
        );
    }
    if request.contains("secret(\"") {
        w.lines(
            "static String secret(String name) {\n    \
                 String value = System.getenv(name);\n    \
                 if (value == null) {\n        \
                     throw new IllegalStateException(\"The variable \" + name + \" is not set.\");\n    \
                 }\n    \
                 return value;\n\
             }\n\n",
        );
    }
    w.lines(
        "public static void main(String[] args) throws Exception {\n    \
             Client client = new Client(new Config()\n        \
                 .setCredential(new com.aliyun.credentials.Client())",
    );
    for (name, value, end) in [
        ("RegionId", input.region, ""),
        ("Endpoint", &input.host(), ");"),
    ] {
        w.line(&["        .set", name, "("]);
        Strings::Java.write(w.out(), value);
        w.push(")");
        w.push(end);
    }
    w.deeper();
    left_out.comments(&mut w, &ASCII_SLASHES, &input.tree);
    w.block(&request);
    w.push(";");
    w.lines(
        "CreateInstanceResponse response = client.createInstanceWithOptions(request, new HashMap<>(), new RuntimeOptions());\n\
         CreateInstanceResponseBody reply = response.getBody();\n\
         if (!Boolean.TRUE.equals(reply.getSuccess())) {\n    \
             throw new IllegalStateException(reply.getCode() + \": \" + reply.getMessage());\n\
         }\n\
         System.out.println(reply.getInstanceId());",
    );
    w.back();
    w.line(&["}"]);
    w.back();
    w.line(&["}"]);
    w.finish()
}

/// Says which members need another version, and which texts are too long.
fn tell(node: &Node<'_>, path: &str, notes: &mut Notes) {
    match node {
        Node::Map(members) => {
            for (name, node) in members {
                let path = member(path, name);
                if NEWER.contains(name) {
                    let text = tr("Needs a version of the package newer than 1.5.6.");
                    notes.about(text, path.clone());
                }
                tell(node, &path, notes);
            }
        }
        Node::List(items) => {
            for (row, node) in items.iter().enumerate() {
                tell(node, &crate::tree::item(path, row), notes);
            }
        }
        Node::Text(text) if text.chars().map(modified).sum::<usize>() > LONGEST => {
            let text = tr("Longer than Java takes a text: read it from a file.");
            notes.about(text, path.to_owned());
        }
        _ => {}
    }
}

/// The bytes of a letter in a class file, which has UTF-8 of its own: two for NUL, and two halves of three each beyond
/// 16 bits.
fn modified(letter: char) -> usize {
    match letter {
        '\0' => 2,
        '\u{10000}'.. => 6,
        _ => letter.len_utf8(),
    }
}
