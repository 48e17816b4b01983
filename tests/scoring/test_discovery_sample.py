"""Relevance on videos that nobody here made: a topic finds the channels that a reader names."""

import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest

from irm.imports.kinds import Chosen
from irm.imports.posts.kind import Posts
from irm.imports.reading import cage
from irm.imports.reading.sheet import FIND_OUT
from irm.scoring.facts import Post, Topic
from irm.scoring.relevance import Matcher, relevance
from tests.scoring.judgements import BELONG, BORDERLINE, READ

LIST = Path(__file__).resolve().parents[3] / "shared/data/youtube_trending_FR_2017-11.csv"
DAY = dt.date(2017, 11, 28)

#: As a brand writes them into its settings.
KEYWORDS = {
    "cuisine": "cuisine, recette, recette facile, pâtisserie, gâteau, tarte, cuisiner,"
    " recette vegan, cuisine maison, apéritif, farine",
    "jeux vidéo": "jeux vidéo, jeu vidéo, gameplay, let's play, e-sport, PlayStation, Nintendo,"
    " Minecraft, Call of Duty, FIFA 18, FUT 18, pack opening, Sims 4, Pokémon GO, Overwatch, Dofus",
    "beauté": "makeup, se maquiller, trousse makeup, soins visage, crème hydratante, vernis,"
    " mascara, fond de teint, nail art, coupe courte, tissage, perruque, anticernes, routine teint,"
    " Sephora, eau micellaire",
    "football": "football, foot, footballeur, Ligue 1, PSG, OM, équipe de France, Coupe du monde,"
    " Ligue des champions, mercato, Real Madrid, FC Barcelone, ballon d'or",
    "politique": "politique, élections, gouvernement, Assemblée nationale, député, Macron,"
    " Mélenchon, Marine Le Pen, Front national, France insoumise, parti socialiste,"
    " débat politique",
    "high-tech": "high-tech, smartphone, iPhone, iPhone X, Samsung Galaxy, OnePlus, Face ID,"
    " nouvelles technologies, objets connectés, intelligence artificielle, Google Home, keynote",
    "musculation": "musculation, muscu, bodybuilding, pectoraux, abdos, fessiers, squat,"
    " prise de muscle, prise de masse, perte de gras, fitgirl, programme d'entraînement,"
    " courbatures, team shape",
}
#: The topics that so few channels are about that ten of them cannot be found.
RARE = {"musculation"}
COMMON = sorted(set(BELONG) - RARE)

needs_list = pytest.mark.skipif(
    not LIST.is_file(), reason="the public lists are not beside this project (../shared/data)"
)


@pytest.fixture(scope="module")
def channels(tmp_path_factory):
    """The videos of each channel as an import reads them, under the id of its first one."""
    into = tmp_path_factory.mktemp("videos") / "rows"
    sheet = cage.convert(LIST, LIST.name, FIND_OUT, into)
    kind = Posts.of(sheet, Chosen(file_name=LIST.name))
    videos = defaultdict(dict)
    for number, cells in sheet.rows():
        record = kind.read(cells)
        post = Post(number, record.published_at.date(), text=record.text, language=record.language)
        videos[record.author.handle_key].setdefault(record.post_id, post)
    return {next(iter(posts)): list(posts.values()) for posts in videos.values()}


@pytest.fixture(scope="module")
def first(channels):
    """Rank all channels of the file for a topic, and give the first of them."""

    def first(name, number):
        topic = Topic(1, name, tuple(word.strip() for word in KEYWORDS[name].split(",")))
        matcher = Matcher([topic])
        scores = {
            channel: relevance(posts, None, [topic], DAY, matcher).score
            for channel, posts in channels.items()
        }
        return sorted(scores, key=lambda channel: -scores[channel])[:number]

    return first


def test_the_sample_is_large_enough_to_tell():
    assert len(READ) >= 120
    assert len(COMMON) >= 6
    assert BELONG.keys() == BORDERLINE.keys() == KEYWORDS.keys()
    for topic in COMMON:
        assert len(BELONG[topic]) >= 12
    for topic, belong in BELONG.items():
        assert belong <= READ
        assert BORDERLINE[topic] <= READ - belong


@needs_list
def test_the_sample_is_of_this_list(channels):
    assert channels.keys() >= READ


@needs_list
@pytest.mark.parametrize("topic", COMMON)
def test_nine_of_the_ten_most_relevant_channels_are_about_the_topic(first, topic):
    """Of all channels of the list: one that nobody read counts as one that is not."""
    assert len(BELONG[topic].intersection(first(topic, 10))) >= 9


@needs_list
@pytest.mark.parametrize("topic", sorted(RARE))
def test_the_few_channels_of_a_rare_topic_come_first(first, topic):
    assert len(BELONG[topic].intersection(first(topic, 10))) >= len(BELONG[topic]) - 1
