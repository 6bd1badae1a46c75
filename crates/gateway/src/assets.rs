//! The page's files: a map from path to bytes that is made once, when the program starts (S14).
//!
//! A request's path is looked up and never joined to a folder, so that no path leads out of the page. Each file
//! has all its answers ready: as it is, and compressed where the build left a compressed copy beside it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::{fs, io};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::error::{Code, Error};
use crate::headers;

mod encoding;
mod page {
    //! The files that were embedded when the program was built (`build.rs`).
    include!(concat!(env!("OUT_DIR"), "/page.rs"));
}

/// A file of the page, as it comes from the build.
#[derive(Clone, Debug)]
pub struct File {
    /// Path in the page, such as `assets/rules.json`.
    pub path: Cow<'static, str>,
    /// Its bytes.
    pub plain: Bytes,
    /// The same after brotli.
    pub brotli: Option<Bytes>,
    /// The same after gzip.
    pub gzip: Option<Bytes>,
}

/// A file as the build script embeds it.
struct Embedded {
    path: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// All files of the page, ready to be sent.
#[derive(Debug)]
pub struct Assets {
    files: HashMap<Box<str>, Content>,
}

/// One file, ready to be sent.
#[derive(Debug)]
struct Content {
    plain: Variant,
    brotli: Option<Variant>,
    gzip: Option<Variant>,
}

/// One coding of a file.
#[derive(Debug)]
struct Variant {
    body: Bytes,
    headers: HeaderMap,
    etag: Box<str>,
}

/// The service worker of the page, which keeps a copy of it.
const WORKER: &str = "sw.js";

/// Where the page stands.
const INDEX: &str = "/index.html";

impl Assets {
    /// The page that was embedded when the program was built.
    pub fn embedded() -> Self {
        Self::new(page::FILES.iter().map(|file| File {
            path: Cow::Borrowed(file.path),
            plain: Bytes::from_static(file.plain),
            brotli: file.brotli.map(Bytes::from_static),
            gzip: file.gzip.map(Bytes::from_static),
        }))
    }

    /// The page in a folder, read once. Files whose name begins with a dot are left out.
    ///
    /// # Errors
    ///
    /// When the folder or a file in it can not be read.
    pub fn from_folder(folder: &Path) -> io::Result<Self> {
        let mut names = Vec::new();
        collect(folder, "", &mut names)?;
        let read = |name: &str| fs::read(folder.join(name)).map(Bytes::from);
        let copy = |name: &str, ending: &str| {
            let name = format!("{name}{ending}");
            names.contains(&name).then(|| read(&name)).transpose()
        };
        let mut files = Vec::new();
        for name in &names {
            if matches!(ending(name), "br" | "gz") {
                continue;
            }
            files.push(File {
                path: Cow::Owned(name.clone()),
                plain: read(name)?,
                brotli: copy(name, ".br")?,
                gzip: copy(name, ".gz")?,
            });
        }
        Ok(Self::new(files))
    }

    /// A page of these files.
    pub fn new(files: impl IntoIterator<Item = File>) -> Self {
        let entry = |file: File| (format!("/{}", file.path).into(), Content::new(&file));
        Self {
            files: files.into_iter().map(entry).collect(),
        }
    }

    /// The answer to a request for a file or the page.
    ///
    /// # Errors
    ///
    /// When there is no such file, or the method is another than GET and HEAD.
    pub fn answer(&self, head: &Parts) -> Result<Response, Error> {
        let path = head.uri.path();
        let content = match path {
            "/" => self.files.get(INDEX),
            path => self.files.get(path),
        };
        let content = content.or_else(|| {
            let is_page = is_page(path) && wants_html(&head.headers);
            is_page.then(|| self.files.get(INDEX)).flatten()
        });
        let Some(content) = content else {
            return Err(Error::new(Code::NotFound, "There is nothing at this path."));
        };
        if head.method != Method::GET && head.method != Method::HEAD {
            let sentence = "Only GET and HEAD are served at this path.";
            let mut error = Error::new(Code::MethodNotAllowed, sentence);
            error.allow = Some("GET, HEAD");
            return Err(error);
        }
        Ok(content.answer(head))
    }
}

/// Names of all files below a folder, with slashes.
fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{path}/"), names)?;
        } else if kind.is_file() {
            names.push(path);
        }
    }
    Ok(())
}

impl Content {
    fn new(file: &File) -> Self {
        let digest = hex::encode(&Sha256::digest(&file.plain)[..12]);
        let is_coded = file.brotli.is_some() || file.gzip.is_some();
        let variant = |coding: &'static str, body: &Bytes| {
            let etag = match coding {
                "" => format!("\"{digest}\""),
                coding => format!("\"{digest}-{coding}\""),
            };
            let mut headers = HeaderMap::with_capacity(16);
            headers.insert(header::CONTENT_TYPE, content_type(&file.path));
            headers.insert(header::CACHE_CONTROL, caching(&file.path));
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            headers.insert(
                header::ETAG,
                HeaderValue::try_from(&etag).expect("a digest in quotes is visible ASCII"),
            );
            if is_coded {
                headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
            }
            if !coding.is_empty() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
            if ending(&file.path) == "html" {
                let policy = headers::content_policy(&String::from_utf8_lossy(&file.plain));
                headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            } else if file.path == WORKER {
                headers.insert(header::CONTENT_SECURITY_POLICY, headers::WORKER_CONTENT);
            }
            headers::secure(&mut headers);
            Variant {
                body: body.clone(),
                headers,
                etag: etag.into(),
            }
        };
        Self {
            plain: variant("", &file.plain),
            brotli: file.brotli.as_ref().map(|body| variant("br", body)),
            gzip: file.gzip.as_ref().map(|body| variant("gzip", body)),
        }
    }

    fn answer(&self, head: &Parts) -> Response {
        let accepted = encoding::accepted(&head.headers);
        let variant = accepted.choose(&self.plain, self.brotli.as_ref(), self.gzip.as_ref());
        let mut headers = variant.headers.clone();
        let mut response = Response::new(Body::empty());
        if variant.is_named_by(&head.headers) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            headers.remove(header::CONTENT_LENGTH);
            headers.remove(header::CONTENT_TYPE);
            headers.remove(header::CONTENT_ENCODING);
        } else if head.method == Method::GET {
            *response.body_mut() = Body::from(variant.body.clone());
        }
        *response.headers_mut() = headers;
        response
    }
}

impl Variant {
    /// Whether the client says that it has this already (If-None-Match, compared weakly).
    fn is_named_by(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(header::IF_NONE_MATCH).iter();
        values.any(|value| {
            let mut tags = value
                .as_bytes()
                .split(|byte| *byte == b',')
                .map(<[u8]>::trim_ascii);
            tags.any(|tag| {
                tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == self.etag.as_bytes()
            })
        })
    }
}

/// Whether a path can be one of a page: its last segment has no dot.
fn is_page(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with('/') && !last.contains('.') && !last.contains('%')
}

fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    accept.is_some_and(|accept| {
        let mut kinds = accept.as_bytes().split(|byte| matches!(byte, b',' | b';'));
        kinds.any(|kind| kind.trim_ascii() == b"text/html")
    })
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// The media type by the ending of the name.
fn content_type(name: &str) -> HeaderValue {
    HeaderValue::from_static(match ending(name) {
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
    })
}

/// How long a browser may keep a file: for good, if its name changes with its content.
fn caching(name: &str) -> HeaderValue {
    let is_digest =
        |word: &str| word.len() >= 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    HeaderValue::from_static(if name.split(['-', '_', '.', '/']).any(is_digest) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webassembly_has_its_own_type() {
        assert_eq!(
            content_type("a-0123456789abcdef_bg.wasm"),
            "application/wasm"
        );
        let script = content_type("snippets/x/inline0.js");
        assert_eq!(script, "text/javascript; charset=utf-8");
        assert_eq!(content_type("LICENSE"), "application/octet-stream");
    }

    #[test]
    fn s15_only_names_with_a_digest_are_kept_for_good() {
        assert_eq!(caching("index.html"), "no-cache");
        assert_eq!(caching("dashboard-facade.css"), "no-cache");
        let for_good = "public, max-age=31536000, immutable";
        assert_eq!(caching("dsw-page-ee6a828a8080598_bg.wasm"), for_good);
        assert_eq!(caching("main-0123456789abcdef.css"), for_good);
    }
}
