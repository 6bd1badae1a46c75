//! Keys and names: of SSH, of roles, of environment variables.

/// Whether the text holds a private key of OpenSSH, OpenSSL or `PuTTY`.
pub fn holds_private_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----") || text.contains("PuTTY-User-Key-File")
}

/// Whether the text is one public key as OpenSSH writes it: type, Base64, and perhaps a comment.
pub fn is_ssh_public_key(text: &str) -> bool {
    let mut parts = text.splitn(3, ' ');
    let (Some(kind), Some(key)) = (parts.next(), parts.next()) else {
        return false;
    };
    let known = matches!(
        kind,
        "ssh-rsa"
            | "ssh-ed25519"
            | "ssh-dss"
            | "ecdsa-sha2-nistp256"
            | "ecdsa-sha2-nistp384"
            | "ecdsa-sha2-nistp521"
    ) || kind.strip_prefix("sk-").is_some_and(|rest| {
        // Keys on a security device: sk-ssh-ed25519@openssh.com.
        let is_name = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'@' | b'.' | b'-');
        !rest.is_empty() && rest.bytes().all(is_name)
    });
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    known && !key.is_empty() && key.bytes().all(is_digit) && !text.contains(['\n', '\r'])
}

/// Whether the text is the ARN of a RAM role: `acs:ram::1234567890123456:role/name`.
pub fn is_role_arn(text: &str) -> bool {
    let parts = text
        .strip_prefix("acs:ram::")
        .and_then(|rest| rest.split_once(":role/"));
    parts.is_some_and(|(account, name)| {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        super::is_whole(account) && !name.is_empty() && name.bytes().all(is_name)
    })
}

/// Whether a shell can read the variable of this name: letters, digits and underscores, no digit first.
pub fn is_variable_name(text: &str) -> bool {
    !text.is_empty() && super::is_name(text) && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the system sets the variable of this name itself.
pub fn sets_system_variable(name: &str) -> bool {
    matches!(name, "PATH" | "HOME" | "LD_LIBRARY_PATH" | "PYTHONPATH")
        || ["ALIBABA_CLOUD_", "NVIDIA_", "PAI_", "DSW_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// What stands in the names of secrets, whatever stands between its parts.
const SECRET_WORDS: [&[u8]; 4] = [b"ACCESSKEY", b"SECRET", b"PASSWORD", b"PASSWD"];

/// What stands in the names of other credentials; rule R71 does not know them.
const CREDENTIAL_WORDS: [&[u8]; 8] = [
    b"APIKEY",
    b"AUTHKEY",
    b"PRIVATEKEY",
    b"SIGNINGKEY",
    b"ENCRYPTIONKEY",
    b"ACCOUNTKEY",
    b"CREDENTIAL",
    b"PASSPHRASE",
];

/// What stands in the names of secrets too, but also in others: `MAX_TOKENS`.
const TOKEN: &str = "TOKEN";

/// Both together: most names have none of them, and are looked through once.
const SECRET_OR_TOKEN: [&[u8]; 5] = [b"ACCESSKEY", b"SECRET", b"PASSWORD", b"PASSWD", b"TOKEN"];

/// Whether an environment variable looks like a secret: by its name, or because name or value is the id of an
/// access key.
pub fn names_secret(name: &str, value: &str) -> bool {
    // MAX_TOKENS and TOKENIZERS_PARALLELISM are no secrets.
    let token = || {
        let upper = name.to_ascii_uppercase();
        let mut behind = upper.split(TOKEN).skip(1);
        behind.any(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    let by_name = holds_word(name.as_bytes(), &SECRET_OR_TOKEN)
        && (holds_word(name.as_bytes(), &SECRET_WORDS) || token());
    by_name || is_access_key_id(name) || is_access_key_id(value)
}

/// Whether an environment variable is to be hidden unless a person says otherwise: it looks like a secret
/// ([`names_secret`]), is named like another kind of credential, or its value is written like one that is issued by a
/// well-known service.
pub fn looks_secret(name: &str, value: &str) -> bool {
    // HF_TOKENS holds several; MAX_TOKENS is a number.
    let tokens = || {
        let counts = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        !counts && name.to_ascii_uppercase().ends_with("TOKENS")
    };
    names_secret(name, value)
        || holds_word(name.as_bytes(), &CREDENTIAL_WORDS)
        || tokens()
        || is_issued(value.trim())
        || holds_private_key(value)
        || has_secret(value)
}

/// What keys and tokens of well-known services begin with.
const BEGINS: [&[u8]; 11] = [
    b"sk-",
    b"hf_",
    b"ghp_",
    b"gho_",
    b"ghs_",
    b"github_pat_",
    b"glpat-",
    b"xoxb-",
    b"xoxp-",
    b"AKIA",
    b"AIza",
];

/// The least bytes behind such a beginning.
const SHORTEST: usize = 16;

/// Whether a byte may be one of such a key or token.
fn is_part_of_issued(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Whether a text is written as keys and tokens of well-known services are: begun so, and long.
fn is_issued(text: &str) -> bool {
    BEGINS.iter().any(|begin| {
        let rest = text.as_bytes().strip_prefix(*begin);
        rest.is_some_and(|rest| {
            rest.len() >= SHORTEST && rest.iter().all(|byte| is_part_of_issued(*byte))
        })
    })
}

/// Whether a word of a text is such a key or token. Stricter than [`is_issued`]: among words there are names too, such
/// as `sk-learn-tutorial-2024` and `hf_transformers_cuda_12`. What was drawn by lot has many letters and digits without
/// a break.
fn is_issued_word(word: &[u8]) -> bool {
    /// So many letters without a digit among them are no word of a language.
    const LONG: usize = 30;
    BEGINS.iter().any(|begin| {
        word.strip_prefix(*begin).is_some_and(|rest| {
            let mut runs = rest.split(|byte| !byte.is_ascii_alphanumeric());
            runs.any(|run| {
                run.len() >= LONG || run.len() >= SHORTEST && run.iter().any(u8::is_ascii_digit)
            })
        })
    })
}

/// Whether a name may be that of a secret. Stricter than [`names_secret`], for who is to keep no secret: a name too
/// many costs a value that is entered again, one too few gives a secret away.
pub fn may_name_secret(name: &[u8]) -> bool {
    holds_word(name, &SECRET_OR_TOKEN) || holds_word(name, &CREDENTIAL_WORDS)
}

/// Whether the letters and digits of a name have one of these words in them, in any case.
fn holds_word(name: &[u8], words: &[&[u8]]) -> bool {
    let mut letters = Vec::with_capacity(name.len());
    for byte in name {
        if byte.is_ascii_alphanumeric() {
            letters.push(byte.to_ascii_uppercase());
        }
    }
    let begins = |at: usize, word: &[u8]| letters[at] == word[0] && letters[at..].starts_with(word);
    (0..letters.len()).any(|at| words.iter().any(|word| begins(at, word)))
}

/// Whether a text has a secret in it: a private key, the id of an access key, a key or token that a well-known service
/// has issued, a variable of a script with such a name that is given a value, or JSON with such a member.
pub fn has_secret(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut words = bytes.split(|byte| !is_part_of_issued(*byte));
    // In JSON the letter of an escape may stand before it: "\nhf_…".
    let escaped =
        |word: &[u8]| matches!(word, [b'n' | b'r' | b't', rest @ ..] if is_issued_word(rest));
    if words.any(|word| is_issued_word(word) || escaped(word)) || holds_private_key(text) {
        return true;
    }
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    (0..bytes.len()).any(|at| match bytes[at] {
        b'L' => begins_access_key_id(&bytes[at..]),
        sign @ (b'=' | b':') => {
            let before = bytes[..at].trim_ascii_end();
            let quotes = before
                .iter()
                .rev()
                .take_while(|byte| b"\"\\".contains(byte));
            let name = &before[..before.len() - quotes.count()];
            // A colon gives a value only where the name before it is quoted.
            let is_quoted = name.len() < before.len();
            let length = name.iter().rev().take_while(|byte| is_part(byte)).count();
            let value = bytes[at + 1..]
                .iter()
                .find(|byte| !b"\"\'\\ ".contains(byte));
            // A reference to another variable gives nothing away.
            let given = value.is_some_and(|byte| !b"$\n\r;".contains(byte));
            given && (is_quoted || sign == b'=') && may_name_secret(&name[name.len() - length..])
        }
        _ => false,
    })
}

/// Whether the text is the id of an access key of Alibaba Cloud and nothing else.
fn is_access_key_id(text: &str) -> bool {
    let id = text.trim().as_bytes();
    begins_access_key_id(id) && id.iter().all(u8::is_ascii_alphanumeric)
}

/// Whether a text begins with the id of an access key of Alibaba Cloud: LTAI, then 12 to 20 letters and digits.
pub fn begins_access_key_id(text: &[u8]) -> bool {
    text.strip_prefix(b"LTAI").is_some_and(|rest| {
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric());
        length.count() >= 12
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f62_variables_that_look_secret() {
        for (name, value) in [
            ("HF_TOKEN", ""),
            ("OPENAI_API_KEY", "x"),
            ("openai.apiKey", "x"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "x"),
            ("PGPASSWORD", "x"),
            ("HF_TOKENS", "a,b"),
            ("ID", "LTAI5tABCDEFGHIJKLMNOPQR"),
            ("A", "sk-proj-0123456789abcdef"),
            ("A", " hf_0123456789abcdefgh "),
            ("A", "-----BEGIN PRIVATE KEY-----"),
        ] {
            assert!(looks_secret(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("HF_HOME", "/mnt/data"),
            ("MAX_TOKENS", "4096"),
            ("TOKENIZERS_PARALLELISM", "false"),
            ("KEYBOARD", "us"),
            ("MONKEY", "x"),
            ("A", "sk-short"),
            ("A", "sk-not a key but a sentence"),
        ] {
            assert!(!looks_secret(name, value), "{name}={value}");
        }
    }

    #[test]
    fn f62_texts_that_have_a_secret_in_them() {
        for text in [
            "ghp_0123456789abcdefghij",
            "huggingface-cli login --token hf_0123456789abcdefghij\n",
            "git clone https://me:glpat-0123456789abcdefghij@gitlab.example.com/a",
            "hf_AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh",
            "\"login\\nhf_0123456789abcdefghij\"",
            "sk-proj-a_b-0123456789abcdef",
            "curl -H 'Authorization: Bearer sk-0123456789abcdefghij'",
            "-----BEGIN RSA PRIVATE KEY-----\nMII",
            "cat > key <<EOF\nPuTTY-User-Key-File-3: ssh-ed25519",
            "LTAI5tABCDEFGHIJKLMNOPQR",
            "export DB_PASSWORD=x",
            "{\"accessKeySecret\":\"x\"}",
        ] {
            assert!(has_secret(text), "{text:?}");
        }
        for text in [
            "",
            "sk-learn-tutorial-notebook",
            "sk-learn-tutorial-notebook-2024-01-31",
            "registry.example.com/a/hf_transformers_cuda_12_1_ubuntu",
            "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t user1",
            "task-0123456789abcdefghij",
            "risk-0123456789abcdefghij",
            "hf_home=/mnt/data",
            "-----BEGIN PUBLIC KEY-----",
            "pip install -U transformers==4.41.0",
        ] {
            assert!(!has_secret(text), "{text:?}");
        }
    }

    #[test]
    fn private_keys() {
        for held in [
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl",
            "-----BEGIN RSA PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----",
            "PuTTY-User-Key-File-3: ssh-ed25519",
        ] {
            assert!(holds_private_key(held), "{held:?}");
        }
        for other in [
            "",
            "ssh-ed25519 AAAA private key",
            "-----BEGIN PUBLIC KEY-----",
        ] {
            assert!(!holds_private_key(other), "{other:?}");
        }
    }

    #[test]
    fn ssh_public_keys() {
        for accepted in [
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== user@host",
            "ssh-rsa AAAAB3NzaC1yc2E=",
            "ecdsa-sha2-nistp256 AAAA a comment of words",
            "sk-ssh-ed25519@openssh.com AAAA",
        ] {
            assert!(is_ssh_public_key(accepted), "{accepted:?}");
        }
        for refused in [
            "",
            "AAAAC3NzaC1lZDI1NTE5AAAAIA==",
            "ssh-ed25519",
            "ssh-ed25519 ",
            "ssh-ed25519 **** user",
            "ssh-foo AAAA",
            "sk- AAAA",
            " ssh-rsa AAAA",
            "ssh-rsa  AAAA",
            "ssh-rsa AAAA user\n",
            "ssh-rsa AAAA\nssh-rsa BBBB",
        ] {
            assert!(!is_ssh_public_key(refused), "{refused:?}");
        }
    }

    #[test]
    fn role_arns() {
        for accepted in [
            "acs:ram::1234567890123456:role/name",
            "acs:ram::1:role/Ab.c_d-e",
        ] {
            assert!(is_role_arn(accepted), "{accepted:?}");
        }
        for refused in [
            "",
            "name",
            "acs:ram:::role/name",
            "acs:ram::1:role/",
            "acs:ram::1:user/name",
            "acs:ram::x:role/name",
            "acs:ram::1:role/a b",
            "acs:ram::1:role/a/b",
            " acs:ram::1:role/name",
        ] {
            assert!(!is_role_arn(refused), "{refused:?}");
        }
    }

    #[test]
    fn variable_names() {
        for accepted in ["A", "_", "userName", "A_1"] {
            assert!(is_variable_name(accepted), "{accepted:?}");
        }
        for refused in ["", "1A", "A-B", "A B", "é", "A="] {
            assert!(!is_variable_name(refused), "{refused:?}");
        }
    }

    #[test]
    fn system_variables() {
        for set in [
            "PATH",
            "HOME",
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "NVIDIA_VISIBLE_DEVICES",
            "DSW_X",
        ] {
            assert!(sets_system_variable(set), "{set:?}");
        }
        for other in ["", "path", "PATHS", "MY_PATH", "PAI", "CUDA_HOME"] {
            assert!(!sets_system_variable(other), "{other:?}");
        }
    }

    #[test]
    fn secrets() {
        for (name, value) in [
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "x"),
            ("accessKeyId", "x"),
            ("client-secret", "x"),
            ("DB_PASSWORD", "x"),
            ("HF_TOKEN", "x"),
            ("TOKEN_2", "x"),
            ("securityToken", "x"),
            ("DB-PASSWD", "x"),
            ("access.key", "x"),
            ("ID", "LTAI5tABCDEFGHIJKLMNOPQR"),
            ("LTAI5tABCDEFGHIJKLMNOPQR", "x"),
        ] {
            assert!(names_secret(name, value), "{name}={value}");
            let alone = may_name_secret(name.as_bytes());
            assert!(alone || name == "ID" || name.starts_with("LTAI"), "{name}");
        }
        for (name, value) in [
            ("userName", "Chris"),
            ("TOKENIZERS_PARALLELISM", "false"),
            ("MAX_TOKENS", "512"),
            ("ID", "LTAI"),
            ("ID", "see LTAI5tABCDEFGHIJKLMNOPQR"),
        ] {
            assert!(!names_secret(name, value), "{name}={value}");
        }
        // What is kept is kept from these too.
        for name in ["MAX_TOKENS", "api-tokens", "tokenValue", "p_a_s_s_w_d"] {
            assert!(may_name_secret(name.as_bytes()), "{name}");
        }
        for name in ["", "A", "PASS_WAY", "SEC", "userName"] {
            assert!(!may_name_secret(name.as_bytes()), "{name}");
        }
        assert!(begins_access_key_id(b"LTAI5tABCDEFGHIJ and more"));
        assert!(!begins_access_key_id(b"LTAI5tABCDE and more"));
    }
}
