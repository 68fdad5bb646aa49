"""One document explained: its tiles, its fields with their bytes, its artifacts, and why each was cut or kept."""

from pipeline.inspect.data import as_data, as_rejected
from pipeline.inspect.find import Found, find
from pipeline.inspect.fragments import Fragment, Style
from pipeline.inspect.lines import View, as_lines
from pipeline.inspect.stopwatch import Stopwatch

__all__ = ["Found", "Fragment", "Stopwatch", "Style", "View", "as_data", "as_lines", "as_rejected", "find"]
