"""Published results: packed files, their tables, results in those of known layouts, and what is compared in them."""
