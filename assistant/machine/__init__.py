"""What is known of the machine: each fact read by one small function, never guessed."""
