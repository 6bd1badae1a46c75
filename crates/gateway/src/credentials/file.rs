//! The credentials file that the vendor's SDKs share: sections of names and values.

use std::path::PathBuf;

use super::recipe::{Context, Error, Recipe, read_file};
use super::sts::Role;

/// Where it is in the home directory. SDKs differ in the name's end.
const PATHS: [&str; 2] = [".alibabacloud/credentials", ".alibabacloud/credentials.ini"];

/// What the section in use says, if there is such a file.
pub(super) async fn recipe(context: &Context) -> Result<Option<Recipe>, Error> {
    let environment = &context.environment;
    let named = environment.get("ALIBABA_CLOUD_CREDENTIALS_FILE");
    let must_exist = named.is_some();
    let paths: Vec<PathBuf> = match named {
        Some(path) => vec![path.into()],
        None => PATHS
            .iter()
            .filter_map(|path| environment.in_home(path))
            .collect(),
    };
    for path in paths {
        let Some(text) = read_file(&path, true).await? else {
            continue;
        };
        let name = environment.get("ALIBABA_CLOUD_PROFILE");
        let section = Section::find(&text, name.as_deref().unwrap_or("default"))
            .ok_or_else(|| Error::file(&path, "it does not have the section that is to be used"))?;
        let missing = |what: &str| Error::file(&path, format!("the section has no {what}"));
        return section.recipe(missing).map(Some);
    }
    if must_exist {
        return Err(Error::BadVariable {
            name: "ALIBABA_CLOUD_CREDENTIALS_FILE",
            expected: "a file that exists",
        });
    }
    Ok(None)
}

/// A part of the file's text.
struct Section<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Section<'a> {
    /// The section of this name: `[name]`, then lines of `name = value`. What follows `#` is a comment, and
    /// so is a line that begins with `;`.
    fn find(text: &'a str, name: &str) -> Option<Self> {
        let mut found = None;
        let mut is_in = false;
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or("").trim();
            if let Some(header) = line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'))
            {
                is_in = header.trim() == name;
                if is_in {
                    found.get_or_insert_with(Vec::new);
                }
            } else if is_in
                && !line.starts_with(';')
                && let Some((name, value)) = line.split_once('=')
                && let Some(found) = &mut found
            {
                found.push((name.trim(), value.trim()));
            }
        }
        found.map(Self)
    }

    /// The last value with this name, unless it is empty.
    fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().rfind(|(member, _)| *member == name)?.1;
        (!found.is_empty()).then(|| found.to_owned())
    }

    fn recipe(&self, missing: impl Fn(&str) -> Error) -> Result<Recipe, Error> {
        let key = |token| {
            Recipe::key(
                self.get("access_key_id"),
                self.get("access_key_secret"),
                token,
            )
        };
        let role = || {
            let mut role = Role::new(self.get("role_arn").ok_or_else(|| missing("role_arn"))?);
            role.session = self.get("role_session_name");
            role.policy = self.get("policy");
            Ok::<_, Error>(role)
        };
        let need = |name| self.get(name).ok_or_else(|| missing(name));
        match self.get("type").as_deref() {
            Some("access_key") => Ok(key(None)?),
            Some("sts") => Ok(key(self.get("security_token"))?),
            Some("ram_role_arn") => Ok(Recipe::Role {
                base: Box::new(key(None)?),
                role: role()?,
            }),
            Some("oidc_role_arn") => Ok(Recipe::OidcRole {
                role: role()?,
                provider: need("oidc_provider_arn")?,
                token_file: need("oidc_token_file_path")?.into(),
            }),
            Some("ecs_ram_role") => Ok(Recipe::Instance {
                role: self.get("role_name"),
            }),
            Some("credentials_uri") => Ok(Recipe::Uri(need("credentials_uri")?)),
            _ => Err(missing(
                "type among access_key, sts, ram_role_arn, oidc_role_arn, ecs_ram_role and credentials_uri",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_ends_where_the_next_begins() {
        let text = "type = stray\n[a]\n; x = 0\nx = 1 # one\n\n[ b ]\nx=2\ny = \nx=3\n[c]\nx=4";
        let section = |name| Section::find(text, name);
        assert_eq!(section("a").and_then(|s| s.get("x")).as_deref(), Some("1"));
        assert_eq!(section("b").and_then(|s| s.get("x")).as_deref(), Some("3"));
        assert_eq!(section("b").and_then(|s| s.get("y")), None);
        assert_eq!(section("a").and_then(|s| s.get("type")), None);
        assert!(section("d").is_none());
    }
}
