"""What is installed in a Python environment, read from its files: nothing of it is imported or run."""
