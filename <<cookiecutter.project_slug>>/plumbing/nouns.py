"""Turns the last word of a snake_case name into its plural, and back.

`plural` names the tables of declared models, so what it returns must never change: another plural
would be another table.  That is why the words are here, and not in a library that has releases.
The template loads this file when it generates a project, so it needs nothing but Python.
"""

import re


def words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


MEN = words(
    "alderman businessman cameraman caveman chairman clergyman congressman councilman craftsman",
    "doorman draftsman fireman fisherman foreman freshman frontman gentleman gunman handyman layman",
    "mailman man middleman milkman nobleman ombudsman policeman postman repairman salesman seaman",
    "serviceman showman snowman spokesman sportsman superman swordsman tradesman watchman workman",
    "businesswoman chairwoman congresswoman policewoman saleswoman spokeswoman sportswoman woman",
)
"""Words in -man that have a plural in -men; those of `human`, `german` and `shaman` are regular."""
IRREGULAR = {
    **{word: word.removesuffix("man") + "men" for word in MEN},
    "analysis": "analyses",
    "antithesis": "antitheses",
    "appendix": "appendices",
    "axis": "axes",
    "bacterium": "bacteria",
    "bookshelf": "bookshelves",
    "calf": "calves",
    "catharsis": "catharses",
    "chairperson": "chairpeople",
    "child": "children",
    "crisis": "crises",
    "criterion": "criteria",
    "curriculum": "curricula",
    "datum": "data",
    "diagnosis": "diagnoses",
    "dialysis": "dialyses",
    "domino": "dominoes",
    "echo": "echoes",
    "elf": "elves",
    "embargo": "embargoes",
    "emphasis": "emphases",
    "epoch": "epochs",
    "foot": "feet",
    "genesis": "geneses",
    "goose": "geese",
    "grandchild": "grandchildren",
    "half": "halves",
    "hero": "heroes",
    "housewife": "housewives",
    "hypothesis": "hypotheses",
    "knife": "knives",
    "leaf": "leaves",
    "life": "lives",
    "loaf": "loaves",
    "louse": "lice",
    "mango": "mangoes",
    "matrix": "matrices",
    "medium": "media",
    "metamorphosis": "metamorphoses",
    "metastasis": "metastases",
    "millennium": "millennia",
    "monarch": "monarchs",
    "mosquito": "mosquitoes",
    "mouse": "mice",
    "nemesis": "nemeses",
    "neurosis": "neuroses",
    "oasis": "oases",
    "ox": "oxen",
    "paralysis": "paralyses",
    "parenthesis": "parentheses",
    "passerby": "passersby",
    "person": "people",
    "phenomenon": "phenomena",
    "potato": "potatoes",
    "prognosis": "prognoses",
    "prosthesis": "prostheses",
    "psychosis": "psychoses",
    "quantum": "quanta",
    "quiz": "quizzes",
    "salesperson": "salespeople",
    "scarf": "scarves",
    "self": "selves",
    "sheaf": "sheaves",
    "shelf": "shelves",
    "spokesperson": "spokespeople",
    "stepchild": "stepchildren",
    "stomach": "stomachs",
    "synopsis": "synopses",
    "synthesis": "syntheses",
    "tech": "techs",
    "thesis": "theses",
    "thief": "thieves",
    "tomato": "tomatoes",
    "tooth": "teeth",
    "tornado": "tornadoes",
    "torpedo": "torpedoes",
    "vertex": "vertices",
    "veto": "vetoes",
    "volcano": "volcanoes",
    "wife": "wives",
    "wolf": "wolves",
}
SINGULAR_OF = {many: one for one, many in IRREGULAR.items()}
WITHOUT_PLURAL = words(
    "advice aircraft apparel baggage bison cash cattle clothing cutlery data deer dice electricity",
    "equipment evidence feedback firmware footage freight furniture hardware health homework housework",
    "information jewellery jewelry knowledge livestock luggage machinery maintenance malware media",
    "merchandise metadata middleware money moose multimedia music offspring paperwork personnel poetry",
    "police pollen privacy progress research salmon sheep shrimp software spacecraft spyware staff swine",
    "traffic trout wealth weather wildlife",
    # with an -s
    "acoustics aerobics analytics arthritis athletics barracks chaos chassis corps crossroads debris",
    "diabetes economics electronics ergonomics ethics forensics gallows genetics goods gymnastics",
    "headquarters hepatitis herpes informatics kudos linguistics logistics mathematics measles",
    "miniseries news pediatrics physics politics premises rendezvous robotics semantics series species",
    "tennis tuberculosis whereabouts",
    "aws cms cors dns gps https ios os rss saas sms tls",
)
"""Words that stay as they are."""
SINGULAR = words(
    "alias asbestos atlas bias biceps canvas cosmos cyclops ethos gas lens pancreas rhinoceros summons",
    "thermos triceps yes",
    # -is
    "cannabis clematis dais epidermis ibis iris mantis metropolis pelvis penis trellis",
    # -us
    "abacus alumnus antivirus anus apparatus asparagus bacillus bonus bus cactus calculus callus campus",
    "caucus census chorus circus citrus colossus consensus corpus crocus cumulus discus esophagus",
    "eucalyptus exodus fetus focus foetus fungus genius genus hiatus hibiscus hippopotamus humus",
    "ignoramus impetus incubus isthmus litmus locus lupus minibus minus modulus mucus nautilus nexus",
    "nimbus nucleus octopus omnibus onus opus papyrus phosphorus platypus plexus plus prospectus pus",
    "radius rebus rhombus rumpus sarcophagus sinus status stimulus stylus surplus syllabus terminus",
    "tetanus thalamus thesaurus thymus torus typhus uterus virus walrus",
)
"""Words that only look like a plural."""
ENDING_IN_A_VOWEL = words(
    "adieu bureau caribou cpu ecu emu flu gnu gpu guru haiku lieu menu milieu plateau sku submenu",
    "tableau tofu tpu",
    "alibi api bikini cli deli emoji gui kiwi kpi martini rabbi safari samurai sari ski taxi ui uri",
    "wifi wiki",
)
"""Words with a plural in -us or -is."""
ENDING_IN_E = words(
    # -che, -xe, -sse
    "ache annexe apache avalanche axe backache cache cliche creche crevasse douche finesse headache",
    "heartache impasse lacrosse microfiche mousse moustache mustache niche pastiche pickaxe posse psyche",
    "quiche toothache tranche",
    # -ie
    "auntie birdie bookie brownie budgie calorie collie cookie cutie foodie freebie genie goalie goodie",
    "hippie hoodie indie junkie magpie movie necktie newbie oldie pixie prairie reverie rookie selfie",
    "smoothie sortie townie veggie zombie",
)
"""Words whose plural ends like that of a word without the -e, or with a -y."""


def plural(name: str) -> str:
    """Return the plural of a snake_case name; a name that is one already stays as it is.

    Of an unknown word, -ss, -us and -is are taken for the end of a singular, as in `campus`, and
    any other -s for that of a plural, as in `settings`.
    """
    start, underscore, word = name.rpartition("_")
    return start + underscore + plural_of(word)


def singular(name: str) -> str:
    """Return the name of one thing from the name of several: `order_items` gives `order_item`.

    A name that is no plural stays as it is.  The plural of the result is the given plural again.
    """
    start, underscore, word = name.rpartition("_")
    return start + underscore + singular_of(word)


def plural_of(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if is_plural(word):
        return word
    if word.endswith("sis"):
        return word.removesuffix("is") + "es"
    if re.search("[^aeiou]y$", word):
        return word.removesuffix("y") + "ies"
    if re.search("(s|x|z|ch|sh)$", word) or is_singular(word + "s"):
        return word + "es"
    return word + "s"


def is_plural(word: str) -> bool:
    """Return whether a word has to be a plural; one that can be a singular is taken for that."""
    if word in SINGULAR_OF or has_no_plural(word):
        return True
    if re.search("[iu]s$", word):
        return word.removesuffix("s") in ENDING_IN_A_VOWEL
    return re.search("[^s]s$", word) is not None and not is_singular(word)


def singular_of(word: str) -> str:
    if has_no_plural(word) or is_singular(word):
        return word
    for choice in possible_singulars(word):
        if choice and plural_of(choice) == word:
            return choice
    return word


def possible_singulars(word: str) -> list[str]:
    """Return what a plural can come from, the likeliest first."""
    if word in SINGULAR_OF:
        return [SINGULAR_OF[word]]
    without_s, without_es, with_y = word[:-1], word[:-2], word[:-3] + "y"
    if ends_like(without_s, ENDING_IN_E):
        return [without_s]
    if re.search("..ies$", word):
        return [with_y, without_s]
    if re.search("(ss|x|zz|tz|ch|sh)es$", word) or is_singular(without_es):
        return [without_es, without_s]
    return [without_s, without_es]


def is_singular(word: str) -> bool:
    """Return whether a word is a singular although it may look like a plural."""
    is_greek = word.endswith(("sis", "itis"))
    return is_greek or word in IRREGULAR or ends_like(word, SINGULAR)


def has_no_plural(word: str) -> bool:
    is_known = word in WITHOUT_PLURAL or ends_like(word, WITHOUT_PLURAL, length=7)
    return is_known or word.endswith("data")


def ends_like(word: str, known: frozenset[str], length: int = 5) -> bool:
    """Return whether a word is known, or ends in a known one of some length, as `orderstatus` does."""
    ends = [word[start:] for start in range(1, len(word) - length + 1)]
    return not known.isdisjoint([word, *ends])
