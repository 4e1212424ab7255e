"""Learning from text: confusions from two readings of a page, priors from a run, weights of the repair score."""
