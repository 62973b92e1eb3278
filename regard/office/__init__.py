"""An elections office's own town: its list of bureaux read, its day planned or simulated, and made ready to show.

`contents` is what the screen, the JSON, the workbook and the page of a plan all say; each only says it in its own way.
"""
