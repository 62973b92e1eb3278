"""Parquet of unknown origin: bounded before memory is taken for it, then read by pyarrow."""
