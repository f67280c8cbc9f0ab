"""Which columns the roadmap of a product has, and who sees each."""
