"""A folder to carry to a computer without internet: wheels for its system, a starter, and a list of checksums."""
