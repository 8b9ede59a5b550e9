"""English plurals, by plumbing/nouns.py: a project that reads a database needs the same ones."""

from collections.abc import Callable

from generator import shared

NOUNS = shared.contents("nouns.py")
plural: Callable[[str], str] = NOUNS["plural"]
singular: Callable[[str], str] = NOUNS["singular"]
