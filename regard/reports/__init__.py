"""What is handed on of a run: the summary, JSON, CSV and Parquet, and the record of how it was made."""
