"""Owns asking a witness over HTTP (C2SP tlog-witness). Must not know a log: the request comes in, the answer goes out."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from typing import NamedTuple
from urllib.parse import urlsplit

from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.seal.note import MAX_NOTE

from .witness_http import PATH

TIMEOUT_S = 30
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Reply(NamedTuple):
    """What a witness answered."""

    status: int
    body: bytes


def post(url: str, request: bytes) -> Reply:
    """Send an add-checkpoint request to the witness at a URL.

    Raises:
        Rejected: ``witness.bad-url``.
        Unreachable: ``witness.unreachable``.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Rejected("witness.bad-url", url=url[:200])
    base = url.rstrip("/").removesuffix(PATH)
    # a proxy is for the world outside; what listens on this machine is asked directly
    proxies = [urllib.request.ProxyHandler({})] if parts.hostname in _LOOPBACK else []
    opener = urllib.request.build_opener(*proxies)
    asked = urllib.request.Request(
        f"{base}{PATH}", data=request, method="POST", headers={"Content-Type": "application/octet-stream"}
    )
    try:
        with opener.open(asked, timeout=TIMEOUT_S) as answer:
            return Reply(answer.status, answer.read(MAX_NOTE + 1))
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.read(MAX_NOTE + 1))
    except (OSError, http.client.HTTPException, ValueError) as error:
        detail = str(getattr(error, "reason", error))
        raise Unreachable("witness.unreachable", url=url[:200], detail=detail) from error
