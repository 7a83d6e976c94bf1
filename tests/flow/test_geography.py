"""Which of several namesakes an article means: the names that news confuses most, in invented articles."""

from __future__ import annotations

import pytest

from detente.flow.geography import Geography
from detente.knowledge import GazetteerEntry, Knowledge
from detente.records import Article

# Text, the words asked about (their first occurrence), country, region or None where the country says it all.
SENSES = [
    ("Georgia and Russia exchanged prisoners near Gori on Monday, officials in Tbilisi said.", "Georgia", "GEO", None),
    ("Lawmakers in Georgia voted on the budget. The governor will sign it in Atlanta, and Savannah will "
     "get a new port.", "Georgia", "USA", None),
    ("Voters in Georgia, Alabama and Florida go to the polls on Tuesday.", "Georgia", "USA", None),
    ("The foreign ministers of Georgia, Armenia and Azerbaijan met in Batumi.", "Georgia", "GEO", None),
    ("Jordan closed its border with Syria after shots near Mafraq.", "Jordan", "JOR", None),
    ("King Abdullah left Jordan for talks in Cairo.", "Jordan", "JOR", None),
    ("A barn burned down in Jordan, Minn., on Friday. Firefighters from Shakopee and Belle Plaine helped.", "Jordan", "USA", "Minnesota"),
    ("A fire destroyed two shops in Paris, Texas, on Sunday.", "Paris", "USA", "Texas"),
    ("A fire destroyed two shops in Paris on Sunday. The owners come from Bonham and Sherman, and Texas "
     "rangers opened an inquiry in Dallas.", "Paris", "USA", "Texas"),
    ("Thousands marched through Paris on Saturday against the pension law. Marches in Lyon and Marseille "
     "were smaller.", "Paris", "FRA", None),
    ("French police cleared a camp in Paris on Saturday.", "Paris", "FRA", None),
    ("Gunmen clashed in Tripoli, Lebanon, on Monday.", "Tripoli", "LBN", None),
    ("Gunmen clashed in the Lebanese city of Tripoli on Monday.", "Tripoli", "LBN", None),
    ("Gunmen clashed in Tripoli on Monday, and the army sent troops from Beirut and Sidon.", "Tripoli", "LBN", None),
    ("Militias shelled the airport of Tripoli on Monday. Fighters from Misrata and Zintan joined in.", "Tripoli", "LBY", None),
    ("Libya's Tripoli saw heavy fighting.", "Tripoli", "LBY", None),
    ("Senators returned to Washington for a vote on Syria.", "Washington", "USA", None),
    ("A landslide closed roads across Washington state on Tuesday, cutting off Yakima and Wenatchee.", "Washington", "USA", None),
    ("Police in Birmingham arrested two men. A third was held in Wolverhampton, the West Midlands force said.", "Birmingham", "GBR", None),
    ("Police in Birmingham arrested two men. A third was held in Tuscaloosa, Alabama.", "Birmingham", "USA", "Alabama"),
    ("Students in Cambridge held a vigil on Monday. Harvard is in talks with Boston and Somerville.", "Cambridge", "USA", "Massachusetts"),
    ("Students in Cambridge held a vigil on Monday, as did those of Oxford and Norwich.", "Cambridge", "GBR", None),
    ("Protesters in Santiago threw stones at police. Chile's president spoke from Valparaiso.", "Santiago", "CHL", None),
    ("Floods hit Santiago and Puerto Plata in the Dominican Republic.", "Santiago", "DOM", None),
    ("A blast in Hyderabad killed two people. India blamed a group from Kashmir.", "Hyderabad", "IND", None),
    ("A blast in Hyderabad killed two people. Police in Karachi, Pakistan, blamed a banned group.", "Hyderabad", "PAK", None),
    ("Nurses in Victoria went on strike. Hospitals in Melbourne and Geelong closed wards.", "Victoria", "AUS", None),
    ("Nurses in Victoria went on strike, and those of Vancouver and Nanaimo may follow, British Columbia "
     "said.", "Victoria", "CAN", "British Columbia"),
    ("Fishermen in Valencia and Alicante blocked the ports.", "Valencia", "ESP", None),
    ("Shops were looted in Valencia and Maracay, the Venezuelan opposition said.", "Valencia", "VEN", None),
    ("Teachers marched in San Jose, the capital of Costa Rica.", "San Jose", "CRI", None),
    ("Teachers marched in San Jose and Oakland, California.", "San Jose", "USA", "California"),
    ("A ferry sank off Alexandria on Monday, Egyptian state television said.", "Alexandria", "EGY", None),
    ("A man was charged in Alexandria on Monday. He came from Arlington, Virginia, and worked in "
     "Fairfax.", "Alexandria", "USA", "Virginia"),
    ("Police broke up a rally in St. Petersburg on Sunday. Rallies in Moscow and Kazan were larger.", "St. Petersburg", "RUS", None),
    ("Police broke up a party in St. Petersburg on Sunday. Tampa and Clearwater, Florida, saw none.", "St. Petersburg", "USA", "Florida"),
    ("Four students were found dead in Moscow, Idaho.", "Moscow", "USA", "Idaho"),
    ("Four students were found dead in Moscow. The university sent mourners home to Boise, Idaho, and to "
     "Spokane.", "Moscow", "USA", "Idaho"),
    ("The envoys flew to Moscow for talks with Sergei Lavrov.", "Moscow", "RUS", None),
    ("A school bus overturned in Lebanon, Tenn., on Friday.", "Lebanon", "USA", "Tennessee"),
    ("A school bus overturned in Lebanon. The children were taken to Harrisburg and Lancaster, "
     "Pennsylvania, police said.", "Lebanon", "USA", "Pennsylvania"),
    ("Israel struck southern Lebanon on Friday. Shells fell near Tyre and Nabatieh.", "Lebanon", "LBN", None),
    ("Farmers blocked roads near Cordoba, Argentina.", "Cordoba", "ARG", None),
    ("Farmers blocked roads near Cordoba and Seville.", "Cordoba", "ESP", None),
    ("Dockers in Newcastle stopped work. Ships were sent on to Sydney and Wollongong.", "Newcastle", "AUS", None),
    ("Dockers in Newcastle stopped work, and those of Sunderland and Gateshead will follow.", "Newcastle", "GBR", None),
    ("Gang fights in Kingston left four dead. Jamaica's police minister asked for calm.", "Kingston", "JAM", None),
    ("A prison guard in Kingston was stabbed. The hospital in Belleville, Ontario, treated him.", "Kingston", "CAN", "Ontario"),
    ("The ships left Perth for Fremantle and Darwin.", "Perth", "AUS", None),
    ("Farmers of Perth, Dundee and Inverness met the Scottish government.", "Perth", "GBR", None),
    ("Boats brought migrants to Naples and Salerno.", "Naples", "ITA", None),
    ("The storm hit Naples, Fort Myers and Cape Coral.", "Naples", "USA", "Florida"),
    ("Shells hit Donetsk province on Monday.", "Donetsk", "UKR", None),
    ("Farmers sued the county in Springfield, Ohio.", "Springfield", "USA", "Ohio"),
    ("Farmers sued the city of Springfield. Judges in Joplin and Branson, Missouri, had refused to.", "Springfield", "USA", "Missouri"),
    ("London and Brussels are to hold talks on fish.", "London", "GBR", None),
    ("A bus crashed near London, Ont., on Friday, and police from Woodstock and Stratford came to help.", "London", "CAN", "Ontario"),
    ("Rebels shelled Odessa from the sea, and Ukraine sent ships from Mykolaiv.", "Odessa", "UKR", None),
    ("A gunman opened fire in Odessa and Midland, Texas.", "Odessa", "USA", "Texas"),
    ("Boko Haram fighters attacked Mali, a village near Chibok in Nigeria's Borno state.", "Chibok", "NGA", None),
    ("Soldiers in Mali detained the president near Bamako.", "Mali", "MLI", None),
    ("Troops of Niger and Chad crossed the border near Diffa.", "Niger", "NER", None),
    ("Bandits killed 12 people in Niger State, the governor said in Minna. Nigerian soldiers arrived late.", "Niger State", "NGA", None),
    ("Boats sank in the Luxembourg province of Belgium after floods in Arlon.", "Luxembourg", "BEL", None),
    ("Guatemala's president visited San Marcos and Quetzaltenango.", "San Marcos", "GTM", None),
    ("Police fired at miners in La Paz and El Alto.", "La Paz", "BOL", None),
    ("The cartel ambushed a patrol near La Paz. Baja California Sur has seen 30 murders since May, Mexico says.", "La Paz", "MEX", None),
    ("The president is back from Florida and Texas. He flies to Warsaw next week, with senators from New "
     "York and Ohio.", "Warsaw", "POL", None),
    ("Drivers in London and Los Angeles burn more fuel than a whole village in Fiji, a mayor from California said.", "London", "GBR", None),
    ("A study by teams in Montreal and at Harvard, Massachusetts, says so. Teams in Wisconsin and Ohio disagree.", "Montreal", "CAN", None),
    ("The businessman from Tampa, Florida, spoke in Lisbon on Monday. He has shops in Ohio, Texas and New York.", "Lisbon", "PRT", None),
    ("Fans from Chicago, Dallas and Miami took planes to Toronto for the fair.", "Toronto", "CAN", None),
    ("A professor in Geneva shares the prize with one from Princeton, New Jersey. Both taught in Zurich.", "Geneva", "CHE", None),
    ("WASHINGTON -- Veterans from Iowa, Nevada and Utah sued the government on Friday.", "WASHINGTON", "USA", "District of Columbia"),
    ("Air raids hit Aleppo on Friday, killing six.", "Aleppo", "SYR", "Aleppo"),
    ("A house burned down near Halifax on Saturday. Crews from Bradford and Leeds came, West Yorkshire said.", "Halifax", "GBR", None),
    ("Rockets fired at Jerusalem fell short, hitting Hebron and Bethlehem.", "Bethlehem", "PSE", None),
    ("Insurgents took Merida, 20 km from Badajoz, in the first days of the Spanish war.", "Merida", "ESP", None),
]


def first(knowledge: Knowledge, text: str, words: str, publisher: str | None = None) -> GazetteerEntry | None:
    """The sense of the first occurrence of these words."""
    start = text.index(words)
    return Geography(Article("a", text, publisher=publisher), knowledge).place(start, start + len(words))


@pytest.mark.parametrize(("text", "words", "country", "region"), SENSES)
def test_namesakes(text: str, words: str, country: str, region: str | None, knowledge: Knowledge) -> None:
    found = first(knowledge, text, words)
    assert found is not None
    assert found.country == country
    if region:
        assert found.admin1 == region or (found.kind == "region" and found.name == region)


def test_a_container_says_it_for_one_mention(knowledge: Knowledge) -> None:
    text = "A band from Paris, Texas, flew to Paris, France, on Friday. The Texans come back to Paris, Texas, in May."
    geography = Geography(Article("a", text), knowledge)
    starts = [index for index in range(len(text)) if text.startswith("Paris", index)]
    found = [geography.place(start, start + 5) for start in starts]
    assert [entry.country if entry else None for entry in found] == ["USA", "FRA", "USA"]


def test_one_sense_where_one_mention_has_a_container(knowledge: Knowledge) -> None:
    text = "A man was shot in Springfield, Ohio, on Friday. Springfield police found the car. The mayor of Springfield spoke."
    geography = Geography(Article("a", text), knowledge)
    starts = [index for index in range(len(text)) if text.startswith("Springfield", index)]
    assert {entry.admin1 for start in starts if (entry := geography.place(start, start + 11))} == {"Ohio"}


def test_the_publisher_s_country_helps(knowledge: Knowledge) -> None:
    text = "The council met in Hamilton on Monday."
    abroad = first(knowledge, text, "Hamilton", "www.example.co.nz")
    assert abroad is not None
    assert abroad.country == "NZL"


def test_without_context_the_largest_is_meant(knowledge: Knowledge) -> None:
    text = "A fire destroyed two shops in Paris, Texas, on Sunday."
    start = text.index("Paris")
    plain = Geography(Article("a", text), knowledge, context=False).place(start, start + 5)
    assert plain is not None
    assert plain.country == "FRA"


def test_a_small_namesake_in_another_country_than_the_text_says_is_refused(knowledge: Knowledge) -> None:
    text = "Gunmen came to the village of Karangasso in northern Mali."
    start = text.index("Karangasso")
    geography = Geography(Article("a", text), knowledge)
    assert geography.place(start, start + len("Karangasso")) is None
    assert geography.holder(start, start + len("Karangasso")) == "MLI"


def test_persons_and_papers_weigh_nothing(knowledge: Knowledge) -> None:
    names = Geography(Article("a", "Paris Hilton spoke to the Washington Post."), knowledge).names()
    assert "Washington" not in {name.text for name in names}
    assert all(name.weight < 0.2 for name in names)


def test_names_of_several_words_go_whole(knowledge: Knowledge) -> None:
    text = "Ships left the Strait of Hormuz for the South China Sea, Rio de Janeiro and Stratford-upon-Avon. U.S. troops stayed."
    names = {name.text for name in Geography(Article("a", text), knowledge).names()}
    assert {"Strait of Hormuz", "South China Sea", "Rio de Janeiro", "Stratford-upon-Avon", "U.S."} <= names


def test_an_article_without_names_gives_nothing(knowledge: Knowledge) -> None:
    geography = Geography(Article("a", "nothing to see here, Xyzzyplugh said"), knowledge)
    assert geography.place(21, 31) is None
    assert geography.covering(3) is None
