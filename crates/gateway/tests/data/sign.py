"""ACS3-HMAC-SHA256 once more, written from the vendor's description alone, to compare ours with.

Reads one request a line as JSON; answers each with its canonical request, string to sign and Authorization.
"""

import hashlib
import hmac
import json
import sys
from urllib.parse import quote


def encode(text):
    return quote(text, safe="-_.~")


for line in sys.stdin:
    case = json.loads(line)
    body = bytes.fromhex(case["body"])
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "host": case["host"],
        "x-acs-action": case["action"],
        "x-acs-version": case["version"],
        "x-acs-date": case["date"],
        "x-acs-signature-nonce": case["nonce"],
        "x-acs-content-sha256": digest,
    }
    if case["content_type"] is not None:
        headers["content-type"] = case["content_type"]
    if case["security_token"] is not None:
        headers["x-acs-security-token"] = case["security_token"]
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            case["method"],
            "/".join(encode(segment) for segment in case["path"].split("/")) or "/",
            "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(case["query"])),
            "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers)),
            names,
            digest,
        ]
    )
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.new(case["secret"].encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = f"ACS3-HMAC-SHA256 Credential={case['key_id']},SignedHeaders={names},Signature={signature}"
    print(json.dumps({"canonical": canonical, "to_sign": to_sign, "authorization": authorization}))
