"""A nation's night as it comes in: a store that loses nothing, simulated evenings and feeds, and what a page shows."""
