"""The keys a profile may have, with their types: the shape of the TOML file."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from pipeline.boilerplate import LEAST_PERCENT

Text = Annotated[str, Meta(min_length=1)]


class Match(Struct, frozen=True, forbid_unknown_fields=True):
    """Which documents the profile serves: either of the two lists fits. Without both it serves every document.

    Attributes:
        uri: Shell patterns that the whole ``source_uri`` must match.
        text: Literals that occur in the document.
    """

    uri: tuple[Text, ...] = ()
    text: tuple[Text, ...] = ()


class DatelineSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How the source prints its timestamp line.

    Attributes:
        formats: ``strptime`` formats, tried before anything else.
        order: Order of the parts of an all-digit date.
        century_from: First of the hundred years that a year of two digits stands for.
        zones: IANA names of the zone abbreviations that the source prints.
    """

    formats: tuple[Text, ...] = ()
    order: Literal["MDY", "DMY", "YMD"] | None = None
    century_from: Annotated[int, Meta(ge=1800, le=2001)] | None = None
    zones: dict[str, Text] = {}


class ArticleSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How the source prints its articles.

    Attributes:
        flags: Flag words at either end of a title.
        sign_off: Pattern that a whole line must match to be an editor's mark; ``""`` for a source without marks.
        boilerplate: Lines that stand at head or foot of many pages and belong to none of them.
        boilerplate_percent: From which share of the source's pages on a line that repeats at head or foot is cut.
    """

    flags: tuple[Text, ...] | None = None
    sign_off: str | None = None
    boilerplate: tuple[Text, ...] = ()
    boilerplate_percent: Annotated[int, Meta(ge=LEAST_PERCENT, le=100)] | None = None


class ArtifactSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What is cut.

    Attributes:
        strip: ``leaks`` cuts what is proven and not the page's own content, ``all`` what is proven, ``none`` nothing.
        families: Families to look for; all when left out.
    """

    strip: Literal["leaks", "all", "none"] = "leaks"
    families: tuple[Text, ...] | None = None


class TextSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How the text of the source is read, and what is mended in it.

    Attributes:
        encoding: What its pages are encoded in, where they do not say it themselves and are not UTF-8.
        mojibake: UTF-8 that was decoded as something else is read anew.
        entities: Character references of HTML are what they stand for.
        zero_width: Characters that only say where a line may break are left out.
        soft_hyphen: Soft hyphens are left out.
        nfc: Letters and their accents are written as one character, in Unicode's form C.
        white_space: White space inside a line is one blank.
    """

    encoding: Text | None = None
    mojibake: bool = True
    entities: bool = True
    zero_width: bool = True
    soft_hyphen: bool = True
    nfc: bool = True
    white_space: bool = False


class RelatedSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where related items stand in a payload, and which key fills which column.

    Attributes:
        items: Path from the root of the payload to the list, such as ``$`` or ``$.data.items``.
        media_base: Address that ``media_path`` is relative to.
        fields: For each column a key, or several of which the first one present counts.
        clock: What the numbers in the names of media files count.
    """

    items: Text = "$"
    media_base: Text | None = None
    fields: dict[str, Text | tuple[Text, ...]] = {}
    clock: Literal["dotnet", "unix", "java", "mongo"] | None = None


class Definition(Struct, frozen=True, forbid_unknown_fields=True):
    """A profile as written.

    Attributes:
        name: What the ``source`` column says.
        language: Language of dates and flags.
        timezone: IANA zone of the source's clock.
        base_url: Address of the site; relative addresses of its pages belong to it.
    """

    name: Text
    language: Text = "en"
    timezone: Text | None = None
    base_url: Text | None = None
    match: Match = field(default_factory=Match)
    dateline: DatelineSettings = field(default_factory=DatelineSettings)
    article: ArticleSettings = field(default_factory=ArticleSettings)
    text: TextSettings = field(default_factory=TextSettings)
    artifacts: ArtifactSettings = field(default_factory=ArtifactSettings)
    related_items: RelatedSettings = field(default_factory=RelatedSettings)
