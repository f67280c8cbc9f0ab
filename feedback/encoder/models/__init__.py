"""Encoders turn text into vectors; :mod:`.registry` names them, :mod:`.base` says what they promise."""
