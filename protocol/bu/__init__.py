"""The files of the Brazilian voting machine (urna eletrônica): bulletin, printed text, QR texts, votes, signatures.

`reader` reads them together; the formats are the two ``.asn`` files. A vote one by one is counted where it is decoded:
neither it, nor the digits that a voter typed for a null vote, nor its place comes into any result, check or problem.
"""
