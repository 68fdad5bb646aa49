"""Help in sections: commands by what they are for, options by what they are about, each in the order it is met in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click


class SectionedGroup(click.Group):
    """A group whose help says of every command, in its section and its order, what it does, and cuts nothing off.

    >>> first, second = click.Command("wash", short_help="Take the mud off."), click.Command("dry", short_help="Wait.")
    >>> group = SectionedGroup("boats", sections={"Clean": (first, second)})
    >>> print(group.get_help(click.Context(group)).partition("Clean")[2])
    :
      wash  Take the mud off.
      dry   Wait.
    """

    def __init__(self, *args: Any, sections: Mapping[str, Sequence[click.Command]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._sections = {title: [str(command.name) for command in own] for title, own in sections.items()}
        for command in (command for own in sections.values() for command in own):
            self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """Return the names of the commands in the order of their sections."""
        return [name for own in self._sections.values() for name in own]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section of the help for each of the group."""
        widest = max(map(len, self.list_commands(ctx)))
        for title, own in self._sections.items():
            with formatter.section(title):
                told = [(name.ljust(widest), self.commands[name].get_short_help_str(formatter.width)) for name in own]
                formatter.write_dl(told)


class SectionedCommand(click.Command):
    """A command whose help lists its options by what they are about; those that no section names stand last."""

    def __init__(self, *args: Any, sections: Mapping[str, Sequence[str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.sections = sections
        """Names of parameters, by the heading they stand below."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section of the help for each of the command."""
        records = {
            str(parameter.name): record
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)) is not None
        }
        named = {name for own in self.sections.values() for name in own}
        rest = {"Other options": [name for name in records if name not in named]}
        for title, own in {**self.sections, **rest}.items():
            told = [records[name] for name in own if name in records]
            if told:
                with formatter.section(title):
                    formatter.write_dl(told)
