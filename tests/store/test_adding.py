"""Adding: what goes in comes out, once, whatever is added again; what cannot be coded is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from detente.errors import RunError, StoreError
from detente.flow.read import read
from detente.flow.write import SCHEMA, claims_table
from detente.flow.write_ledger import entry_to_dict
from detente.knowledge import DATA, Knowledge
from detente.ledger import Entry
from detente.pipeline import Coder, Outcome
from detente.records import Article, Claim, Reject, content_id
from detente.settings import Settings
from detente.store import Adding, Store
from detente.store import adding as adding_module
from detente.tables import ARTICLES, CLAIMS, ENTRIES

_NAMES = ("01-turkey-russia-thaw.txt", "04-great-lakes-communique.txt", "14-united-nations-yemen-access.txt")
SAMPLES = [DATA / "samples" / name for name in _NAMES]


def by_id(table: pa.Table, names: Sequence[str] | None = None) -> list[dict[str, object]]:
    """Rows as plain values in the order of their ids."""
    return sorted((table.select(names) if names else table).to_pylist(), key=lambda row: row["id"])


def parties_of(records: Iterable[Claim | Entry]) -> list[str]:
    """Ids of all parties in claims and entries, in order."""
    found: set[str | None] = set()
    for record in records:
        speaker = (record.voice.speaker,) if record.voice.speaker else ()
        found.update(party.id for party in (*record.actor, *record.recipient, *record.voice.via, *speaker))
    return sorted(key for key in found if key)


class Stub:
    """A coder without a model: one claim for each word "met", a reject for "BAD", an error for "BOOM"."""

    def __init__(self, knowledge: Knowledge, **settings: object) -> None:
        self.knowledge, self.settings = knowledge, Settings(**settings)
        self.seen: list[str] = []

    def work(self, articles: Sequence[Article]) -> Outcome:
        """Codes a batch."""
        outcome = Outcome(articles=len(articles))
        for article in articles:
            if "BOOM" in article.text:
                raise ZeroDivisionError("boom")
            self.seen.append(article.id)
            if "BAD" in article.text:
                outcome.rejects.append(Reject(article.file, article.line, article.id, "read", "bad", "mend it"))
                continue
            for number in range(article.text.count("met")):
                claim = Claim(article.id, article.text, 0, 0, len(article.text), "CONSULT", None, "met", 0, 3, (), (), "rule")
                outcome.claims.append(replace(claim, id=content_id("c", article.id, number)))
            outcome.lengths[article.id] = 1
        return outcome


@pytest.fixture
def stub(knowledge: Knowledge) -> Stub:
    """A coder without a model."""
    return Stub(knowledge)


def articles(*texts: str) -> list[Article]:
    """Articles with these texts."""
    return [Article(content_id("a", text), text, f"Title {n}", file="news.jsonl", line=n) for n, text in enumerate(texts, 1)]


def test_every_column_of_coded_articles_comes_back(store: Store, coder: Coder) -> None:
    found = list(read(SAMPLES))
    outcome = coder.work(found)
    added = store.add(found, coder)
    assert (added.articles, added.claims, added.entries) == (3, len(outcome.claims), len(outcome.entries))
    claims = store.table("claims")
    assert claims.schema == CLAIMS
    assert by_id(claims, SCHEMA.names) == by_id(claims_table(outcome.claims))
    entries = store.table("entries")
    assert entries.schema == ENTRIES
    wanted = [{k: v for k, v in entry_to_dict(entry).items() if k in ENTRIES.names} for entry in outcome.entries]
    got = by_id(entries, [name for name in ENTRIES.names if name not in {"batch", "recorded"}])
    for row in got:
        row.update({name: day.isoformat() for name, day in row.items() if isinstance(day, date)})
    assert got == sorted(wanted, key=lambda row: str(row["id"]))


def test_rows_of_articles_hold_what_was_read_and_found(store: Store, coder: Coder) -> None:
    [article] = read(SAMPLES[0])
    store.add([article], coder)
    table = store.table("articles")
    assert table.schema == ARTICLES
    [row] = table.to_pylist()
    for name in ("id", "text", "title", "publisher", "url", "published", "published_inferred", "published_rule", "file", "line"):
        assert row[name] == getattr(article, name), name
    outcome = coder.work([article])
    assert row["actors"] == parties_of((*outcome.claims, *outcome.entries))
    assert (row["claims"], row["entries"], row["sentences"]) == (len(outcome.claims), len(outcome.entries), outcome.sentences)
    assert row["knowledge"] == coder.knowledge.version
    assert row["recorded"] == store.moment


def test_adding_again_codes_and_stores_nothing(store: Store, stub: Stub) -> None:
    first = store.add(articles("They met.", "They met and met."), stub)
    seen, version = len(stub.seen), store.version
    again = store.add(articles("They met.", "They met and met.", "New."), stub)
    assert (first.articles, first.claims) == (2, 3)
    assert (again.articles, again.claims, again.known) == (1, 0, 2)
    assert len(stub.seen) == seen + 1
    assert store.add(articles("They met."), stub).version is None
    assert store.version == version + 1
    assert store.table("claims").num_rows == 3


def test_an_article_that_stands_twice_in_the_input_is_stored_once(store: Store, stub: Stub) -> None:
    added = store.add(articles("They met.") * 3, stub)
    assert (added.articles, added.known) == (1, 2)
    assert store.audit().ok


def test_rejects_are_kept_with_their_reason_and_the_others_are_stored(store: Store, stub: Stub) -> None:
    from_reading = [Reject("gone.txt", 0, None, "read", "no such file", "check the path")]
    added = store.add(articles("They met.", "BAD", "BOOM", "They left."), stub, rejects=from_reading)
    assert (added.articles, added.rejects) == (2, 3)
    rows = {row["reason"]: row for row in store.table("rejects").to_pylist()}
    assert set(rows) == {"bad", "ZeroDivisionError: boom", "no such file"}
    assert rows["bad"]["run"] == added.run
    assert rows["bad"]["hint"] == "mend it"


def test_too_many_rejects_are_an_error_after_the_rest_is_stored(store: Store, knowledge: Knowledge) -> None:
    with pytest.raises(RunError, match="10 of 12 articles were rejected") as error:
        store.add(articles("They met.", "They left.", *(f"BAD {n}" for n in range(10))), Stub(knowledge))
    assert "SELECT reason" in error.value.hint
    assert store.table("articles").num_rows == 2
    assert store.sql("SELECT state FROM runs WHERE state <> 'begun'")["state"].to_pylist() == ["failed"]


def test_progress_tells_what_is_on_the_disk(store: Store, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding_module, "CHUNK", 2)
    monkeypatch.setattr(adding_module, "_COMMIT_ARTICLES", 4)
    told: list[tuple[Adding, int]] = []
    store.add(articles(*(f"They met {n}." for n in range(7))), stub, progress=lambda a: told.append((a, store.table("articles").num_rows)))
    assert [(a.stored, a.waiting) for a, _ in told] == [(0, 2), (4, 0), (4, 2), (4, 3), (7, 0)]
    assert all(a.stored == there for a, there in told)


def test_recoding_replaces_what_other_knowledge_has_coded(store: Store, stub: Stub, knowledge: Knowledge) -> None:
    class Newer(Stub):
        """A coder with other knowledge, which finds no claims."""

        def __init__(self) -> None:
            super().__init__(knowledge)
            self.knowledge = copy(knowledge)
            self.knowledge.version = "k_new"

        def work(self, articles: Sequence[Article]) -> Outcome:
            return replace_claims(super().work(articles))

    def replace_claims(outcome: Outcome) -> Outcome:
        outcome.claims = [replace(claim, event="AID", id=claim.id + "n") for claim in outcome.claims]
        return outcome

    found = articles("They met.", "They met and met.")
    store.add(found, stub)
    before = store.moment
    newer = Newer()
    assert store.add(found, newer).articles == 0
    assert store.add(found, newer, recode=True).articles == 2
    assert store.add(found, newer, recode=True).known == 2, "an article is coded anew once"
    assert set(store.table("claims")["event"].to_pylist()) == {"AID"}
    assert store.table("claims").num_rows == 3
    assert store.table("articles").num_rows == 2
    report = store.audit()
    assert (report.codings, report.orphans, report.ok) == (4, 0, True)
    assert before is not None
    assert set(store.as_of(before).table("claims")["event"].to_pylist()) == {"CONSULT"}


def test_half_a_surrogate_pair_does_not_stop_an_add(store: Store, stub: Stub) -> None:
    store.add(articles("They met\ud800 here."), stub)
    [row] = store.table("articles").to_pylist()
    assert row["text"] == "They met� here."
    assert store.table("claims")["sentence"].to_pylist() == ["They met� here."]


def test_several_processes_code_what_one_codes(tmp_path: Path, coder: Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding_module, "CHUNK", 1)
    found = list(read(SAMPLES[2:]))
    found += [replace(found[0], id="a_other")]
    one, two = Store.open(tmp_path / "one"), Store.open(tmp_path / "two")
    one.add(found, coder)
    two.add(found, coder, jobs=2)
    names = [name for name in CLAIMS.names if name not in {"batch", "recorded"}]
    assert by_id(one.table("claims"), names) == by_id(two.table("claims"), names)


# -- ready-made claims ------------------------------------------------------------------------------------------------


def test_claims_that_are_there_already_make_rows_of_articles(store: Store, coder: Coder) -> None:
    found = list(read(SAMPLES))
    claims = coder.work(found).claims
    added = store.add_coded(iter(claims))
    assert (added.articles, added.claims) == (3, len(claims))
    rows = {row["id"]: row for row in store.table("articles").to_pylist()}
    for article in found:
        row = rows[article.id]
        assert (row["title"], row["published"], row["text"]) == (article.title, article.published, None)
        own = [claim for claim in claims if claim.article == article.id]
        assert row["actors"] == parties_of(own)
        assert row["claims"] == len(own)
    assert by_id(store.table("claims"), SCHEMA.names) == by_id(claims_table(claims))


def test_tables_are_stored_with_their_articles_and_entries(store: Store, crash: ModuleType) -> None:
    claims, own, entries = crash.made(list(range(30)))
    added = store.add_coded(claims, own, entries)
    assert (added.articles, added.claims, added.entries) == (30, claims.num_rows, entries.num_rows)
    again = store.add_coded(*crash.made(list(range(20, 40))))
    assert (again.articles, again.known) == (10, 10)
    assert store.table("articles", ["claims"])["claims"].to_pylist().count(0) == 6, "articles without claims are stored too"
    assert store.audit().ok


def test_slices_of_tables_are_stored_as_they_are(store: Store, coder: Coder) -> None:
    whole = claims_table(coder.work(list(read(SAMPLES))).claims)
    last = whole["article"].to_pylist()[-1]
    start = whole["article"].to_pylist().index(last)
    store.add_coded(whole.slice(start))
    assert by_id(store.table("claims"), SCHEMA.names) == by_id(whole.slice(start))


def test_records_that_stand_apart_are_refused_not_lost(store: Store, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding_module, "_RECORDS", 2)
    claims = stub.work(articles("met met", "met and met", "met")).claims
    with pytest.raises(StoreError, match="stand apart"):
        store.add_coded([*claims, claims[0]])
    assert store.add_coded(claims).known > 0
    assert store.table("claims").num_rows == len(claims)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.append_column("colour", pa.nulls(t.num_rows, pa.string())), "no column is called colour"),
        (lambda t: pa.concat_tables([t, t]), "occurs twice"),
        (lambda t: t.drop_columns(["id"]), "a row has no id"),
        (lambda t: t.set_column(t.schema.get_field_index("score"), "score", pa.array(["much"] * t.num_rows)), "another type"),
    ],
)
def test_tables_of_another_form_are_refused(store: Store, stub: Stub, change: object, said: str) -> None:
    claims = claims_table(stub.work(articles("They met and met.")).claims)
    with pytest.raises(StoreError, match=said):
        store.add_coded(change(claims))  # type: ignore[operator]
    assert store.table("articles").num_rows == 0


def test_events_of_other_data_sets_come_once(store: Store) -> None:
    rows = pa.table({"id": ["1", "2"], "event": ["AID", "AID"], "dataset": ["x", "x"], "original": ["1", "2"]})
    assert store.add_foreign(rows) == 2
    before = store.sql("SELECT max(recorded) AS t FROM runs")["t"][0].as_py()
    other = pa.table({"id": ["1"], "event": ["AID"], "dataset": ["y"], "original": ["1"]})
    assert store.add_foreign(pa.concat_tables([rows.slice(0, 1), other])) == 1
    assert store.table("foreign").num_rows == 3
    assert store.sql("SELECT count(*) AS n FROM imported")["n"].to_pylist() == [3]
    assert store.as_of(before).table("foreign", ["dataset", "id"]).num_rows == 2
    with pytest.raises(StoreError, match="no dataset"):
        store.add_foreign(pa.table({"id": ["9"], "event": ["AID"]}))
    with pytest.raises(StoreError, match="occurs twice"):
        store.add_foreign(pa.concat_tables([rows, rows]))
