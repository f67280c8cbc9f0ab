"""The inbox: what a person was told, on the site."""
