"""A reading of an urn over a line, kept so that it can be gone on with: what has come, its record, its trace."""
