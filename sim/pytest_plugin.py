"""Moved to `regard.testing`; here for environments whose entry point still names this module: reinstall regard."""
