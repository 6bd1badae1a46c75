//! Where the page leads to outside of itself: a fixed list, and addresses of instances that are shown as links only if
//! they are `https:` (S17).

use crate::dom::{El, el};
use crate::gateway::escape;

/// The vendor's page that explains a code of the service.
pub fn troubleshoot(code: &str, request_id: &str) -> String {
    let mut url = "https://api.aliyun.com/troubleshoot?q=".to_owned();
    url.push_str(&escape(code));
    url.push_str("&requestId=");
    url.push_str(&escape(request_id));
    url
}

/// The vendor's console, in a region and a workspace as far as they are known.
pub fn console(region: &str, workspace: &str) -> String {
    let mut url = "https://pai.console.aliyun.com/".to_owned();
    if region.is_empty() {
        return url;
    }
    url.push_str("?regionId=");
    url.push_str(&escape(region));
    if !workspace.is_empty() {
        url.push_str("&workspaceId=");
        url.push_str(&escape(workspace));
    }
    url
}

/// A link that opens beside this page, which it tells nothing of.
pub fn outside(url: &str) -> El {
    el("a")
        .attr("href", url)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
}

/// Whether an address of others may become a link.
pub fn is_safe(url: &str) -> bool {
    let rest = url.strip_prefix("https://");
    rest.is_some_and(|rest| {
        rest.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && !rest.contains(|letter: char| {
                letter.is_whitespace() || letter.is_control() || letter == '\\'
            })
    })
}
