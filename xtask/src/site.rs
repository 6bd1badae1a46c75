//! The built page in memory, and which of its files answers which request.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::failure::{Failure, Result};
use crate::http::{Request, Response};
use crate::report::Report;

/// Everything that can be asked for. Paths are looked up and never joined to a folder, so that no
/// path leads out of the page.
#[derive(Debug)]
pub(crate) struct Site {
    files: BTreeMap<String, Content>,
    policy: String,
}

/// One file, ready to be sent.
#[derive(Debug)]
struct Content {
    kind: &'static str,
    caching: &'static str,
    plain: Vec<u8>,
    brotli: Option<Vec<u8>>,
}

impl Site {
    /// Reads the files that the report lists.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    pub(crate) fn load(dist: &Path, report: &Report) -> Result<Self> {
        let mut files = BTreeMap::new();
        for file in &report.files {
            let path = dist.join(&file.name);
            let plain = fs::read(&path).map_err(|error| Failure::io(&path, &error))?;
            let content = Content {
                kind: content_type(&file.name),
                caching: caching(&file.name),
                plain,
                brotli: fs::read(dist.join(format!("{}.br", file.name))).ok(),
            };
            files.insert(format!("/{}", file.name), content);
        }
        Ok(Self {
            files,
            policy: policy(&report.scripts),
        })
    }

    /// The answer to a request.
    pub(crate) fn answer(&self, request: &Request) -> Response<'_> {
        let mut headers = vec![
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", self.policy.as_str()),
        ];
        if request.method != "GET" && request.method != "HEAD" {
            headers.extend([
                ("Allow", "GET, HEAD"),
                ("Content-Type", "text/plain; charset=utf-8"),
            ]);
            return Response {
                status: "405 Method Not Allowed",
                headers,
                body: b"GET and HEAD only.\n",
            };
        }
        let path = if request.path == "/" {
            "/index.html"
        } else {
            &request.path
        };
        let Some(content) = self.files.get(path) else {
            headers.extend([
                ("Cache-Control", "no-cache"),
                ("Content-Type", "text/plain; charset=utf-8"),
            ]);
            return Response {
                status: "404 Not Found",
                headers,
                body: b"There is no such file.\n",
            };
        };
        headers.extend([
            ("Content-Type", content.kind),
            ("Cache-Control", content.caching),
            ("Vary", "Accept-Encoding"),
        ]);
        let body = match &content.brotli {
            Some(brotli) if request.brotli => {
                headers.push(("Content-Encoding", "br"));
                brotli
            }
            _ => &content.plain,
        };
        Response {
            status: "200 OK",
            headers,
            body,
        }
    }
}

/// The Content-Security-Policy: nothing but the page's own files, and its inline scripts by their
/// digest.
fn policy(scripts: &[String]) -> String {
    let mut script_src = "script-src 'self' 'wasm-unsafe-eval'".to_owned();
    for script in scripts {
        script_src.extend([" ", script]);
    }
    [
        "default-src 'none'",
        &script_src,
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

/// The media type by the ending of the name.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "tsv" => "text/tab-separated-values; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// How long a browser may keep a file: for good, if its name changes with its content.
fn caching(name: &str) -> &'static str {
    let is_digest =
        |word: &str| word.len() >= 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    if name.split(['-', '_', '.', '/']).any(is_digest) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let content = |brotli: Option<&[u8]>| Content {
            kind: "text/html; charset=utf-8",
            caching: "no-cache",
            plain: b"plain".to_vec(),
            brotli: brotli.map(<[u8]>::to_vec),
        };
        let files = [
            ("/index.html".to_owned(), content(Some(b"br"))),
            ("/a.txt".to_owned(), content(None)),
        ];
        Site {
            files: files.into(),
            policy: policy(&["'sha256-x='".to_owned()]),
        }
    }

    fn request(method: &str, path: &str, brotli: bool) -> Request {
        Request {
            method: method.to_owned(),
            path: path.to_owned(),
            brotli,
            keep_alive: true,
        }
    }

    #[test]
    fn only_files_of_the_page_are_found() {
        let site = site();
        let status = |method, path| site.answer(&request(method, path, false)).status;
        assert_eq!(status("GET", "/"), "200 OK");
        assert_eq!(status("HEAD", "/index.html"), "200 OK");
        assert_eq!(status("POST", "/"), "405 Method Not Allowed");
        for path in [
            "/..",
            "/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "//etc/passwd",
            "/etc/passwd",
            "a.txt",
            "",
        ] {
            assert_eq!(status("GET", path), "404 Not Found", "{path}");
        }
    }

    #[test]
    fn brotli_is_sent_to_those_who_ask() {
        let site = site();
        assert_eq!(site.answer(&request("GET", "/", true)).body, b"br");
        assert_eq!(site.answer(&request("GET", "/", false)).body, b"plain");
        assert_eq!(site.answer(&request("GET", "/a.txt", true)).body, b"plain");
    }

    #[test]
    fn the_policy_allows_inline_scripts_by_digest_only() {
        let policy = site().policy;
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-x='; "),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline"));
    }

    #[test]
    fn webassembly_has_its_own_type() {
        assert_eq!(
            content_type("a-0123456789abcdef_bg.wasm"),
            "application/wasm"
        );
        assert_eq!(
            content_type("snippets/x/inline0.js"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(content_type("LICENSE"), "application/octet-stream");
    }

    #[test]
    fn only_names_with_a_digest_are_kept_for_good() {
        assert_eq!(caching("index.html"), "no-cache");
        assert_eq!(caching("dashboard-facade.css"), "no-cache");
        assert!(caching("dsw-page-ee6a828a8080598_bg.wasm").ends_with("immutable"));
        assert!(caching("main-0123456789abcdef.css").ends_with("immutable"));
    }
}
