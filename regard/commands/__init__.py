"""The commands of regard. Those that belong together are a room: a package with their options, and a module each."""
