"""Published results for people, programs and tables: the content of a file, and the differences of two."""
