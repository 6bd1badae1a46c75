//! What people read about the rules: when each is found, and on what it rests.
//!
//! The page shows the message of a finding at once (`i18n.rs`) and fetches these texts only when
//! someone asks for the reason: a test writes them to `assets/rules.json`. So nothing in the page
//! refers to this module, and it is not part of what is downloaded first. [`page()`] writes a page for
//! people, `docs/reference.md`.

use serde_json::{Map, Value, json};

use crate::rules::{self, OF_DRAFTS, Severity, Source, source};
use crate::schema::{BEYOND, expresses};
use crate::violation;

pub use self::page::page;

mod page;

/// What is to be known of a rule beyond its check.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Id of the rule.
    pub id: &'static str,
    /// The fields at which it is found, as people write their paths; `[]` stands for any row. Empty
    /// where descriptors say it, or where it may be any field.
    pub at: &'static [&'static str],
    /// When it is found.
    pub when: &'static str,
    /// On what it rests.
    pub why: &'static str,
}

/// A place where the API reference contradicts itself or misleads.
#[derive(Clone, Copy, Debug)]
pub struct Contradiction {
    /// Its number, `D01` and so on.
    pub id: &'static str,
    /// What the reference shows.
    pub shown: &'static str,
    /// What is behind it.
    pub finding: &'static str,
    /// What to send.
    pub send: &'static str,
}

/// What is to be known of the rule with this id.
pub fn about(id: &str) -> Option<&'static About> {
    RULES.iter().find(|about| about.id == id)
}

/// The texts about the rules that the model has, as the page fetches them: by id, when each is
/// found, why, and where it comes from.
pub fn rules() -> Value {
    let mut texts = Map::new();
    for about in RULES {
        let Some(source) = source(about.id) else {
            continue;
        };
        let text = json!({ "when": about.when, "why": about.why, "source": source_name(source) });
        texts.insert(about.id.to_owned(), text);
    }
    texts.into()
}

/// How grave the findings of a rule are: `error`, `warning`, or both for a rule of two cases.
pub fn severities(id: &str) -> Vec<&'static str> {
    let written = rules::all().map(|rule| (rule.id, rule.severity));
    let single = violation::RULES
        .iter()
        .map(|(id, _)| (*id, Severity::Error));
    let of_drafts = OF_DRAFTS.iter().map(|(id, severity, _)| (*id, *severity));
    let homes = written.chain(single).chain(of_drafts);
    let mut severities: Vec<_> = homes
        .filter(|(known, _)| *known == id)
        .map(|(_, severity)| severity)
        .collect();
    severities.sort();
    let words = severities.iter().map(|severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    });
    words.collect()
}

/// How much of a rule the JSON Schema says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// All of it.
    All,
    /// Some of its cases.
    Part,
    /// Nothing, since a schema cannot.
    None,
    /// Nothing, since it is a warning only.
    NoError,
}

impl Share {
    /// That of the rule with this id.
    pub fn of(id: &str) -> Self {
        let beyond = BEYOND.iter().any(|(known, _)| *known == id);
        match (expresses(id), beyond) {
            (true, false) => Self::All,
            (true, true) => Self::Part,
            (false, true) => Self::None,
            (false, false) => Self::NoError,
        }
    }
}

/// A source as one word.
pub fn source_name(source: Source) -> &'static str {
    match source {
        Source::Documented => "documented",
        Source::VendorGuide => "guide",
        Source::Inferred => "inferred",
        Source::Policy => "policy",
    }
}

const fn rule(
    id: &'static str,
    at: &'static [&'static str],
    when: &'static str,
    why: &'static str,
) -> About {
    About { id, at, when, why }
}

const fn contradiction(
    id: &'static str,
    shown: &'static str,
    finding: &'static str,
    send: &'static str,
) -> Contradiction {
    Contradiction {
        id,
        shown,
        finding,
        send,
    }
}

/// All rules, in the order of their ids.
pub const RULES: &[About] = &[
    rule(
        "R01",
        &["WorkspaceId"],
        "The workspace is missing.",
        "The schema of the service calls every member optional, but its command line guide lists this one as required.",
    ),
    rule(
        "R02",
        &["InstanceName"],
        "The name is missing.",
        "The schema of the service calls every member optional, but its command line guide lists this one as required.",
    ),
    rule(
        "R03",
        &["InstanceName"],
        "The name holds a character other than A to Z, a to z, 0 to 9 and the underscore.",
        "The API reference allows letters, digits and underscores; the Chinese text says English letters.",
    ),
    rule(
        "R04",
        &["InstanceName"],
        "The name has more than 27 characters.",
        "The API reference gives this limit.",
    ),
    rule(
        "R05",
        &["EcsSpec", "ResourceId"],
        "Neither a machine type nor a resource quota is given.",
        "A machine type is the pay-as-you-go way to run an instance, a quota the prepaid way, and there is no third.",
    ),
    rule(
        "R06",
        &["EcsSpec", "ResourceId"],
        "A machine type and a resource quota are both given.",
        "They belong to different ways of paying; the reference does not say what the service does with both.",
    ),
    rule(
        "R07",
        &["RequestedResource"],
        "A size is given without a resource quota.",
        "On public resources the machine type gives the size.",
    ),
    rule(
        "R08",
        &["RequestedResource.CPU", "RequestedResource.Memory"],
        "The instance runs on a quota, and its cores or its memory are not given.",
        "Without a machine type nothing else says how large the instance is to be.",
    ),
    rule(
        "R09",
        &["ImageId", "ImageUrl"],
        "Neither an image nor the address of one is given.",
        "The command line guide asks for one of them.",
    ),
    rule(
        "R10",
        &["ImageId", "ImageUrl"],
        "An image and the address of one are both given.",
        "The command line guide calls them exclusive; the API reference does not say so.",
    ),
    rule(
        "R11",
        &["ImageAuth"],
        "A registry login is given without the address of an image.",
        "The login is for the registry that the address names.",
    ),
    rule(
        "R12",
        &["ImageAuth"],
        "The registry login is not Base64.",
        "The API reference asks for Base64.",
    ),
    rule(
        "R13",
        &["ImageAuth"],
        "The registry login holds no colon once it is decoded.",
        "Registries expect user and password with a colon between them.",
    ),
    rule(
        "R14",
        &["ImageUrl"],
        "The address of the image has a scheme, such as https://, or white space.",
        "No documented address has either.",
    ),
    rule(
        "R15",
        &["ImageUrl"],
        "The address of the image names another region than the one chosen.",
        "From another region an image may be slow to pull, or out of reach.",
    ),
    rule(
        "R16",
        &["EcsSpec", "ImageId"],
        "The image is made for GPUs and the machine has none, or the reverse.",
        "The command line guide says that such an instance does not start.",
    ),
    rule(
        "R17",
        &["Datasets[].DatasetId", "Datasets[].Uri"],
        "A registered dataset and a storage address are both given for one mount.",
        "The API reference allows one of them.",
    ),
    rule(
        "R18",
        &["Datasets[].DatasetId", "Datasets[].Uri"],
        "Neither a registered dataset nor a storage address is given for a mount.",
        "There would be nothing to mount.",
    ),
    rule(
        "R19",
        &["Datasets[].DatasetVersion"],
        "A version is given without a registered dataset.",
        "The API reference gives the version to registered datasets only.",
    ),
    rule(
        "R20",
        &["Datasets[].Options", "Datasets[].OptionType"],
        "Mount options and the outdated mount type are both given.",
        "The API reference allows one of them.",
    ),
    rule(
        "R21",
        &["Datasets[].OptionType"],
        "The outdated mount type is used.",
        "The API reference calls it deprecated and names Options in its place.",
    ),
    rule(
        "R22",
        &["Datasets[].Options"],
        "Mount options or a mount type are given for data that is not in OSS.",
        "The API reference gives them to OSS only.",
    ),
    rule(
        "R23",
        &["Datasets[].Options"],
        "The mount options are not a JSON object written as text.",
        "The documented example is one.",
    ),
    rule(
        "R24",
        &["Datasets[].Options"],
        "A value inside the mount options is not text.",
        "In the documented example every value is text, also the numbers.",
    ),
    rule(
        "R25",
        &["Datasets[].MountPath"],
        "The mount path is missing.",
        "The command line guide lists it as required.",
    ),
    rule(
        "R26",
        &["Datasets[].MountPath"],
        "The mount path does not start with a slash, holds white space, or has a part that is two dots.",
        "Every documented path is absolute and plain; others would end where nobody expects them.",
    ),
    rule(
        "R27",
        &["Datasets[].MountPath"],
        "Two datasets have the same mount path; a slash at the end does not count.",
        "The mount guide says that each dataset has a path of its own.",
    ),
    rule(
        "R28",
        &["Datasets[].MountPath"],
        "One mount path lies below another.",
        "One mount may hide the other, depending on their order.",
    ),
    rule(
        "R29",
        &["Datasets[].Dynamic"],
        "Data that is not in OSS is to be mounted while the instance runs.",
        "The API reference allows it for OSS only.",
    ),
    rule(
        "R30",
        &["Datasets[].MountAccess"],
        "A dynamic mount is to be writable.",
        "The API reference calls dynamic mounts read-only.",
    ),
    rule(
        "R31",
        &["Datasets[].MountPath"],
        "The path of a dynamic mount is not below a dynamic root.",
        "The API reference puts dynamic mounts below a root, which is /mnt/dynamic/ when none is given.",
    ),
    rule(
        "R32",
        &["Datasets[].Dynamic"],
        "A dataset that is mounted at start follows a dynamic one.",
        "The API reference wants dynamic mounts last.",
    ),
    rule(
        "R33",
        &["Datasets[].Dynamic"],
        "A dynamic mount is asked for without a resource quota.",
        "The API reference offers it on general-purpose quotas only.",
    ),
    rule(
        "R34",
        &["DynamicMount.Enable"],
        "There are dynamic mounts, and dynamic mounting is not turned on.",
        "The switch would have no other purpose.",
    ),
    rule(
        "R35",
        &["DynamicMount.MountPoints[].RootPath"],
        "A dynamic root has no path, or one that does not start with a slash.",
        "The service's own code marks it as required, and all documented roots are absolute.",
    ),
    rule(
        "R36",
        &["DynamicMount.MountPoints[].RootPath"],
        "Two dynamic roots have the same path.",
        "They could not be told apart.",
    ),
    rule(
        "R37",
        &["DynamicMount.Enable"],
        "Dynamic roots are given while dynamic mounting is turned off.",
        "The roots would have no effect.",
    ),
    rule(
        "R38",
        &["Datasets[].Uri"],
        "The storage address starts with none of oss://, nas://, cpfs:// and bmcpfs://.",
        "The API reference lists these.",
    ),
    rule(
        "R39",
        &["Datasets[].Uri"],
        "The storage address does not end with a slash.",
        "All documented addresses do, and folders are refused without it.",
    ),
    rule(
        "R40",
        &["Datasets[].Uri"],
        "An OSS address names no endpoint, or one in another region than the one chosen.",
        "All documented addresses name the endpoint, and OSS is reached within a region.",
    ),
    rule(
        "R41",
        &["Datasets[].MountAccess"],
        "A dataset that is read-only is to be mounted for writing.",
        "The API reference says that the access of a dataset cannot be raised.",
    ),
    rule(
        "R42",
        &["WorkspaceSource"],
        "The working directory is neither rootfsCloudDisk nor the mount path or ID of a dataset in the request.",
        "The API reference lists these.",
    ),
    rule(
        "R43",
        &["WorkspaceSource"],
        "The working directory is to be backed by OSS or by a dynamic mount.",
        "The API reference says that neither is supported.",
    ),
    rule(
        "R44",
        &["WorkspaceSource"],
        "The working directory is named by the ID of a dataset.",
        "The API reference takes it, but prefers the mount path.",
    ),
    rule(
        "R45",
        &["WorkspaceSource"],
        "The working directory is rootfsCloudDisk on a resource quota, and no cloud disk is given.",
        "On a quota there is a cloud disk only if one is asked for.",
    ),
    rule(
        "R46",
        &["CloudDisks[].Capacity"],
        "The size of a disk is not a whole number followed by Gi.",
        "The documented example is 100Gi.",
    ),
    rule(
        "R47",
        &["CloudDisks[].Capacity"],
        "A disk is smaller than 100Gi.",
        "100 GiB are free on public resources; older texts say 30 GB for machines without GPU.",
    ),
    rule(
        "R48",
        &["CloudDisks[].SubType"],
        "The type of a disk is not rootfs.",
        "The API reference knows this one only.",
    ),
    rule(
        "R49",
        &["CloudDisks"],
        "There is more than one rootfs disk.",
        "An instance has one system.",
    ),
    rule(
        "R50",
        &["CloudDisks[].Status"],
        "The usage of a disk is sent.",
        "Only the service can know it; it stands in the request because request and answer share a type.",
    ),
    rule(
        "R51",
        &["CloudDisks"],
        "Cloud disks are asked for on a quota with less than 2 cores or 4 GiB, and no GPU.",
        "The API reference gives disks to instances of this size or more.",
    ),
    rule(
        "R52",
        &["UserVpc.VpcId"],
        "A vSwitch, security group, forwarded port or bandwidth limit is given without a VPC.",
        "Each of them is a part of a VPC or acts on its traffic.",
    ),
    rule(
        "R53",
        &["UserVpc.SecurityGroupId"],
        "A VPC is given without a security group.",
        "Network interfaces in a VPC have a security group.",
    ),
    rule(
        "R54",
        &["UserVpc.ExtendedCIDRs"],
        "A vSwitch is given without address ranges.",
        "The API reference requires the ranges beside a vSwitch.",
    ),
    rule(
        "R55",
        &["UserVpc.ExtendedCIDRs[]"],
        "An address range is not an IPv4 address, a slash and a length.",
        "The API reference asks for CIDR blocks.",
    ),
    rule(
        "R56",
        &["UserVpc.ExtendedCIDRs[]"],
        "The address of a range is not the first of its network.",
        "The same range is clearer with its first address; the documented example itself is not written so.",
    ),
    rule(
        "R57",
        &["UserVpc.ExtendedCIDRs[]"],
        "A range is given twice, or lies inside another.",
        "It adds nothing.",
    ),
    rule(
        "R58",
        &["UserVpc.DefaultRoute"],
        "The way to the Internet is neither eth0 nor eth1.",
        "The texts of the service's own libraries list these two.",
    ),
    rule(
        "R59",
        &["UserVpc.DefaultRoute"],
        "Traffic is to take eth1, and no VPC is given.",
        "eth1 is the interface in your VPC.",
    ),
    rule(
        "R60",
        &[
            "UserVpc.ForwardInfos[].ForwardPort",
            "UserVpc.ForwardInfos[].ExternalPort",
        ],
        "A port is not a whole number from 1 to 65535, written as text.",
        "The type is documented, and there are no other ports.",
    ),
    rule(
        "R61",
        &["UserVpc.ForwardInfos[].ForwardPort"],
        "A forwarded port is turned on, and the port in the instance is missing.",
        "There would be nothing to forward to.",
    ),
    rule(
        "R62",
        &["UserVpc.ForwardInfos[].SSHPublicKey"],
        "Port 22 is forwarded without a public key.",
        "Nobody could log in.",
    ),
    rule(
        "R63",
        &["UserVpc.ForwardInfos[].SSHPublicKey"],
        "The public key is a private key.",
        "A private key must not leave its owner.",
    ),
    rule(
        "R64",
        &["UserVpc.ForwardInfos[].SSHPublicKey"],
        "The public key is not one line in the format of OpenSSH.",
        "SSH servers read this format.",
    ),
    rule(
        "R65",
        &[
            "UserVpc.ForwardInfos[].NatGatewayId",
            "UserVpc.ForwardInfos[].EipAllocationId",
        ],
        "Only one of NAT gateway and elastic IP address is given.",
        "Access from the Internet needs both.",
    ),
    rule(
        "R66",
        &["UserVpc.ForwardInfos[].ExternalPort"],
        "Two entries have the same elastic IP address and public port.",
        "A port of an address leads to one place.",
    ),
    rule(
        "R67",
        &[
            "UserVpc.BandwidthLimit.IngressWhitelists[]",
            "UserVpc.BandwidthLimit.EgressWhitelists[]",
        ],
        "An exception from a bandwidth limit is neither an address nor an address range.",
        "The format is not documented; no other is likely.",
    ),
    rule(
        "R68",
        &["EnvironmentVariables", "AccessRestrictionRules"],
        "An environment variable or an access restriction has no name, or a name stands twice.",
        "A JSON object cannot hold a name twice, and systems refuse variables without a name.",
    ),
    rule(
        "R69",
        &["EnvironmentVariables"],
        "The name of a variable has other characters than letters, digits and underscores, or starts with a digit.",
        "Shells cannot use such a variable.",
    ),
    rule(
        "R70",
        &["EnvironmentVariables"],
        "A variable has the name of one that the system sets itself, such as PATH.",
        "The API reference says that variables may replace those that are preset.",
    ),
    rule(
        "R71",
        &["EnvironmentVariables"],
        "A variable looks like a password, token or access key.",
        "Everyone who can open the instance can read it.",
    ),
    rule(
        "R72",
        &["Priority"],
        "The priority is not a whole number from 1 to 9.",
        "The API reference gives these limits.",
    ),
    rule(
        "R73",
        &["Priority"],
        "A priority is given without a resource quota.",
        "It orders the instances of a quota.",
    ),
    rule(
        "R74",
        &["RequestedResource.CPU", "RequestedResource.GPU"],
        "The number of cores is not a number above 0, or that of GPUs not a whole number from 0, written as text.",
        "The type is documented, and other numbers make no sense.",
    ),
    rule(
        "R75",
        &["RequestedResource.Memory", "RequestedResource.SharedMemory"],
        "A memory size has no unit.",
        "The API reference warns that MiB is taken then.",
    ),
    rule(
        "R76",
        &["RequestedResource.Memory", "RequestedResource.SharedMemory"],
        "A memory size has another unit than Ki, Mi, Gi and Ti.",
        "The API reference asks for Gi in its text and has GB in an example, so this is not refused.",
    ),
    rule(
        "R77",
        &["RequestedResource.SharedMemory"],
        "The shared memory is larger than the memory.",
        "It is a part of the memory.",
    ),
    rule(
        "R78",
        &["RequestedResource.GPUType"],
        "GPUs are asked for without their model, or a model without their number.",
        "One says little without the other.",
    ),
    rule(
        "R79",
        &["RequestedResource.GPUType"],
        "The GPU model is not in the documented list; capitals do not count.",
        "The list is plainly out of date, so others are only told of.",
    ),
    rule(
        "R80",
        &["Labels[].Key", "Tag[].Key"],
        "The key of a label or tag is missing, or stands twice.",
        "A key names one value.",
    ),
    rule(
        "R81",
        &["Tag[].Key"],
        "A tag breaks the limits of tags in general: 20 tags, 128 characters, no aliyun or acs: at the start of a key, no http:// or https:// in it.",
        "These limits hold for tags across the cloud; they were not checked for this service.",
    ),
    rule(
        "R82",
        &["Affinity.CPU.Enable"],
        "CPU binding is turned on without a resource quota.",
        "The API reference offers it on general-purpose quotas only.",
    ),
    rule(
        "R83",
        &["CredentialConfig.Configs[]"],
        "A role entry has no key, no type or no role.",
        "The API reference requires key and type, and without a role there is nothing to take on.",
    ),
    rule(
        "R84",
        &["CredentialConfig.Configs[].Roles[]"],
        "A role has no ARN or no type, or its ARN is malformed.",
        "The API reference requires both.",
    ),
    rule(
        "R85",
        &[
            "CredentialConfig.Configs[].Type",
            "CredentialConfig.Configs[].Roles[].RoleType",
        ],
        "The type of a role entry is neither Role nor RoleChain, or that of a role neither service nor user.",
        "The API reference lists these.",
    ),
    rule(
        "R86",
        &["CredentialConfig.Configs[].Roles"],
        "One role is announced and more are given, or a chain with fewer than two.",
        "The type would not say what is there.",
    ),
    rule(
        "R87",
        &["CredentialConfig.AliyunEnvRoleKey"],
        "The role for the environment is the key of no role entry, or two entries share a key.",
        "The key would name no entry, or more than one.",
    ),
    rule(
        "R88",
        &["CredentialConfig.Enable"],
        "Role entries are given, and the use of a role is not turned on.",
        "The entries would have no effect.",
    ),
    rule(
        "R89",
        &["CredentialConfig.Configs"],
        "There is more than one role entry.",
        "The API reference says that an instance has one role.",
    ),
    rule(
        "R90",
        &["CredentialConfig.Configs[].Roles[].Policy"],
        "The extra policy is not a JSON object written as text.",
        "Policies are JSON objects, and the member is text.",
    ),
    rule(
        "R91",
        &["SpotSpec.SpotStrategy"],
        "Spot pricing is used without a strategy, or with an unknown one.",
        "The API reference lists the strategies, and nothing else turns spot pricing on.",
    ),
    rule(
        "R92",
        &["SpotSpec.SpotPriceLimit"],
        "A price up to a limit is asked for on public resources, and the limit is missing.",
        "The API reference requires it with this strategy.",
    ),
    rule(
        "R93",
        &["SpotSpec.SpotPriceLimit"],
        "The ceiling price is not a number above 0 with at most three decimals.",
        "The API reference says so.",
    ),
    rule(
        "R94",
        &["SpotSpec.SpotPriceLimit"],
        "A ceiling is given, and the market price is followed.",
        "The ceiling would have no effect.",
    ),
    rule(
        "R95",
        &["SpotSpec.SpotDuration"],
        "The protected time is not a whole number from 0; numbers above 1 are warned of.",
        "The API reference describes 0 and 1 only.",
    ),
    rule(
        "R96",
        &["SpotSpec.SpotDiscountLimit", "SpotSpec.SpotDuration"],
        "Spot pricing on a quota has no ceiling share, or has a protected time.",
        "The API reference says so for Lingjun quotas; a request does not show what kind a quota is.",
    ),
    rule(
        "R97",
        &["SpotSpec.SpotDiscountLimit"],
        "The ceiling share is not above 0 and at most 1.",
        "The documented example is 0.1, and a share is at most the whole.",
    ),
    rule(
        "R98",
        &["OversoldType"],
        "The use of idle capacity is set without a resource quota.",
        "It speaks of the capacity of a quota.",
    ),
    rule(
        "R99",
        &["SpotSpec", "OversoldType"],
        "Spot pricing and the use of idle capacity are both set.",
        "One belongs to public resources, the other to quotas.",
    ),
    rule(
        "R100",
        &["AssignNodeSpec"],
        "Nodes are named without a resource quota.",
        "They are the nodes of a quota.",
    ),
    rule(
        "R101",
        &["AssignNodeSpec.NodeNames"],
        "A node is both to be used and to be avoided, or a name between commas is empty.",
        "Both cannot be met, and an empty name names nothing.",
    ),
    rule(
        "R102",
        &["DockerConfig.ContainersLimit", "DockerConfig.Enable"],
        "The most sub-containers are fewer than 1. A warning: settings are given while sub-containers are not turned on.",
        "The settings would leave nothing to run, or have no effect.",
    ),
    rule(
        "R103",
        &["DockerConfig.Enable"],
        "Sub-containers are turned on without a resource quota.",
        "The sub-container guide offers them on Lingjun and general-purpose quotas only.",
    ),
    rule(
        "R104",
        &["MigrationOptions", "AccessRestrictionRules"],
        "Migration settings or access restrictions are sent.",
        "Their members are documented nowhere.",
    ),
    rule(
        "R105",
        &["Driver"],
        "A driver version is given, and the machine has no GPU.",
        "It is the driver of a GPU.",
    ),
    rule(
        "R106",
        &["UserCommand.OnStart.Content"],
        "The start script is blank or has carriage returns.",
        "Shells take a carriage return for a part of the command.",
    ),
    rule(
        "R107",
        &["InstanceName"],
        "Another instance has the name already.",
        "The command line guide says that the service refuses it.",
    ),
    rule(
        "R108",
        &["EcsSpec"],
        "The machine type is sold out, or has no spot machines left.",
        "The command line guide advises to look at the stock first.",
    ),
    rule(
        "R109",
        &[],
        "A value is null, an empty text, an empty array or an empty object.",
        "What is not set is left out, so that a request says nothing by accident.",
    ),
    rule(
        "R110",
        &[],
        "A member is not known.",
        "It is kept and sent as it came: the service may know more than this page.",
    ),
    rule(
        "R111",
        &[],
        "A value is not in the closed list of its field; capitals count.",
        "The API reference lists the values.",
    ),
    rule(
        "R112",
        &[],
        "A value has another type than its field.",
        "The API reference gives the types; whether the service converts is not said.",
    ),
    rule(
        "R113",
        &[],
        "An ID is not written as IDs of its sort are.",
        "The forms are those of all examples.",
    ),
];

/// All contradictions, in order.
pub const CONTRADICTIONS: &[Contradiction] = &[
    contradiction(
        "D01",
        "MAAS stands alone in the list of members, like one of them.",
        "It is the example value of an environment variable. There is no such member.",
        "Nothing: there is no MAAS.",
    ),
    contradiction(
        "D02",
        "The example of EnvironmentVariables is {userName: \"Chris\"}.",
        "This is not JSON: the key has no quotes. The type is an object from names to texts.",
        "{\"userName\":\"Chris\"}, with text for every value, also for numbers and booleans.",
    ),
    contradiction(
        "D03",
        "DefaultRoute lists eth0 only.",
        "The list was cut off: eth0 is the shared gateway, eth1 your own VPC.",
        "Either of the two.",
    ),
    contradiction(
        "D04",
        "Tags are called Tag.",
        "This is right for the request. Answers call them Tags, with TagKey and TagValue.",
        "Tag with Key and Value; rename them when an answer is taken for a request.",
    ),
    contradiction(
        "D05",
        "The example of Labels is {'foo': 'bar'}.",
        "It contradicts the type, which is an array of objects with Key and Value.",
        "[{\"Key\":\"foo\",\"Value\":\"bar\"}].",
    ),
    contradiction(
        "D06",
        "Memory and SharedMemory: the unit is GiB, a unit is to be given such as 32Gi, the example is 32GB.",
        "The statements are at odds. The example of the whole object uses Gi, and the newest text is the warning to write the unit.",
        "A number with Gi, such as 32Gi. Bare numbers (R75) and other units (R76) are warned of, never refused.",
    ),
    contradiction(
        "D07",
        "GPUType lists V100, A100, T4, A10 and P100, and the examples are v100 and Tesla-V100-16G.",
        "The list is old, and the examples are not in it.",
        "Any model; the known ones are suggested and others warned of.",
    ),
    contradiction(
        "D08",
        "CloudDisks[].Status, with usage in bytes, is part of the request.",
        "Only the service can know it; answers have the same member.",
        "Nothing: leave it out (R50).",
    ),
    contradiction(
        "D09",
        "The example of ExtendedCIDRs is [\"192.168.0.1/24\", \"192.168.1.1/24\"].",
        "These are addresses inside a network, not the network's own. The example of an item is three ranges run together in one text.",
        "One range in each item, with the first address of the network (R56).",
    ),
    contradiction(
        "D10",
        "training_data stands before EcsSpec like the name of a member.",
        "It is the example of InstanceName. Nothing is missing.",
        "EcsSpec.",
    ),
    contradiction(
        "D11",
        "An item of CloudDisks is called an array of objects.",
        "A slip: CloudDisks is an array of objects, not of arrays.",
        "Objects.",
    ),
    contradiction(
        "D12",
        "The example of CloudDisks[].Capacity is 100Gi, and 100 GiB are free.",
        "An older text has 30 as example, and says 100 GB free with a GPU and 30 GB without.",
        "A whole number with Gi, 100 or more.",
    ),
    contradiction(
        "D13",
        "CloudDisks[].MountPath is /mnt/systemDisk and Path is workspace.",
        "An older text has other examples. The meanings agree: MountPath is the target, Path the folder on the disk.",
        "As the examples are.",
    ),
    contradiction(
        "D14",
        "ExtendedCIDRs is required once a vSwitch is given.",
        "The English text of the libraries is muddled; the Chinese text agrees.",
        "The ranges beside VSwitchId (R54).",
    ),
    contradiction(
        "D15",
        "InstanceName takes letters, digits and underscores.",
        "The Chinese text says English letters. Nothing is said of the first character or of a least length.",
        "1 to 27 of A to Z, a to z, 0 to 9 and the underscore.",
    ),
    contradiction(
        "D16",
        "The example of OptionType is ReadOnly, and no list is given.",
        "An older text lists FastReadWrite, IncrementalReadWrite, ConsistentReadWrite and ReadOnly.",
        "Nothing: use Options. It is kept where it stands already.",
    ),
    contradiction(
        "D17",
        "The values of SpotSpec, AssignNodeSpec and OversoldType run together.",
        "Lists lost their marks.",
        "The values of the table above.",
    ),
    contradiction(
        "D18",
        "ForwardInfos, BandwidthLimit, CredentialConfig and DynamicMount have no members in the reference.",
        "The libraries have them. The member Port of ForwardInfos became ForwardPort in 2024.",
        "ForwardPort and ExternalPort, both as text.",
    ),
    contradiction(
        "D19",
        "MigrationOptions, AccessRestrictionRules and DockerConfig have no description.",
        "In the libraries they are an object of anything, an object of texts and an object with three members. The keys of the first two are published nowhere.",
        "Nothing, unless you know the keys.",
    ),
    contradiction(
        "D20",
        "SpotDiscountLimit is required for Lingjun, and the example is 0.1.",
        "Whether this means a tenth of the price or a tenth off is not said.",
        "A number above 0 and at most 1 (R97).",
    ),
    contradiction(
        "D21",
        "In answers the example of Code is the text \"null\", and that of Message is \"\\\"XXX\\\"\".",
        "They are placeholders.",
        "Nothing is sent: an answer is a success if Success is true and the status is 200.",
    ),
    contradiction(
        "D22",
        "WorkspaceSource calls a cloud disk rootfsCloudDisk.",
        "It is a keyword, not the value rootfs of SubType.",
        "rootfsCloudDisk.",
    ),
    contradiction(
        "D23",
        "ImageId and ImageUrl stand side by side.",
        "The reference does not call them exclusive, and a sample there sends both; the command line guide calls them exclusive.",
        "One of them (R10).",
    ),
    contradiction(
        "D24",
        "Numbers are written as text here and there.",
        "CPU, GPU, ports, spot limits and times are texts; Priority and ContainersLimit are numbers; Dynamic and the members Enable are booleans.",
        "Exactly these types.",
    ),
];

/// The rules whose findings carry a fix, if there is a value that mends them.
pub const WITH_FIX: &[&str] = &[
    "R03", "R14", "R19", "R20", "R21", "R26", "R30", "R32", "R34", "R35", "R37", "R38", "R39",
    "R41", "R42", "R44", "R46", "R48", "R50", "R55", "R56", "R57", "R58", "R60", "R63", "R64",
    "R67", "R74", "R75", "R76", "R79", "R84", "R85", "R87", "R88", "R91", "R93", "R94", "R95",
    "R97", "R101", "R102", "R105", "R106", "R109", "R110", "R111", "R112", "R113",
];
