"""An import as a person follows it: a file arrives, is looked at, asked about, taken, mended and perhaps undone."""
