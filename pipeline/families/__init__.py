"""Every leak family the pipeline knows. A new family is one file, one line here, one folder of cases."""

from __future__ import annotations

from pipeline.families.embedded_json import EMBEDDED_JSON
from pipeline.families.html import HTML
from pipeline.families.php_dump import PHP_DUMP
from pipeline.families.php_error import PHP_ERROR
from pipeline.families.php_source import PHP_SOURCE
from pipeline.families.python_repr import PYTHON_REPR
from pipeline.families.script import SCRIPT
from pipeline.families.server_error import SERVER_ERROR
from pipeline.families.shortcode import SHORTCODE
from pipeline.families.sql_error import SQL_ERROR
from pipeline.families.stack_trace import STACK_TRACE
from pipeline.families.stringified import STRINGIFIED
from pipeline.families.style import STYLE
from pipeline.families.template_tag import TEMPLATE_TAG
from pipeline.model import Family

FAMILIES: tuple[Family, ...] = (
    PHP_DUMP,
    PHP_ERROR,
    EMBEDDED_JSON,
    SQL_ERROR,
    STACK_TRACE,
    SERVER_ERROR,
    PYTHON_REPR,
    STRINGIFIED,
    PHP_SOURCE,
    SHORTCODE,
    TEMPLATE_TAG,
    HTML,
    SCRIPT,
    STYLE,
)

FAMILY_NAMES: tuple[str, ...] = tuple(family.name for family in FAMILIES)
