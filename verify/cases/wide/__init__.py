"""Operations over many bureaux: columns, rows of communes and whole files, weighed and told as one case each."""
