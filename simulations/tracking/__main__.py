"""Print the table of docs/tracking.md: python -m simulations.tracking [YEARS] [OUTAGES]."""

import sys

import joblib
import numpy as np

from simulations.tracking.measure import calm, seen
from simulations.tracking.year import Nature

SIZES = (5.0, 20.0, 100.0, 1000.0)
SHARES = (0.0, 0.5)
_MOST_DAYS = 60
_JOBS = 2


def main() -> None:
    """Seeds 0, 1, 2 … for the years, 1000, 1001 … for the outages."""
    years, outages = (int(word) for word in [*sys.argv[1:], "40", "40"][:2])
    run = joblib.Parallel(_JOBS)
    print("conversions a day | false freezes a year | hours frozen | Poisson rule")  # noqa: T201  # its output
    for a_day in SIZES:
        lived = run(joblib.delayed(calm)(Nature(a_day), seed) for seed in range(years))
        freezes, frozen, rule = (
            float(np.mean([getattr(one, name) for one in lived])) for name in ("freezes", "frozen_h", "rule")
        )
        print(f"{a_day:g} | {freezes:.2f} | {frozen:.0f} | {rule:.1f}", flush=True)  # noqa: T201  # its output
    print("conversions a day | still counted | found | median h | 90 % within h")  # noqa: T201  # its output
    for share in SHARES:
        for a_day in SIZES:
            days = min(_MOST_DAYS, int(max(3, (200 if share == 0 else 600) / a_day, 0 if share == 0 else 20)))
            nature = Nature(a_day, days=days + 40)
            met = run(joblib.delayed(seen)(nature, seed, share, days) for seed in range(outages))
            after = np.array([np.inf if one.after_h is None else one.after_h for one in met])
            p90 = np.quantile(after, 0.9, method="higher")
            row = f"{a_day:g} | {share:.0%} | {np.isfinite(after).sum()} of {outages} in {days} days"
            print(f"{row} | {np.median(after):g} | {p90:g}", flush=True)  # noqa: T201  # its output


if __name__ == "__main__":
    main()
