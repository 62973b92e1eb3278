"""Operations over many bureaux: columns, rows of communes and whole files, each weighed and reported as one case."""
