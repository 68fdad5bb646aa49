"""What is known of a source. Profiles are TOML files, checked when they are loaded."""

from __future__ import annotations

from pipeline.profiles.definition import Definition
from pipeline.profiles.loader import load, load_sources, shipped_names
from pipeline.profiles.profile import Profile, Profiles, ProfileSource

__all__ = ["Definition", "Profile", "ProfileSource", "Profiles", "load", "load_sources", "shipped_names"]
