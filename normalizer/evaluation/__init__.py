"""Measures of a run against gold: does it find the names, and is what it claims true?

`gold` and `output` read, `claims` lists what a run says of names. `aligned` asks a better reading of the page and
`readings` counts by it; `links` counts where every mention is known; `searching` measures what search gains.
`reliability` sets scores beside the share that is right; `report` joins all, `table` and `plot` show it.
"""
