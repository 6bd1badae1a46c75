//! [`Target`]: what a request is written as.

use crate::highlight::Language;

/// What a request is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The body itself.
    Json,
    /// A call of the gateway, which signs.
    Curl,
    /// The `aliyun` CLI, plain call with the body as JSON.
    Aliyun,
    /// The `aliyun` CLI with the flags of its plugin.
    AliyunPlugin,
    /// The vendor's Python SDK with its models.
    PythonTyped,
    /// The vendor's Python SDK, the body as it is.
    Python,
    /// The vendor's TypeScript SDK, the body as it is.
    TypeScript,
    /// The vendor's TypeScript SDK with its models.
    TypeScriptTyped,
    /// The vendor's Go SDK with its models.
    Go,
    /// The vendor's Java SDK with its models.
    Java,
    /// A template of the Resource Orchestration Service.
    Ros,
    /// A Terraform configuration that runs the `aliyun` CLI.
    Terraform,
}

/// Facts about a target.
struct Facts {
    word: &'static str,
    typed: Option<bool>,
    label: &'static str,
    package: &'static str,
    language: Language,
    file_name: &'static str,
}

impl Target {
    /// All targets, those of one word with the usual one first.
    pub const ALL: [Self; 12] = [
        Self::Json,
        Self::Curl,
        Self::Aliyun,
        Self::AliyunPlugin,
        Self::PythonTyped,
        Self::Python,
        Self::TypeScript,
        Self::TypeScriptTyped,
        Self::Go,
        Self::Java,
        Self::Ros,
        Self::Terraform,
    ];

    fn facts(self) -> &'static Facts {
        &FACTS[self as usize]
    }

    /// The word for it on a command line. Two targets that differ in the form of the call alone have the same.
    pub fn word(self) -> &'static str {
        self.facts().word
    }

    /// Whether the call is made with the SDK's models or with the body as it is; nothing where there is no choice.
    pub fn typed(self) -> Option<bool> {
        self.facts().typed
    }

    /// What it is called.
    pub fn label(self) -> &'static str {
        self.facts().label
    }

    /// The package or program that runs it, and the version that it was made for; empty where none is needed.
    pub fn package(self) -> &'static str {
        self.facts().package
    }

    /// What it is written in.
    pub fn language(self) -> Language {
        self.facts().language
    }

    /// What a file of it is called.
    pub fn file_name(self) -> &'static str {
        self.facts().file_name
    }

    /// The target of a word: with models or without, or the usual one.
    pub fn find(word: &str, typed: Option<bool>) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|target| target.word() == word && (typed.is_none() || target.typed() == typed))
    }
}

const PYTHON: &str = "alibabacloud-pai-dsw20220101 2.4.0";

/// The facts of each target, in their order.
#[rustfmt::skip]
static FACTS: [Facts; 12] = [
    of("json", None, "JSON", "", Language::Json, "create-instance.json"),
    of("curl", None, "curl", "curl 7.76", Language::Shell, "create-instance.sh"),
    of("aliyun", None, "aliyun CLI", "aliyun CLI 3", Language::Shell, "create-instance.sh"),
    of("aliyun-plugin", None, "aliyun CLI, plugin", "aliyun CLI 3.3.3, plugin pai-dsw", Language::Shell, "create-instance.sh"),
    of("python", Some(true), "Python", PYTHON, Language::Python, "create_instance.py"),
    of("python", Some(false), "Python, generic", PYTHON, Language::Python, "create_instance.py"),
    of("typescript", Some(false), "TypeScript, generic", "@alicloud/openapi-core 1.0.8", Language::TypeScript, "create-instance.ts"),
    of("typescript", Some(true), "TypeScript", "@alicloud/pai-dsw20220101 2.1.0", Language::TypeScript, "create-instance.ts"),
    of("go", Some(true), "Go", "github.com/alibabacloud-go/pai-dsw-20220101/v2 2.2.4", Language::Go, "main.go"),
    of("java", Some(true), "Java", "com.aliyun:pai_dsw20220101 1.5.6", Language::Java, "CreateDswInstance.java"),
    of("ros", None, "ROS template", "ROS 2015-09-01", Language::Json, "template.json"),
    of("terraform", None, "Terraform", "Terraform 1.4", Language::Hcl, "main.tf"),
];

const fn of(
    word: &'static str,
    typed: Option<bool>,
    label: &'static str,
    package: &'static str,
    language: Language,
    file_name: &'static str,
) -> Facts {
    Facts {
        word,
        typed,
        label,
        package,
        language,
        file_name,
    }
}
