"""The terminal in a browser: on this computer alone, for whoever holds the secret, and nothing comes from outside."""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from pathlib import Path

import pytest

from taizhang.composition import make_demo
from taizhang.tui.web import PAGES

OUTSIDE = re.compile(r"(?:https?:)?//(?!\{)[a-z]")


def test_the_page_asks_no_other_site_for_anything() -> None:
    assert not OUTSIDE.search((PAGES / "app_index.html").read_text(encoding="utf-8"))


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.ledger.domain.errors import Unreachable
    from taizhang.tui import web

    monkeypatch.setattr(web, "find_spec", lambda _: None)
    with pytest.raises(Unreachable) as refused:
        web.serve(["x"], 1, "", print)
    assert refused.value.code == "web.not-installed"


async def test_only_who_holds_the_address_is_let_in_and_sees_the_ledger(tmp_path: Path) -> None:
    pytest.importorskip("textual_serve")
    import aiohttp

    make_demo(tmp_path / "demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "taizhang", "--ledger", str(tmp_path / "demo"), "--actor", "office", "tui", "--web"),
        *("--port", str(port)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert server.stdout is not None
        address = (await server.stdout.readline()).decode().strip()
        place = f"http://127.0.0.1:{port}"
        assert address.startswith(f"{place}/?key=")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            for _ in range(100):  # the address is told just before the port is taken
                try:
                    async with session.get(place) as refused:
                        assert refused.status == 403
                    break
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.05)
            async with session.get(address, headers={"Host": "elsewhere.example"}) as refused:
                assert refused.status == 403
            async with session.get(address) as page:
                assert page.status == 200
                assert "default-src 'none'" in page.headers["Content-Security-Policy"]
                assert not OUTSIDE.search((await page.text()).replace(place, "").replace(f"ws://127.0.0.1:{port}", ""))
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(f"{place}/ws?width=80&height=24", origin="http://elsewhere.example")
            async with session.ws_connect(f"{place}/ws?width=80&height=24", origin=place) as terminal:
                seen = b""
                async with asyncio.timeout(30):
                    while "JZ-2023-012" not in seen.decode("utf-8", "replace"):
                        message = await terminal.receive()
                        seen += message.data if isinstance(message.data, bytes) else b""
    finally:
        server.terminate()
        await server.wait()
