"""The data_visualization block: line, bar, area and pie charts, and how big they may be.

Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block/
"""

import math

from sandbox.checks import Report
from sandbox.config import Json

MOST_SERIES, MOST_CATEGORIES, MOST_CHARTS = 12, 20, 2


def chart_block(report: Report, block: Json, at: str) -> None:
    """Check one chart block: a title and a chart."""
    report.fields(block, at, ("title", "chart"), ("block_id",))
    report.string(block, "title", at, 50)
    found = report.nested(block, "chart", at)
    if found is None:
        return
    chart, where = found
    kind = chart.get("type")
    if kind == "pie":
        _pie(report, chart, where)
    elif kind in ("line", "bar", "area"):
        _axes(report, chart, where)
    else:
        report.add(f"unsupported type: {kind}", f"{where}/type")


def _finite(report: Report, point: Json, at: str, positive: bool) -> None:
    value = point.get("value")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        report.add("must be a number", f"{at}/value")
    elif positive and value <= 0:
        report.add("must be more than 0", f"{at}/value")


def _unique(report: Report, names: list[object], at: str, what: str) -> None:
    if len(set(map(str, names))) < len(names):
        report.add(f"{what} must be unique", at)


def _pie(report: Report, chart: Json, at: str) -> None:
    report.fields(chart, at, ("segments",), ())
    segments = report.objects(chart, "segments", at, MOST_SERIES)
    for segment, where in segments:
        report.fields(segment, where, ("label", "value"), ())
        report.string(segment, "label", where, 20)
        _finite(report, segment, where, positive=True)
    _unique(report, [s.get("label") for s, _ in segments], f"{at}/segments", "labels")


def _axes(report: Report, chart: Json, at: str) -> None:
    report.fields(chart, at, ("series", "axis_config"), ())
    categories = _categories(report, chart, at)
    series = report.objects(chart, "series", at, MOST_SERIES)
    for one, where in series:
        report.fields(one, where, ("name", "data"), ())
        report.string(one, "name", where, 20)
        points = report.objects(one, "data", where, MOST_CATEGORIES)
        for point, spot in points:
            report.fields(point, spot, ("label", "value"), ())
            report.string(point, "label", spot, 20)
            _finite(report, point, spot, positive=False)
        labels = [p.get("label") for p, _ in points]
        if categories is not None and sorted(map(str, labels)) != sorted(map(str, categories)):
            report.add("each series must have one point for every category", f"{where}/data")
    _unique(report, [s.get("name") for s, _ in series], f"{at}/series", "series names")


def _categories(report: Report, chart: Json, at: str) -> list[object] | None:
    found = report.nested(chart, "axis_config", at)
    if found is None:
        return None
    axis, where = found
    report.fields(axis, where, ("categories",), ("x_label", "y_label"))
    report.string(axis, "x_label", where, 50)
    report.string(axis, "y_label", where, 50)
    names = [name for name, _ in report.items(axis, "categories", where, MOST_CATEGORIES)]
    for index, name in enumerate(names):
        report.string({"name": name}, "name", f"{where}/categories/{index}", 20)
    _unique(report, names, f"{where}/categories", "categories")
    return names
