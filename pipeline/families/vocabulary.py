"""All that is looked for in the text of a page because it may tell that the page shows on purpose what looks leaked."""

from __future__ import annotations

from pipeline.families import code_signs, quoting_signs, shown_signs
from pipeline.families.traits import Text, Vocabulary

VOCABULARY = Vocabulary((*quoting_signs.SIGNS, *code_signs.SIGNS, *shown_signs.SIGNS))


def text_of(text: bytes) -> Text:
    """Return a text with its traits.

    >>> sorted(text_of(b"PHP: see $x->y and wp-config").traits)
    [b' php', b' php ', b' wp ', b'$', b'-', b'->', b'>']
    """
    return Text(text, VOCABULARY)
