"""The map of a product on the desk."""
