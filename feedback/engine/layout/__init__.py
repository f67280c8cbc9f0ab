"""Where asks and posts stand on a picture of two dimensions."""
