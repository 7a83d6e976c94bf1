"""Origins as a range, voices, and the agencies and papers that an article names as its source."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import KnowledgeError
from detente.fold.credits import CREDITS_FILE, credits_of, label_of, load_credit_rules
from detente.fold.origins import components, key_of, keys_of, origins, source_of, voice_of, voices
from detente.knowledge import Knowledge


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """All knowledge."""
    return Knowledge()


AFP, AP = "Agence France-Presse", "The Associated Press"


@pytest.mark.parametrize(("text", "names"), [
    ("KABUL, May 3 (Reuters) - Gunmen attacked a post.", ("Reuters",)),
    ("ANKARA, May 29 (Xinhua) -- A bridge was opened.", ("Xinhua",)),
    ("Bridge opened\nBy AFP\nA bridge was opened.", (AFP,)),
    ("A bridge was opened.\nAFP", (AFP,)),
    ("A bridge was opened, officials said. (AFP)", (AFP,)),
    ("A bridge was opened, officials said. - AP", (AP,)),
    ("Reuters, AP and AFP contributed to this report.", ("Reuters", AP, AFP)),
    ("A bridge was opened.\nWith inputs from Reuters and agencies", ("Reuters",)),
    ("Source: TASS", ("TASS",)),
    ("The minister told the BBC that it was open.", ("BBC",)),
    ("The bridge is open, The New York Times reported on Friday.", ("The New York Times",)),
    ("The bridge is open, according to state news agency SANA.", ("SANA",)),
    ("The bridge is open, Interfax quoted him as saying.", ("Interfax",)),
    ("He told the BBC so.\nPARIS (AFP) - It is so.", (AFP, "BBC")),  # what it is made of first
    ("Reporters of the BBC were turned away at the gate.", ()),
    ("The editor of Reuters resigned.", ()),
    ("Reuters was founded in 1851 and has offices in many towns.", ()),
    ("", ()),
])
def test_credits(text: str, names: tuple[str, ...], knowledge: Knowledge) -> None:
    assert credits_of(text, knowledge) == names


def test_publishers_are_known_by_any_of_their_names() -> None:
    assert label_of("AFP") == label_of("agence france-presse") == AFP
    assert label_of("Associated Press") == AP
    assert label_of("The  Example Post") == "The Example Post"
    assert label_of(None) == ""


def test_a_text_rests_on_the_agency_that_it_names_first() -> None:
    assert source_of("Daily", ["Reuters", "BBC"], 7, "a") == "Reuters"
    assert source_of("BBC", ["Reuters", "BBC"], 7, "a") == "BBC"
    assert source_of("AP", [], 7, "a") == AP
    assert source_of(None, [], 7, "a") == "a"
    assert key_of("Daily", ["Reuters"], 7, "a") == "Reuters@7"
    assert key_of(None, [], 7, "a") == "a"
    assert keys_of("AFP", ["Reuters"], 7) == [AFP, f"{AFP}@7", "Reuters@7"]


def test_weak_links_give_the_lower_end() -> None:
    reuters = ("f1", keys_of("Reuters", [], 7))
    credited = ("f2", keys_of("Daily", ["Reuters"], 7))
    next_day = ("f3", keys_of("Weekly", ["Reuters"], 8))
    same_outlet = ("f4", keys_of("Daily", [], 9))
    alone = ("f5", keys_of(None, [], 7))
    assert origins([reuters, credited]) == (1, 2)
    assert origins([reuters, next_day]) == (2, 2)
    assert origins([reuters, credited, same_outlet, next_day, alone]) == (3, 5)
    assert origins([reuters, reuters]) == (1, 1)
    assert origins([]) == (0, 0)


ROWS = st.lists(st.tuples(st.sampled_from("abcdef"), st.lists(st.sampled_from("uvwxyz"), max_size=3)), max_size=12)


@given(ROWS, st.randoms(use_true_random=False))
def test_components_do_not_depend_on_order(rows: list[tuple[str, list[str]]], random: object) -> None:
    found = components(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert components(shuffled) == found
    low, high = origins(rows)
    assert low <= high == len({family for family, _ in rows})
    for family, keys in rows:
        for other, others in rows:
            if family == other or set(keys) & set(others):
                assert found[family] == found[other]


def speaker(**more: object) -> dict[str, object]:
    """A speaker's voice."""
    mention = {"id": None, "name": None, "country": None, "sector": [], "role": None, "person": None, "text": "somebody", **more}
    return {"kind": "speaker", "stance": "asserts", "speaker": mention, "text": mention["text"], "via": []}


OUTLET = {"kind": "outlet", "stance": "asserts", "speaker": None, "text": None, "via": []}


def test_voices() -> None:
    minister = speaker(id="AAA", role="foreign minister", sector=["GOV"])
    assert voices([(minister, "f1", "P"), (minister, "f2", "Q")]) == 1
    assert voices([(OUTLET, "f1", "P"), (OUTLET, "f2", "P"), (OUTLET, "f3", "Q")]) == 2
    assert voices([(speaker(), "f1", "P"), (speaker(), "f1", "P"), (speaker(), "f2", "Q")]) == 2
    assert voice_of(speaker(person="Ann Example", id="AAA", role="king"), "f1", "P") == "person:Ann Example"
    assert voice_of({**speaker(name="AFP"), "kind": "outlet"}, "f1", "P") == voice_of(OUTLET, "f2", AFP)
    assert voice_of({**OUTLET, "kind": "document", "text": "The Accord"}, "f1", "P") == "document:the accord"
    assert voice_of(None, "f1", "P") == "outlet:P"


def test_the_file_is_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "credits.yml"
    path.write_text(CREDITS_FILE.read_text(encoding="utf-8").replace("dateline: 80", "dateline: soon"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"credits\.yml:\d+: found dateline: 'soon'"):
        load_credit_rules(path)
