"""Settings: one frozen object, made once, passed in. Nothing reads the environment behind its back."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import SettingsError

PREFIX = "DETENTE_"


class Settings(BaseModel):
    """Everything a run may be told. Defaults suit one laptop."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    knowledge: tuple[Path, ...] = Field(default=(), description="folders with the user's own knowledge files, read after the shipped ones")
    model: Path | None = Field(default=None, description="folder of another language model in the same form")
    parser: str = Field(default="builtin", description="name of the parser in detente.language.PARSERS")
    coder: Literal["both", "rules", "network"] = Field(
        default="both", description="lexicon and event network together, the lexicon alone, or the network alone"
    )
    threads: int = Field(default=1, ge=1, le=256, description="threads of the language model in one process")
    batch: int = Field(default=64, ge=1, le=4096, description="sentences that go through the network together")
    max_article_chars: int = Field(default=5_000_000, ge=1000, description="longer articles are rejected")
    max_sentence_words: int = Field(default=200, ge=20, le=240, description="longer sentences are parsed in pieces")
    max_reject_rate: float = Field(default=0.5, ge=0.0, le=1.0, description="a run with a larger share of rejected articles fails")
    skip_gate: bool = Field(default=False, description="parse every sentence, also those without any trigger word")


def load_settings(path: Path | None = None, environment: Mapping[str, str] | None = None, **values: object) -> Settings:
    """Settings from detente.toml (if given or in the current folder), then environment, then keyword arguments.

    Raises SettingsError naming the file and the setting.
    """
    collected: dict[str, object] = {}
    source = path or Path("detente.toml")
    if path is not None or source.is_file():
        try:
            collected.update(tomllib.loads(source.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{source}: {error}", "write it as TOML: threads = 2") from error
    for name, value in (os.environ if environment is None else environment).items():
        if name.startswith(PREFIX) and name[len(PREFIX) :].lower() in Settings.model_fields:
            key = name[len(PREFIX) :].lower()
            collected[key] = value.split(os.pathsep) if key == "knowledge" else value
    collected.update({key: value for key, value in values.items() if value is not None})
    try:
        return Settings.model_validate(collected)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SettingsError(f"setting {where!r}: {first['msg']}", f"known settings: {', '.join(Settings.model_fields)}") from error
