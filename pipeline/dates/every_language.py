"""The words of a timestamp in a language that nobody expected: which languages explain a line, and as what.

The words of one stamp are of one language. `mar` and `dic` are a Tuesday and a December together, `sub` and `kol` a
Saturday and an August; taken from several languages at once they would be a March and a February.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from pipeline.dates import names
from pipeline.dates.kept import kept
from pipeline.dates.lexicon import Lexicon, Meaning, common
from pipeline.dates.shape import Scope
from pipeline.dates.tokens import words_in

MOST_LANGUAGES = 24
"""Languages that explain a line in ways of their own and are asked; of more, none is known to be meant."""
MONTH_SHORTEST = 3
"""Latin letters of a month at least: `Ma` is as likely a slip for another language's name."""
_UNSPACED_LONGEST = 10
"""Characters of a name at most in a script that puts no blanks between words."""

_Phrase = tuple[tuple[str, ...], Meaning]


class Index(Struct, frozen=True):
    """Every name that CLDR has, word by word and as phrases by their first word, with the languages that have it."""

    words: dict[str, dict[Meaning, set[str]]] = {}
    phrases: dict[str, dict[_Phrase, set[str]]] = {}

    def languages(self, word: str) -> AbstractSet[str]:
        """Return the languages that know a word, or a phrase that begins with it."""
        known: set[str] = set()
        for tables in (self.words.get(word, {}), self.phrases.get(word, {})):
            known.update(*tables.values())
        return known


def read_index() -> Index:
    """Return the index, read from what Babel has of CLDR: a thousand files, in a third of a second."""
    index = Index()
    for (kind, name, number), languages in _languages_of_names().items():
        if kind == "months" and len(name) < MONTH_SHORTEST and name[0].isascii():
            continue
        own = Lexicon()
        own.add(name, _meaning(kind, number))
        for word, meanings in own.words.items():
            for meaning in meanings:
                index.words.setdefault(word, {}).setdefault(meaning, set()).update(languages)
        for word, phrases in own.phrases.items():
            for phrase in phrases:
                index.phrases.setdefault(word, {}).setdefault(phrase, set()).update(languages)
    return index


def _languages_of_names() -> dict[tuple[str, str, int], set[str]]:
    """Return every name once, in the order they are met, with the languages that have it: most share theirs."""
    known: dict[tuple[str, str, int], set[str]] = {}
    for found in names.every_name():
        known.setdefault((found.kind, found.name, found.number), set()).add(found.language)
    return known


class OneLanguage(Lexicon):
    """The names of one language, and the words that every language shares."""

    def __init__(self, index: Index, language: str) -> None:
        super().__init__()
        self._index = index
        self.language = language

    def word(self, word: str) -> tuple[Meaning, ...]:
        """Return what a folded word can mean in this language."""
        if word not in self.words:
            self.words[word] = self._meanings(word) or tuple(
                meaning for meaning in self._meanings(self.without_prefix(word)) if meaning.kind in "MWL"
            )
        return self.words[word]

    def _meanings(self, word: str) -> tuple[Meaning, ...]:
        own = self._index.words.get(word, {})
        meanings = [meaning for meaning, languages in own.items() if self.language in languages]
        return tuple(dict.fromkeys((*common().words.get(word, ()), *meanings)))

    def abbreviation(self, word: str) -> tuple[Meaning, ...]:
        """Return what a word in few capitals can mean: it may be a zone, so no name that nobody expected."""
        return common().word(word)

    def phrases_of(self, word: str) -> Sequence[_Phrase]:
        """Return the phrases that begin with a word, the longest first."""
        own = self._index.phrases.get(word, {})
        if not own:
            return common().phrases_of(word)
        known = [phrase for phrase, languages in own.items() if self.language in languages]
        return sorted((*common().phrases_of(word), *known), key=lambda phrase: -len(phrase[0]))


@lru_cache(maxsize=1)
def _index() -> Index:
    return kept("names", Index, read_index, _decided_by())


def _decided_by() -> Iterator[bytes]:
    """Yield all that decides what the index holds: the version of Babel, and the code that reads and folds names."""
    import babel

    yield babel.__version__.encode()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        yield file.read_bytes()


@lru_cache(maxsize=512)
def _language(name: str) -> OneLanguage:
    return OneLanguage(_index(), name)


class Explained(NamedTuple):
    """A language of each kind that explains a text, and how many languages those are of."""

    kinds: tuple[OneLanguage, ...] = ()
    languages: int = 0


def explaining(shape: str, scope: Scope) -> Explained:
    """Return a language of each kind that explains the words of a masked text; nothing when none does, or too many.

    Languages that take every word for the same are one kind. Of a text that is nothing but a timestamp, a language
    must know all words that any language knows; among other words, no language may know more of them. A language that
    no state or region uses is asked only where none of the others explains as much: newsrooms hardly print it.

    >>> [found.language for found in explaining("mar 0 dic 0000", "line").kinds]
    ['es', 'mt']
    """
    index = _index()
    words = list(dict.fromkeys(words_in(shape)))
    own = [languages for word in words if not common().word(word) and (languages := _languages(index, word))]
    # Where all languages share every word, one of them may know another meaning of it.
    telling = own or [index.languages(word) for word in words]
    counts: dict[str, int] = {}
    for languages in telling:
        for language in languages:
            counts[language] = counts.get(language, 0) + 1
    most = max(counts.values(), default=0)
    if scope == "line" and most < len(own):
        return Explained()
    able = {language for language, count in counts.items() if not own or count == most}
    able = able & names.official_languages() or able
    kinds: dict[tuple[object, ...], OneLanguage] = {}
    for name in sorted(able):
        known = _language(name)
        kinds.setdefault(tuple(_all(known, words)), known)
    return Explained(tuple(kinds.values()), len(able)) if len(kinds) <= MOST_LANGUAGES else Explained()


def _languages(index: Index, word: str) -> AbstractSet[str]:
    """Return the languages that have a word."""
    if found := index.languages(word):
        return found
    if common().is_unspaced(word):
        pieces = {
            word[start:stop]
            for start in range(len(word))
            for stop in range(start + 1, min(len(word), start + _UNSPACED_LONGEST) + 1)
        }
        found = set().union(*(index.languages(piece) for piece in pieces))
        return frozenset(language for language in found if _language(language).split(word))
    bare = common().without_prefix(word)
    return index.languages(bare) if bare else frozenset()


def _all(known: OneLanguage, words: Sequence[str]) -> Iterator[object]:
    """Yield all that the words mean in a language."""
    for word in words:
        yield known.word(word)
        yield tuple(known.phrases_of(word))
        for part in known.split(word) or ():
            yield part, known.word(part)


def _meaning(kind: str, number: int) -> Meaning:
    if kind == "months":
        return Meaning("M", number, "gregorian")
    return Meaning("W" if kind == "days" else "P", number)
