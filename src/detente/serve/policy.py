"""The Content-Security-Policy of pages: nothing from elsewhere, no script or style in the page itself."""

from __future__ import annotations

import base64
import hashlib
import re

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def page_policy(page: str) -> str:
    """The policy of a page of ours that carries its own style, as a brief does: that very style is allowed, and no script at all."""
    hashes = [base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode() for style in _STYLE.findall(page)[:1]]
    styles = " ".join(f"'sha256-{one}'" for one in hashes) or "'none'"
    return f"default-src 'none'; style-src {styles}; base-uri 'none'; frame-ancestors 'none'"
