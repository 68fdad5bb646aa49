"""An array or object whose members are still being read."""

from __future__ import annotations

from msgspec import Struct, field

from pipeline.families.php_dump.keys import Key, Member
from pipeline.families.php_dump.value import JSON, Container

NO_KEY = Key(0, 0)


class Frame(Struct):
    """A container whose members are being read.

    Attributes:
        declared: How many members its head promises; an object's uninitialised properties are not counted.
        class_name: None for an array.
        reference: Whether it is a reference of ``debug_zval_dump``, which holds one value and no key.
        members: What is complete so far.
        counted: How many of these PHP counts.
        key: Key of the member whose value comes next.
        key_start: Where the last key begins.
    """

    declared: int
    class_name: str | None = None
    reference: bool = False
    members: list[Member] = field(default_factory=list)
    counted: int = 0
    key: Key | None = None
    key_start: int = 0

    def add(self, value: JSON, *, counted: bool = True) -> None:
        """Complete the member whose key was read."""
        self.members.append(Member(self.key or NO_KEY, value, counted))
        self.counted += counted
        self.key = None

    def container(self) -> Container:
        """Return it with the members that are complete, named and valued."""
        names = {str(member.key.name) for member in self.members}
        if len(names) == len(self.members):  # none has the name of another one
            members = {member.key.name: member.value for member in self.members}
            return Container(self.declared, self.class_name, members, seen=len(members))
        container = Container(self.declared, self.class_name)
        for member in self.members:
            container.name(member.key.name, member.key.class_name)
            container.add(member.value)
        return container
