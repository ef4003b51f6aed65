"""`firstaid run`: a command runs as it would without us, what it prints is kept, and a failure is diagnosed.

Nothing here is imported before it is needed, and nothing of the diagnosis at all: that is a process of its own. What a
start needs does without dataclasses, whose import would take a fifth of it.
"""
