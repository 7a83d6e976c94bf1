"""What a server may be told. One frozen object, made once and passed in."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class ServeSettings(BaseModel):
    """Everything a server may be told. Defaults suit one person on one laptop: reading on loopback, no writing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", description="address to listen at")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen at; 0 takes a free one")
    token: SecretStr | None = Field(default=None, description="bearer token for writing; without one, nothing can be written")
    allowed_hosts: tuple[str, ...] = Field(default=(), description="names that requests may call this server by, beside loopback")
    body_limit: int = Field(default=2_000_000, ge=1_000, description="bytes of a request's body")
    text_limit: int = Field(default=100_000, ge=100, description="characters of a text that is coded at once")
    time_limit: float = Field(default=30.0, gt=0, description="seconds for an answer")
    write_limit: float = Field(default=300.0, gt=0, description="seconds for an answer to what is written, folding included")
    posts_per_minute: int = Field(default=60, ge=1, description="POST requests of one address, on average")
    posts_at_once: int = Field(default=20, ge=1, description="POST requests of one address in a row")
    sign_in_hours: float = Field(default=12.0, gt=0, le=24 * 365, description="hours for which a browser stays signed in for writing")
    keep_text: bool = Field(default=True, description="give out the texts of articles; else only the sentences of claims")
    workers: int = Field(default=4, ge=1, le=64, description="threads that read")
    cache_bytes: int = Field(default=64_000_000, ge=0, description="bytes of answers that are kept")
    readers: int = Field(default=0, ge=0, le=64, description="processes that read, beside those that add and code; 0: all in one process")
    patience: float = Field(default=10.0, ge=0, description="seconds that an answer to a change waits until readers see it")
    texts_waiting: int = Field(default=8, ge=1, description="texts that may wait to be coded")
    warm: int = Field(default=200, ge=0, description="answers that are made anew before readers see a new state")
    warm_seconds: float = Field(default=2.0, ge=0, description="seconds that this may take")
    pulse: float = Field(default=0.5, ge=0, description="seconds after which it is looked whether the store has changed")
    shelf: bool = Field(default=True, description="keep a sorted copy of the store in a temporary folder, which makes answers fast")
    search_file: Path | None = Field(default=None, description="keep the index of the search here; else it is made anew at every start")

    @field_validator("token")
    @classmethod
    def _long_enough(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and (len(token.get_secret_value()) < 16 or not token.get_secret_value().isascii()):
            raise ValueError("a token has 16 characters or more, all of them ASCII")
        return token

    @property
    def hosts(self) -> frozenset[str]:
        """Names, in lower case and without port, that the Host header may give; "*" for any."""
        return frozenset(name.lower() for name in (*LOOPBACK, *self.allowed_hosts))

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False
