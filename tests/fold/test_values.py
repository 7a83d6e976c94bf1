"""Values of an event: dates, places, tolls, parties, standing; what was known on a day; neither order nor reprints matter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import KnowledgeError
from detente.fold.told import COLUMNS
from detente.fold.value_rules import VALUES_FILE, load_value_rules
from detente.fold.values import Values, resolve
from detente.tables import CLAIMS, EVENTS, VARIANTS

CITY = {"name": "Torva", "country": "AAA", "admin1": "North", "lat": 10.0, "lon": 20.0, "geonames": 11, "precision": "city"}
SITE = {"name": "Torva airport", "country": "AAA", "admin1": "North", "lat": 10.1, "lon": 20.0, "geonames": 12, "precision": "site"}
TOWN = {"name": "Belk", "country": "AAA", "admin1": "North", "lat": 12.0, "lon": 20.0, "geonames": 13, "precision": "city"}
REGION = {"name": "North", "country": "AAA", "admin1": "North", "lat": None, "lon": None, "geonames": 14, "precision": "region"}
LAND = {"name": "Aland", "country": "AAA", "admin1": None, "lat": None, "lon": None, "geonames": 15, "precision": "country"}
FAR = {"name": "Zed", "country": "BBB", "admin1": "South", "lat": -10.0, "lon": 20.0, "geonames": 16, "precision": "city"}
OUTLET = {"kind": "outlet", "stance": "asserts", "speaker": None, "cue": None, "text": None, "via": []}
_count = iter(range(10_000_000))


def who(ident: str | None, *sectors: str, country: str | None = None, text: str = "", **more: Any) -> dict[str, Any]:
    """A mention; a state's country is itself."""
    state = ident if ident and len(ident) == 3 else country
    return {"id": ident, "name": ident, "country": country or state, "sector": list(sectors), "role": None, "person": None,
            "text": text or ident or "", "start": 0, "end": 1, **more}


def said_by(speaker: dict[str, Any], stance: str = "asserts") -> dict[str, Any]:
    """A speaker's voice."""
    return {"kind": "speaker", "stance": stance, "speaker": speaker, "cue": "said", "text": speaker["text"], "via": []}


def number(kind: str, low: int | None, high: int | None = -1, of: str | None = "people") -> dict[str, Any]:
    """A quantity as the coder gives it: one number, a range, at least (high None)."""
    high = low if high == -1 else high
    best = low if high in {low, None} else None
    return {"kind": kind, "low": low, "best": best, "high": high, "of": of, "of_id": None, "by": None, "text": str(low), "start": 0,
            "end": 1}


def claim(family: str = "f1", published: int | None = 29, **more: Any) -> dict[str, Any]:
    """A row of CLAIMS with what FAMILIES adds, in June 2016."""
    name = f"c{next(_count):07d}"
    row = {
        "id": name, "article": f"a-{name}", "event": "ASSAULT", "mode": "explosives", "context": ["military"], "status": "actual",
        "quad": "material conflict", "score": -9.0, "confidence": 0.8, "actor": [], "recipient": [], "date": date(2016, 6, 28),
        "date_end": None, "date_precision": "day", "date_text": "on Tuesday", "place": None, "quantities": [], "voice": OUTLET,
        "published": date(2016, 6, published) if published else None, "recorded": datetime(2016, 7, 1, tzinfo=UTC), "family": family,
        "keys": [f"Paper {family}"], "source": f"Paper {family}",
    }
    assert set(COLUMNS) <= set(row)
    assert set(more) <= set(row) | {"part"}
    return {**row, **more}


def on(text: str, day: int, precision: str = "day") -> dict[str, Any]:
    """The columns of a date in June 2016."""
    return {"date": date(2016, 6, day), "date_end": None, "date_precision": precision, "date_text": text or None}


def known(claims: list[dict[str, Any]], **more: Any) -> Values:
    """Their values, which must be some."""
    values = resolve(claims, "e_1", **more)
    assert values is not None
    return values


def toll(values: Values, kind: str = "killed", of: str | None = None) -> tuple[int | None, int | None, int | None]:
    """Low, best, high of one toll."""
    return next((t["low"], t["best"], t["high"]) for t in values.quantities if (t["kind"], t["of"]) == (kind, of))


# Tolls


def dead(low: int, high: int | None = -1, **more: Any) -> dict[str, Any]:
    """A claim that so many were killed."""
    family, published = more.pop("family", "f1"), more.pop("published", 29)
    return claim(family, published, quantities=[number("killed", low, high)], **more)


def test_a_voice_supersedes_itself_and_nobody_else() -> None:
    claims = [dead(10, family="f1", published=28, source="P"), dead(28, family="f2", published=29, source="P"),
              dead(36, family="f3", published=30, source="P"), dead(31, family="f4", published=29, source="Q")]
    values = known(claims)
    assert toll(values) == (31, 36, 36)
    rows = {row[2]: row for row in values.variants if row[1] == "killed"}
    assert {value: row[-1] for value, row in rows.items()} == {"10": "superseded", "28": "superseded", "36": "stands", "31": "stands"}
    assert rows["36"][-2] == claims[1]["id"]
    assert rows["10"][-2] is None


def test_what_was_known_on_a_day() -> None:
    claims = [dead(10, family="f1", published=28, source="P"), dead(28, family="f2", published=29, source="P"),
              dead(36, family="f3", published=30, source="P", recorded=datetime(2016, 7, 9, tzinfo=UTC))]
    assert toll(known(claims, known_at=date(2016, 6, 28))) == (10, 10, 10)
    assert toll(known(claims, known_at=date(2016, 6, 29))) == (28, 28, 28)
    assert toll(known(claims, recorded_at=datetime(2016, 7, 2, tzinfo=UTC))) == (28, 28, 28)
    assert resolve(claims, known_at=date(2016, 6, 27)) is None
    assert resolve([claim(published=None)], known_at=date(2016, 6, 29)) is None


def test_at_least_opens_high_unless_somebody_names_as_much() -> None:
    assert toll(known([claim(quantities=[number("killed", 40, None)])])) == (40, 40, None)
    assert toll(known([dead(40, None), dead(36, family="f2")])) == (36, 36, None)
    assert toll(known([dead(40, None), dead(41, family="f2")])) == (40, 40, 41)


def test_vague_numbers_bound_and_do_not_vote() -> None:
    assert toll(known([claim(quantities=[number("killed", 24, 99)])])) == (24, None, 99)
    assert toll(known([claim("f1", quantities=[number("killed", 24, 99)]), claim("f2", quantities=[number("killed", 36)])])) == (24, 36, 99)


def test_a_side_is_little_believed_on_the_others_losses() -> None:
    army, rebels = who("AAA", "MIL"), who("reds", "REB", country="AAA")
    claims = [claim("f1", actor=[army], recipient=[rebels], quantities=[number("killed", 200)], voice=said_by(army)),
              claim("f2", actor=[army], recipient=[rebels], quantities=[number("killed", 12)], voice=said_by(rebels))]
    assert toll(known(claims)) == (12, 12, 200)
    hospital = claim("f3", quantities=[number("killed", 30)], voice=said_by(who(None, "MED", country="AAA", text="a surgeon")))
    assert toll(known([*claims, hospital]))[1] == 30


def test_figures_grow_old() -> None:
    old = [claim(f"f{n}", 10, quantities=[number("killed", 10)]) for n in range(3)]
    assert toll(known([*old, claim("f9", 28, quantities=[number("killed", 44)])])) == (10, 44, 44)


def test_attackers_and_parts_are_counted_apart() -> None:
    parts = [number("killed", 13, of="foreigners"), number("killed", 3, of="suicide bombers"), number("killed", 9)]
    values = known([claim(quantities=[number("killed", 41), *parts])])
    assert toll(values) == (41, 41, 41)
    assert toll(values, of="attackers") == (3, 3, 3)
    assert toll(values, of="foreigners") == (13, 13, 13)


# Dates


def test_a_told_day_outweighs_the_day_of_publication() -> None:
    late = [claim(f"f{n}", **on("", 30, "publication")) for n in range(4)]
    values = known([*late, claim("g", **on("on Tuesday", 28))])
    assert (values.date, values.date_precision, values.date_basis) == (date(2016, 6, 28), "day", "relative")


def test_an_explicit_date_outweighs_a_day_name() -> None:
    values = known([claim("f1", **on("on Tuesday", 27)), claim("f2", **on("on June 28", 28)), claim("f3", **on("June 28", 28))])
    assert (values.date, values.date_end, values.date_basis) == (date(2016, 6, 28), None, "explicit")


def test_two_days_that_share_the_weight_are_an_interval() -> None:
    values = known([claim("f1", **on("on June 27", 27)), claim("f2", **on("on June 28", 28))])
    assert (values.date, values.date_end, values.date_precision) == (date(2016, 6, 27), date(2016, 6, 28), "range")


def test_a_period_counts_where_no_day_is_told() -> None:
    week = {"date": date(2016, 6, 20), "date_end": date(2016, 6, 26), "date_precision": "week", "date_text": "last week"}
    values = known([claim("f1", **week), claim("f2", **on("", 29, "publication"))])
    assert (values.date, values.date_end, values.date_basis) == (week["date"], week["date_end"], "period")
    assert known([claim("f1", **week), claim("f2", **on("Tuesday", 21))]).date == date(2016, 6, 21)


def test_no_date_is_no_date() -> None:
    none = {"date": None, "date_end": None, "date_precision": None, "date_text": None}
    assert known([claim(**none), claim("f2", **none)])[11:15] == (None, None, None, None)


# Places


@pytest.mark.parametrize(("places", "name", "precision"), [
    ([CITY, REGION, LAND], "Torva", "city"),
    ([CITY, SITE, SITE], "Torva airport", "site"),
    ([CITY, TOWN], "North", "region"),
    ([CITY, CITY, TOWN], "Torva", "city"),
    ([CITY, None, None], "Torva", "city"),
    ([CITY, {**TOWN, "admin1": "East"}], "AAA", "country"),
])
def test_the_finest_place_that_most_agree_on(places: list[Any], name: str, precision: str) -> None:
    spot = known([claim(f"f{n}", place=place) for n, place in enumerate(places)]).place
    assert spot is not None
    assert (spot["name"], spot["precision"]) == (name, precision)


def test_places_in_two_countries_are_no_place() -> None:
    values = known([claim("f1", place=CITY), claim("f2", place=FAR)])
    assert values.place is None
    assert {row[2] for row in values.variants if row[1] == "place"} == {"Torva, North, AAA", "Zed, South, BBB"}


# Parties


def roots(parties: list[dict[str, Any]]) -> dict[str, tuple[list[str], bool]]:
    """Root → sectors and whether contested."""
    return {party["root"]: (party["sector"], party["contested"]) for party in parties}


def test_the_finer_party_needs_two_origins_or_an_official() -> None:
    coarse, fine = who("AAA"), who("AAA", "MIL", text="warplanes")
    assert roots(known([claim("f1", actor=[coarse]), claim("f2", actor=[fine])]).actor) == {"AAA": ([], False)}
    both = [claim("f1", actor=[coarse]), claim("f2", actor=[fine]), claim("f3", actor=[fine])]
    assert roots(known(both).actor) == {"AAA": (["MIL"], False)}
    official = claim("f2", actor=[fine], voice=said_by(who("BBB", "GOV")))
    own = known([claim("f1", actor=[coarse]), claim("f3", actor=[coarse]), official]).actor
    assert roots(own) == {"AAA": (["MIL"], False)}
    assert (own[0]["articles"], own[0]["origins"]) == (3, 3)


def test_an_accused_party_is_contested_and_never_ousts_one_on_own_word() -> None:
    accuser = who("BBB", "GOV")
    blamed = [claim(f"f{n}", actor=[who("CCC")], voice=said_by(accuser)) for n in range(5)]
    assert roots(known(blamed).actor) == {"CCC": ([], True)}
    values = known([*blamed, claim("g", actor=[who("reds", "REB", country="AAA")])])
    assert roots(values.actor) == {"reds": (["REB"], True)}
    assert "CCC" in {row[2] for row in values.variants if row[1] == "actor"}


def test_who_claims_an_attack_is_its_author() -> None:
    reds = who("reds", "REB", country="AAA")
    values = known([claim(actor=[reds], voice=said_by(reds))])
    assert roots(values.actor) == {"reds": (["REB"], False)}
    assert values.standing == "confirmed"


def test_an_unnamed_party_gives_way_to_a_named_one() -> None:
    gunmen, reds = who(None, "UAF", text="gunmen"), who("reds", "REB", country="AAA")
    assert [p["name"] for p in known([claim("f1", actor=[gunmen]), claim("f2", actor=[gunmen])]).actor] == ["gunmen"]
    assert list(roots(known([claim("f1", actor=[gunmen]), claim("f2", actor=[gunmen]), claim("f3", actor=[reds])]).actor)) == ["reds"]


def test_rebels_of_a_country_are_its_named_rebels() -> None:
    kind, reds = who(None, "REB", country="AAA", text="rebels"), who("reds", "REB", country="AAA")
    values = known([claim("f1", actor=[kind]), claim("f2", actor=[kind]), claim("f3", actor=[reds])])
    assert [(p["root"], p["origins"]) for p in values.actor] == [("reds", 3)]


def test_a_meeting_is_mutual_where_most_say_so() -> None:
    meet = {"event": "CONSULT", "mode": "meet", "quad": "verbal cooperation"}
    one, other = who("AAA", "GOV"), who("BBB", "GOV")
    claims = [*(claim(f, actor=[one, other], **meet) for f in ("f1", "f2")), claim("f3", actor=[one], recipient=[other], **meet)]
    values = known(claims)
    assert (sorted(roots(values.actor)), values.recipient, values.mutual) == (["AAA", "BBB"], [], True)
    directed = known([*claims[2:], *(claim(f"g{n}", actor=[other], recipient=[one], **meet) for n in range(2))])
    assert (list(roots(directed.actor)), directed.mutual) == (["BBB", "AAA"], False)


# Act, standing, counts


def test_event_and_mode_with_most_origins() -> None:
    values = known([claim("f1", mode=None), claim("f2", mode="explosives"), claim("f3", event="COERCE", mode="violence", confidence=0.99)])
    assert (values.event, values.mode) == ("ASSAULT", "explosives")
    tied = known([claim("f1", confidence=0.5), claim("f2", event="COERCE", mode=None, confidence=0.9, quad="x")])
    assert (tied.event, tied.mode, tied.quad) == ("COERCE", None, "x")


AAA, BBB = who("AAA", "GOV"), who("BBB", "GOV")
DENIAL = {"voice": said_by(BBB, "denies")}
VISITED = {"actor": [who("CCC")], "recipient": [who("AAA")], "voice": said_by(AAA)}


@pytest.mark.parametrize(("rows", "standing"), [
    ([{}], "reported"),
    ([{"voice": said_by(AAA)}], "claimed"),
    ([{"voice": said_by(AAA)}, {"voice": said_by(AAA)}], "claimed"),
    ([{"voice": said_by(AAA)}, {"voice": said_by(BBB)}], "confirmed"),
    ([{"voice": said_by(AAA)}, {}], "reported"),
    ([{"actor": [who("AAA")], "voice": said_by(AAA)}, {}], "confirmed"),
    ([VISITED], "claimed"),
    ([{"event": "CONSULT", "quad": "verbal cooperation", **VISITED}], "confirmed"),
    ([{}, DENIAL], "mixed"),
    ([DENIAL], "denied"),
    ([{"status": "negated"}], "denied"),
    ([{"status": "negated", "part": "report"}], "reported"),
    ([{}, {"part": "contrary"}], "mixed"),
])
def test_standing(rows: list[dict[str, Any]], standing: str) -> None:
    assert known([claim(f"f{n}", **row) for n, row in enumerate(rows)]).standing == standing


def test_denials_are_no_reports() -> None:
    values = known([claim("f1"), claim("f2", quantities=[number("killed", 0)], actor=[who("CCC")], **DENIAL)])
    assert (values.claims, values.articles, values.origins_high, values.voices) == (1, 1, 1, 1)
    assert (values.actor, values.quantities) == ([], [])
    assert {row[-1] for row in values.variants if row[3] == 0} == {"contrary"}


def test_two_outlets_quoting_one_speaker_are_two_origins_and_one_voice() -> None:
    values = known([claim("f1", voice=said_by(AAA)), claim("f2", voice=said_by(AAA))])
    assert (values.origins_low, values.origins_high, values.voices) == (2, 2, 1)
    joined = known([claim("f1", keys=["P", "AFP@1"]), claim("f2", keys=["Q", "AFP@1"])])
    assert (joined.origins_low, joined.origins_high) == (1, 2)
    assert joined.confidence == 0.8 < known([claim("f1"), claim("f2")]).confidence


def test_the_rows_fit_the_tables() -> None:
    values = known([claim("f1", place=CITY, actor=[AAA], recipient=[BBB], quantities=[number("killed", 3)]), claim("f2", place=FAR)])
    rows = [dict(zip(VARIANTS.names, row, strict=True)) for row in values.variants]
    assert pa.Table.from_pylist(rows, schema=VARIANTS).num_rows == len(rows)
    fields = {name: getattr(values, name) for name in Values._fields if name != "variants"}
    assert set(fields) <= set(EVENTS.names)
    event = pa.Table.from_pylist([fields], schema=EVENTS).to_pylist()[0]
    assert {name: event[name] for name in fields} == fields
    assert set(COLUMNS) <= set(CLAIMS.names)


# Properties

REDS, GUNMEN = who("reds", "REB", country="AAA"), who(None, "UAF", text="gunmen")
PARTIES = st.sampled_from([
    [], [who("AAA")], [who("AAA", "MIL")], [AAA, BBB], [REDS], [GUNMEN], [who(None, "REB", country="AAA", text="rebels")],
    [who("AAA"), who("AAA", "MIL")], [who(None, text="men"), BBB], [REDS, who("AAA")],
])
VOICES = st.sampled_from([OUTLET, said_by(AAA), said_by(BBB), said_by(BBB, "denies"), said_by(who("reds", "REB", country="AAA")),
                          said_by(who(None, "MED", text="a doctor")), {**OUTLET, "kind": "document", "text": "A report"}])
NUMBERS = st.lists(st.sampled_from([
    number("killed", 36), number("killed", 41, None), number("killed", 24, 99), number("killed", 3, of="attackers"),
    number("wounded", 147), number("killed", 12),
]), max_size=3)
DAYS = st.sampled_from([
    on("on June 28", 28), on("on Tuesday", 28), on("on Monday", 27), on("", 29, "publication"), on("", 30, "publication"),
    {"date": date(2016, 6, 1), "date_end": date(2016, 6, 30), "date_precision": "month", "date_text": "in June"},
])
FREE = st.fixed_dictionaries({
    "family": st.sampled_from(["f1", "f2", "f3", "f4"]), "published": st.integers(27, 30), "actor": PARTIES, "recipient": PARTIES,
    "voice": VOICES, "quantities": NUMBERS, "place": st.sampled_from([None, CITY, SITE, TOWN, REGION, LAND, FAR]),
    "mode": st.sampled_from([None, "explosives", "heavy-weapons"]), "event": st.sampled_from(["ASSAULT", "COERCE", "CONSULT"]),
    "confidence": st.sampled_from([0.3, 0.61, 0.8]), "source": st.sampled_from(["P", "Q"]),
    "keys": st.sampled_from([[], ["P"], ["P", "Q"]]),
})
STORY = st.lists(st.tuples(FREE, DAYS), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None)
@given(STORY, st.randoms(use_true_random=False))
def test_order_does_not_matter(story: list[tuple[dict[str, Any], dict[str, Any]]], random: Any) -> None:
    claims = [claim(**free, **day) for free, day in story]
    values = known(claims)
    random.shuffle(claims)
    assert known(claims) == values
    assert known([*claims, *claims[:3]]) == values


@settings(max_examples=150, deadline=None)
@given(STORY, st.integers(1, 4), st.integers(0, 3))
def test_reprints_change_only_how_many_articles(story: list[tuple[dict[str, Any], dict[str, Any]]], times: int, later: int) -> None:
    claims = [claim(**free, **day) for free, day in story]
    texts = {}
    for row in claims:  # a family is one text: all its claims come from one article
        first = texts.setdefault(row["family"], row)
        row["published"], row["source"], row["keys"], row["article"] = first["published"], first["source"], first["keys"], first["article"]
    day = min(date(2016, 6, 30), claims[0]["published"] + timedelta(later))
    again = [
        {**row, "id": f"r{n}{row['id']}", "article": f"r{n}-{row['article']}", "published": day}
        for n in range(times) for row in claims if row["family"] == claims[0]["family"]
    ]
    before, after = known(claims), known([*claims, *again])
    if not (claims[0]["status"] == "negated" or all(row["voice"]["stance"] == "denies" for row in again)):
        assert after.articles == before.articles + times
    assert bare(after) == bare(before)


def bare(values: Values) -> dict[str, Any]:
    """What reprints must leave alone."""
    fields = values._asdict()
    for name in ("claims", "articles", "last_published"):
        del fields[name]
    for side in ("actor", "recipient"):
        fields[side] = [{name: value for name, value in party.items() if name != "articles"} for party in fields[side]]
    return fields


def test_the_file_is_read_strictly(tmp_path: Any) -> None:
    source = VALUES_FILE.read_text(encoding="utf-8")
    wrong = {"explicit: 3": "explicit: 0", "MED, IGO]  ": "MED, XXX]  ", "apart: [attackers]": "apart: [nobody]", "near: 25": "far: 25"}
    for old, new in wrong.items():
        assert old in source
        path = tmp_path / f"{old[:3]}.yml"
        path.write_text(source.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(KnowledgeError):
            load_value_rules(path)
