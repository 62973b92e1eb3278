"""The tests: a package of its own, since a library that they use brings one of the same name."""
