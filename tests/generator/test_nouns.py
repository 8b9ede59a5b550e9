"""Test plurals, which never change: another plural would be another table."""

import subprocess
import sys

import pytest
from hypothesis import example, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from generator import nouns
from generator.nouns import NOUNS, plural, singular
from tests.support.bake import ROOT, TEMPLATE

set_hypothesis_home_dir(ROOT / "build" / "hypothesis")

# Never change a line: a project that has such a table would have to rename it.
BOTH_WAYS = """
user users, post posts, tag tags, order_item order_items, http_server http_servers, item2 item2s, a as, x xes
y ys, ay ays, foo_y foo_ys

category categories, company companies, country countries, city cities, day days, key keys, survey surveys
movie movies, cookie cookies, zombie zombies, calorie calories, tie ties, pie pies, story stories, reply replies

address addresses, class classes, process processes, access accesses, business businesses, box boxes, tax taxes
index indexes, suffix suffixes, dish dishes, branch branches, match matches, batch batches, search searches
cache caches, headache headaches, niche niches, axle axles, waltz waltzes, buzz buzzes, size sizes, prize prizes
house houses, case cases, course courses, license licenses, purchase purchases, response responses
database databases, warehouse warehouses, cause causes, clause clauses, base bases, knowledge_base knowledge_bases
phrase phrases, exercise exercises, expense expenses, shoe shoes, posse posses, stomach stomachs, tech techs

status statuses, order_status order_statuses, orderstatus orderstatuses, bus buses, minibus minibuses
campus campuses, bonus bonuses, virus viruses, census censuses, focus focuses, radius radiuses, syllabus syllabuses
alias aliases, canvas canvases, atlas atlases, bias biases, gas gases, lens lenses, iris irises, pelvis pelvises
menu menus, cpu cpus, sku skus, bureau bureaus, api apis, wiki wikis, taxi taxis, emoji emojis
photo photos, video videos, logo logos, repo repos, cargo cargos, zoo zoos, area areas, idea ideas, quota quotas

person people, salesperson salespeople, child children, grandchild grandchildren, man men, woman women
salesman salesmen, chairwoman chairwomen, human humans, german germans, shaman shamans, talisman talismans
mouse mice, foot feet, tooth teeth, goose geese, ox oxen, quiz quizzes, matrix matrices, vertex vertices
knife knives, life lives, wife wives, leaf leaves, shelf shelves, bookshelf bookshelves, half halves, wolf wolves
thief thieves, self selves, roof roofs, chief chiefs, proof proofs, belief beliefs
hero heroes, potato potatoes, tomato tomatoes, echo echoes, volcano volcanoes, veto vetoes
analysis analyses, crisis crises, axis axes, thesis theses, hypothesis hypotheses, diagnosis diagnoses
criterion criteria, phenomenon phenomena, curriculum curricula, bacterium bacteria, medical_child medical_children

setting settings, detail details, order_detail order_details, statistic statistics, preference preferences
credential credentials, item items, product products, option options, result results, metric metrics
topic topics, new_topic new_topics, clip clips, chip chips, skill skills, view views
"""
ONLY_PLURAL = {
    "s": "ses",
    "basis": "bases",
    "axe": "axes",
    "datum": "data",
    "medium": "media",
    "sclerosis": "scleroses",
}
UNCHANGED = """
data metadata user_data userdata news breaking_news series miniseries species staff sheep fish_data equipment
information feedback software hardware media social_media progress money music weather police aircraft dice
physics mathematics analytics logistics headquarters chassis debris rendezvous dns gps sms rss
"""


def pairs() -> list[tuple[str, str]]:
    words = BOTH_WAYS.replace(",", "\n").split("\n")
    return [(one, many) for one, many in (line.split() for line in words if line.strip())]


@pytest.mark.parametrize(("one", "many"), pairs())
def test_both_ways(one: str, many: str) -> None:
    assert (plural(one), singular(many)) == (many, one)


@pytest.mark.parametrize(("one", "many"), pairs())
def test_what_is_right_stays(one: str, many: str) -> None:
    """A model's name may be a plural, and a table's name a singular."""
    assert (plural(many), singular(one)) == (many, one)


@pytest.mark.parametrize("word", ONLY_PLURAL)
def test_two_words_with_one_plural(word: str) -> None:
    assert plural(word) == ONLY_PLURAL[word] == plural(singular(ONLY_PLURAL[word]))


@pytest.mark.parametrize("word", UNCHANGED.split())
def test_words_without_a_plural(word: str) -> None:
    assert plural(word) == singular(word) == word


def test_the_lists_agree() -> None:
    """No word is in two lists, and no two words have the same irregular plural."""
    lists = [NOUNS["IRREGULAR"], NOUNS["WITHOUT_PLURAL"], NOUNS["SINGULAR"], NOUNS["ENDING_IN_A_VOWEL"]]
    lists.append(NOUNS["ENDING_IN_E"])
    assert len(frozenset().union(*lists)) == sum(map(len, lists))
    assert len(set(NOUNS["IRREGULAR"].values())) == len(NOUNS["IRREGULAR"])


ENDS = [
    "",
    "s",
    "es",
    "ss",
    "us",
    "is",
    "sis",
    "as",
    "os",
    "y",
    "ies",
    "x",
    "xe",
    "ch",
    "che",
    "z",
    "ze",
    "data",
]
PARTS = sorted(
    {*NOUNS["IRREGULAR"], *NOUNS["SINGULAR"], *NOUNS["WITHOUT_PLURAL"], *NOUNS["ENDING_IN_E"], "cpu"}
)
NAMES = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(["", "order_", "user"]),
    st.one_of(st.sampled_from(PARTS), st.text("aeioubsxzchy_2", max_size=5).map(lambda text: "n" + text)),
    st.sampled_from(ENDS),
)


@seed(17)
@settings(max_examples=2000, database=None, deadline=None)
@given(NAMES.filter(lambda name: not name.endswith("_")))
@example("statu")  # whose plural cannot be status
@example("oxu")
def test_the_singular_has_the_same_plural(name: str) -> None:
    """Reading a database finds the model that this table was declared with, or one with the same table."""
    many = plural(name)
    assert plural(singular(many)) == many


def test_no_cache_in_the_template() -> None:
    """Loading the file leaves nothing behind that cookiecutter would copy into each project."""
    subprocess.run([sys.executable, "-c", "import generator.nouns"], cwd=ROOT, env={}, check=True)
    assert not (TEMPLATE / "plumbing" / "__pycache__").exists()
    assert nouns.plural is NOUNS["plural"]
