// Charts that can be pointed at; without this the same stands there as SVG and as a table.
"use strict";

function ink(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw(place) {
  const told = JSON.parse(place.dataset.chart);
  const text = ink("--quiet");
  const axis = { color: text, gridcolor: ink("--line"), zeroline: false, rangemode: "tozero", fixedrange: true };
  const hover = "%{x:,.2f}: %{y:,.2f}<extra></extra>";
  const traces = [
    { x: told.x, y: told.low, mode: "lines", line: { width: 0 }, hoverinfo: "skip" },
    { x: told.x, y: told.high, mode: "lines", line: { width: 0 }, fill: "tonexty", fillcolor: ink("--accent-soft"), hoverinfo: "skip" },
    { x: told.x, y: told.mean, mode: "lines", line: { width: 2, color: ink("--accent-text") }, hovertemplate: hover },
    ...told.spots.map((spot) => ({
      x: [spot.x], y: [spot.y], mode: "markers+text", text: [spot.label], textposition: "top center",
      textfont: { color: ink("--text") },
      marker: { size: 11, color: spot.label === "new" ? ink("--accent") : text }, hovertemplate: hover,
    })),
  ];
  const layout = {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false,
    font: { family: ink("--font"), size: 13, color: text }, margin: { l: 64, r: 16, t: 16, b: 48 },
    xaxis: { ...axis, title: { text: told.xTitle } }, yaxis: { ...axis, title: { text: told.yTitle } },
  };
  place.hidden = false;
  return Plotly.newPlot(place, traces, layout, { displayModeBar: false, responsive: true });
}

for (const place of document.querySelectorAll("[data-chart]")) {
  const drawn = place.parentElement.querySelector(".drawn");
  try {
    draw(place);
    drawn.hidden = true;
  } catch {
    place.hidden = true;
  }
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const place of document.querySelectorAll("[data-chart]")) draw(place);
});
