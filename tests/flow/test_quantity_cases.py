"""211 sentences with the numbers that they tell: kinds, bounds, what is counted; nothing in the traps."""

from __future__ import annotations

from pathlib import Path

from detente.flow.quantities import quantities

PATH = Path(__file__).parent / "quantity_cases.txt"
FLOOR = 0.95


def load() -> list[tuple[str, list[str]]]:
    """Sentences with their numbers, written as the file has them."""
    lines = [line.split("=>") for line in PATH.read_text(encoding="utf-8").splitlines() if "=>" in line]
    return [(text.strip(), [part.strip() for part in wanted.split(";") if part.strip()]) for text, wanted in lines]


def told(text: str) -> list[str]:
    """What is found, in the file's form."""
    return [f"{q.kind} {_number(q.low)}/{_number(q.best)}/{_number(q.high)} {q.of or '-'}" for q in quantities(text)]


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)


def test_sentences() -> None:
    rows = load()
    assert len(rows) >= 200
    wrong = [f"{text} {told(text)}, not {wanted}" for text, wanted in rows if sorted(told(text)) != sorted(wanted)]
    assert 1 - len(wrong) / len(rows) >= FLOOR, "\n".join(wrong)
