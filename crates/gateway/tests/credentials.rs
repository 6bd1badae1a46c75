//! S10: each source of credentials against a stand-in, their order, and their renewal.

#![allow(clippy::unwrap_used, reason = "a test that cannot begin fails")]

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use dsw_gateway::credentials::{Chain, Environment, Places, Source};
use dsw_gateway::live::Live;
use dsw_gateway::operation::Operation;
use dsw_gateway::region::Region;
use dsw_gateway::transport::Transport;
use dsw_gateway::upstream::{Call, Upstream};
use dsw_gateway::world::World;
use jiff::Timestamp;
use tempfile::TempDir;
use tokio_rustls::rustls::RootCertStore;

use standin::{Act, Captured, Seen, Standin, json};

#[path = "support/standin.rs"]
mod standin;

const START: i64 = 1_767_225_600;
const SECRET: &str = "marker-SECRET-5e1f";
const TOKEN: &str = "marker-TOKEN-77aa";
const OIDC_TOKEN: &str = "marker-OIDC-31c0";

/// All that a chain sees of the world.
struct Scene {
    seconds: Arc<AtomicI64>,
    variables: Arc<Mutex<HashMap<String, String>>>,
    home: TempDir,
    places: Places,
}

impl Scene {
    /// An empty environment, without a metadata service.
    fn new() -> Self {
        let scene = Self {
            seconds: Arc::new(AtomicI64::new(START)),
            variables: Arc::default(),
            home: TempDir::new().unwrap(),
            places: Places::default(),
        };
        scene.set("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
        scene
    }

    fn set(&self, name: &str, value: &str) -> &Self {
        let mut variables = self.variables.lock().unwrap();
        variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn unset(&self, name: &str) -> &Self {
        self.variables.lock().unwrap().remove(name);
        self
    }

    /// Writes a file in the home directory that only its owner may read.
    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.home.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        set_mode(&path, 0o600);
        self
    }

    fn path(&self, path: &str) -> String {
        self.home.path().join(path).display().to_string()
    }

    fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    fn world(&self) -> World {
        let seconds = Arc::clone(&self.seconds);
        World::new(
            move || Timestamp::from_second(seconds.load(Ordering::Relaxed)).unwrap(),
            || [7; 16],
        )
    }

    fn chain(&self) -> Chain {
        let variables = Arc::clone(&self.variables);
        let environment = Environment::new(
            move |name| variables.lock().unwrap().get(name).cloned(),
            Some(self.home.path().to_owned()),
        );
        let transport = Transport::new(RootCertStore::empty());
        Chain::new(environment, transport, self.world(), self.places.clone())
    }

    /// Key id and token that a call is signed with, as the service sees it. The secret is [`SECRET`].
    async fn used(&self, chain: &Chain) -> (String, Option<String>) {
        let service = Standin::start(|_| json(200, "{}")).await;
        let transport = Transport::new(RootCertStore::empty());
        let endpoint = Some(service.endpoint());
        let live = Live::new(self.world(), chain.clone(), transport, endpoint);
        let call = Call {
            operation: Operation::ListInstances,
            region: Region::parse("cn-hangzhou").unwrap(),
            id: None,
            query: Vec::new(),
            body: Bytes::new(),
        };
        live.call(call).await.unwrap();
        let seen = service.seen().pop().unwrap();
        assert!(seen.is_signed_with(SECRET));
        let authorization = seen.header("authorization").unwrap();
        let (_, rest) = authorization.split_once("Credential=").unwrap();
        let id = rest.split(',').next().unwrap().to_owned();
        (id, seen.header("x-acs-security-token").map(str::to_owned))
    }

    /// What a new chain uses, and whence.
    async fn find(&self) -> (Source, String, Option<String>) {
        let chain = self.chain();
        let (id, token) = self.used(&chain).await;
        (chain.source().unwrap(), id, token)
    }

    /// Why a new chain has nothing.
    async fn fail(&self) -> String {
        let chain = self.chain();
        let error = chain.current().await.err().expect("there are none");
        assert_eq!(chain.source(), None);
        for text in [error.to_string(), format!("{error:?} {chain:?}")] {
            for secret in [SECRET, TOKEN, OIDC_TOKEN] {
                assert!(!text.contains(secret), "{text}");
            }
        }
        error.to_string()
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) {}

/// Members of credentials that are good for an hour from `now`.
fn members(id: &str, now: i64) -> String {
    let expires = Timestamp::from_second(now + 3600).unwrap();
    format!(
        r#""AccessKeyId":"{id}","AccessKeySecret":"{SECRET}","SecurityToken":"{TOKEN}","Expiration":"{expires}""#
    )
}

fn flat(id: &str, now: i64) -> Act {
    json(
        200,
        &format!(r#"{{"Code":"Success",{}}}"#, members(id, now)),
    )
}

/// A Security Token Service that gives anybody a role with this id.
async fn sts(id: &'static str) -> Standin {
    Standin::start(move |_| {
        let members = members(id, START);
        json(
            200,
            &format!(r#"{{"RequestId":"r","Credentials":{{{members}}}}}"#),
        )
    })
    .await
}

fn temporary(source: Source, id: &str) -> (Source, String, Option<String>) {
    (source, id.to_owned(), Some(TOKEN.to_owned()))
}

fn lasting(source: Source, id: &str) -> (Source, String, Option<String>) {
    (source, id.to_owned(), None)
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = pairs.iter().find(|(member, _)| member == name);
    found.map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn environment_variables() {
    let scene = Scene::new();
    scene.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "env");
    let reason = scene.fail().await;
    assert!(
        reason.contains(
            "ALIBABA_CLOUD_ACCESS_KEY_ID is given without ALIBABA_CLOUD_ACCESS_KEY_SECRET"
        ),
        "{reason}"
    );
    scene.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET);
    assert_eq!(scene.find().await, lasting(Source::Environment, "env"));
    scene.set("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN);
    assert_eq!(scene.find().await, temporary(Source::Environment, "env"));
    scene.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "env\r\nx: y");
    assert!(scene.fail().await.contains("access key id"));
}

#[tokio::test]
async fn oidc_role() {
    let mut scene = Scene::new();
    let service = sts("oidc").await;
    scene.places.sts = Some(service.endpoint());
    scene.write("token", &format!("{OIDC_TOKEN}\n"));
    scene
        .set("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/a&b")
        .set(
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
            "acs:ram::1:oidc-provider/p",
        );
    // Two of three are not enough.
    assert!(scene.fail().await.contains("OIDC role: not set"));
    scene.set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", &scene.path("token"));
    assert_eq!(scene.find().await, temporary(Source::OidcRole, "oidc"));

    let seen = service.seen().pop().unwrap();
    let (query, form) = (seen.query(), seen.form());
    assert_eq!(seen.method, "POST");
    assert_eq!(
        seen.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(value(&query, "Action"), Some("AssumeRoleWithOIDC"));
    assert_eq!(value(&query, "Version"), Some("2015-04-01"));
    assert_eq!(value(&query, "Timestamp"), Some("2026-01-01T00:00:00Z"));
    assert!(!seen.target.contains(OIDC_TOKEN));
    assert_eq!(value(&form, "OIDCToken"), Some(OIDC_TOKEN));
    assert_eq!(value(&form, "RoleArn"), Some("acs:ram::1:role/a&b"));
    assert_eq!(
        value(&form, "OIDCProviderArn"),
        Some("acs:ram::1:oidc-provider/p")
    );
    assert_eq!(value(&form, "RoleSessionName"), Some("dsw-composer"));
    assert_eq!(value(&form, "DurationSeconds"), Some("3600"));

    scene.set("ALIBABA_CLOUD_ROLE_SESSION_NAME", "mine");
    scene.find().await;
    let seen = service.seen().pop().unwrap();
    assert_eq!(value(&seen.form(), "RoleSessionName"), Some("mine"));

    scene.set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", &scene.path("absent"));
    assert!(scene.fail().await.contains("there is no such file"));
}

#[tokio::test]
async fn what_a_service_of_credentials_may_answer_instead() {
    let past = members("id", START - 3601);
    let no_token = members("id", START).replace(TOKEN, "");
    let no_time = members("id", START).replace("2026-", "");
    let not_a_key = members("a,b", START);
    let cases = [
        (
            json(
                403,
                r#"{"Code":"AuthenticationFail.NoPermission","Message":"marker-OIDC-31c0"}"#,
            ),
            "403 (AuthenticationFail.NoPermission)",
        ),
        (
            json(400, r#"{"Code":"marker-OIDC-31c0 is\nno code"}"#),
            "status 400",
        ),
        (json(302, ""), "status 302"),
        (json(200, "<html>marker-SECRET-5e1f"), "no JSON"),
        (
            json(200, r#"{"Credentials":"marker-SECRET-5e1f"}"#),
            "no JSON",
        ),
        (
            json(
                200,
                r#"{"Credentials":{"AccessKeySecret":["marker-SECRET-5e1f"]}}"#,
            ),
            "no JSON",
        ),
        (
            json(200, &format!(r#"{{"Credentials":{{{past}}}}}"#)),
            "has expired",
        ),
        (
            json(200, &format!(r#"{{"Credentials":{{{no_token}}}}}"#)),
            "without its token",
        ),
        (
            json(200, &format!(r#"{{"Credentials":{{{no_time}}}}}"#)),
            "without its time",
        ),
        (
            json(200, &format!(r#"{{"Credentials":{{{not_a_key}}}}}"#)),
            "access key id",
        ),
        (json(200, r#"{"Credentials":{}}"#), "access key id is empty"),
        (Act::SendAndClose(Vec::new()), "connection closed"),
        (
            Act::Endless("HTTP/1.1 200 OK\r\n\r\n", "marker-SECRET-5e1f"),
            "more than",
        ),
    ];
    for (act, expected) in cases {
        let mut scene = Scene::new();
        let service = Standin::start(move |_| act.clone()).await;
        scene.places.sts = Some(service.endpoint());
        scene.write("token", OIDC_TOKEN);
        scene
            .set("ALIBABA_CLOUD_ROLE_ARN", "role")
            .set("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "provider")
            .set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", &scene.path("token"));
        let reason = scene.fail().await;
        assert!(reason.contains(expected), "{expected}: {reason}");
    }
}

fn config(profiles: &str) -> String {
    format!(r#"{{"current":"work","profiles":[{profiles}],"meta_path":""}}"#)
}

fn with_key(name: &str, mode: &str, rest: &str) -> String {
    format!(
        r#"{{"name":"{name}","mode":"{mode}","access_key_id":"{name}-id","access_key_secret":"{SECRET}",
        "ram_role_arn":"","sts_token":"","region_id":"cn-hangzhou","retry_count":0{rest}}}"#
    )
}

#[tokio::test]
async fn profile_with_a_key() {
    let scene = Scene::new();
    let profiles = [with_key("other", "AK", ""), with_key("work", "AK", "")].join(",");
    scene.write(".aliyun/config.json", &config(&profiles));
    assert_eq!(scene.find().await, lasting(Source::Profile, "work-id"));
    scene.set("ALIBABA_CLOUD_PROFILE", "other");
    assert_eq!(scene.find().await, lasting(Source::Profile, "other-id"));
    scene.set("ALIBABA_CLOUD_PROFILE", "absent");
    assert!(scene.fail().await.contains("does not have the profile"));
    scene
        .unset("ALIBABA_CLOUD_PROFILE")
        .set("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "TRUE");
    assert!(scene.fail().await.contains("config.json: not set"));

    let token = with_key("work", "StsToken", "")
        .replace(r#""sts_token":"""#, &format!(r#""sts_token":"{TOKEN}""#));
    scene
        .unset("ALIBABA_CLOUD_CLI_PROFILE_DISABLED")
        .write(".aliyun/config.json", &config(&token));
    assert_eq!(scene.find().await, temporary(Source::Profile, "work-id"));
}

#[tokio::test]
async fn profile_with_a_role() {
    let mut scene = Scene::new();
    let service = sts("role").await;
    scene.places.sts = Some(service.endpoint());
    let rest =
        r#","ram_session_name":"s","expired_seconds":1200,"policy":"{}","external_id":"x y""#;
    let role = with_key("work", "RamRoleArn", rest).replace(
        r#""ram_role_arn":"""#,
        r#""ram_role_arn":"acs:ram::1:role/r""#,
    );
    scene.write(".aliyun/config.json", &config(&role));
    assert_eq!(scene.find().await, temporary(Source::Profile, "role"));
    let seen = service.seen().pop().unwrap();
    assert!(seen.is_signed_with(SECRET), "{seen:?}");
    assert!(
        seen.header("authorization")
            .unwrap()
            .contains("Credential=work-id,")
    );
    assert_eq!(seen.header("x-acs-action"), Some("AssumeRole"));
    assert_eq!(seen.header("x-acs-version"), Some("2015-04-01"));
    let query = seen.query();
    for (name, expected) in [
        ("RoleArn", "acs:ram::1:role/r"),
        ("RoleSessionName", "s"),
        ("DurationSeconds", "1200"),
        ("Policy", "{}"),
        ("ExternalId", "x y"),
    ] {
        assert_eq!(value(&query, name), Some(expected), "{name}");
    }

    // A role by way of another profile; and two that name each other.
    let chained = |name: &str, source: &str| {
        format!(
            r#"{{"name":"{name}","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"{source}"}}"#
        )
    };
    let profiles = [chained("work", "base"), with_key("base", "AK", "")].join(",");
    scene.write(".aliyun/config.json", &config(&profiles));
    assert_eq!(scene.find().await, temporary(Source::Profile, "role"));
    assert!(
        service
            .seen()
            .pop()
            .unwrap()
            .header("authorization")
            .unwrap()
            .contains("Credential=base-id,")
    );
    let profiles = [chained("work", "base"), chained("base", "work")].join(",");
    scene.write(".aliyun/config.json", &config(&profiles));
    assert!(scene.fail().await.contains("have no end"));
}

#[tokio::test]
async fn profiles_of_other_modes() {
    let mut scene = Scene::new();
    let service = sts("oidc").await;
    scene.places.sts = Some(service.endpoint());
    let metadata = metadata(true).await;
    scene.places.metadata = metadata.endpoint();
    let giver = Standin::start(|_| flat("uri", START)).await;
    scene.write("token", OIDC_TOKEN);
    let uri = format!("http://127.0.0.1:{}/", giver.port);
    let token = scene.path("token");
    for (rest, id) in [
        (
            r#""mode":"EcsRamRole","ram_role_name":"machine""#.to_owned(),
            "instance",
        ),
        (
            format!(r#""mode":"CredentialsURI","credentials_uri":"{uri}""#),
            "uri",
        ),
        (
            format!(
                r#""mode":"OIDC","ram_role_arn":"r","oidc_provider_arn":"p","oidc_token_file":"{token}""#
            ),
            "oidc",
        ),
    ] {
        let profile = format!(r#"{{"name":"work",{rest}}}"#);
        scene.write(".aliyun/config.json", &config(&profile));
        assert_eq!(scene.find().await, temporary(Source::Profile, id));
    }
    for (text, expected) in [
        (
            config(r#"{"name":"work","mode":"CloudSSO"}"#),
            "the profile's mode is none of",
        ),
        (
            config(&with_key("work", "RamRoleArn", "")),
            "no ram_role_arn",
        ),
        (
            config(r#"{"name":"work","mode":"AK","access_key_id":"","access_key_secret":""}"#),
            "access key id is empty",
        ),
        (
            config(r#"{"name":"work","mode":"CredentialsURI"}"#),
            "no credentials_uri",
        ),
        (
            r#"{"profiles":[]}"#.to_owned(),
            "does not say which profile",
        ),
        (
            config(&format!(r#"{{"access_key_secret":["{SECRET}"]}}"#)),
            "line 1, column",
        ),
        (format!("{SECRET} is not JSON"), "line 1, column"),
    ] {
        scene.write(".aliyun/config.json", &text);
        let reason = scene.fail().await;
        assert!(reason.contains(expected), "{expected}: {reason}");
    }
}

#[tokio::test]
async fn credentials_file() {
    let mut scene = Scene::new();
    let service = sts("role").await;
    scene.places.sts = Some(service.endpoint());
    let key = format!("access_key_id = file-id\naccess_key_secret = {SECRET}  # a comment\n");
    let text = format!(
        "# Written by hand\n[default]\ntype = access_key\n{key}\n[sts]\ntype=sts\n{key}security_token={TOKEN}\n\
         [role]\ntype = ram_role_arn\n{key}role_arn = r\nrole_session_name = s\n[odd]\ntype = rsa_key_pair\n"
    );
    scene.write(".alibabacloud/credentials", &text);
    assert_eq!(scene.find().await, lasting(Source::File, "file-id"));
    scene.set("ALIBABA_CLOUD_PROFILE", "sts");
    assert_eq!(scene.find().await, temporary(Source::File, "file-id"));
    scene.set("ALIBABA_CLOUD_PROFILE", "role");
    assert_eq!(scene.find().await, temporary(Source::File, "role"));
    assert_eq!(
        value(&service.seen()[0].query(), "RoleSessionName"),
        Some("s")
    );
    scene.set("ALIBABA_CLOUD_PROFILE", "odd");
    assert!(scene.fail().await.contains("no type among"));
    scene.set("ALIBABA_CLOUD_PROFILE", "absent");
    assert!(scene.fail().await.contains("does not have the section"));

    // The name that other SDKs use, and any other.
    scene.unset("ALIBABA_CLOUD_PROFILE");
    std::fs::remove_file(scene.path(".alibabacloud/credentials")).unwrap();
    scene.write(
        ".alibabacloud/credentials.ini",
        &text.replace("file-id", "ini-id"),
    );
    assert_eq!(scene.find().await, lasting(Source::File, "ini-id"));
    scene.write("elsewhere", &text.replace("file-id", "other-id"));
    scene.set("ALIBABA_CLOUD_CREDENTIALS_FILE", &scene.path("elsewhere"));
    assert_eq!(scene.find().await, lasting(Source::File, "other-id"));
    scene.set("ALIBABA_CLOUD_CREDENTIALS_FILE", &scene.path("absent"));
    assert!(
        scene
            .fail()
            .await
            .contains("ALIBABA_CLOUD_CREDENTIALS_FILE is not a file that exists")
    );
}

/// A metadata service: with tokens, as it is now, or without, as it once was.
async fn metadata(with_tokens: bool) -> Standin {
    Standin::start(move |seen: &Seen| {
        let token = seen.header("x-aliyun-ecs-metadata-token");
        let roles = "/latest/meta-data/ram/security-credentials/";
        match (seen.method.as_str(), seen.path()) {
            ("PUT", "/latest/api/token") if with_tokens => json(200, "metadata-token"),
            ("GET", _) if with_tokens && token != Some("metadata-token") => json(403, "{}"),
            ("GET", path) if path == roles => json(200, "machine\n"),
            ("GET", path) if path.strip_prefix(roles) == Some("machine") => flat("instance", START),
            _ => json(404, "{}"),
        }
    })
    .await
}

#[tokio::test]
async fn instance_role() {
    for with_tokens in [true, false] {
        let service = metadata(with_tokens).await;
        let mut scene = Scene::new();
        scene.places.metadata = service.endpoint();
        // Switched off: nobody is asked.
        assert!(scene.fail().await.contains("instance role: not set"));
        assert_eq!(service.connections(), 0);

        scene.unset("ALIBABA_CLOUD_ECS_METADATA_DISABLED");
        assert_eq!(
            scene.find().await,
            temporary(Source::InstanceRole, "instance")
        );
        let asked = service.seen();
        assert_eq!(asked.len(), 3);
        assert_eq!(
            asked[0].header("x-aliyun-ecs-metadata-token-ttl-seconds"),
            Some("60")
        );

        // The role's name is known: one question less.
        scene.set("ALIBABA_CLOUD_ECS_METADATA", "machine");
        assert_eq!(
            scene.find().await,
            temporary(Source::InstanceRole, "instance")
        );
        assert_eq!(service.seen().len(), 5);

        scene.set("ALIBABA_CLOUD_ECS_METADATA", "another/../role");
        assert!(scene.fail().await.contains("refused with status 404"));
        let path = service.seen().pop().unwrap().target;
        assert!(path.ends_with("/another%2F..%2Frole"), "{path}");

        scene
            .set("ALIBABA_CLOUD_ECS_METADATA", "machine")
            .set("ALIBABA_CLOUD_IMDSV1_DISABLED", "true");
        if with_tokens {
            assert_eq!(
                scene.find().await,
                temporary(Source::InstanceRole, "instance")
            );
        } else {
            let before = service.seen().len();
            assert!(scene.fail().await.contains("refused with status 404"));
            // The older protocol was not tried.
            assert_eq!(service.seen().len(), before + 1);
        }
    }
}

#[tokio::test]
async fn a_metadata_service_that_hangs_is_given_up_soon() {
    let service = Standin::start(|_| Act::SendAndHang(Vec::new())).await;
    let mut scene = Scene::new();
    scene.places.metadata = service.endpoint();
    scene.unset("ALIBABA_CLOUD_ECS_METADATA_DISABLED");
    let begin = std::time::Instant::now();
    assert!(scene.fail().await.contains("no answer within 1 s"));
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn credentials_uri() {
    let service = Standin::start(|_| flat("uri", START)).await;
    let scene = Scene::new();
    let uri = format!("http://127.0.0.1:{}/give?to={TOKEN}", service.port);
    scene.set("ALIBABA_CLOUD_CREDENTIALS_URI", &uri);
    assert_eq!(scene.find().await, temporary(Source::Uri, "uri"));
    let seen = service.seen().pop().unwrap();
    assert_eq!(
        (seen.method.as_str(), seen.target),
        ("GET", format!("/give?to={TOKEN}"))
    );

    let service = Standin::start(|_| json(200, r#"{"Code":"Failed"}"#)).await;
    scene.set(
        "ALIBABA_CLOUD_CREDENTIALS_URI",
        &format!("http://127.0.0.1:{}/{TOKEN}", service.port),
    );
    assert!(scene.fail().await.contains("(Failed)"));
    for odd in [
        "ftp://host/",
        "host/path",
        "http://user:pw@host/",
        "http://",
    ] {
        scene.set("ALIBABA_CLOUD_CREDENTIALS_URI", odd);
        assert!(
            scene
                .fail()
                .await
                .contains("the credentials URI is not an address"),
            "{odd}"
        );
    }
}

/// The vendor's order: each source is taken away in turn, and the next one is used.
#[tokio::test]
async fn sources_are_asked_in_the_vendors_order() {
    let mut scene = Scene::new();
    let service = sts("oidc").await;
    scene.places.sts = Some(service.endpoint());
    let instance = metadata(true).await;
    scene.places.metadata = instance.endpoint();
    let giver = Standin::start(|_| flat("uri", START)).await;
    scene
        .write("token", OIDC_TOKEN)
        .write(".aliyun/config.json", &config(&with_key("work", "AK", "")))
        .write(
            ".alibabacloud/credentials",
            &format!(
                "[default]\ntype=access_key\naccess_key_id=file-id\naccess_key_secret={SECRET}\n"
            ),
        )
        .unset("ALIBABA_CLOUD_ECS_METADATA_DISABLED")
        .set("ALIBABA_CLOUD_ACCESS_KEY_ID", "env")
        .set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET)
        .set("ALIBABA_CLOUD_ROLE_ARN", "role")
        .set("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "provider")
        .set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", &scene.path("token"))
        .set(
            "ALIBABA_CLOUD_CREDENTIALS_URI",
            &format!("http://127.0.0.1:{}/", giver.port),
        );
    let expected = [
        lasting(Source::Environment, "env"),
        temporary(Source::OidcRole, "oidc"),
        lasting(Source::Profile, "work-id"),
        lasting(Source::File, "file-id"),
        temporary(Source::InstanceRole, "instance"),
        temporary(Source::Uri, "uri"),
    ];
    for (expected, source) in expected.into_iter().zip(Source::ALL) {
        assert_eq!(expected.0, source);
        assert_eq!(scene.find().await, expected);
        match source {
            Source::Environment => scene
                .unset("ALIBABA_CLOUD_ACCESS_KEY_ID")
                .unset("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
            Source::OidcRole => scene.unset("ALIBABA_CLOUD_ROLE_ARN"),
            Source::Profile => scene.set("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true"),
            Source::File => scene.write(".alibabacloud/credentials", ""),
            Source::InstanceRole => scene.set("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
            Source::Uri => scene.unset("ALIBABA_CLOUD_CREDENTIALS_URI"),
        };
    }
    let reason = scene.fail().await;
    for source in Source::ALL {
        assert!(reason.contains(source.name()), "{reason}");
    }
}

/// A source at an address that gives a new key each time, or fails.
struct Giver {
    service: Standin,
    fails: Arc<AtomicBool>,
}

impl Giver {
    async fn start(scene: &Scene) -> Self {
        let fails = Arc::new(AtomicBool::new(false));
        let (failing, count) = (Arc::clone(&fails), AtomicUsize::new(0));
        let seconds = Arc::clone(&scene.seconds);
        let service = Standin::start(move |_| {
            if failing.load(Ordering::Relaxed) {
                return json(500, "{}");
            }
            let number = count.fetch_add(1, Ordering::Relaxed);
            flat(&format!("key{number}"), seconds.load(Ordering::Relaxed))
        })
        .await;
        scene.set(
            "ALIBABA_CLOUD_CREDENTIALS_URI",
            &format!("http://127.0.0.1:{}/", service.port),
        );
        Self { service, fails }
    }

    fn asked(&self) -> usize {
        self.service.seen().len()
    }

    /// Waits until it was asked so often, and a moment longer.
    async fn settle(&self, asked: usize) {
        for _ in 0..200 {
            if self.asked() >= asked {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(self.asked(), asked);
    }
}

#[tokio::test]
async fn credentials_are_renewed_when_four_fifths_of_their_life_are_over() {
    let scene = Scene::new();
    let giver = Giver::start(&scene).await;
    let chain = scene.chain();
    assert_eq!(scene.used(&chain).await.0, "key0");
    scene.pass(2879);
    assert_eq!(scene.used(&chain).await.0, "key0");
    giver.settle(1).await;
    // Due: the old ones are given out while new ones are fetched.
    scene.pass(1);
    assert_eq!(scene.used(&chain).await.0, "key0");
    giver.settle(2).await;
    assert_eq!(scene.used(&chain).await.0, "key1");
    giver.settle(2).await;
    // The life of the new ones begins when they came.
    scene.pass(2879);
    assert_eq!(scene.used(&chain).await.0, "key1");
    giver.settle(2).await;
}

#[tokio::test]
async fn old_credentials_are_used_while_renewal_fails_until_they_expire() {
    let scene = Scene::new();
    let giver = Giver::start(&scene).await;
    let chain = scene.chain();
    assert_eq!(scene.used(&chain).await.0, "key0");
    giver.fails.store(true, Ordering::Relaxed);
    scene.pass(3000);
    for _ in 0..5 {
        assert_eq!(scene.used(&chain).await.0, "key0");
    }
    // A failure is not repeated at once.
    giver.settle(2).await;
    scene.pass(11);
    assert_eq!(scene.used(&chain).await.0, "key0");
    giver.settle(3).await;
    scene.pass(3600 - 3011);
    let error = chain.current().await.err().unwrap().to_string();
    assert!(error.contains("refused with status 500"), "{error}");
    assert_eq!(chain.source(), Some(Source::Uri));
    giver.fails.store(false, Ordering::Relaxed);
    assert_eq!(scene.used(&chain).await.0, "key1");
}

#[tokio::test]
async fn however_many_ask_one_request_is_made() {
    let scene = Scene::new();
    let giver = Giver::start(&scene).await;
    let chain = scene.chain();
    let ask = || async {
        let asking = (0..50).map(|_| chain.current());
        futures_util::future::join_all(asking).await
    };
    assert!(ask().await.iter().all(Result::is_ok));
    assert_eq!(giver.asked(), 1);
    scene.pass(3000);
    assert!(ask().await.iter().all(Result::is_ok));
    giver.settle(2).await;
    scene.pass(4000);
    giver.fails.store(true, Ordering::Relaxed);
    assert!(ask().await.iter().all(Result::is_err));
    assert_eq!(giver.asked(), 3);
}

#[tokio::test]
async fn the_source_that_was_found_is_kept_to() {
    let scene = Scene::new();
    let giver = Giver::start(&scene).await;
    let chain = scene.chain();
    assert_eq!(scene.used(&chain).await.0, "key0");
    // A source that comes first appears: another account must not act all of a sudden.
    scene
        .set("ALIBABA_CLOUD_ACCESS_KEY_ID", "env")
        .set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET);
    scene.pass(4000);
    assert_eq!(scene.used(&chain).await.0, "key1");
    assert_eq!(giver.asked(), 2);
    // Nor when it is gone.
    scene.unset("ALIBABA_CLOUD_CREDENTIALS_URI").pass(4000);
    let error = chain.current().await.err().unwrap().to_string();
    assert!(
        error.contains("credentials URI: not there any more"),
        "{error}"
    );
}

/// S10: whichever source is used, no secret appears in a log line of any level. A file that others can read
/// is told about.
#[tokio::test]
async fn s10_sources_log_no_secret() {
    let (captured, _guard) = Captured::begin();
    let logged = || captured.text();

    let mut scene = Scene::new();
    let service = sts("role").await;
    scene.places.sts = Some(service.endpoint());
    let role =
        with_key("work", "RamRoleArn", "").replace(r#""ram_role_arn":"""#, r#""ram_role_arn":"r""#);
    scene.write(".aliyun/config.json", &config(&role));
    scene.find().await;
    assert!(
        logged().contains("credentials obtained source=profile in ~/.aliyun/config.json"),
        "{}",
        logged()
    );
    if cfg!(unix) {
        assert!(!logged().contains("chmod"), "{}", logged());
        set_mode(Path::new(&scene.path(".aliyun/config.json")), 0o644);
        scene.find().await;
        assert!(logged().contains("chmod 600"), "{}", logged());
    }

    scene.write("token", OIDC_TOKEN);
    scene
        .set("ALIBABA_CLOUD_ROLE_ARN", "role")
        .set("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "provider")
        .set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", &scene.path("token"));
    scene.find().await;
    scene
        .unset("ALIBABA_CLOUD_ROLE_ARN")
        .set("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true");
    let giver = Standin::start(|_| flat("uri", START)).await;
    scene.set(
        "ALIBABA_CLOUD_CREDENTIALS_URI",
        &format!("http://127.0.0.1:{}/{TOKEN}", giver.port),
    );
    scene.find().await;
    let failing = Standin::start(|_| json(500, &format!(r#"{{"Code":"{SECRET} {TOKEN}"}}"#))).await;
    scene.set(
        "ALIBABA_CLOUD_CREDENTIALS_URI",
        &format!("http://127.0.0.1:{}/{TOKEN}", failing.port),
    );
    scene.fail().await;

    // What libraries say at this level, if they do, is captured too.
    tracing::trace!("a library's own line");
    let logged = logged();
    assert!(logged.contains("source=credentials URI"), "{logged}");
    assert!(logged.contains("a library's own line"), "{logged}");
    for secret in [SECRET, TOKEN, OIDC_TOKEN] {
        assert!(!logged.contains(secret), "{logged}");
    }
}
