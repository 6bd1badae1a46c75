//! JSON as it is, and the shell: curl and the `aliyun` CLI.

use dsw_model::descriptor::{FieldDescriptor, Kind, StructDescriptor};
use dsw_words::tr;

use crate::Input;
use crate::names::kebab;
use crate::note::Notes;
use crate::text::{is_hidden, word};
use crate::tree::{Node, ROOT, Tree};
use crate::value::JSON;
use crate::writer::Writer;

/// The longest argument that Linux hands to a program.
const LONGEST_ARGUMENT: usize = 128 << 10;

/// What every script begins with.
const BEGIN: &str = "set -euo pipefail";

/// A function that writes what a variable holds as JSON. It knows no other control characters than these: [`checks`].
const JSON_TEXT: &str = r#"json_text() {
  local text=${!1}
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\r'/\\r}
  text=${text//$'\t'/\\t}
  text=${text//$'\b'/\\b}
  text=${text//$'\f'/\\f}
  printf '"%s"' "$text"
}"#;

/// Ends a script whose secrets have control characters that the function does not write. It could not end it by itself:
/// of several substitutions in a word only the last tells how it went.
fn checks(w: &mut Writer, tree: &Tree<'_>) {
    w.line(&["if [ -n \"$(printf '%s'"]);
    for secret in &tree.secrets {
        for part in [" \"$", &secret.variable, "\""] {
            w.push(part);
        }
    }
    w.push(" | LC_ALL=C tr -dc '\\001-\\007\\013\\016-\\037')\" ]; then");
    w.lines("  echo 'A secret has control characters in it: nothing was sent.' >&2\n  exit 1\nfi");
}

/// What calls of the CLI end with: the reply is shown, and one without `"Success": true` is a failure.
const END: &str = r#"printf '%s\n' "$reply"
grep -Eq '"Success"[[:space:]]*:[[:space:]]*true' <<<"$reply""#;

/// The body as JSON, secrets between NULs.
fn body(node: &Node<'_>, tree: &Tree<'_>) -> String {
    let mut w = Writer::new("  ");
    JSON.write(&mut w, node, tree);
    w.text()
}

/// JSON as one word of a shell, in which the secrets are looked up.
fn quoted(json: &str) -> String {
    let mut out = String::new();
    for (index, part) in json.split('\0').enumerate() {
        if index % 2 == 1 {
            for piece in ["\"$(json_text ", part, ")\""] {
                out.push_str(piece);
            }
        } else {
            word(&mut out, part);
        }
    }
    out
}

/// The body alone. Where a secret belongs stands its variable, as `envsubst` knows it.
pub(crate) fn json(input: &mut Input<'_>) -> String {
    if !input.tree.secrets.is_empty() {
        input.notes.say(
            tr("JSON reads no variables: put each secret in the place of its name, for instance with envsubst.")
                .to_owned(),
        );
    }
    let json = body(&input.tree.root, &input.tree);
    let mut out = String::new();
    for (index, part) in json.split('\0').enumerate() {
        if index % 2 == 1 {
            for piece in ["\"${", part, "}\""] {
                out.push_str(piece);
            }
        } else {
            out.push_str(part);
        }
    }
    out.push('\n');
    out
}

/// Begins a script that uses the secrets, all of them, in a text.
fn script(tree: &Tree<'_>, about: &str, uses: &str) -> Writer {
    let mut w = Writer::new("  ");
    w.lines("#!/usr/bin/env bash");
    w.lines(about);
    w.lines(BEGIN);
    w.line(&[]);
    for secret in &tree.secrets {
        w.line(&[": \"${", &secret.variable, ":?is not set}\""]);
    }
    if uses.contains("$(json_text ") {
        checks(&mut w, tree);
        w.line(&[]);
        w.lines(JSON_TEXT);
        w.line(&[]);
    }
    w
}

/// A call of the gateway.
pub(crate) fn curl(input: &mut Input<'_>) -> String {
    let body = quoted(&body(&input.tree.root, &input.tree));
    let about = "# curl 7.76 or newer. The gateway has the credentials and signs; DSW_GATEWAY_TOKEN is its access token.";
    let mut w = script(&input.tree, about, &body);
    let gateway = if input.gateway.is_empty() {
        "http://127.0.0.1:8080"
    } else {
        input.gateway
    };
    w.line(&["gateway="]);
    word(w.out(), gateway);
    w.line(&["region="]);
    word(w.out(), input.region);
    w.line(&["body=", &body]);
    w.line(&[]);
    w.lines(
        "# Names this create: the gateway sends one with the same key only once.\n\
         key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')\n\
         echo \"Idempotency-Key: $key\" >&2\n\n\
         token() {\n  \
           if [ -n \"${DSW_GATEWAY_TOKEN:-}\" ]; then\n    \
             printf 'header = \"Authorization: Bearer %s\"\\n' \"$DSW_GATEWAY_TOKEN\"\n  \
           fi\n\
         }\n\n\
         reply=$(printf '%s' \"$body\" | curl --config <(token) --fail-with-body --silent --show-error \\\n  \
           --header 'Content-Type: application/json' --header \"Idempotency-Key: $key\" \\\n  \
           --data-binary @- \"$gateway/api/v2/instances?RegionId=$region\") || {\n  \
           printf '%s\\n' \"$reply\" >&2\n  \
           exit 1\n\
         }\n\
         printf '%s\\n' \"$reply\"\n\
         # The gateway says so of a create that the service has answered with success.\n\
         grep -q '\"state\":\"CONFIRMED\"' <<<\"$reply\"",
    );
    w.finish()
}

const ALIYUN: &str = "# aliyun CLI 3.x. It has the credentials: `aliyun configure`, or its variables of the environment.";

/// The plain call: the body as JSON.
pub(crate) fn aliyun(input: &mut Input<'_>) -> String {
    let body = body(&input.tree.root, &input.tree);
    too_long(body.len(), &mut input.notes);
    seen(input);
    let body = quoted(&body);
    let mut w = script(&input.tree, ALIYUN, &body);
    w.line(&["body=", &body]);
    w.line(&["reply=$(aliyun pai-dsw POST /api/v2/instances --region "]);
    word(w.out(), input.region);
    w.push(" \\");
    w.line(&["  --header 'Content-Type=application/json' --body \"$body\")"]);
    w.lines(END);
    w.finish()
}

/// Says so of an argument, or a variable, that no program can be handed.
fn too_long(bytes: usize, notes: &mut Notes) {
    if bytes >= LONGEST_ARGUMENT {
        let text =
            tr("Linux takes arguments of up to 128 KiB: this body is too long for the aliyun CLI.");
        notes.say(text.to_owned());
    }
}

/// Says so of a body that is one variable, without white space.
pub(crate) fn too_long_for_a_variable(name: &str, input: &mut Input<'_>) {
    let body = body(&input.tree.root, &input.tree);
    let lines = body.lines().map(|line| line.trim_start().len());
    too_long(name.len() + lines.sum::<usize>(), &mut input.notes);
}

/// Arguments are no secret on a machine.
fn seen(input: &mut Input<'_>) {
    if !input.tree.secrets.is_empty() {
        let text = tr(
            "The secrets are in the arguments of a program, which other users of the machine can list.",
        );
        input.notes.say(text.to_owned());
    }
}

/// Flags of the plugin where they can say everything, else the plain call.
pub(crate) fn plugin(input: &mut Input<'_>) -> String {
    let mut flags = Vec::new();
    let mut unsaid = Vec::new();
    let mut longest = 0;
    for (name, node) in input.tree.members() {
        let words = ROOT
            .field(name)
            .and_then(|(_, field)| words(field, node, &input.tree));
        match words {
            Some(words) => {
                longest = longest.max(longest_argument(node, &words, &input.tree));
                flags.push(["--", &kebab(name), " ", &words].concat());
            }
            None => unsaid.push((*name).to_owned()),
        }
    }
    if !unsaid.is_empty() {
        let text = tr(
            "The plugin's flags can not say it, as far as they are documented: this is the plain call.",
        );
        for name in unsaid {
            input.notes.about(text, name);
        }
        return aliyun(input);
    }
    too_long(longest, &mut input.notes);
    seen(input);
    let about = "# aliyun CLI 3.3.3 or newer: `aliyun plugin install --names pai-dsw` once. It has the credentials.";
    let mut w = script(&input.tree, about, &flags.join(" "));
    w.line(&["reply=$(aliyun pai-dsw create-instance --region "]);
    word(w.out(), input.region);
    w.deeper();
    for flag in flags {
        w.push(" \\");
        w.line(&[&flag]);
    }
    w.back();
    w.push(")");
    w.lines(END);
    w.finish()
}

/// The bytes of the longest argument that the words behind a flag are.
fn longest_argument(node: &Node<'_>, words: &str, tree: &Tree<'_>) -> usize {
    match node {
        Node::Text(text) => text.len(),
        Node::Map(_) | Node::List(_) if words.contains(['\'', '"']) => body(node, tree).len(),
        _ => words.split(' ').map(str::len).max().unwrap_or_default(),
    }
}

/// The words behind a flag; nothing where it is not known how they are written.
fn words(field: &FieldDescriptor, node: &Node<'_>, tree: &Tree<'_>) -> Option<String> {
    let mut out = String::new();
    match (field.kind, node) {
        (Kind::Text | Kind::Secret, Node::Text(text)) => {
            // What begins with a hyphen would be taken for a flag.
            if text.is_empty() || text.starts_with('-') || text.chars().any(is_hidden) {
                return None;
            }
            word(&mut out, text);
        }
        (Kind::Text | Kind::Secret, Node::Secret(secret)) => {
            out = ["\"$", tree.variable(*secret), "\""].concat();
        }
        (Kind::Integer, Node::Number(number)) => {
            number.parse::<u32>().ok()?;
            out.push_str(number);
        }
        (Kind::Boolean, Node::Bool(flag)) => out.push_str(if *flag { "true" } else { "false" }),
        (Kind::Struct(descriptor), Node::Map(members)) if is_flat(descriptor) => {
            out = pairs(members, Some(descriptor))?;
        }
        // How a second row is written is told nowhere.
        (Kind::List(Kind::Struct(descriptor)), Node::List(rows)) if is_flat(descriptor) => {
            let [Node::Map(members)] = &rows[..] else {
                return None;
            };
            out = pairs(members, Some(descriptor))?;
        }
        (Kind::Map(_), Node::Map(members)) => out = pairs(members, None)?,
        (Kind::Struct(_) | Kind::Json, Node::Map(_))
        | (Kind::List(Kind::Struct(_)), Node::List(_)) => {
            out = quoted(&body(node, tree));
        }
        _ => return None,
    }
    Some(out)
}

/// Whether no member of a struct has members or rows.
fn is_flat(descriptor: &StructDescriptor) -> bool {
    let mut fields = descriptor.fields.iter();
    fields.all(|field| {
        !matches!(
            field.kind,
            Kind::Struct(_) | Kind::List(_) | Kind::Map(_) | Kind::Json
        )
    })
}

/// Members as words `Name=Value`; nothing where the plugin might read them in another way.
fn pairs(members: &[(&str, Node<'_>)], descriptor: Option<&StructDescriptor>) -> Option<String> {
    let is_plain = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:".contains(&byte);
        !text.is_empty() && !text.starts_with('-') && text.bytes().all(plain)
    };
    let mut words = Vec::new();
    for (name, node) in members {
        let value = match (node, descriptor) {
            (Node::Text(text), None) => *text,
            (node, Some(descriptor)) => match (descriptor.field(name)?.1.kind, node) {
                (Kind::Text, Node::Text(text)) => *text,
                (Kind::Integer, Node::Number(number)) => *number,
                (Kind::Boolean, Node::Bool(flag)) => {
                    if *flag {
                        "true"
                    } else {
                        "false"
                    }
                }
                _ => return None,
            },
            _ => return None,
        };
        if !is_plain(name) || !is_plain(value) {
            return None;
        }
        words.push([name, "=", value].concat());
    }
    (!words.is_empty()).then(|| words.join(" "))
}
