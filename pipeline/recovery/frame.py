"""A list or an object whose members are still being read."""

from __future__ import annotations

from msgspec import Struct, field

from pipeline.recovery.twice import KEY_TWICE

ENTRIES_FEWEST = 2
"""How many objects with the same keys make an object one of items."""
FIRST_NAMES_MOST = 8
"""Different keys that the items of a list may begin with; reading finds the next item by them."""


class Frame(Struct):
    """An open list or object of the reader, and where its complete members end in what is written.

    Attributes:
        opener: ``[`` or ``{``.
        complete: Where its last complete member ends in the reader's output.
        members: Complete members.
        begun: Members that were begun.
        member_at: Where the text of the last one begins.
        objects: Of a list: how many complete members are objects.
        names: Of an object: the keys so far.
        first_names: The keys that its objects begin with.
        all_names: Every key of its objects.
        common_names: The keys that each of its objects has.
        sound_names, mended_names: Of a list: keys of the objects that were read as they stand, and of the others.
        after_value: Whether a value was read and no comma yet.
        mended: Whether inner quotes were met in it.
        resumed: Whether reading went on in it behind something that could not be read.
    """

    opener: str
    complete: int
    members: int = 0
    begun: int = 0
    member_at: int = 0
    objects: int = 0
    names: list[str] = field(default_factory=list)
    first_names: set[str] = field(default_factory=set)
    all_names: set[str] = field(default_factory=set)
    common_names: set[str] | None = None
    sound_names: set[str] = field(default_factory=set)
    mended_names: set[str] = field(default_factory=set)
    after_value: bool = False
    mended: bool = False
    resumed: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return self.opener == "["

    @property
    def closer(self) -> str:
        """The bracket that ends it."""
        return "]" if self.opener == "[" else "}"

    @property
    def holds_items(self) -> bool:
        """Whether it is a list of objects and of nothing else."""
        return self.is_list and self.objects == self.members > 0

    @property
    def holds_entries(self) -> bool:
        """Whether it is an object of items by their numbers: several objects that have the same keys."""
        is_one = not self.is_list and self.objects == self.members >= ENTRIES_FEWEST
        return is_one and self.common_names == self.all_names and all(map(str.isdigit, self.names))

    def complete_member(self, written: int, inner: Frame | None = None) -> None:
        """Count a member that is complete; ``inner`` is what it was read into, when it has members of its own."""
        self.members += 1
        self.complete = written
        self.after_value = True
        if inner is None or inner.is_list:
            return
        self.objects += 1
        names = set(inner.names)
        if not names:
            return
        if len(self.first_names) < FIRST_NAMES_MOST:
            self.first_names.add(inner.names[0])
        self.all_names |= names
        self.common_names = names if self.common_names is None else self.common_names & names
        if self.is_list:
            if inner.mended:
                self.mended_names |= names
            else:
                self.sound_names |= names

    def doubts(self) -> list[str]:
        """Return why its members may not be what they seem, by its keys and those of siblings."""
        doubts: list[str] = []
        if len(set(self.names)) < len(self.names):
            doubts.append(KEY_TWICE)
        if self.mended_names and self.sound_names and not self.mended_names <= self.sound_names:
            doubts.append("an item with inner quotes has a key that no other item has")
        if self.resumed and (self.common_names or set()) != self.all_names:
            doubts.append("the items do not all have the same keys")
        return doubts
