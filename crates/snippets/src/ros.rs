//! A template of the Resource Orchestration Service, whose type `ALIYUN::PaiDswApi::Instance` has few of the members.

use dsw_model::left_out::METADATA;
use dsw_words::tr;

use crate::Input;
use crate::note::Notes;
use crate::tree::{Node, item, member};
use crate::value::{Dialect, JSON};
use crate::writer::Writer;

/// The properties of the type, and those within them, as its reference lists them (July 2026).
const PROPERTIES: [(&str, &[&str]); 9] = [
    ("Accessibility", &[]),
    ("Datasets", &["DatasetId", "MountPath"]),
    ("EcsSpec", &[]),
    ("EnvironmentVariables", &[]),
    ("ImageUrl", &[]),
    ("InstanceName", &[]),
    ("Labels", &["Key", "Value"]),
    ("UserVpc", &["VpcId", "SecurityGroupId"]),
    ("WorkspaceId", &[]),
];

/// Properties that it can not do without.
const REQUIRED: [&str; 3] = ["EcsSpec", "ImageUrl", "InstanceName"];

/// JSON, secrets as parameters.
const VALUES: Dialect = Dialect {
    secret: |out, variable| {
        for part in ["{\"Ref\": \"", variable, "\"}"] {
            out.push_str(part);
        }
    },
    ..JSON
};

/// The template, as JSON.
pub(crate) fn template(input: &mut Input<'_>) -> String {
    let mut members = Vec::new();
    for (name, node) in input.tree.members() {
        let property = PROPERTIES.iter().find(|(property, _)| property == name);
        match property {
            Some((_, inside)) => {
                members.push((*name, narrowed(node, inside, name, &mut input.notes)));
            }
            None => left_out((*name).to_owned(), &mut input.notes),
        }
    }
    for required in REQUIRED {
        if !members.iter().any(|(name, _)| *name == required) {
            let text = tr("ROS asks for it, and the body does not have it.");
            input.notes.about(text, required.to_owned());
        }
    }
    let properties = Node::Map(members);
    functions(&properties, "", &mut input.notes);
    let left_out = input.leave_out(&properties);

    let mut w = Writer::new("  ");
    w.line(&["{"]);
    w.deeper();
    w.line(&["\"ROSTemplateFormatVersion\": \"2015-09-01\","]);
    if !input.used.is_empty() {
        let text = tr(
            "The secrets are parameters of the stack: ROS reads no variables of the environment.",
        );
        input.notes.say(text.to_owned());
        w.line(&["\"Parameters\": "]);
        VALUES.several(&mut w, ["{", "}"], &input.used, |w, secret| {
            w.push(
                &[
                    "\"",
                    input.tree.variable(*secret),
                    "\": {\"Type\": \"String\", \"NoEcho\": true}",
                ]
                .concat(),
            );
        });
        w.push(",");
    }
    w.lines(
        "\"Resources\": {\n  \"DswInstance\": {\n    \"Type\": \"ALIYUN::PaiDswApi::Instance\",",
    );
    w.deeper();
    w.deeper();
    w.line(&["\"Properties\": "]);
    VALUES.write(&mut w, &properties, &input.tree);
    w.back();
    w.back();
    w.lines(
        "  }\n},\n\"Outputs\": {\n  \"InstanceId\": {\"Value\": {\"Fn::GetAtt\": [\"DswInstance\", \"InstanceId\"]}}\n}",
    );
    // What creates nothing comes last.
    if !left_out.is_empty() {
        w.push(",");
        w.line(&["\"Metadata\": {"]);
        w.deeper();
        w.line(&["\"", METADATA, "\": "]);
        left_out.object(&mut w, &input.tree);
        w.back();
        w.line(&["}"]);
    }
    w.back();
    w.line(&["}"]);
    w.finish()
}

fn left_out(path: String, notes: &mut Notes) {
    notes.about(
        tr("Left out, and carried in Metadata: the resource type of ROS does not have it."),
        path,
    );
}

/// A value without the members that the type does not have.
fn narrowed<'a>(node: &Node<'a>, inside: &[&str], path: &str, notes: &mut Notes) -> Node<'a> {
    match node {
        Node::Map(members) if !inside.is_empty() => {
            let mut kept = Vec::new();
            for (name, node) in members {
                if inside.contains(name) {
                    kept.push((*name, node.clone()));
                } else {
                    left_out(member(path, name), notes);
                }
            }
            Node::Map(kept)
        }
        Node::List(items) => {
            let rows = items.iter().enumerate();
            let rows = rows.map(|(row, node)| narrowed(node, inside, &item(path, row), notes));
            Node::List(rows.collect())
        }
        _ => node.clone(),
    }
}

/// Says where ROS would read a value as a function of its own.
fn functions(node: &Node<'_>, path: &str, notes: &mut Notes) {
    match node {
        Node::List(items) => {
            for (row, node) in items.iter().enumerate() {
                functions(node, &item(path, row), notes);
            }
        }
        Node::Map(members) => {
            for (name, node) in members {
                let path = member(path, name);
                if *name == "Ref" || name.starts_with("Fn::") {
                    notes.about(
                        tr("ROS takes this name for a function of its own."),
                        path.clone(),
                    );
                }
                functions(node, &path, notes);
            }
        }
        _ => {}
    }
}
