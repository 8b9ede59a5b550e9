"""The models: nothing is imported here, plumbing finds them."""
