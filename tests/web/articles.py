"""Articles of our own beside the sample story: what the sample has not, and what must do no harm."""

from __future__ import annotations

# Outlets, people without office and all that is quoted are made up; so are the events of the first three.
ODD = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://elsewhere.example/","look")'

FERRY = {
    "title": "Norway and Finland open a joint port",
    "publisher": "Fjord Gazette",
    "published": "2016-07-06",
    "url": "https://fjord.example/port",
    "text": (
        "OSLO, July 6, 2016 — Norway signed an agreement with Finland in Oslo on Tuesday. Finland praised Norway. "
        "The foreign ministers of Norway and Finland met in Helsinki on July 4. Sweden criticised Finland on Wednesday."
    ),
}
# "In a film": the act is told of a play, not of the world; a reader sees at once that the claim is wrong.
FILM = {
    "title": "A film about a war that never was",
    "publisher": "Stage and Screen",
    "published": "2016-07-08",
    "text": "In the opening scene Portugal bombs Iceland on July 7. Iceland expelled the ambassador of Portugal on July 8.",
}
HARMFUL = {
    "title": f"{ODD} =1+1",
    "publisher": FORMULA,
    "published": "2016-07-09",
    "url": "https://news.example/1",
    "text": f"Iran condemned Turkey on Friday. {ODD} Iran criticised Turkey {ODD} on Saturday.",
}
TWICE = (
    {
        "title": "Chile and Peru talk",
        "publisher": "Andes Wire",
        "published": "2016-07-05",
        "text": "LIMA, July 5, 2016 — The president of Chile met the president of Peru in Lima on Monday. They discussed trade.",
    },
    {
        "title": "A visit in Lima",
        "publisher": "Pacific Post",
        "published": "2016-07-07",
        "text": "SANTIAGO, July 7, 2016 — Chile held talks with Peru on July 6. Peru thanked Chile.",
    },
)
ALL = (FERRY, FILM, HARMFUL, *TWICE)
