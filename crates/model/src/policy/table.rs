//! The one table of what a policy may hold. The reader checks files by it, and the schema is written from it.

/// What a value has to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// An object with these members and no others.
    Object(&'static [Member]),
    /// An object of names that the team chooses.
    Named(&'static [Member]),
    /// An object of wire paths of fields.
    Fields,
    /// A list of texts without spaces, which may hold `*`.
    Patterns,
    /// A list of texts, which may hold `*`.
    Values,
    /// A text, or one for each language.
    Words,
    /// A text.
    Text,
    /// The number 1.
    Version,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// `true`.
    True,
    /// A number above 0.
    Amount,
    /// Three capital letters.
    Currency,
    /// An `https:` address.
    Link,
    /// A value of the field that it stands for: `fixed` is a single one, `default` may be a list.
    Value,
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) needed: bool,
    pub(super) shape: Shape,
    /// What it is for.
    pub(super) help: &'static str,
}

const fn may(name: &'static str, shape: Shape, help: &'static str) -> Member {
    Member {
        name,
        needed: false,
        shape,
        help,
    }
}

const fn must(name: &'static str, shape: Shape, help: &'static str) -> Member {
    Member {
        needed: true,
        ..may(name, shape, help)
    }
}

const SEVERITY: Member = may(
    "severity",
    Shape::Choice(&["error", "warning"]),
    "Whether a breach keeps the request from being created. Without it: error.",
);

const MESSAGE: Member = may(
    "message",
    Shape::Words,
    "What is said of a breach, in the team's own words. Without it the page says what is allowed.",
);

const fn allowed(help: &'static str) -> [Member; 3] {
    [must("allowed", Shape::Patterns, help), SEVERITY, MESSAGE]
}

const REGIONS: &[Member] = &allowed("Ids of regions, such as cn-hangzhou or cn-*.");
const WORKSPACES: &[Member] = &allowed("Ids of workspaces.");
const MACHINES: &[Member] =
    &allowed("Names of machine types, such as ecs.g6.large, or patterns such as ecs.g6.*.");

const IMAGES: &[Member] = &[
    may(
        "ids",
        Shape::Patterns,
        "Ids of images. Without them no image is taken by its id.",
    ),
    may(
        "registries",
        Shape::Patterns,
        "Registries that images may come from, or a registry and the namespace in it, without https://. \
         Without them no image is taken by its address.",
    ),
    SEVERITY,
    MESSAGE,
];

const KEY: &[Member] = &[
    may(
        "allowed",
        Shape::Values,
        "The values that it may have. Without them any will do.",
    ),
    SEVERITY,
    MESSAGE,
];

pub(super) const FIELD: &[Member] = &[
    may(
        "hidden",
        Shape::True,
        "The field is not offered, and a value in it is a breach.",
    ),
    may(
        "fixed",
        Shape::Value,
        "The field has this value, and no other.",
    ),
    may(
        "default",
        Shape::Value,
        "A new request begins with this value, which may be changed.",
    ),
    SEVERITY,
    MESSAGE,
];

const PRICE: &[Member] = &[
    must(
        "ceiling",
        Shape::Amount,
        "The most that an hour of the machine may cost.",
    ),
    must("currency", Shape::Currency, "Its currency, such as CNY."),
    may(
        "unknown",
        Shape::Choice(&["block", "warn", "allow"]),
        "What is made of a machine whose price is not known, or known in another currency. Without it: warn.",
    ),
    SEVERITY,
    MESSAGE,
];

/// A policy.
pub(super) const POLICY: &[Member] = &[
    may(
        "$schema",
        Shape::Text,
        "Where editors find the schema of this file.",
    ),
    must("version", Shape::Version, "The version of the format: 1."),
    may("name", Shape::Words, "Whose policy it is."),
    may(
        "contact",
        Shape::Object(&[
            may("text", Shape::Words, "Whom to ask."),
            may("link", Shape::Link, "Where to read more."),
        ]),
        "Whom to ask about the policy. It stands with the explanation of each breach.",
    ),
    may(
        "regions",
        Shape::Object(REGIONS),
        "The regions in which instances may be created.",
    ),
    may(
        "workspaces",
        Shape::Object(WORKSPACES),
        "The workspaces that may be used.",
    ),
    may(
        "machines",
        Shape::Object(MACHINES),
        "The pay-as-you-go machines that may be used. To keep quotas out too, hide ResourceId.",
    ),
    may(
        "images",
        Shape::Object(IMAGES),
        "The images that may be used.",
    ),
    may(
        "labels",
        Shape::Named(KEY),
        "The labels that a request has to have, by their keys.",
    ),
    may(
        "tags",
        Shape::Named(KEY),
        "The tags that a request has to have, by their keys.",
    ),
    may(
        "fields",
        Shape::Fields,
        "What holds for single fields, by their wire paths, such as UserVpc.DefaultRoute; [] stands for any row, \
         as in Datasets[].MountAccess.",
    ),
    may(
        "price",
        Shape::Object(PRICE),
        "The most that a pay-as-you-go machine may cost.",
    ),
];
