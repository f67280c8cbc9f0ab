"""Telling other programs, and chat rooms, what happens in public: signed webhooks. docs/adr/0043-webhooks.md."""
