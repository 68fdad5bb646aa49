"""Inputs, Parquet files, and the snapshot store: a run's tables appear together or not at all."""
