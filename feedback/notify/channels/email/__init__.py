"""E-mail: what a person was told, sent to the address they sign in with."""
