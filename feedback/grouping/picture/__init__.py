"""The map of a product: drawn after a run, kept, and read with what stands now."""
