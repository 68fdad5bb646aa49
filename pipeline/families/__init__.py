"""Every leak family the pipeline knows. A new family is one file, one line here, one folder of cases."""

from __future__ import annotations

from pipeline.families.embedded_json import EMBEDDED_JSON
from pipeline.families.php_dump import PHP_DUMP
from pipeline.families.php_error import PHP_ERROR
from pipeline.model import Family

FAMILIES: tuple[Family, ...] = (PHP_DUMP, PHP_ERROR, EMBEDDED_JSON)

FAMILY_NAMES: tuple[str, ...] = tuple(family.name for family in FAMILIES)
