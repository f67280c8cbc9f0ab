"""Reading what was written in another language: by a model that the operator names, when somebody asks, once for each text."""
