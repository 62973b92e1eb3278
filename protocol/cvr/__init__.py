"""Cast vote records: exports that list every ballot, counted by tabulator, batch and precinct portion as they are read.

Ballot secrecy. An export has its ballots in the order of a machine's memory, with numbers and names of pictures, and
whoever saw the queue can put names to an order. Such orders were meant to be shuffled and were not: numbers that a
vendor's tabulators gave to ballots could be turned back into the order of voting (DVSorder, 2022). So nothing here
says which ballot is meant: record numbers, imprinted numbers and names of pictures are not even taken out of the
file where the fast decoder is there, a fault names the block of bytes or the batch that it lies in and how many
ballots have it, never the place of one ballot in its list, and what is written anew is in an order of its own.
"""
