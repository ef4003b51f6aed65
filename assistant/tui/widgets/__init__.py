"""One file a widget, with its own style, keys, help and messages."""
