"""Figures for Prometheus: how the site is used and how its work goes."""
