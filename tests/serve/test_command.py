"""The command, as a program: it listens, answers, writes with the token, and refuses what it cannot serve."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner

from detente.cli_serve import serve
from detente.errors import SettingsError, StoreError

from .conftest import TOKEN, WRITES

PROGRAM = "import typer; from detente.cli_serve import serve; typer.run(serve)"


def test_the_command_serves_a_store(sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path / "store")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "store"), "--port", str(port)]
    with subprocess.Popen(command, env={**os.environ, "DETENTE_TOKEN": TOKEN}, stderr=subprocess.PIPE, text=True) as server:
        try:
            base = f"http://127.0.0.1:{port}"
            for _ in range(300):
                try:
                    told = httpx.get(f"{base}/api/health", timeout=10).json()
                    break
                except httpx.TransportError:
                    time.sleep(0.2)
            else:
                pytest.fail("the server did not begin to answer")
            assert (told["status"], told["writes"]) == ("ok", True)
            answer = httpx.get(f"{base}/api/relations/TUR/RUS/shifts", timeout=30)
            assert answer.headers["content-encoding"] == "gzip"
            assert answer.json()["shifts"]
            assert "server" not in answer.headers
            article = httpx.get(f"{base}/api/articles?limit=1").json()["items"][0]["id"]
            body = {"kind": "retract", "ids": [article], "reason": "x", "made_by": "y"}
            assert httpx.post(f"{base}/api/decisions", json=body, headers=WRITES, timeout=60).status_code == 201
        finally:
            server.terminate()
            _, told_last = server.communicate(timeout=30)
    assert "Traceback" not in told_last
    assert f"{port}/docs" in told_last


def test_what_cannot_be_served_is_said(tmp_path: Path, sample: Path) -> None:
    app = typer.Typer()
    app.command()(serve)
    missing = CliRunner().invoke(app, [str(tmp_path / "none")])
    assert isinstance(missing.exception, StoreError)
    short = CliRunner().invoke(app, [str(sample), "--token", "short"])
    assert isinstance(short.exception, SettingsError)
    assert "16 characters" in str(short.exception)
