"""Your idea shipped: a page of thanks for each author, with a picture to share."""
