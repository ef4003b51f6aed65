"""One file a screen; a screen composes widgets and owns their state."""
