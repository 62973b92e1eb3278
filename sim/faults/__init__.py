"""What goes wrong on purpose: each fault by name, with its rate, what it touches, and why it happens."""
