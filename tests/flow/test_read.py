"""Reading: every format, every kind of bad input, and the good records beside the bad ones."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import BadRecord, MissingExtra, SettingsError, UnreadableFile
from detente.flow import read as reading
from detente.flow.read import ReadOptions, read
from detente.records import Article, Reject, content_id

BODY = "The two ministers met on Friday and signed an agreement on fisheries in the northern bay."
OTHER = "Troops of both sides left the bridge on Sunday, a spokesman of the observers told reporters."
PAGE = f"""<html><head><title>Ministers meet</title><meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2016-07-01T10:00:00Z"><link rel="canonical" href="https://example.org/a"></head>
<body><nav>Home</nav><article><h1>Ministers meet</h1><p>{BODY}</p><p>{OTHER}</p></article></body></html>"""


def collect(paths: object, **options: object) -> tuple[list[Article], list[Reject]]:
    rejects: list[Reject] = []
    articles = list(read(paths, ReadOptions(**options), rejects.append))  # type: ignore[arg-type]  # each test gives what the field takes
    return articles, rejects


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def jsonl(*rows: object) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


# Plain text


def test_plain_text_keeps_every_character(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", f"Ministers meet\n\n  {BODY}\t&amp; more \n\n\nLeave a Reply\n")
    (article,), rejects = collect(path)
    assert article.text == path.read_text()
    assert article.title == "Ministers meet"
    assert (article.file, article.line, rejects) == (str(path), 1, [])
    assert article.id == content_id("a", "", "Ministers meet", article.text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t"), min_size=1))
def test_any_text_comes_back_with_line_feeds(text: str) -> None:
    text = "x" + text  # so that it is neither empty nor begins with a byte-order mark
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder) / "a.txt", text)
        (article,), _ = collect(path, articles="one")
    assert article.text == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_become_line_feeds(tmp_path: Path, end: str) -> None:
    (article,), _ = collect(put(tmp_path / "a.txt", f"Title{end}{end}{BODY}{end}".encode()))
    assert article.text == f"Title\n\n{BODY}\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Zoë Müller déjà vu\n\n“Señor García met the Danish envoy in Malmö”, he said — twice.\n"
    (article,), rejects = collect(put(tmp_path / "a.txt", text.encode(encoding)))
    assert article.text == text
    assert not rejects


def test_cyrillic_code_page(tmp_path: Path) -> None:
    text = "Министры встретились в Сочи в пятницу и подписали соглашение о рыболовстве.\n" * 3
    (article,), _ = collect(put(tmp_path / "a.txt", text.encode("cp1251")))
    assert article.text == text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "byte 8 is NUL"),
        (b"Good start" + b"\0" + b" bad end", "byte 10 is NUL"),
        (bytes(range(1, 9)) * 20 + b"abc", "control characters"),
        ("Đặng Thị Hằng ở Đà Nẵng ".encode() + b"\xff" + b" end", "byte 37 is not UTF-8"),
        (b"", "empty"),
        (b" \n\t\n", "empty"),
    ],
)
def test_what_is_no_text_is_rejected_beside_a_good_file(tmp_path: Path, content: bytes, words: str) -> None:
    bad = put(tmp_path / "a.txt", content)
    good = put(tmp_path / "b.txt", BODY)
    articles, rejects = collect([bad, good])
    assert [a.text for a in articles] == [BODY]
    assert [(r.file, r.line, r.step) for r in rejects] == [(str(bad), 1, "read")]
    assert words in rejects[0].reason
    assert rejects[0].hint


def test_broken_utf16_names_the_byte(tmp_path: Path) -> None:
    _, (reject,) = collect(put(tmp_path / "a.txt", "Text".encode("utf-16") + b"\x00"))
    assert "byte 10 is not UTF-16" in reject.reason


def test_few_control_characters_stay(tmp_path: Path) -> None:
    (article,), _ = collect(put(tmp_path / "a.txt", "Page one.\x0cPage two, which is longer.\x07"))
    assert article.text == "Page one.\x0cPage two, which is longer.\x07"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("One line only\n", None),
        ("A title\n\nThe text.", "A title"),
        ("A title\nThe text.", "A title"),
        ("\n\n A title \n\nThe text.", "A title"),
        ("x" * 200 + "\n\nThe text.", None),
        ("\n".join(["This line was broken at a fixed width by some"] * 6) + "\nprinter.", None),
    ],
)
def test_title_of_plain_text(tmp_path: Path, text: str, title: str | None) -> None:
    (article,), _ = collect(put(tmp_path / "a.txt", text))
    assert (article.title, article.text) == (title, text)


def digest(blocks: int, lines: int = 4) -> str:
    return "\n\n".join("\n".join([f"Title {i}", *[f"{BODY} {OTHER * (j % 2)} {i}.{j}" for j in range(lines)]]) for i in range(blocks))


def test_digest_is_recognised(tmp_path: Path) -> None:
    text = "\n" + digest(3) + "\n"
    articles, _ = collect(put(tmp_path / "a.txt", text))
    assert [(a.title, a.line) for a in articles] == [("Title 0", 2), ("Title 1", 8), ("Title 2", 14)]
    assert all(text.split("\n")[a.line - 1] == a.title for a in articles)
    assert articles[1].text == digest(3).split("\n\n")[1]
    assert len({a.id for a in articles}) == 3


@pytest.mark.parametrize(
    "text",
    [
        digest(2),
        "\n\n".join(f"{BODY} {OTHER} {i}" for i in range(9)),
        "\n\n".join(
            "\n".join([f"A line that was broken at ninety-two columns by the machine that sent this report {j}"] * 5) for j in range(5)
        ),
        "\n\n".join("Title\nshort\nlines\nonly" for _ in range(5)),
    ],
)
def test_one_article_stays_one(tmp_path: Path, text: str) -> None:
    (article,), _ = collect(put(tmp_path / "a.txt", text))
    assert article.text == text


def test_articles_option_wins_over_the_look(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", digest(4))
    assert [a.text for a in collect(path, articles="one")[0]] == [digest(4)]
    parts = put(tmp_path / "b.txt", f"{BODY}\n \t\n\n{OTHER}\r\n\r\n")
    assert [(a.text, a.line) for a in collect(parts, articles="blank-line")[0]] == [(BODY, 1), (OTHER, 4)]


def test_article_of_40_megabytes_is_rejected(tmp_path: Path) -> None:
    big = put(tmp_path / "big.txt", (BODY + "\n") * (40_000_000 // len(BODY)))
    rows = put(tmp_path / "big.jsonl", jsonl({"text": BODY}, {"text": "x" * 40_000_000}, {"text": "y " * 35_000_000}, {"text": OTHER}))
    long = f"{BODY}\n" * 450_000
    table = put(tmp_path / "big.csv", f'text,n\n{BODY},1\n"{long}",2\n"{OTHER}",3\n')
    articles, rejects = collect([big, rows, table])
    assert [a.text for a in articles] == [BODY, OTHER, BODY, OTHER]
    assert [(Path(r.file or "").name, r.line) for r in rejects] == [("big.txt", 1), ("big.jsonl", 2), ("big.jsonl", 3), ("big.csv", 3)]
    assert all("5000000" in r.reason or "bytes" in r.reason for r in rejects)
    assert all("max_chars" in r.hint for r in rejects)
    assert "longer than" in collect(big, articles="one")[1][0].reason


# JSON


def test_json_lines_with_a_bad_line_between_good_ones(tmp_path: Path) -> None:
    rows = jsonl(
        {"title": "Ministers meet", "body": BODY, "date": "2016-07-05T10:00:00Z", "source": "Example", "url": "https://e.org/1", "id": "7"},
        '{"body": "cut off',
        "",
        {"Body": OTHER, "Headline": "Troops", "PubDate": "2016-07-06", "Link": "u"},
        [1],
        {"body": 12},
        {"body": "  "},
        {"title": "no text here"},
        {"body": BODY, "date": "2016-02-31"},
        {"body": BODY, "date": ["2016"]},
        {"body": "\ud800 " + BODY},
    )
    path = put(tmp_path / "a.jsonl", rows)
    articles, rejects = collect(path)
    first, second, third = articles
    assert first.text == f"Ministers meet\n\n{BODY}"
    assert (first.published, first.published_rule, first.published_inferred) == (date(2016, 7, 5), "metadata", False)
    assert (first.publisher, first.url, first.line) == ("Example", "https://e.org/1", 1)
    assert first.id == content_id("a", "https://e.org/1", "Ministers meet", first.text)
    assert (second.title, second.published, second.url, second.line) == ("Troops", date(2016, 7, 6), "u", 4)
    assert third.text == "\ufffd " + BODY
    assert {r.file for r in rejects} == {str(path)}
    told = {r.line: r.reason for r in rejects}
    assert sorted(told) == [2, 5, 6, 7, 8, 9, 10]
    for line, words in {
        2: "malformed JSON",
        5: "found a list",
        6: "a number",
        7: "empty",
        8: "no text",
        9: "2016-02-31",
        10: "a list",
    }.items():
        assert words in told[line]


def test_without_a_receiver_the_first_bad_record_raises_with_file_and_line(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", jsonl({"text": BODY}, "{oops", {"text": OTHER}))
    articles = read(path)
    assert next(articles).text == BODY
    with pytest.raises(BadRecord, match=r"a\.jsonl:2: malformed JSON") as caught:
        next(articles)
    assert caught.value.hint


def test_title_that_the_body_begins_with_is_not_repeated(tmp_path: Path) -> None:
    (article,), _ = collect(put(tmp_path / "a.jsonl", jsonl({"title": "Talks", "text": f"\nTalks\n\n{BODY}\r\n"})))
    assert article.text == f"\nTalks\n\n{BODY}\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_rows_in_other_encodings(tmp_path: Path, encoding: str, suffix: str) -> None:
    text = "Señor García met Müller in Malmö, he said."
    rows = {"jsonl": f'{{"text": "{text}"}}\n{{"text": "{OTHER}"}}\n', "csv": f'text,n\r\n"{text}",1\r\n{OTHER.replace(",", "")},2\r\n'}
    articles, rejects = collect(put(tmp_path / f"a.{suffix}", rows[suffix].encode(encoding)))
    assert articles[0].text == text
    assert len(articles) == 2
    assert not rejects


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([{"text": BODY}, {"text": OTHER}]),
        "\ufeff" + json.dumps([{"text": BODY}, {"text": OTHER}], indent=2),
        jsonl({"text": BODY}, {"text": OTHER}),
        json.dumps({"text": BODY}, indent=1) + "\n" + json.dumps({"text": OTHER}, indent=1),
    ],
)
def test_json_files(tmp_path: Path, content: str) -> None:
    articles, rejects = collect(put(tmp_path / "a.json", content))
    assert [a.text for a in articles] == [BODY, OTHER]
    assert not rejects


def test_long_json_list_has_true_lines_and_stops_where_it_breaks(tmp_path: Path) -> None:
    rows = [{"text": f"{BODY} {i}"} for i in range(3000)]
    whole = "[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n"
    articles, rejects = collect(put(tmp_path / "a.json", whole))
    assert [a.line for a in articles] == list(range(2, 3002))
    assert not rejects
    broken = put(tmp_path / "b.json", whole[: len(whole) // 2])
    articles, rejects = collect(broken)
    assert 1400 < len(articles) < 1600
    assert [(r.file, r.line) for r in rejects] == [(str(broken), len(articles) + 2)]


def test_json_nested_too_deeply_is_one_reject(tmp_path: Path) -> None:
    articles, rejects = collect(put(tmp_path / "a.jsonl", jsonl({"text": BODY}, "[" * 200_000, {"text": OTHER})))
    assert len(articles) == 2
    assert [r.line for r in rejects] == [2]


# Tables


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["ID", "Title", "Text", "Date", "Outlet"])
        writer.writerow(["1", 'A "quoted" title', f"{BODY}\r\n\r\n{OTHER}", "2016-07-05", "Example"])
        writer.writerow(["2", "", OTHER, "", ""])
    first, second = collect(path)[0]
    assert first.text == f'A "quoted" title\n\n{BODY}\n\n{OTHER}'
    assert (first.line, first.publisher, first.published) == (2, "Example", date(2016, 7, 5))
    assert (second.line, second.title, second.text, second.publisher) == (5, None, OTHER, None)


def test_csv_bad_rows_between_good_ones(tmp_path: Path) -> None:
    rows = [
        b"text;date;title",
        b"first good row;2016-07-05;",
        b"only one cell",
        b"a;b;c;d",
        b'"never closed;2016-07-05;',
        b'"second good; row";2016-07-06;',
        b'"junk" behind the quote;;',
        b"nul \0 byte;;",
        b"third good row;;;;",
        b"bad day;2016-13-01;",
        b'"',
        b"last good row;;",
    ]
    path = put(tmp_path / "a.csv", b"\n".join(rows))
    articles, rejects = collect(path)
    assert [(a.text, a.line) for a in articles] == [
        ("first good row", 2),
        ("second good; row", 6),
        ("third good row", 9),
        ("last good row", 12),
    ]
    assert {r.file for r in rejects} == {str(path)}
    told = {r.line: r.reason for r in rejects}
    assert sorted(told) == [3, 4, 5, 7, 8, 10, 11]
    for line, words in {3: "too few cells", 4: "too many cells", 5: "quote", 7: "quote", 8: "NUL", 10: "2016-13-01", 11: "quote"}.items():
        assert words in told[line]


def test_csv_cell_beyond_the_standard_limit_is_read(tmp_path: Path) -> None:
    text = "word, " * 60_000
    (article,), rejects = collect(put(tmp_path / "a.csv", f'n,text\n1,"{text}"\n'))
    assert article.text == text
    assert not rejects


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")), min_size=2, max_size=2), max_size=5))
def test_csv_cells_are_those_of_the_standard_writer(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([["n", "text"], *[[n, f"text {text}"] for n, text in rows]])
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder) / "a.csv", stream.getvalue())
        articles, rejects = collect(path)
    assert all("control characters" in reject.reason for reject in rejects)
    junk = {reject.line for reject in rejects}
    wanted = [f"text {text}" for _, text in rows]
    assert len(articles) + len(junk) == len(wanted)
    assert [article.text for article in articles] == [text for text in wanted if text in {article.text for article in articles}]


def test_tsv_takes_quotes_as_they_stand(tmp_path: Path) -> None:
    path = put(tmp_path / "a.tsv", 'text\tdate\n"We met," he said\t2016-07-05\n"whole\tcell"\t2016-07-06\nplain "x\t\n')
    articles, rejects = collect(path)
    assert [a.text for a in articles] == ['"We met," he said', "whole\tcell", 'plain "x']
    assert not rejects


def test_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "content": [BODY, None, OTHER, "x" * 2000],
            "headline": ["Ministers", "b", None, None],
            "timestamp": pa.array([datetime(2016, 7, 5, 23, tzinfo=UTC), None, None, None], pa.timestamp("ns", "UTC")),
            "other": [1, 2, 3, 4],
        }
    )
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, row_group_size=2)
    articles, rejects = collect(path, max_chars=1000)
    assert [(a.text, a.published, a.line) for a in articles] == [(f"Ministers\n\n{BODY}", date(2016, 7, 5), 1), (OTHER, None, 3)]
    assert [(r.file, r.line) for r in rejects] == [(str(path), 2), (str(path), 4)]
    put(tmp_path / "b.parquet.gz", gzip.compress(path.read_bytes()))
    assert [a.text for a in collect(tmp_path / "b.parquet.gz", max_chars=1000)[0]] == [a.text for a in articles]


def test_parquet_text_of_the_wrong_type(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [1, 2]}), tmp_path / "a.parquet")
    articles, rejects = collect(tmp_path / "a.parquet")
    assert not articles
    assert ["a number" in r.reason for r in rejects] == [True, True]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "day,words\n2016-07-05,hello\n"),
        ("a.tsv", "day\twords\n2016-07-05\thello\n"),
        ("a.jsonl", jsonl({"day": "2016-07-05", "words": BODY})),
        ("a.json", json.dumps([{"day": "2016-07-05", "words": BODY}])),
        ("a.parquet", None),
    ],
)
def test_missing_columns(tmp_path: Path, name: str, content: str | None) -> None:
    path = tmp_path / name
    if content is None:
        pq.write_table(pa.table({"day": ["2016-07-05"], "words": [BODY]}), path)
    else:
        put(path, content)
    with pytest.raises(UnreadableFile, match=rf"{name}.*no column holds the text; the columns are: day, words") as caught:
        collect(path)
    assert "text=COLUMN" in caught.value.hint
    with pytest.raises(UnreadableFile, match=r"no column 'pubday'; the columns are: day, words"):
        collect(path, columns=(("text", "words"), ("date", "pubday")))
    (article,), _ = collect(path, columns=(("text", "Words"), ("date", "day")))
    assert (article.text, article.published) == (content and "hello" if name[-2:] == "sv" else BODY, date(2016, 7, 5))
    good = put(tmp_path / "folder" / "good.txt", BODY)
    path.rename(good.parent / name)
    articles, rejects = collect(tmp_path / "folder")
    assert [a.text for a in articles] == [BODY]
    assert rejects[0].file == str(good.parent / name)


def test_unknown_field_is_told_at_once() -> None:
    with pytest.raises(SettingsError, match="author") as caught:
        read([], ReadOptions(columns=(("author", "x"),)))
    assert "publisher" in caught.value.hint


# Pages


def test_html_page(tmp_path: Path) -> None:
    (article,), _ = collect(put(tmp_path / "a.html", PAGE))
    assert article.text.startswith("Ministers meet\n")
    assert BODY in article.text
    assert OTHER in article.text
    assert "Home" not in article.text
    assert (article.title, article.publisher, article.url) == ("Ministers meet", "Example News", "https://example.org/a")
    assert (article.published, article.published_rule) == (date(2016, 7, 1), "metadata")


def test_html_charset_is_heeded(tmp_path: Path) -> None:
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-2">').replace("bay", "bay near Łódź")
    (article,), _ = collect(put(tmp_path / "a.htm", page.encode("iso-8859-2")))
    assert "near Łódź" in article.text


@pytest.mark.parametrize(
    "page", ["", "<html></html>", "<html><body><nav>Home</nav></body></html>", "<<<>>>", "<?xml version='1.0' encoding='x'?><a/>"]
)
def test_page_without_main_text_is_rejected(tmp_path: Path, page: str) -> None:
    bad = put(tmp_path / "a.html", page)
    articles, rejects = collect([bad, put(tmp_path / "b.html", PAGE)])
    assert len(articles) == 1
    assert [(r.file, r.line) for r in rejects] == [(str(bad), 1)]
    assert rejects[0].hint


def warc(*records: tuple[str, str, bytes]) -> bytes:
    result = b""
    for kind, mime, body in records:
        content, outer = body, "application/http" if kind == "response" else mime
        if kind == "response":
            content = f"HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
        head += f"WARC-Target-URI: https://example.org/x\r\nContent-Type: {outer}\r\nContent-Length: {len(content)}\r\n\r\n"
        result += head.encode() + content + b"\r\n\r\n"
    return result


def test_warc(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    data = warc(
        ("warcinfo", "application/warc-fields", b"x: y"),
        ("response", "text/html; charset=utf-8", PAGE.encode()),
        ("response", "image/png", b"\x89PNG"),
        ("response", "text/html", b"<html></html>"),
        ("conversion", "text/plain", BODY.encode()),
    )
    for path in (put(tmp_path / "a.warc", data), put(tmp_path / "b.warc.gz", gzip.compress(data))):
        articles, rejects = collect(path)
        assert [a.line for a in articles] == [2, 5]
        assert BODY in articles[0].text
        assert articles[1].url == "https://example.org/x"
        assert [(r.file, r.line) for r in rejects] == [(str(path), 4)]


def test_warc_without_its_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    with pytest.raises(MissingExtra, match=r"detente\[warc\]"):
        collect(put(tmp_path / "a.warc", warc()))


# Files, folders, globs, standard input


def test_gzip(tmp_path: Path) -> None:
    paths = [
        put(tmp_path / "a.txt.gz", gzip.compress(BODY.encode())),
        put(tmp_path / "b.jsonl.gz", gzip.compress(jsonl({"text": OTHER}).encode())),
        put(tmp_path / "c.csv", gzip.compress(f"text\n{BODY}\n".encode())),
        put(tmp_path / "d.html.gz", gzip.compress(PAGE.encode())),
    ]
    articles, rejects = collect(paths)
    assert [a.text for a in articles][:3] == [BODY, OTHER, BODY]
    assert len(articles) == 4
    assert not rejects


def test_truncated_gzip_gives_its_good_rows_and_then_raises(tmp_path: Path) -> None:
    data = jsonl(*({"text": f"{os.urandom(400).hex()} {i}"} for i in range(2000)))
    path = put(tmp_path / "in" / "a.jsonl.gz", gzip.compress(data.encode())[:-200_000])
    got: list[Article] = []
    with pytest.raises(UnreadableFile, match=r"a\.jsonl\.gz: the gzip archive ends too early") as caught:
        got.extend(read(path))
    assert caught.value.hint
    put(tmp_path / "in" / "b.txt", BODY)
    articles, rejects = collect(tmp_path / "in")
    assert len(articles) > 500
    assert articles[-1].text == BODY
    assert [(r.file, r.step) for r in rejects] == [(str(path), "read")]


def test_broken_gzip(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.txt\.gz: broken gzip"):
        collect(put(tmp_path / "a.txt.gz", "no gzip at all"))


@pytest.mark.parametrize("name", ["gone.txt", "gone/", "*.txt", "gone/**/*.jsonl"])
def test_what_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"no such file|no file matches") as caught:
        collect(f"{tmp_path}/{name}")
    assert name in str(caught.value)
    assert caught.value.hint


def test_path_through_a_file(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", BODY)
    with pytest.raises(UnreadableFile, match="not a folder"):
        collect(tmp_path / "a.txt" / "b.txt")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", BODY)
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="no permission"):
        collect(path)
    assert len(collect(tmp_path)[1]) == 1


@pytest.mark.parametrize("content", [b"PAR1 but no more", b"plain", b""])
def test_not_parquet(tmp_path: Path, content: bytes) -> None:
    path = put(tmp_path / "in" / "a.parquet", content)
    with pytest.raises(UnreadableFile, match=r"a\.parquet: not a Parquet file"):
        collect(path)
    put(tmp_path / "in" / "b.txt", BODY)
    articles, rejects = collect(tmp_path / "in")
    assert [a.text for a in articles] == [BODY]
    assert [r.file for r in rejects] == [str(path)]
    with pytest.raises(UnreadableFile):
        list(read(tmp_path / "in"))


def test_folder_is_read_in_order_without_hidden_and_foreign_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.txt", "a.TXT", "sub/c.txt", ".hidden.txt", ".git/d.txt", "notes.pdf", "Makefile", "sub/deep/e.txt.gz"):
        put(tmp_path / "in" / name, gzip.compress(b"Text e") if name.endswith("gz") else f"Text {name}")
    monkeypatch.chdir(tmp_path)
    articles, rejects = collect("in")
    assert [a.file for a in articles] == ["in/a.TXT", "in/b.txt", "in/sub/c.txt", "in/sub/deep/e.txt.gz"]
    assert not rejects
    assert [a.file for a in collect("in/*.txt")[0]] == ["in/b.txt"]
    assert [a.file for a in collect("in/**/*.txt")[0]] == ["in/b.txt", "in/sub/c.txt"]
    assert [a.file for a in collect("in/Make*")[0]] == []
    assert [a.file for a in collect(["in/b.txt", Path("in/a.TXT")])[0]] == ["in/b.txt", "in/a.TXT"]


def test_file_of_unknown_suffix_is_looked_into_when_named(tmp_path: Path) -> None:
    cases = {"a.log": BODY, "b.dump": jsonl({"text": BODY}), "c": PAGE, "d.data": json.dumps([{"text": BODY}])}
    for name, content in cases.items():
        (article,), _ = collect(put(tmp_path / name, content))
        assert BODY in article.text
    pq.write_table(pa.table({"text": [OTHER]}), tmp_path / "e.pq")
    assert collect(tmp_path / "e.pq")[0][0].text == OTHER


@pytest.mark.parametrize(
    "content",
    [
        BODY.encode(),
        b"  \n" + jsonl({"text": BODY}).encode(),
        PAGE.encode(),
        gzip.compress(BODY.encode(), mtime=0),  # the name of the test must not change with the clock
        jsonl({"text": BODY}).encode("utf-16"),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    (article,), _ = collect("-")
    assert BODY in article.text
    assert article.file == "-"


def test_reading_is_lazy(tmp_path: Path) -> None:
    rows = put(tmp_path / "a.jsonl", jsonl(*({"text": f"{BODY} {i}"} for i in range(20_000))))
    articles = read([rows, tmp_path / "gone.txt"])
    assert next(articles).text == f"{BODY} 0"
    with rows.open("rb") as stream:
        assert stream.read(1) == b"{"
    articles.close()  # type: ignore[attr-defined]  # a generator, though only an iterator is promised


# Dates and publishers


def test_options_win_over_metadata(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", jsonl({"text": BODY, "date": "2016-02-31", "source": "Example"}))
    (article,), rejects = collect(path, published=date(2020, 1, 2), publisher="Mine")
    assert (article.published, article.published_rule, article.published_inferred) == (date(2020, 1, 2), "option", False)
    assert article.publisher == "Mine"
    assert not rejects


def test_without_metadata_the_text_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []

    def publication_date(text: str, title: str | None) -> tuple[date | None, str, bool]:
        asked.append((text, title))
        return date(2016, 7, 4), "inferred", True

    monkeypatch.setattr(reading, "publication_date", publication_date)
    (article,), _ = collect(put(tmp_path / "a.txt", f"Talks\n\n{BODY}"))
    assert asked == [(f"Talks\n\n{BODY}", "Talks")]
    assert (article.published, article.published_rule, article.published_inferred) == (date(2016, 7, 4), "inferred", True)


@pytest.mark.parametrize("stamp", [1467720000, 1467720000.25, 1467720000000, "2016-07-05", "Tue, 05 Jul 2016 12:00:00 GMT", 20160705])
def test_forms_of_dates(tmp_path: Path, stamp: object) -> None:
    (article,), _ = collect(put(tmp_path / "a.jsonl", jsonl({"text": BODY, "timestamp": stamp})))
    assert (article.published, article.published_rule) == (date(2016, 7, 5), "metadata")


def test_dateline_is_read_where_no_metadata_is(tmp_path: Path) -> None:
    (article,), _ = collect(put(tmp_path / "a.txt", f"Talks\n\nBERN, March 5, 2014 (Agency) — {BODY}"))
    assert (article.published, article.published_rule) == (date(2014, 3, 5), "dateline")


@pytest.mark.parametrize("stamp", ["2016-02-31", "soon", 12, float("inf"), True])
def test_impossible_dates(tmp_path: Path, stamp: object) -> None:
    articles, rejects = collect(put(tmp_path / "a.jsonl", jsonl({"text": BODY, "date": stamp}, {"text": OTHER, "date": "2016-07-05"})))
    assert [a.text for a in articles] == [OTHER]
    assert [r.line for r in rejects] == [1]
    assert "date" in rejects[0].reason


def test_truncated_warc_archive(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    path = put(tmp_path / "a.warc.gz", gzip.compress(warc(*[("conversion", "text/plain", os.urandom(300).hex().encode())] * 2000))[:-300])
    got: list[Article] = []
    with pytest.raises(UnreadableFile, match=r"a\.warc\.gz: the gzip archive ends too early"):
        got.extend(read(path))
    assert got


def test_same_input_gives_same_ids(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", jsonl({"text": BODY, "id": "1"}, {"text": BODY, "id": "2"}, {"text": OTHER}))
    first, second, third = (a.id for a in collect(path)[0])
    assert first == second != third
    assert [first, second, third] == [a.id for a in collect(path)[0]]
