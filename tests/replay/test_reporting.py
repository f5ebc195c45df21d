"""Reporting: what a morning is shown of an export's conversions."""

from pathlib import Path

import numpy as np
from replayed import export_settings, replay_of

from agent.domain.maturity import assumed_curve
from agent.domain.metrics import MetricsTable
from simulations.replay.delays import Delays
from simulations.replay.of_export import Reporting


def tables(folder: Path, reporting: Reporting) -> list[MetricsTable]:
    past = replay_of(export_settings(folder), reporting).past
    return [one.seen for one in past.readings if isinstance(one.seen, MetricsTable)]


def test_no_morning_is_shown_its_own_day_or_a_later_one(tmp_path: Path) -> None:
    """The file has the whole of them; at six in the morning nobody did."""
    for n, table in enumerate(tables(tmp_path, Reporting.ASSUMED)):
        assert table.until == np.datetime64("2026-03-07") + n
        assert table.days.max() == table.until


def test_conversions_only_grow_to_what_the_file_says(tmp_path: Path) -> None:
    """Late by the assumed curve: about 65 % of yesterday's are known, and all after a month."""
    everything = tables(tmp_path, Reporting.FINAL)[-1]
    delays = Delays(everything, assumed_curve(), seed=1)
    mornings = [np.datetime64("2026-03-26") + n for n in range(0, 40, 3)]

    known = np.stack([delays.known_on(morning).conversions for morning in mornings])

    assert (np.diff(known, axis=0) >= 0).all()
    np.testing.assert_array_equal(known[-1], everything.conversions)
    many = np.full(len(everything), 10_000.0)
    yesterday = Delays(
        MetricsTable(**{**_columns(everything), "conversions": many}), assumed_curve(), seed=1
    ).known_on(everything.days.max() + 1)
    newest = everything.days == everything.days.max()
    np.testing.assert_allclose(yesterday.conversions[newest] / 10_000, 0.65, atol=0.02)


def test_value_follows_its_conversions(tmp_path: Path) -> None:
    """No value without orders, and fractions of conversions come too."""
    everything = tables(tmp_path, Reporting.FINAL)[-1]
    halves = MetricsTable(**{**_columns(everything), "conversions": everything.conversions + 0.5})

    seen = Delays(halves, assumed_curve(), seed=2).known_on(everything.days.max() + 1)

    expected = halves.conversion_value_micros * (seen.conversions / halves.conversions)
    np.testing.assert_allclose(seen.conversion_value_micros, expected, atol=1)
    assert (seen.conversions <= halves.conversions).all()


def test_final_figures_are_shown_at_once_where_that_was_asked_for(tmp_path: Path) -> None:
    """And the past says so."""
    replay = replay_of(export_settings(tmp_path), Reporting.FINAL)

    assert any("maturity is not known" in sentence for sentence in replay.past.assumptions)
    assumed, final = tables(tmp_path, Reporting.ASSUMED)[-1], tables(tmp_path, Reporting.FINAL)[-1]
    assert final.conversions.sum() > assumed.conversions.sum()


def _columns(table: MetricsTable) -> dict[str, np.ndarray]:
    return {name: getattr(table, name) for name in MetricsTable.__dataclass_fields__}
