"""Backups that an older Heed made, what its site held, and scripts to run on a restored one.

``ae9a98d-sqlite.tar.gz`` and ``ae9a98d-postgres.tar.gz`` were made by commit ae9a98d, of a site with a row in every
table. The ``.json.gz`` beside each says what that site held, and what ae9a98d made of it by undoing every decision
that can be undone, the newest first.
"""
