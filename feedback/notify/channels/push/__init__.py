"""Web Push: what a person was told, shown by the browsers in which they turned it on."""
