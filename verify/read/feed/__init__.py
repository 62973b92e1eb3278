"""The ministry's feed of an election night: XML files from commune to nation, read as published results."""
