"""The report to hand on: what was checked, what was found and what it could change, for people who do not compute.

`contents.build` makes a `Dossier`, which holds every text and figure and no form; `page` makes one HTML file of it.
"""
