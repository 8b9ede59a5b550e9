"""The models, which plumbing finds although nothing imports them here."""
