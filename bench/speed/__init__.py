"""Measure what cleaning a corpus costs beside copying it."""
