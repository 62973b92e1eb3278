"""Plans of paper audits for people: the screen, the page with its picture, JSON."""
