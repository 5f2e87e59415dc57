"""Whether tables look like those a model learnt from: `tally` says how they look, `comparison` what differs."""
