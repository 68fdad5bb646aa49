"""What happens to a text between a server and a corpus: pure functions from text to text, one a kind of damage.

A damage cannot always be undone, so a value is right *up to the damage*: each of its strings is either the true one, or
the true one as the damage leaves it, and both are compared after :attr:`Damage.fold`, which levels only what the damage
makes unknowable. A text may hold bytes that are no UTF-8 as lone surrogates (``surrogateescape``).
"""

from __future__ import annotations

import html
import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import regex

Change: TypeAlias = Callable[[str], str]


def as_it_is(text: str) -> str:
    """Return the text."""
    return text


def collapse(text: str) -> str:
    r"""Make one blank of every run of white space, as a browser shows it.

    >>> collapse("a\n  b")
    'a b'
    """
    return regex.sub(r"[ \t\r\n]+", " ", text)


def trim_lines(text: str) -> str:
    r"""Take the white space off both ends of each line.

    >>> trim_lines("a \n  b")
    'a\nb'
    """
    return "\n".join(line.strip(" \t\r") for line in text.split("\n"))


def to_crlf(text: str) -> str:
    """End lines as Windows does."""
    return regex.sub(r"(?<!\r)\n", "\r\n", text)


def to_lf(text: str) -> str:
    """End lines as Unix does."""
    return text.replace("\r\n", "\n")


def drop_tags(text: str) -> str:
    """Drop what a browser takes for a tag.

    >>> drop_tags("a < b, <b>so</b> it is =>")
    'a < b, so it is =>'
    """
    return regex.sub(r"</?[A-Za-z][^<>]{0,500}>", "", text)


def encode_entities(text: str) -> str:
    """Encode what HTML sets apart, as ``htmlspecialchars`` does."""
    return html.escape(text, quote=True)


def decode_entities(text: str) -> str:
    """Decode entities once."""
    return html.unescape(text)


def to_browser_text(text: str) -> str:
    """Do what copying out of a browser does: no tags, no entities, no line breaks."""
    return collapse(decode_entities(drop_tags(text)))


def smarten(text: str) -> str:
    r"""Make quotes curly by what stands before them, and nothing else.

    >>> smarten('say "yes", it\'s')
    'say “yes”, it’s'
    """
    text = regex.sub(r'(^|[\s(\[{=])"', r"\1“", text)
    text = regex.sub(r"(^|[\s(\[{=“])'", r"\1‘", text)
    return text.replace('"', "”").replace("'", "’")


def smarten_and_collapse(text: str) -> str:
    """Make quotes curly and one blank of every run of white space."""
    return collapse(smarten(text))


def texturize(text: str) -> str:
    """Do what a blog engine does to a post: tags for its breaks, entities for curly quotes, dashes and ellipses."""
    curly = smarten(text)
    curly = curly.replace("...", "…").replace("--", "–")
    curly = "".join(f"&#{ord(char)};" if char in "“”‘’…–" else char for char in curly)
    paragraphs = regex.split(r"\n[ \t]*\n\s*", curly)
    return "\n".join("<p>" + part.replace("\n", "<br />\n") + "</p>" for part in paragraphs)


def as_cp1252(text: str) -> str:
    """Read the UTF-8 bytes as Windows-1252; bytes it has no character for become the controls of Latin-1.

    >>> as_cp1252("größer …")
    'grÃ¶ÃŸer â€¦'
    """
    raw = text.encode("utf-8", "surrogateescape")
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in raw)


def compose(text: str) -> str:
    """Bring the text into NFC."""
    return unicodedata.normalize("NFC", text)


def compose_alike(text: str) -> str:
    """Bring the text into NFKC, where what looks alike is alike."""
    return unicodedata.normalize("NFKC", text)


def strip_accents(text: str) -> str:
    """Take accents off letters.

    >>> strip_accents("größer, façade")
    'großer, facade'
    """
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare)


def drop_emoji(text: str) -> str:
    """Drop emoji, and what joins them."""
    return regex.sub(r"[\p{Extended_Pictographic}\u200d\ufe0f--\p{ASCII}]", "", text, flags=regex.V1)


def drop_nul(text: str) -> str:
    """Drop NUL and the other controls that no text holds."""
    return regex.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text)


def replace_undecodable(text: str) -> str:
    """Put U+FFFD where bytes are no UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


# ------------------------------------------------------------------------------------------------------- folding


def _fold_white(text: str) -> str:
    return regex.sub(r"\s+", " ", text).strip()


def _fold_decoded(text: str) -> str:
    """Decode entities; the one of NUL, which a tool may print, becomes U+FFFD as in a browser."""
    return html.unescape(text).replace("\0", "\ufffd")


def _fold_browser(text: str) -> str:
    return _fold_markup(_fold_decoded(text))


def _fold_markup(text: str) -> str:
    for _ in range(3):
        text = html.unescape(text)
    return regex.sub(r"\s+", "", drop_tags(text))


_QUOTES = str.maketrans(dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‘’‚‛′", "'") | {"…": "...", "–": "--"})


def _fold_quotes(text: str) -> str:
    return _fold_white(text.translate(_QUOTES))


def _fold_all(text: str) -> str:
    return _fold_markup(text).translate(_QUOTES)


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage.

    Attributes:
        name: As it is printed.
        apply: What it does to a text.
        fold: Levels in a string what nobody can know after the damage: white space where it was collapsed, which of
            two quotes stood where all are curly, tags and entities where tags were dropped.
    """

    name: str
    apply: Change
    fold: Change = as_it_is

    def alike(self, true: str, found: str) -> bool:
        r"""Whether a string that was read is the true one up to the damage.

        >>> DAMAGES["collapsed"].alike("a\n  b", "a b"), DAMAGES["collapsed"].alike("a b", "ab")
        (True, False)
        """
        if found in {true, self.apply(true)}:
            return True
        return self.fold(found) in {self.fold(true), self.fold(self.apply(true))}


DAMAGES = {
    damage.name: damage
    for damage in (
        Damage("none", as_it_is),
        Damage("collapsed", collapse, _fold_white),
        Damage("lines trimmed", trim_lines, _fold_white),
        Damage("LF to CRLF", to_crlf, to_lf),
        Damage("CRLF to LF", to_lf, to_lf),
        Damage("tags dropped", drop_tags, _fold_markup),
        Damage("entities encoded", encode_entities),
        Damage("entities decoded", decode_entities, _fold_decoded),
        Damage("browser text", to_browser_text, _fold_browser),
        Damage("smart quotes", smarten, _fold_quotes),
        Damage("smart, collapsed", smarten_and_collapse, _fold_quotes),
        Damage("read as cp1252", as_cp1252),
        Damage("NFC", compose, compose),
        Damage("NFKC", compose_alike, compose_alike),
        Damage("accents stripped", strip_accents, strip_accents),
        Damage("emoji dropped", drop_emoji, drop_emoji),
        Damage("controls dropped", drop_nul, drop_nul),
        Damage("texturized", texturize, _fold_all),
        Damage("U+FFFD", replace_undecodable),
    )
}
"""Every damage that leaves a dump whole, by its name."""


SHORTEST_CUT = 40
"""What is left of a dump that breaks off has at least so many characters: less is no proof of anything."""


def cut_off(rng: random.Random, text: str) -> str:
    """Break the text off somewhere behind its first tenth and its head, as the end of a page does."""
    if len(text) <= SHORTEST_CUT:
        return text
    return text[: rng.randint(max(SHORTEST_CUT, len(text) // 10), len(text) - 1)].rstrip()


def cut_off_with_dots(rng: random.Random, text: str) -> str:
    """Break the text off and say so, as the excerpt of a page does."""
    cut = cut_off(rng, text)
    return cut if cut == text else cut + rng.choice(("…", "...", " …", "&hellip;", "[...]"))


CUTS: dict[str, Callable[[random.Random, str], str]] = {"cut off": cut_off, "cut off with dots": cut_off_with_dots}
"""What leaves the first part of a dump, at the end of a document."""
