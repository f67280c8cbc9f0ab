"""How often a model passes with the prompts of an ask, release by release."""
