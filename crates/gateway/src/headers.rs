//! The headers that stand on every answer (S15), and the content policy of the page (S16).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use sha2::{Digest, Sha256};

/// Where calls go; on every answer of the API (S02).
pub const GATEWAY_MODE: HeaderName = HeaderName::from_static("x-gateway-mode");

/// By what a log line is found again; on every answer of the API and every error.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The content policy of what is no page: nothing may be loaded, and nobody may frame it.
const NO_CONTENT: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The content policy of the service worker: it fetches the files of the page, and nothing else.
pub const WORKER_CONTENT: HeaderValue =
    HeaderValue::from_static("default-src 'none'; connect-src 'self'; frame-ancestors 'none'");

/// What a page may do with the machine: nothing. (Copying to the clipboard after a click needs no permission.)
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
     local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), \
     screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
);

/// Adds what stands on every answer. A content policy that is there already is kept.
pub fn secure(headers: &mut HeaderMap) {
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(NO_CONTENT);
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    let no_referrer = HeaderValue::from_static("no-referrer");
    headers.insert(header::REFERRER_POLICY, no_referrer);
    let same_origin = HeaderValue::from_static("same-origin");
    headers.insert(OPENER_POLICY, same_origin.clone());
    headers.insert(RESOURCE_POLICY, same_origin);
    headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
}

/// The content policy of a page: its own files, its scripts by their digests, and one Trusted Types policy.
#[expect(clippy::missing_panics_doc, reason = "digests are plain text")]
pub fn content_policy(html: &str) -> HeaderValue {
    let mut script_src = "script-src 'self' 'wasm-unsafe-eval'".to_owned();
    for digest in digests(html) {
        script_src.push_str(" '");
        script_src.push_str(&digest);
        script_src.push('\'');
    }
    let policy = [
        "default-src 'none'",
        &script_src,
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    ]
    .join("; ");
    HeaderValue::try_from(policy).expect("a policy is visible ASCII")
}

/// What vouches for each script: the `integrity` of one in a file, the digest of one that stands in the HTML. It is our
/// own build's HTML, with each tag in one piece.
fn digests(html: &str) -> impl Iterator<Item = String> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        if attributes.contains("src=") {
            let (_, integrity) = attributes.split_once("integrity=")?;
            let is_end = |letter: char| matches!(letter, '"' | '\'' | ' ');
            let integrity = integrity.trim_start_matches(is_end).split(is_end).next()?;
            let (hash, digest) = integrity.split_once('-')?;
            let is_plain = matches!(hash, "sha256" | "sha384" | "sha512")
                && STANDARD
                    .decode(digest)
                    .is_ok_and(|digest| !digest.is_empty());
            return is_plain.then(|| integrity.to_owned());
        }
        let (text, _) = rest.split_once("</script")?;
        Some(format!("sha256-{}", STANDARD.encode(Sha256::digest(text))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s16_scripts_are_allowed_by_their_digests() {
        // The first is the example of the Content Security Policy specification.
        let html = "<script type=\"module\">alert('Hello, world.');</script>\
                    <script src=/a.js></script>\
                    <script type=module crossorigin src=/b.js integrity=sha384-YWJj></script>\
                    <script src=\"/c.js\" integrity=\"sha384-ZGVm\"></script>\
                    <script src=/d.js integrity=\"sha384-';*\"></script>";
        let policy = content_policy(html);
        let policy = policy.to_str().expect("text");
        let scripts = "script-src 'self' 'wasm-unsafe-eval' \
                       'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=' \
                       'sha384-YWJj' 'sha384-ZGVm'; style-src";
        assert!(policy.contains(scripts), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }

    #[test]
    fn s16_the_policy_is_the_one_of_the_contract() {
        let expected = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                        img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
                        base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'; \
                        require-trusted-types-for 'script'; trusted-types default";
        assert_eq!(content_policy("<p>script</p>"), expected);
    }
}
