"""Ways to reach a person. The inbox is the first; a notice in it is what any other way delivers."""
