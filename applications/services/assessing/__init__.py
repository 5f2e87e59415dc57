"""What every assessment goes through, whoever asks for it: computed from the facts, stored once, or failed by name."""
