"""`regard serve`: a local page to work on a case; a case is a folder that `regard verify` reads.

`security` says who may ask, `uploads` takes files in, `case_folder` and `entries` write what a person enters,
`examining` runs the audit beside, `app` has the pages.
"""
