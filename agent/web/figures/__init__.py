"""Figures: charts as plain numbers, drawn as SVG by templates and by Plotly in the browser."""
