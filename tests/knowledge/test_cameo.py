"""CAMEO told in PLOVER and back: complete, consistent with folding and aliases, and honest about what is lost."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import get_args

import pytest

import detente
from detente.errors import KnowledgeError, UnknownName
from detente.knowledge import DATA, Knowledge, Ontology
from detente.knowledge.cameo import FILE, Cameo, CameoCode, load_cameo
from detente.records import Claim, Status

# How many codes of three and four digits each root has: those of the codebook, and 1213 and 1214.
SIZES = dict(zip([f"{n:02}" for n in range(1, 21)], [10, 27, 28, 7, 8, 5, 6, 25, 5, 27, 12, 28, 22, 26, 6, 13, 13, 14, 9, 7], strict=True))
# Statements that are no event in PLOVER.
NO_EVENT = {"01", "010", "011", "012", "013", "014", "015", "017"}
# Pairs whose code is read back as another event.
CHANGED = {("RETREAT", "resign"): "CONCEDE"}
FRIENDLY = {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"}


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology(DATA / "ontology" / "plover.yml")


@pytest.fixture(scope="module")
def cameo() -> Cameo:
    return load_cameo()


def test_all_codes_are_there(cameo: Cameo) -> None:
    sizes: dict[str, int] = defaultdict(int)
    for code in cameo.codes:
        if len(code) > 2:
            sizes[code[:2]] += 1
            assert code[: len(code) - 1] in cameo.codes, f"{code} without the code above it"
    assert sizes == SIZES
    assert sum(sizes.values()) == 298
    assert {code for code in cameo.codes if len(code) == 2} == set(SIZES)


def test_every_code_is_a_pair_of_the_ontology(cameo: Cameo, ontology: Ontology) -> None:
    assert {code.code for code in cameo.codes.values() if code.event is None} == NO_EVENT
    for code in cameo.codes.values():
        if code.event is None:
            continue
        assert ontology.meant(f"{code.event}/{code.mode}" if code.mode else code.event) == ((code.event, code.mode),)
        assert ontology.fold(code.event, code.mode, code.status) == (code.event, code.mode)
        assert set(code.contexts) <= set(ontology.contexts)
        for name in code.contexts:
            assert not set(ontology.traps[name].unless if name in ontology.traps else ()) & set(code.contexts)
        adds = ontology.pairs[code.event, code.mode].adds_context if code.mode else None
        assert adds is None or adds in code.contexts


def test_codes_that_become_one_record_say_what_they_lose(cameo: Cameo) -> None:
    """Of codes that are the same in PLOVER, all but one have lost something."""
    groups: dict[object, list[CameoCode]] = defaultdict(list)
    for code in cameo.codes.values():
        groups[code.event, code.mode, code.status, code.contexts, code.swap].append(code)
    for alike in groups.values():
        lossless = [code.code for code in alike if not code.loss]
        assert len(lossless) <= 1, lossless
    assert len({code.label for code in cameo.codes.values()}) == len(cameo.codes)


def test_the_quad_class_changes_only_where_plover_says_so(cameo: Cameo, ontology: Ontology) -> None:
    """Roots 01 to 05 are cooperation in words, 06 to 08 in deeds, 09 to 13 conflict in words, 14 to 20 in deeds."""
    other = set()
    for code in cameo.codes.values():
        root = int(code.code[:2])
        quad = 1 if root <= 5 else 2 if root <= 8 else 3 if root <= 13 else 4
        if code.event and ontology.events[code.event].quad != quad:
            other.add(code.code if len(code.code) > 2 and not code.code.startswith(("02", "08")) else code.code[:2])
    assert other == {"016", "02", "08", "116"}  # denials, appeals, yielding in words, verdicts


@pytest.mark.parametrize("event", Ontology(DATA / "ontology" / "plover.yml").events)
def test_the_round_trip_of_every_event_gives_the_same_event(cameo: Cameo, ontology: Ontology, event: str) -> None:
    for status in ("actual", "historical"):
        found = cameo.to_cameo(event, None, status)
        assert found.code is not None
        assert cameo.to_plover(found.code).event == event
    to_come = cameo.to_cameo(event, None, "future")
    if event not in FRIENDLY:
        assert (to_come.code, len(to_come.loss)) == (None, 1)
        return
    assert to_come.code is not None
    back = cameo.to_plover(to_come.code)
    assert (back.event, back.mode, back.status) == (*ontology.fold(event, None, "future"), "future")


@pytest.mark.parametrize("pair", Ontology(DATA / "ontology" / "plover.yml").pairs)
def test_the_round_trip_of_every_pair(cameo: Cameo, pair: tuple[str, str]) -> None:
    found = cameo.to_cameo(*pair)
    assert found.code is not None
    back = cameo.to_plover(found.code)
    assert back.event == CHANGED.get(pair, pair[0])
    assert (back.event, back.mode) == pair or found.loss, "a mode that does not come back is a loss"


def test_what_folding_joins_comes_out_alike(cameo: Cameo) -> None:
    assert cameo.to_cameo("AID", None, "future").code == "033"
    assert cameo.to_cameo("AGREE", None, "future").code == "030"
    possible = cameo.to_cameo("ASSAULT", "aerial", "hypothetical")
    assert (possible.code, possible.loss) == ("138", ("that the attack was only spoken of as possible", "the mode aerial"))
    assert cameo.to_cameo("THREATEN", "violence", "hypothetical").code == "138"
    assert cameo.to_cameo("CONSULT", "visit", "future").loss == ("the mode visit",)
    assert cameo.to_cameo("RETREAT", "release", "future").code == "0353"


@pytest.mark.parametrize("status", get_args(Status))
def test_a_code_never_stands_for_what_did_not_happen(cameo: Cameo, ontology: Ontology, status: Status) -> None:
    for event, mode in ontology.pairs:
        found = cameo.to_cameo(event, mode, status)
        if status == "negated" or (status == "future" and event not in FRIENDLY):
            assert (found.code, found.loss[0][:9]) == (None, "the whole")
        elif status in {"actual", "historical"}:
            assert found.code
        if status == "historical":
            assert "that it was told as background" in found.loss


@pytest.mark.parametrize(
    ("code", "event", "mode", "status", "contexts"),
    [
        ("057", "SUPPORT", None, "actual", ("diplomatic",)),
        ("0333", "AGREE", None, "future", ("human_security",)),
        ("0356", "CONCEDE", None, "future", ()),
        ("055", "CONCEDE", None, "actual", ()),
        ("116", "SANCTION", "convict", "actual", ("legal",)),
        ("1712", "ASSAULT", "destroy", "actual", ()),
        ("191", "COERCE", "restrict", "actual", ()),
        ("195", "ASSAULT", "aerial", "actual", ()),
        ("203", "ASSAULT", "targeted", "actual", ("human_rights", "religion_ethnicity")),
    ],
)
def test_codes_one_by_one(cameo: Cameo, code: str, event: str, mode: str | None, status: str, contexts: tuple[str, ...]) -> None:
    found = cameo.to_plover(code)
    assert (found.event, found.mode, found.status, found.contexts) == (event, mode, status, contexts)


def test_host_and_guest_change_places(cameo: Cameo) -> None:
    assert [code.code for code in cameo.codes.values() if code.swap] == ["043"]


def test_unknown_names(cameo: Cameo) -> None:
    with pytest.raises(UnknownName, match="no code of CAMEO") as caught:
        cameo.to_plover("57")
    assert caught.value.hint == "leading zeros belong to a code: 057"
    with pytest.raises(UnknownName, match="no code of CAMEO"):
        cameo.to_plover("999")
    with pytest.raises(UnknownName, match="no event or mode"):
        cameo.to_cameo("ASSAULT", "zap")
    with pytest.raises(UnknownName, match="covers several events") as caught:
        cameo.to_cameo("YIELD")
    assert caught.value.hint == "choose one: CONCEDE, RETREAT"
    assert cameo.to_cameo("FIGHT").event == "ASSAULT"


def test_claims_are_told_in_cameo(knowledge: Knowledge) -> None:
    claim = Claim("a", "s", 0, 0, 9, "SANCTION", "convict", "t", 0, 1, (), (), "r")
    assert knowledge.cameo.of(claim).code == "116"
    assert detente.load_cameo().version == knowledge.cameo.version


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('{code: "190", label: Fighting of an unnamed kind, event: ASSAULT', '{code: "190", label: X, event: FIGHT', "FIGHT .code 190"),
        ('label: Attacks with drones, event: ASSAULT, mode: drone', "label: X, event: ASSAULT, mode: drones", "ASSAULT/drones"),
        ('{code: "057"', '{code: "056"', "a code that stands twice"),
        ('{code: "057"', '{code: "57x"', "code: String should match"),
        ("contexts: [asylum]", "contexts: [refuge]", "context 'refuge'"),
        ("label: Aid of an unnamed kind, event: AID", "label: X, event: AID, status: future", "AID with status future"),
        ('loss: "the whole: silence is no event in PLOVER"', "contexts: [military]", "a code without an event"),
        ('- {event: COERCE, mode: curfew, code: "1723"}\n', "", "no way back from COERCE/curfew"),
        ('{event: COERCE, mode: curfew, code: "1723"}', '{event: COERCE, mode: curfew, code: "1799"}', "which is not listed"),
        ('{event: COERCE, mode: curfew, code: "1723"}', '{event: COERCE, mode: arrest, code: "173"}', "stands twice"),
        ('{event: COERCE, mode: curfew, code: "1723"}', '{event: COERCE, mode: night, code: "1723"}', "no pair of the ontology"),
        ("- {status: negated, told: false", "- {status: actual, told: false", "nothing about status negated"),
    ],
)
def test_a_file_that_breaks_its_rules_is_refused(tmp_path: Path, ontology: Ontology, old: str, new: str, message: str) -> None:
    path = tmp_path / "cameo.yml"
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message) as caught:
        Cameo(path, ontology)
    assert caught.value.line or "back from" in message or "status negated" in message
