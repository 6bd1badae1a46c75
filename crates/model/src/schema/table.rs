//! What the rules say in the schema: one table, and a list of what a schema cannot say.

use serde_json::{Value, json};

use self::Says::{Declared, Lacks, Matches, Never, OneSet, Other, Where, WhereSet};
use super::{only, set};
use crate::descriptor::{Describe as _, StructDescriptor};
use crate::path::Field;
use crate::request::{
    Affinity, AssignNodeSpec, CloudDisk, CpuAffinity, CreateInstanceRequest as Request, Credential,
    Dataset, DockerConfig, ForwardInfo, Label, MountPoint, RequestedResource, Role, SpotSpec, Tag,
    UserVpc,
};

/// A rule, or a part of one, as the schema says it.
#[derive(Clone, Copy, Debug)]
pub struct Expressed {
    /// Id of the rule, which also marks the place in the schema.
    pub id: &'static str,
    pub(super) owner: &'static StructDescriptor,
    pub(super) says: Says,
}

/// What the schema says of the objects of a struct.
#[derive(Clone, Copy, Debug)]
pub(super) enum Says {
    /// At least one of these fields is set.
    OneSet(&'static [Field]),
    /// Not all of these hold together.
    Never(&'static [Test]),
    /// Where one of the first is set, the second is too.
    WhereSet(&'static [Field], Field),
    /// Where the test holds, the field is set.
    Where(Test, Field),
    /// What the descriptor of the field says anyway: a limit. It comes before what else is said of
    /// the field, so that its mark stands beside the limit.
    Declared(Field),
    /// The text of the field, if it is set, or each text in its rows matches the pattern. Patterns
    /// keep to what the dialects of regular expressions share.
    Matches(Field, &'static str),
    /// The text of the field does not match the pattern.
    Lacks(Field, &'static str),
    /// More than fits into a word.
    Other(fn() -> Value),
}

/// A question to the object of a struct.
#[derive(Clone, Copy, Debug)]
pub(super) enum Test {
    /// The field is set.
    Set(Field),
    /// The field has this value, written as a descriptor writes it.
    Is(Field, &'static str),
    /// The text of the field matches this pattern.
    Matches(Field, &'static str),
}

const fn on(owner: &'static StructDescriptor, id: &'static str, says: Says) -> Expressed {
    Expressed { id, owner, says }
}

pub(super) const ROOT: &StructDescriptor = Request::DESCRIPTOR;
const SIZE: &StructDescriptor = RequestedResource::DESCRIPTOR;
const SPOT: &StructDescriptor = SpotSpec::DESCRIPTOR;
const NODES: &StructDescriptor = AssignNodeSpec::DESCRIPTOR;
const DATASET: &StructDescriptor = Dataset::DESCRIPTOR;
const MOUNT_POINT: &StructDescriptor = MountPoint::DESCRIPTOR;
const DISK: &StructDescriptor = CloudDisk::DESCRIPTOR;
const VPC: &StructDescriptor = UserVpc::DESCRIPTOR;
const PORT: &StructDescriptor = ForwardInfo::DESCRIPTOR;
const CREDENTIAL: &StructDescriptor = Credential::DESCRIPTOR;
const ROLE: &StructDescriptor = Role::DESCRIPTOR;
const DOCKER: &StructDescriptor = DockerConfig::DESCRIPTOR;

/// White space, as a class of characters begins. Spelled out: dialects disagree on what `\s` is.
macro_rules! space {
    () => {
        r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    };
}

/// Standard Base64, with or without its padding.
const BASE64: &str = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?$";
/// An IPv4 address and the length of a prefix.
const CIDR: &str = "^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}\
    (25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])$";
/// A port, 1 to 65535.
const PORT_NUMBER: &str = "^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|\
    655[0-2][0-9]|6553[0-5])$";
/// A number above 0.
const POSITIVE: &str = r"^(0*[1-9][0-9]*(\.[0-9]+)?|0+\.0*[1-9][0-9]*)$";
/// A number above 0 with at most three decimals.
const PRICE: &str = r"^(0*[1-9][0-9]*(\.[0-9]{1,3})?|0+\.(00[1-9]|0[1-9][0-9]?|[1-9][0-9]{0,2}))$";
const WHOLE: &str = "^[0-9]+$";
const CAPACITY: &str = "^[1-9][0-9]*Gi$";
const SCHEME_OR_SPACE: &str = concat!("://|[", space!(), "]");
/// A path from the root, without white space.
const FOLDER: &str = concat!("^/[^", space!(), "]*$");
const TWO_DOTS: &str = r"(^|/)\.\.(/|$)";
/// What stands before the folder of an address of storage.
const STORAGE: &str = "^(oss|nas|cpfs|bmcpfs)://";
/// The same, of storage that is not OSS.
const FILES: &str = "^(nas|cpfs|bmcpfs)://";
const PRIVATE_KEY: &str = "PRIVATE KEY-----|PuTTY-User-Key-File";
const ROLE_ARN: &str = "^acs:ram::[0-9]+:role/[A-Za-z0-9._-]+$";

/// Names with commas between them, none empty.
const NAMES: &str = concat!(
    "^[",
    space!(),
    "]*[^,",
    space!(),
    "][^,]*(,[",
    space!(),
    "]*[^,",
    space!(),
    "][^,]*)*$"
);

/// Every error that the schema can express, or the part of it that can be. Types, closed lists and
/// the names of maps are not here: they are the same everywhere.
pub const EXPRESSED: &[Expressed] = &[
    on(ROOT, "R01", OneSet(&[Request::WORKSPACE_ID])),
    on(ROOT, "R02", OneSet(&[Request::INSTANCE_NAME])),
    on(ROOT, "R04", Declared(Request::INSTANCE_NAME)),
    on(
        ROOT,
        "R03",
        Matches(Request::INSTANCE_NAME, "^[A-Za-z0-9_]+$"),
    ),
    on(
        ROOT,
        "R05",
        OneSet(&[Request::ECS_SPEC, Request::RESOURCE_ID]),
    ),
    on(
        ROOT,
        "R09",
        OneSet(&[Request::IMAGE_ID, Request::IMAGE_URL]),
    ),
    on(
        ROOT,
        "R10",
        Never(&[Test::Set(Request::IMAGE_ID), Test::Set(Request::IMAGE_URL)]),
    ),
    on(ROOT, "R12", Matches(Request::IMAGE_AUTH, BASE64)),
    on(ROOT, "R14", Lacks(Request::IMAGE_URL, SCHEME_OR_SPACE)),
    on(
        DATASET,
        "R17",
        Never(&[Test::Set(Dataset::DATASET_ID), Test::Set(Dataset::URI)]),
    ),
    on(DATASET, "R18", OneSet(&[Dataset::DATASET_ID, Dataset::URI])),
    on(
        DATASET,
        "R19",
        WhereSet(&[Dataset::DATASET_VERSION], Dataset::DATASET_ID),
    ),
    on(
        DATASET,
        "R20",
        Never(&[Test::Set(Dataset::OPTIONS), Test::Set(Dataset::OPTION_TYPE)]),
    ),
    on(
        DATASET,
        "R22",
        Never(&[
            Test::Matches(Dataset::URI, FILES),
            Test::Set(Dataset::OPTIONS),
        ]),
    ),
    on(
        DATASET,
        "R22",
        Never(&[
            Test::Matches(Dataset::URI, FILES),
            Test::Set(Dataset::OPTION_TYPE),
        ]),
    ),
    on(DATASET, "R25", OneSet(&[Dataset::MOUNT_PATH])),
    on(DATASET, "R26", Matches(Dataset::MOUNT_PATH, FOLDER)),
    on(DATASET, "R26", Lacks(Dataset::MOUNT_PATH, TWO_DOTS)),
    on(
        DATASET,
        "R29",
        Never(&[
            Test::Matches(Dataset::URI, FILES),
            Test::Is(Dataset::DYNAMIC, "true"),
        ]),
    ),
    on(
        DATASET,
        "R30",
        Never(&[
            Test::Is(Dataset::DYNAMIC, "true"),
            Test::Is(Dataset::MOUNT_ACCESS, "RW"),
        ]),
    ),
    on(MOUNT_POINT, "R35", OneSet(&[MountPoint::ROOT_PATH])),
    on(MOUNT_POINT, "R35", Matches(MountPoint::ROOT_PATH, "^/")),
    on(DATASET, "R38", Matches(Dataset::URI, STORAGE)),
    on(DISK, "R46", Matches(CloudDisk::CAPACITY, CAPACITY)),
    on(
        VPC,
        "R52",
        WhereSet(
            &[
                UserVpc::VSWITCH_ID,
                UserVpc::SECURITY_GROUP_ID,
                UserVpc::FORWARD_INFOS,
                UserVpc::BANDWIDTH_LIMIT,
            ],
            UserVpc::VPC_ID,
        ),
    ),
    on(
        VPC,
        "R54",
        WhereSet(&[UserVpc::VSWITCH_ID], UserVpc::EXTENDED_CIDRS),
    ),
    on(VPC, "R55", Matches(UserVpc::EXTENDED_CIDRS, CIDR)),
    on(
        VPC,
        "R59",
        Where(Test::Is(UserVpc::DEFAULT_ROUTE, "eth1"), UserVpc::VPC_ID),
    ),
    on(PORT, "R60", Matches(ForwardInfo::FORWARD_PORT, PORT_NUMBER)),
    on(
        PORT,
        "R60",
        Matches(ForwardInfo::EXTERNAL_PORT, PORT_NUMBER),
    ),
    on(
        PORT,
        "R61",
        Where(
            Test::Is(ForwardInfo::ENABLE, "true"),
            ForwardInfo::FORWARD_PORT,
        ),
    ),
    on(PORT, "R63", Lacks(ForwardInfo::SSH_PUBLIC_KEY, PRIVATE_KEY)),
    on(ROOT, "R72", Declared(Request::PRIORITY)),
    on(SIZE, "R74", Matches(RequestedResource::CPU, POSITIVE)),
    on(SIZE, "R74", Matches(RequestedResource::GPU, WHOLE)),
    on(Label::DESCRIPTOR, "R80", OneSet(&[Label::KEY])),
    on(Tag::DESCRIPTOR, "R80", OneSet(&[Tag::KEY])),
    on(ROOT, "R82", Other(binding_of_cores)),
    on(CREDENTIAL, "R83", OneSet(&[Credential::KEY])),
    on(CREDENTIAL, "R83", OneSet(&[Credential::KIND])),
    on(CREDENTIAL, "R83", OneSet(&[Credential::ROLES])),
    on(ROLE, "R84", OneSet(&[Role::ROLE_ARN])),
    on(ROLE, "R84", OneSet(&[Role::ROLE_TYPE])),
    on(ROLE, "R84", Matches(Role::ROLE_ARN, ROLE_ARN)),
    on(
        SPOT,
        "R91",
        WhereSet(
            &[
                SpotSpec::SPOT_PRICE_LIMIT,
                SpotSpec::SPOT_DURATION,
                SpotSpec::SPOT_DISCOUNT_LIMIT,
            ],
            SpotSpec::SPOT_STRATEGY,
        ),
    ),
    on(ROOT, "R92", Other(price_limit)),
    on(SPOT, "R93", Matches(SpotSpec::SPOT_PRICE_LIMIT, PRICE)),
    on(SPOT, "R95", Matches(SpotSpec::SPOT_DURATION, WHOLE)),
    on(NODES, "R101", Matches(AssignNodeSpec::NODE_NAMES, NAMES)),
    on(DOCKER, "R102", Declared(DockerConfig::CONTAINERS_LIMIT)),
];

/// Rules that may refuse a body which the schema accepts, and what it cannot know.
pub const BEYOND: &[(&str, &str)] = &[
    (
        "R22",
        "A schema does not know where a registered dataset is stored.",
    ),
    ("R23", "A schema does not look into text."),
    ("R27", "A schema does not compare rows."),
    (
        "R29",
        "A schema does not know where a registered dataset is stored.",
    ),
    ("R31", "A schema does not compare values."),
    ("R32", "A schema does not compare rows."),
    ("R36", "A schema does not compare rows."),
    (
        "R41",
        "A schema does not know the access of a registered dataset.",
    ),
    ("R42", "A schema does not compare values."),
    ("R43", "A schema does not compare values."),
    ("R66", "A schema does not compare rows."),
    (
        "R80",
        "A schema does not compare rows, so a key may stand twice.",
    ),
    ("R87", "A schema does not compare values."),
    ("R90", "A schema does not look into text."),
    (
        "R101",
        "A schema does not compare values, so a node may stand on both sides.",
    ),
    (
        "R112",
        "To a schema 1.0 and 1e0 are whole numbers; the model wants them without a point.",
    ),
];

/// R82: binding cores needs a quota.
fn binding_of_cores() -> Value {
    let enable = only(
        CpuAffinity::DESCRIPTOR,
        CpuAffinity::ENABLE,
        json!({ "const": true }),
    );
    let cpu = only(Affinity::DESCRIPTOR, Affinity::CPU, enable);
    let bound = only(ROOT, Request::AFFINITY, cpu);
    json!({ "if": bound, "then": set(ROOT, Request::RESOURCE_ID) })
}

/// R92: on public resources a price up to a limit needs the limit.
fn price_limit() -> Value {
    let strategy = Test::Is(SpotSpec::SPOT_STRATEGY, "SpotWithPriceLimit").schema(SPOT);
    let limit = set(SPOT, SpotSpec::SPOT_PRICE_LIMIT);
    json!({
        "if": { "allOf": [
            only(ROOT, Request::SPOT_SPEC, strategy),
            { "not": set(ROOT, Request::RESOURCE_ID) },
        ] },
        "then": only(ROOT, Request::SPOT_SPEC, limit),
    })
}

#[cfg(test)]
mod tests {
    use jsonschema::PatternOptions;
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;

    use super::*;
    use crate::grammar::{self, Cidr, Decimal};

    /// Checks that patterns accept what a function accepts, on texts that look like this and on any
    /// others.
    fn same(schema: Value, accepts: fn(&str) -> bool, like: &'static str) {
        // Without look-around and references back, which not all dialects have.
        let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
        let validator = options.build(&schema).expect("a schema");
        let text = prop_oneof![3 => like, 1 => any::<String>()];
        let result = TestRunner::default().run(&text, |text| {
            let matched = validator.is_valid(&json!(text));
            prop_assert_eq!(matched, accepts(&text), "{:?} and {}", text, schema);
            Ok(())
        });
        if let Err(error) = result {
            panic!("{error}");
        }
    }

    fn matches(pattern: &str) -> Value {
        json!({ "pattern": pattern })
    }

    fn lacks(pattern: &str) -> Value {
        json!({ "not": { "pattern": pattern } })
    }

    #[test]
    fn patterns_say_what_the_grammar_says() {
        let is_positive = |text: &str| Decimal::parse(text).is_some_and(Decimal::is_positive);
        let decimal = "0{0,2}[0-9]{0,2}\\.?0{0,2}[0-9]{0,2}";
        same(matches(POSITIVE), is_positive, decimal);
        same(
            matches(PRICE),
            |text| {
                let decimals = text.split_once('.').map_or(0, |(_, rest)| rest.len());
                decimals <= 3 && Decimal::parse(text).is_some_and(Decimal::is_positive)
            },
            decimal,
        );
        same(matches(WHOLE), grammar::is_whole, "[+-]?[0-9]{0,3}");
        same(
            matches(PORT_NUMBER),
            grammar::is_port,
            "[+ ]?(6[4-6])?[0-9]{1,4}",
        );
        same(
            matches(CAPACITY),
            grammar::is_capacity,
            "[0-9]{0,3}\\.?(Gi|gi|GB| Gi)?",
        );
        same(
            matches(BASE64),
            |text| grammar::decode_base64(text).is_some(),
            "[A-Za-z0-9+/]{0,9}_?={0,3}",
        );
        same(
            matches(CIDR),
            |text| Cidr::parse(text).is_some(),
            "([0-3]?[0-9]{1,2}\\.){3}[0-9]{1,3}/[0-9]{1,2}",
        );
        same(
            lacks(SCHEME_OR_SPACE),
            grammar::is_image_url,
            "[a:/\u{1c}\u{85}\u{a0}\u{180e}\u{200b}\u{2028}\u{feff}]{0,5}",
        );
        same(
            json!({ "allOf": [matches(FOLDER), lacks(TWO_DOTS)] }),
            grammar::is_mount_path,
            "/?[a./\u{1680}\u{2060}]{0,6}",
        );
        same(
            matches(STORAGE),
            |text| grammar::scheme(text).is_some(),
            " ?(oss|nas|OSS|b?m?cpfs|s3):/{0,3}a?",
        );
        same(
            matches(FILES),
            |text| grammar::scheme(text) == Some(grammar::Scheme::Files),
            "(oss|nas|b?m?cpfs):/{1,3}a?",
        );
        same(
            matches(ROLE_ARN),
            grammar::is_role_arn,
            "acs:ram::[0-9]{0,2}:(role|user)/[a-z/._-]{0,3}",
        );
        same(
            lacks(PRIVATE_KEY),
            |text| !grammar::holds_private_key(text),
            "-{4,5}BEGIN (RSA )?(PRIVATE|PUBLIC) KEY-{4,6}",
        );
    }
}
