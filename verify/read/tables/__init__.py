"""Sign-in counts and PVs as auditors have them: any table, read as the sheets that a night's own files give."""
