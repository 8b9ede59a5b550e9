"""The package in which plumbing looks for models."""
