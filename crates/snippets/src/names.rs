//! Names of members and classes in the vendor's SDKs, which are made from wire names.

/// Words with underscores between them, as Python names members. Capitals that follow each other are one word, but for
/// the one of `VSwitchId`.
pub(crate) fn snake(wire: &str) -> String {
    let mut name = String::with_capacity(wire.len() + 4);
    let mut was_small = false;
    for (index, letter) in wire.chars().enumerate() {
        let splits = was_small || index == 1 && wire.starts_with("VSw");
        if letter.is_ascii_uppercase() && splits {
            name.push('_');
        }
        was_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// The first letter small, as TypeScript names members, unless the name begins with an abbreviation.
pub(crate) fn camel(wire: &str) -> String {
    let capitals = wire.bytes().take_while(u8::is_ascii_uppercase).count();
    let mut name = wire.to_owned();
    if capitals < 3
        && let Some(first) = name.get_mut(..1)
    {
        first.make_ascii_lowercase();
    }
    name
}

/// As flags of the command line are named.
pub(crate) fn kebab(wire: &str) -> String {
    snake(wire).replace('_', "-")
}

/// As variables of the environment are named: capitals, digits and underscores.
pub(crate) fn variable(name: &str) -> String {
    let upper = if name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        snake(name)
    } else {
        name.to_owned()
    };
    let kept = upper.chars().map(|letter| match letter {
        'a'..='z' => letter.to_ascii_uppercase(),
        'A'..='Z' | '0'..='9' => letter,
        _ => '_',
    });
    kept.collect()
}

/// Structures that the SDKs name by themselves, not by where they stand: wire name and class.
const SHARED: [(&str, &str); 5] = [
    ("ForwardInfos", "ForwardInfo"),
    ("BandwidthLimit", "BandwidthLimit"),
    ("CredentialConfig", "CredentialConfig"),
    ("DynamicMount", "DynamicMount"),
    ("MountPoints", "DynamicMountPoint"),
];

/// A class of the SDKs.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// Its name.
    pub(crate) name: String,
    /// The class that it is a member of in Java; its own name if it is none.
    pub(crate) outer: String,
}

impl Class {
    /// The class of the request.
    pub(crate) fn root() -> Self {
        Self::shared("CreateInstanceRequest")
    }

    fn shared(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            outer: name.to_owned(),
        }
    }

    /// The class of what a member holds, or holds a list of.
    pub(crate) fn inside(&self, wire: &str) -> Self {
        match SHARED.iter().find(|(name, _)| *name == wire) {
            Some((_, class)) => Self::shared(class),
            None => Self {
                name: [&self.name, wire].concat(),
                outer: self.outer.clone(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_sdks() {
        for (wire, python, typescript) in [
            ("VSwitchId", "v_switch_id", "vSwitchId"),
            ("VpcId", "vpc_id", "vpcId"),
            ("ExtendedCIDRs", "extended_cidrs", "extendedCIDRs"),
            ("SSHPublicKey", "sshpublic_key", "SSHPublicKey"),
            ("CPU", "cpu", "CPU"),
            ("GPUType", "gputype", "GPUType"),
            ("EcsSpec", "ecs_spec", "ecsSpec"),
            ("NlbGatewayId", "nlb_gateway_id", "nlbGatewayId"),
        ] {
            assert_eq!(snake(wire), python);
            assert_eq!(camel(wire), typescript);
        }
        assert_eq!(kebab("EcsSpec"), "ecs-spec");
        assert_eq!(variable("ImageAuth"), "IMAGE_AUTH");
        assert_eq!(variable("HF_TOKEN"), "HF_TOKEN");
        assert_eq!(variable("my-password"), "MY_PASSWORD");
        let root = Class::root();
        assert_eq!(
            root.inside("UserVpc").inside("ForwardInfos").name,
            "ForwardInfo"
        );
        let roles = root
            .inside("CredentialConfig")
            .inside("Configs")
            .inside("Roles");
        assert_eq!(
            (&*roles.name, &*roles.outer),
            ("CredentialConfigConfigsRoles", "CredentialConfig")
        );
    }
}
