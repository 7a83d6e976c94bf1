"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from detente import cli_show, pipeline
from detente.cli import app
from detente.engine import workers
from detente.errors import KnowledgeError
from detente.knowledge import DATA, Ledger
from detente.knowledge.lexicon import Match, TriggerRow
from detente.pipeline import Coder
from detente.records import When
from detente.score import SCORES, rows

NEWS = "The foreign ministers of Kenya and Uganda met in Nairobi on July 1. Police arrested 14 protesters in Nairobi on Saturday."
Invoke = Callable[..., "Told"]


class Told:
    """Exit code, standard output and standard error of a command."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def detente(coder: Coder, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs a command in this process with the session's coder."""
    for module in (pipeline, workers):
        monkeypatch.setattr(module, "Coder", lambda _settings: coder)

    def invoke(*arguments: object, stdin: str | None = None) -> Told:
        result = CliRunner().invoke(app, [str(a) for a in arguments], input=stdin, catch_exceptions=False)
        return Told(result.exit_code, result.stdout, result.stderr)

    return invoke


def command(*arguments: object) -> list[str]:
    """A command as a process of its own."""
    return [sys.executable, "-m", "detente.cli", *map(str, arguments)]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A file with one article."""
    path = tmp_path / "news.txt"
    path.write_text(NEWS, encoding="utf-8")
    return path


# -- code ------------------------------------------------------------------------------------------------------------------


def test_code_writes_json_lines_and_a_summary(detente: Invoke, news: Path, coder: Coder) -> None:
    told = detente("code", news, "--date", "2016-07-04")
    rows = [json.loads(line) for line in told.out.splitlines()]
    expected = coder.code(NEWS, published="2016-07-04")
    assert told.code == 0
    assert [(r["event"], r["date"], r["trigger"]) for r in rows] == [(c.event, str(c.when.start), c.trigger) for c in expected]
    assert {r["event"] for r in rows} == {"CONSULT", "COERCE"}
    assert re.fullmatch(r"1 article, 2 sentences, 2 claims, 0 rejects, [\d.]+ s, \d+ sentences/s\n", told.err)


def test_code_takes_the_format_from_the_file_name(detente: Invoke, news: Path, tmp_path: Path) -> None:
    for ending in ("jsonl", "csv", "parquet"):
        assert detente("code", news, "--out", tmp_path / f"claims.{ending}").code == 0
    ids = [json.loads(line)["id"] for line in (tmp_path / "claims.jsonl").read_text("utf-8").splitlines()]
    assert len(ids) == 2
    assert pq.read_table(tmp_path / "claims.parquet").column("id").to_pylist() == ids
    assert [line.split(",")[0] for line in (tmp_path / "claims.csv").read_text("utf-8").splitlines()] == ["id", *ids]
    odd = tmp_path / "claims.txt"
    assert detente("code", news, "--out", odd, "--format", "csv").code == 0
    assert odd.read_bytes() == (tmp_path / "claims.csv").read_bytes()


def test_code_writes_the_ledger_beside_the_claims(detente: Invoke, tmp_path: Path, coder: Coder) -> None:
    text = "Iran backs the Houthis. Egypt accepted the truce on condition that Israel withdraws."
    news, out, beside = tmp_path / "one.txt", tmp_path / "claims.jsonl", tmp_path / "ledger.jsonl"
    news.write_text(text, encoding="utf-8")
    assert detente("code", news, "--date", "2016-07-05", "--out", out, "--ledger", beside).code == 0
    rows = [json.loads(line) for line in beside.read_text("utf-8").splitlines()]
    assert [(row["sort"], row["kind"]) for row in rows] == [("stance", "supports"), ("agreement", "accepted")]
    assert rows[1]["conditions"][0]["text"] == "on condition that Israel withdraws"
    assert [row["rule"] for row in rows] == [e.rule for e in coder.ledger(text, "2016-07-05")]
    assert all("event" in json.loads(line) for line in out.read_text("utf-8").splitlines())
    assert detente("code", news, "--ledger", beside).code == 2


def test_code_reads_columns_blocks_and_standard_input(detente: Invoke, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f'when,words\n2016-07-04,"{NEWS}"\n', encoding="utf-8")
    told = detente("code", table, "--column", "text=words", "--column", "date = when")
    assert {json.loads(line)["published"] for line in told.out.splitlines()} == {"2016-07-04"}
    told = detente("code", "-", "--articles", "blank-line", stdin=f"{NEWS}\n\n{NEWS}\n")
    assert told.err.startswith("2 articles")


def test_articles_without_a_day_are_told(detente: Invoke, tmp_path: Path) -> None:
    undated = tmp_path / "undated.txt"
    undated.write_text("KABUL, Oct. 3 — Pakistan condemned India on Monday.\n", encoding="utf-8")
    told = "1 article without a day of publication"
    assert told in detente("code", undated).err
    assert told not in detente("code", undated, "--date", "2016-10-04").err
    assert told in detente("add", tmp_path / "store", undated).err


def test_code_profiles_the_steps(detente: Invoke, news: Path) -> None:
    told = detente("code", news, "--profile")
    assert all(re.search(rf"^ *{step} +[\d.]+ +\d+%", told.err, re.MULTILINE) for step in pipeline.STEPS)


def test_code_tells_rejects_up_to_twenty(detente: Invoke, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text("".join('{"text": "It rained."}\nnot json\n' for _ in range(25)), encoding="utf-8")
    told = detente("code", mixed)
    lines = told.err.splitlines()
    assert told.code == 0
    assert re.match(r".*mixed\.jsonl:2: .+ \(.+\)$", lines[0])
    assert sum("mixed.jsonl:" in line for line in lines) == 20
    assert lines[20] == "… and 5 more rejects"
    assert lines[21].startswith("25 articles, 25 sentences, 0 claims, 25 rejects")


def test_code_fails_where_most_is_rejected(detente: Invoke, tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.jsonl", tmp_path / "claims.jsonl"
    bad.write_text('{"text": "It rained."}\n' + "not json\n" * 11, encoding="utf-8")
    told = detente("code", bad, "--out", out)
    assert told.code == 1
    assert "detente: 11 of 12 articles were rejected" in told.err
    assert out.exists()
    assert len((tmp_path / "claims.jsonl.rejects.jsonl").read_text("utf-8").splitlines()) == 11


@pytest.mark.parametrize(
    "arguments",
    [
        ["code"],
        ["code", "x.txt", "--format", "parquet"],
        ["code", "x.txt", "--resume"],
        ["code", "x.txt", "--date", "2016-02-30"],
        ["code", "x.txt", "--column", "text"],
        ["code", "x.txt", "--jobs", "0"],
        ["code", "x.txt", "--articles", "many"],
        ["score", "beauty", "x.txt"],
        ["check", "--row", "no-such-row"],
        ["sing"],
    ],
)
def test_wrong_usage_ends_with_2(detente: Invoke, arguments: list[str]) -> None:
    told = detente(*arguments)
    assert told.code == 2
    assert "Usage:" in told.err
    assert not told.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["code", "nosuch.txt"], "nosuch.txt: no such file"),
        (["code", "x.txt", "--column", "colour=red"], "colour"),
        (["explain", "nosuch.txt"], "nosuch.txt: no such file"),
        (["read", "nosuch.txt"], "nosuch.txt: no such file"),
        (["demo", "--out", "no/such/folder.jsonl"], "is no folder"),
        (["code", str(DATA / "samples" / "05-south-asia-flash.txt"), "--out", "no/such/claims.jsonl"], "is no folder"),
    ],
)
def test_errors_come_with_a_remedy(detente: Invoke, arguments: list[str], message: str) -> None:
    told = detente(*arguments)
    assert told.code == 1
    first, second = told.err.splitlines()[:2]
    assert first.startswith("detente: ")
    assert message in first
    assert re.match(r"  remedy: \w+", second)
    assert "Traceback" not in told.err


def test_the_output_is_not_read_as_input(detente: Invoke, news: Path, tmp_path: Path) -> None:
    told = detente("code", tmp_path, "--out", tmp_path / "claims.jsonl")
    assert told.code == 1
    assert "would be read as a part of" in told.err
    assert detente("code", news, "--out", news).code == 1
    assert news.read_text("utf-8") == NEWS
    for _ in range(2):
        assert detente("code", tmp_path / "*.txt", "--out", tmp_path / "claims.jsonl").code == 0


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """What a shell starts in the background ignores Ctrl-C, and so do its children: the tests may run there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_says_how_to_go_on(detente: Invoke, tmp_path: Path) -> None:
    many, out = tmp_path / "many.jsonl", tmp_path / "claims.jsonl"
    rows = [json.dumps({"text": f"The president of Kenya visited Uganda {n} times. {NEWS}"}) for n in range(160)]
    many.write_text("\n".join(rows), encoding="utf-8")
    process = subprocess.Popen(command("code", many, "--out", out), stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 40
    while not (tmp_path / "claims.jsonl.part" / "000000.jsonl").exists():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=20)[1]
    assert process.returncode == 130
    assert told.startswith("detente: stopped\n  finished chunks are kept")
    assert "--resume" in told
    assert "Traceback" not in told
    assert not out.exists()
    resumed = detente("code", many, "--out", out, "--resume")
    assert resumed.code == 0
    assert re.match(r"160 articles \(\d+ taken over\), 480 sentences", resumed.err)
    assert not (tmp_path / "claims.jsonl.part").exists()


def test_a_broken_pipe_ends_quietly(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("It rained. " * 100_000)
    process = subprocess.Popen(command("read", path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stderr
    assert process.stdout.read(10) == "It rained."
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 0
    assert not told


# -- the other commands --------------------------------------------------------------------------------------------------------


def test_explain_shows_tree_actors_rows_and_claims(detente: Invoke) -> None:
    told = detente("explain", NEWS, "--date", "2016-07-04")
    assert told.code == 0
    for shown in (
        r"^  met \(meet\)  root  VERB VBD *$",
        r"├── ministers \(minister\)  nsubj  NOUN NNS",
        r"“Kenya” → KEN \(",
        r"“on July 1” → 2016-07-01",
        r"^      yes  consult-meet\S* CONSULT *$",
        r"^      no   \S+ \S+: needs object: ",
        r"CONSULT  Kenya \(foreign minister\) ↔ Uganda \(foreign minister\)  actual",
        r"when: 2016-07-01 “on July 1”",
        r"claims: consult-meet\S* “met”",
    ):
        assert re.search(shown, told.out, re.MULTILINE), shown
    assert "\x1b" not in told.out


def test_explain_shows_the_ledger(detente: Invoke) -> None:
    out = detente("explain", "Serbia will not sign the agreement until Kosovo sets up the association.").out
    for words in ("ledger", "agreement signed", "condition: “until Kosovo", "condition-until", "negated", "signed-sign"):
        assert words in out
    assert "  ledger\n" not in detente("explain", "It rained in Lima.").out


def test_explain_takes_a_file(detente: Invoke, news: Path) -> None:
    from_file, from_text = detente("explain", news), detente("explain", NEWS)
    assert from_file.out == from_text.out
    assert detente("explain", "-", stdin=NEWS).out == from_text.out


def test_explain_shows_a_sentence_without_anything(detente: Invoke) -> None:
    told = detente("explain", "The sky was blue.")
    assert told.code == 0
    assert told.out.count("none") == 6


def test_read_prints_exactly_the_text(detente: Invoke, tmp_path: Path) -> None:
    odd = tmp_path / "odd.txt"
    odd.write_bytes("«Title»\r\n\r\nBody with  two spaces,\ttab, naïve “quotes”.\r\n\r\n".encode())
    assert detente("read", odd).out == "«Title»\n\nBody with  two spaces,\ttab, naïve “quotes”.\n\n"
    row = json.loads(detente("read", odd, "--json").out)
    assert row["text"] == detente("read", odd).out
    assert set(row) == {"id", "text", "title", "publisher", "url", "published", "published_inferred", "published_rule", "file", "line"}


def test_offsets_of_claims_count_the_text_that_read_prints(detente: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_bytes(f"Ünruhe in Nairobi\r\n\r\n{NEWS}\r\n".encode())
    text = detente("read", path).out
    rows = [json.loads(line) for line in detente("code", path).out.splitlines()]
    assert rows
    for row in rows:
        assert text[row["start"] : row["end"]] == row["sentence"]
        assert text[row["trigger_start"] : row["trigger_end"]] == row["trigger"]
        assert all(text[a["start"] : a["end"]] == a["text"] for a in row["actor"])


def with_rows(coder: Coder, **rows: TriggerRow) -> SimpleNamespace:
    """What `check` asks of a coder, with changed rows under the names of shipped ones."""
    rules = {name: replace(coder.knowledge.lexicon.rules[name], row=row) for name, row in rows.items()}
    lexicon = SimpleNamespace(rules=rules)
    knowledge = SimpleNamespace(lexicon=lexicon, ledger=Ledger(), version="k_test", read_rest=coder.knowledge.read_rest)
    return SimpleNamespace(knowledge=knowledge, code_each=coder.code_each, ledger_each=coder.ledger_each)


def test_check_passes_good_rows_and_names_bad_ones(detente: Invoke, coder: Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = next(r for name, r in coder.knowledge.lexicon.rules.items() if name.startswith("consult-meet"))
    good = rule.row.model_copy(update={"matches": [], "refuses": ["It rained."]})
    bad = rule.row.model_copy(update={"matches": [Match(text="It rained.")], "refuses": ["It snowed."]})
    monkeypatch.setattr(rows, "Coder", lambda *_: with_rows(coder, **{rule.id: good}))
    told = detente("check", "--again")
    assert (told.code, told.out) == (0, "1 row, 1 sentence, 0 failures; knowledge k_test\n")
    monkeypatch.setattr(rows, "Coder", lambda *_: with_rows(coder, **{rule.id: bad}))
    told = detente("check", "--again")
    line = next(n for n, text in enumerate(rule.path.read_text("utf-8").splitlines(), 1) if f"id: {rule.id}" in text)
    assert told.code == 1
    assert told.out.splitlines() == [
        f"{rule.path}:{line}: row {rule.id}",
        "  in: It rained.",
        "  found: no claim",
        "  expected: a claim by this row",
        "1 row, 2 sentences, 1 failure; knowledge k_test",
    ]


def test_check_tries_only_the_rows_asked_for(detente: Invoke, coder: Coder) -> None:
    name = next(name for name in coder.knowledge.lexicon.rules if name.startswith("consult-meet"))
    assert detente("check", "--row", name).out.startswith("1 row, ")


def test_check_tries_rows_of_the_ledger_too(detente: Invoke) -> None:
    assert detente("check", "--row", "terrorist-list", "--row", "condition-until").out.startswith("2 rows, ")
    assert "no row is named terrorist-cake" in detente("check", "--row", "terrorist-cake").err


def test_check_stops_at_knowledge_that_breaks_its_rules(detente: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Coder:
        raise KnowledgeError("verbs/BAD.yml", 7, "colour", "one of event, mode", "take it out")

    monkeypatch.setattr(rows, "Coder", broken)
    told = detente("check", "--again")
    assert (told.code, told.out) == (1, "")
    assert told.err == "detente: verbs/BAD.yml:7: found colour, expected one of event, mode\n  remedy: take it out\n"


def test_demo_shows_every_sample_without_colour_codes(tmp_path: Path) -> None:
    out = tmp_path / "demo.jsonl"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command("demo", "--out", out), check=True, capture_output=True, text=True, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 40  # s; a store and a brief came
    for path in sorted((DATA / "samples").glob("*.txt")):
        assert path.read_text("utf-8").splitlines()[0][:60] in done.stdout
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(rows) > 50
    assert f"{len(rows)} claims in 14 articles" in done.stdout
    assert "agency wire" in done.stdout
    assert "detente explain" in done.stdout
    assert str(out) in done.stdout.replace("\n", "")  # a long path is broken at the edge
    assert "\x1b" not in done.stdout
    assert not done.stderr


def test_score_prints_figures(detente: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(SCORES, "ud", lambda path, settings: {"words": 25094, "las": 0.91254, "threads": settings.threads})
    assert json.loads(detente("score", "ud", tmp_path, "--json").out) == {"words": 25094, "las": 0.91254, "threads": 1}
    assert detente("score", "ud", tmp_path).out.splitlines() == [
        "words          25,094",
        "las            0.9125",
        "threads             1",
    ]


def test_version(detente: Invoke) -> None:
    from detente import __version__

    assert detente("--version").out == f"detente {__version__}\n"


def test_help_is_quick_and_names_the_commands() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command("--help"), check=True, capture_output=True, text=True, timeout=30)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.8  # s; 0.4 at a third of the commands
    assert all(name in done.stdout for name in ("code", "explain", "read", "check", "demo", "score"))


# -- rendering -------------------------------------------------------------------------------------------------------------------


def test_quads_differ_in_sign_and_colour() -> None:
    signs, styles = zip(*cli_show.QUADS.values(), strict=True)
    assert signs == ("+", "++", "-", "--")
    assert len({style.split()[-1] for style in styles}) == 4


def test_every_quad_of_the_ontology_has_a_sign(coder: Coder) -> None:
    assert {coder.knowledge.ontology.quad(event) for event in coder.knowledge.ontology.events} == set(cli_show.QUADS)


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (date(2016, 7, 1), date(2016, 7, 1), "2016-07-01"),
        (date(2016, 2, 1), date(2016, 2, 29), "2016-02"),
        (date(2016, 1, 1), date(2016, 12, 31), "2016"),
        (date(2016, 7, 1), date(2016, 8, 31), "2016-07-01 – 2016-08-31"),
        (date(2016, 7, 2), date(2016, 7, 31), "2016-07-02 – 2016-07-31"),
        (None, date(2016, 7, 31), "… – 2016-07-31"),
        (None, None, "–"),
    ],
)
def test_days_are_shown_as_short_as_they_are(start: date | None, end: date | None, shown: str) -> None:
    assert cli_show.days(When(start, end, None, None, "test")) == shown


def test_all_samples_have_a_kind_of_text() -> None:
    kinds = cli_show.sample_kinds(DATA / "samples" / "README.md")
    assert set(kinds) == {path.name for path in (DATA / "samples").glob("*.txt")}
    assert all(kinds.values())
    assert os.sep not in "".join(kinds)


def test_the_module_is_the_command() -> None:
    told = subprocess.run([sys.executable, "-m", "detente", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.split()[0] == "detente"
