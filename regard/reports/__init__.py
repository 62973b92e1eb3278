"""Reports of a run: the summary, JSON, tables, and the record of how it was made."""
