"""Moving an item from column to column: by dragging it, by keys, or by a small form."""
