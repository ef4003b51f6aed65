"""The paste-an-error terminal UI."""
