"""Collect models of every kind."""
