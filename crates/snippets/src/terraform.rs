//! Terraform, which has no resource for an instance: a command that it runs.

use dsw_words::tr;

use crate::Input;
use crate::exact::Exact;
use crate::shell::too_long_for_a_variable;
use crate::text::Strings;
use crate::value::{Dialect, digits};
use crate::writer::Writer;

const VALUES: Dialect = Dialect {
    strings: Strings::Hcl,
    atoms: ["null", "true", "false"],
    list: ["[", "]"],
    map: ["{", "}"],
    colon: " = ",
    ends_with_comma: true,
    name: |out, name| Strings::Hcl.write(out, name),
    number: digits,
    secret: |out, variable| {
        out.push_str("var.");
        out.push_str(variable);
    },
};

/// The configuration.
pub(crate) fn module(input: &mut Input<'_>) -> String {
    input.tree.tell_inexact(Exact::Terraform, &mut input.notes);
    let text = tr(
        "Terraform has no resource for an instance: this creates one, and neither tracks nor deletes it.",
    );
    input.notes.say(text.to_owned());
    too_long_for_a_variable("DSW_BODY=", input);
    let mut w = Writer::new("  ");
    w.lines(
        "# Terraform 1.4 or newer, and aliyun CLI 3.x, which has the credentials.\n\
         # Any change of the body runs the command again and makes another instance.",
    );
    for secret in &input.tree.secrets {
        w.line(&["variable \"", &secret.variable, "\" {"]);
        w.lines("  type      = string\n  sensitive = true\n}\n\n");
    }
    if !input.tree.secrets.is_empty() {
        let text = tr(
            "Set the secrets with TF_VAR_ before their names. Terraform keeps them in its state.",
        );
        input.notes.say(text.to_owned());
    }
    w.line(&["locals {"]);
    w.deeper();
    w.line(&["dsw_region = "]);
    Strings::Hcl.write(w.out(), input.region);
    w.line(&["dsw_body = "]);
    VALUES.write(&mut w, &input.tree.root, &input.tree);
    w.back();
    w.lines(
        "}\n\n\
         resource \"terraform_data\" \"dsw_instance\" {\n  \
           triggers_replace = local.dsw_body\n\n  \
           provisioner \"local-exec\" {\n    \
             command = \"aliyun pai-dsw POST /api/v2/instances --region \\\"$DSW_REGION\\\" --header 'Content-Type=application/json' --body \\\"$DSW_BODY\\\" | tee /dev/stderr | grep -Eq '\\\"Success\\\"[[:space:]]*:[[:space:]]*true'\"\n    \
             environment = {\n      \
               DSW_REGION = local.dsw_region\n      \
               DSW_BODY   = jsonencode(local.dsw_body)\n    \
             }\n  \
           }\n\
         }",
    );
    w.finish()
}
