"""The changelog: what each release brought, to read, search, subscribe to and show elsewhere."""
