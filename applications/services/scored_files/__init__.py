"""Scoring a file: from its bytes to rows, from rows to what the machine says, and back to a file."""
