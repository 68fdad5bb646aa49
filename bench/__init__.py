"""Measurements: how well and how fast the pipeline works, beside other tools. Started by make, not installed."""
