//! The profile that the vendor's command line uses, from `~/.aliyun/config.json`.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use zeroize::Zeroizing;

use super::recipe::{Context, Error, Recipe, bare, read_file};
use super::sts::Role;

/// Profiles in a chain of roles, at most: two that name each other have no end.
const MAX_CHAIN: usize = 8;

#[derive(Deserialize)]
struct Config {
    current: Option<String>,
    #[serde(default)]
    profiles: Vec<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    name: Option<String>,
    mode: Option<String>,
    access_key_id: Option<String>,
    access_key_secret: Option<Zeroizing<String>>,
    sts_token: Option<Zeroizing<String>>,
    ram_role_arn: Option<String>,
    ram_session_name: Option<String>,
    role_session_name: Option<String>,
    ram_role_name: Option<String>,
    expired_seconds: Option<u64>,
    policy: Option<String>,
    external_id: Option<String>,
    sts_region: Option<String>,
    enable_vpc: Option<bool>,
    source_profile: Option<String>,
    oidc_provider_arn: Option<String>,
    oidc_token_file: Option<PathBuf>,
    credentials_uri: Option<String>,
}

/// What the profile in use says, if there is such a file and it may be used.
pub(super) async fn recipe(context: &Context) -> Result<Option<Recipe>, Error> {
    let environment = &context.environment;
    if environment.is_true("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") {
        return Ok(None);
    }
    let Some(path) = environment.in_home(".aliyun/config.json") else {
        return Ok(None);
    };
    let Some(text) = read_file(&path, true).await? else {
        return Ok(None);
    };
    // What the parser says may hold what it found.
    let config: Config = serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let reason = format!("line {line}, column {column} is not what a configuration has there");
        Error::file(&path, reason)
    })?;
    let name = environment
        .get("ALIBABA_CLOUD_PROFILE")
        .or_else(|| given(&config.current))
        .ok_or_else(|| Error::file(&path, "it does not say which profile is in use"))?;
    find(&config, &name, MAX_CHAIN, &path).map(Some)
}

fn find(config: &Config, name: &str, depth: usize, path: &Path) -> Result<Recipe, Error> {
    let depth = depth
        .checked_sub(1)
        .ok_or_else(|| Error::file(path, "its profiles of roles have no end"))?;
    let profile = config
        .profiles
        .iter()
        .find(|profile| profile.name.as_deref() == Some(name))
        .ok_or_else(|| Error::file(path, "it does not have the profile that is to be used"))?;
    let missing = |what: &str| Error::file(path, format!("the profile has no {what}"));
    let key = |token: &Option<Zeroizing<String>>| {
        let secret = bare(profile.access_key_secret.clone());
        Recipe::key(profile.access_key_id.clone(), secret, bare(token.clone()))
    };
    match profile.mode.as_deref().unwrap_or("AK") {
        "AK" => Ok(key(&None)?),
        "StsToken" => Ok(key(&profile.sts_token)?),
        "RamRoleArn" => Ok(Recipe::Role {
            base: Box::new(key(&profile.sts_token)?),
            role: role(profile).ok_or_else(|| missing("ram_role_arn"))?,
        }),
        "ChainableRamRoleArn" => {
            let source = given(&profile.source_profile);
            let source = source.ok_or_else(|| missing("source_profile"))?;
            Ok(Recipe::Role {
                base: Box::new(find(config, &source, depth, path)?),
                role: role(profile).ok_or_else(|| missing("ram_role_arn"))?,
            })
        }
        "EcsRamRole" => Ok(Recipe::Instance {
            role: given(&profile.ram_role_name),
        }),
        "OIDC" => {
            let provider = given(&profile.oidc_provider_arn);
            let token_file = profile.oidc_token_file.clone();
            Ok(Recipe::OidcRole {
                role: role(profile).ok_or_else(|| missing("ram_role_arn"))?,
                provider: provider.ok_or_else(|| missing("oidc_provider_arn"))?,
                token_file: token_file.ok_or_else(|| missing("oidc_token_file"))?,
            })
        }
        "CredentialsURI" => {
            let address = given(&profile.credentials_uri);
            Ok(Recipe::Uri(
                address.ok_or_else(|| missing("credentials_uri"))?,
            ))
        }
        _ => Err(Error::file(
            path,
            "the profile's mode is none of AK, StsToken, RamRoleArn, ChainableRamRoleArn, EcsRamRole, OIDC \
             and CredentialsURI",
        )),
    }
}

fn role(profile: &Profile) -> Option<Role> {
    let mut role = Role::new(given(&profile.ram_role_arn)?);
    role.session = given(&profile.ram_session_name).or(given(&profile.role_session_name));
    role.duration = profile.expired_seconds.filter(|seconds| *seconds > 0);
    role.policy = given(&profile.policy);
    role.external_id = given(&profile.external_id);
    role.sts_region = given(&profile.sts_region);
    role.vpc = profile.enable_vpc;
    Some(role)
}

/// A text, unless it is blank: the command line writes all members, empty ones too.
fn given(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.trim().is_empty())
}
