"""The curve of precision against recall as a picture; needs matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normalizer.errors import ConfigError, MissingExtraError, SinkError

SUFFIXES = (".png", ".svg")
MARKS = (0.5, 0.8, 0.9, 0.95)
"""Thresholds that are written beside the curve."""


def check_plot(path: Path) -> None:
    """Nothing, where a picture can be drawn to the path; asked before the measuring, which takes longer.

    Raises:
        ConfigError: The path is no PNG or SVG, or its folder is missing.
        MissingExtraError: matplotlib is not installed.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigError(str(path), f"is no picture that can be drawn; name a file {' or '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise ConfigError(str(path), f"cannot be written: there is no folder {path.parent}")
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("matplotlib", "python -m pip install 'cablenorm[plot]'") from error


def draw(curve: dict[str, Any], path: Path) -> None:
    """Write the picture of a `curve` from `reliability`, as PNG or SVG by the path's suffix.

    Raises:
        SinkError: The file cannot be written.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    points, decided = curve["points"], curve["decided"]
    # A figure without pyplot picks its canvas by the file's suffix and asks for no display. Salt and date
    # are set so that the same numbers give the same bytes.
    with rc_context({"svg.hashsalt": "cablenorm"}):
        figure = Figure(figsize=(6, 5), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([p["recall"] for p in points], [p["precision"] for p in points], color="tab:blue", label="threshold")
        for mark in MARKS:
            above = [p for p in points if p["threshold"] >= mark]
            if above:
                at = (above[-1]["recall"], above[-1]["precision"])
                axes.plot(*at, ".", color="tab:blue")
                axes.annotate(f"{mark:g}", at, textcoords="offset points", xytext=(4, 4), fontsize=8)
        if decided["precision"] is not None:
            axes.plot(decided["recall"], decided["precision"], "o", color="tab:red", label="as the run decided")
        axes.set(
            xlim=(0, 1.02),
            ylim=(0, 1.02),
            xlabel=f"recall of {curve['recall_of']} mentions ({curve['gold']})",
            ylabel="precision of repairs",
            title="Precision against recall over the threshold",
        )
        axes.grid(alpha=0.3)
        axes.legend(loc="lower left")
        try:
            figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
        except OSError as error:
            raise SinkError(path, f"cannot be written: {error.strerror or error}") from error
