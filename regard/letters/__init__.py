"""What an auditor does next: until when, to whom and how to complain, what may be seen, and the letters for it."""
