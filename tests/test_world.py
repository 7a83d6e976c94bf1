"""Sixteen articles on the thaw between two states, from different outlets: what comes out, down to the sentences."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import detente
from detente.cli import app
from detente.errors import StoreError, UnknownName
from detente.knowledge import DATA
from detente.pipeline import Coder
from detente.relations.brief_text import to_html, to_markdown
from detente.world import World, open_world, party_of

AT = date(2016, 7, 8)
WEEK = (date(2016, 6, 24), date(2016, 7, 1))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, coder: Coder) -> World:
    """The sample articles, stored and folded."""
    store = open_world(tmp_path_factory.mktemp("world") / "thaw")
    store.add(detente.read([str(DATA / "samples" / "thaw")]), coder)
    store.fold()
    return store


def test_one_happening_is_one_event_however_often_it_is_told(world: World) -> None:
    told = world.sql(
        "select event, date, articles, origins_high from events where lane = 'happened' and list_contains(parties, 'TUR')"
        " and list_contains(parties, 'RUS') and articles >= 4 order by articles desc"
    ).to_pylist()
    days = {(row["event"], row["date"].isoformat()) for row in told}
    assert days >= {("CONCEDE", "2016-06-27"), ("CONSULT", "2016-06-29"), ("CONSULT", "2016-07-01"), ("ASSAULT", "2015-11-24")}
    calls = world.sql("select count(*) as n from events where event = 'CONSULT' and mode = 'phone' and date = '2016-06-29'").to_pylist()
    assert calls == [{"n": 1}]


def test_a_reprint_counts_as_an_article_and_not_as_an_origin(world: World) -> None:
    names = {row["id"]: Path(row["file"]).name for row in world.table("articles", ["id", "file"]).to_pylist()}
    links = world.table("links", ["event", "article", "family"]).to_pylist()
    families = {names[link["article"]]: link["family"] for link in links}
    assert families["03-reprint-nusra.txt"] == families["02-wire-sochi.txt"]
    assert len({families[name] for name in families}) == len(families) - 1
    both = {link["event"] for link in links if names[link["article"]].startswith("02")} & {
        link["event"] for link in links if names[link["article"]].startswith("03")}
    assert both
    counted = world.table("events", ["articles", "origins_high"], where={"id": sorted(both)}).to_pylist()
    assert all(row["origins_high"] < row["articles"] for row in counted)


def test_the_relation_turns_in_the_last_days_of_june(world: World) -> None:
    warmer = [shift for shift in world.relation("TUR", "RUS").shifts() if shift.towards > 0]
    assert any(WEEK[0] <= shift.first and shift.last <= WEEK[1] for shift in warmer)
    (shift,) = [s for s in warmer if WEEK[0] <= s.first <= WEEK[1]]
    known = set(world.table("events", ["id"])["id"].to_pylist())
    assert {cause.event for cause in shift.events} <= known


def test_a_stance_changed_and_both_ends_are_dated(world: World) -> None:
    found = world.relation("Turkey", "al-nusra-front").stances()
    own = [p for p in found.periods if (p.holder, p.other, p.line, p.value) == ("TUR", "al-nusra-front", "self", "terrorist")]
    assert [p.from_high for p in own] == [date(2016, 7, 1)]
    (change,) = [c for c in found.changes if (c.now.holder, c.now.other, c.now.value) == ("TUR", "al-nusra-front", "terrorist")]
    assert change.before.sign > 0
    assert change.by == date(2016, 7, 1)


def test_the_proposal_is_an_agreement_with_its_conditions(world: World) -> None:
    deals = [deal for deal in world.relation("USA", "RUS").agreements() if deal.parties == ("RUS", "USA")]
    (sent,) = [deal for deal in deals if any(step.stage == "transmitted" and step.day == date(2016, 6, 27) for step in deal.steps)]
    assert sent.stage(AT) == "transmitted"
    assert any("separate from the group" in condition.text for condition in sent.conditions)


def test_memberships_of_knowledge_and_articles_stand_side_by_side(world: World) -> None:
    found = {(b.body, b.value): b for b in world.relation("TUR", "TUR").memberships() if b.member == "TUR"}
    assert found["nato", "member"].known
    assert found["nato", "member"].facts
    assert found["sco", "observer"].disputed_by == ("knowledge: partner",)


def test_every_sentence_of_a_brief_carries_its_evidence(world: World) -> None:
    page = world.relation("TUR", "RUS").brief(AT)
    for title, sentences in page.sections:
        for sentence in sentences:
            assert set(sentence.evidence) <= set(page.sources)
            assert sentence.evidence or title in {"State of the relation", "Not known", "Coverage"}
    for source in page.sources.values():
        text = world.table("articles", ["text"], where={"id": source.article}).to_pylist()[0]["text"]
        assert source.sentence in text
    told = to_markdown(page)
    numbers = {int(n) for n in re.findall(r"\[(\d+)\]", told)}
    assert numbers == set(range(1, len(page.sources) + 1))
    assert "29 June 2016" in told
    assert to_html(page).count('<li id="n') == len(page.sources)


def test_a_brief_changes_where_a_claim_it_cites_is_rejected(world: World, tmp_path: Path) -> None:
    copy = open_world(tmp_path / "copy")
    copy.add_coded(world.table("claims"), world.table("articles"), world.table("entries"))
    copy.fold()
    page = copy.relation("TUR", "RUS").brief(AT)
    events = dict(page.sections)["Key events"]
    single = next(sentence for sentence in events if "1 article," in sentence.text and len(sentence.evidence) == 1)
    copy.decide_on("reject_claim", single.evidence, reason="not so", made_by="test")
    copy.fold()
    assert single not in dict(copy.relation("TUR", "RUS").brief(AT).sections)["Key events"]


def test_folding_again_changes_nothing_and_a_decision_does(world: World, tmp_path: Path) -> None:
    copy = open_world(tmp_path / "copy")
    copy.add_coded(world.table("claims"), world.table("articles"), world.table("entries"))
    first = copy.fold()
    assert first.events == world.fold().events
    assert copy.fold().changed == 0
    rows = copy.sql("select id from events where event = 'CONSULT' and lane = 'happened' order by articles, id limit 2")
    one, two = rows["id"].to_pylist()
    decision = copy.decide_on("same", [one, two], reason="one visit", made_by="test")
    assert copy.fold().events == first.events - 1
    copy.decide_on("revoke", [decision], reason="it was two", made_by="test")
    copy.fold()
    assert Counter(copy.table("events")["revision"].to_pylist()) == Counter(world.table("events")["revision"].to_pylist())
    with pytest.raises(StoreError, match="e_0000"):
        copy.decide_on("same", ["e_0000", one], reason="", made_by="test")


def test_names_and_sectors_of_parties() -> None:
    knowledge = World.knowledge.func(type("Bare", (), {"own_knowledge": None})())
    assert party_of("turkey", knowledge) == "TUR"
    assert party_of("al-nusra-front", knowledge) == "al-nusra-front"
    assert party_of("SYR:REB", knowledge) == "SYR:REB"
    with pytest.raises(UnknownName, match="Ruritania"):
        party_of("Ruritania", knowledge)


@pytest.mark.parametrize("arguments", [
    ("events", "TUR", "RUS", "--since", "2016-06-01"), ("relation", "TUR", "RUS", "--level", "week"), ("shifts", "Turkey", "Russia"),
    ("stances", "TUR", "al-nusra-front"), ("memberships", "TUR", "--at", "2016-07-05"), ("agreements", "USA", "RUS"),
    ("brief", "TUR", "RUS", "--at", "2016-07-08"), ("brief", "TUR", "RUS", "--at", "2016-07-08", "--format", "html"), ("audit",),
    ("query", "select count(*) from claims", "--format", "csv"),
], ids=lambda arguments: " ".join(arguments[:1]) if isinstance(arguments, tuple) else "")
def test_commands_tell_the_same(world: World, arguments: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [arguments[0], str(world), *arguments[1:]], catch_exceptions=False)
    assert told.exit_code == 0
    assert told.stdout.strip()


def test_a_page_of_an_event_names_its_claims(world: World) -> None:
    ident = world.sql("select id from events order by articles desc, id limit 1").to_pylist()[0]["id"]
    told = CliRunner().invoke(app, ["event", str(world), ident], catch_exceptions=False)
    claims = world.table("links", ["claim"], where={"event": ident})["claim"].to_pylist()
    assert all(claim in told.stdout for claim in claims)
    missing = CliRunner().invoke(app, ["event", str(world), "e_0"], catch_exceptions=False)
    assert missing.exit_code == 1


@pytest.mark.parametrize(("field", "value", "words"), [
    ("date", "nonsense", "2016-07-05"), ("date", "", "2016-07-05"), ("colour", "red", "one of event, mode"), ("lane", "maybe", "happened"),
    ("event", "NOPE", "AGREE"), ("mode", "nope", "visit"), ("standing", "so", "confirmed"),
])
def test_a_value_that_no_fold_could_take_is_refused(world: World, field: str, value: str, words: str) -> None:
    ident = world.sql("select id from events order by id limit 1").to_pylist()[0]["id"]
    before = world.table("decisions").num_rows
    with pytest.raises(StoreError) as refused:
        world.decide_on("value", [ident], field=field, value=value, reason="", made_by="test")
    assert words in refused.value.hint
    assert world.table("decisions").num_rows == before


@pytest.mark.parametrize("kind", ["same", "different"])
def test_one_event_alone_is_neither_same_nor_different(world: World, kind: str) -> None:
    ident = world.sql("select id from events order by articles desc, id limit 1").to_pylist()[0]["id"]
    with pytest.raises(StoreError, match="of two events"):
        world.decide_on(kind, [ident, ident], reason="", made_by="test")


def test_an_event_that_is_rejected_counts_as_a_change(world: World, tmp_path: Path) -> None:
    copy = open_world(tmp_path / "copy")
    copy.add_coded(world.table("claims"), world.table("articles"), world.table("entries"))
    copy.fold()
    ident = copy.sql("select id from events order by id limit 1").to_pylist()[0]["id"]
    copy.decide_on("reject_event", [ident], reason="no event", made_by="test")
    assert copy.fold().changed >= 1


def test_a_brief_knows_only_what_was_told_by_its_day(world: World) -> None:
    pair = world.relation("TUR", "RUS")
    early = date(2016, 6, 30)
    late = {row["id"] for row in pair.events.to_pylist() if row["first_published"] and row["first_published"] > early}
    assert late
    assert late.isdisjoint(pair.known(early).rows["event"].to_pylist())
    assert not [shift for shift in pair.shifts(date(2016, 6, 20)) if shift.last > date(2016, 6, 20)]
    page = pair.brief(early)
    assert all(source.published is None or source.published <= early for source in page.sources.values())
