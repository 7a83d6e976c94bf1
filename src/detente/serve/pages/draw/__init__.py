"""Figures as SVG: plain values in, markup out. Colours come from the page's classes; light ones stand beside for pictures on their own."""
