"""Models of every kind."""
