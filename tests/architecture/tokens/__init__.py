"""Every kind of token and secret address that Heed gives out or asks for, and the door at which it is shown.

A new kind stands here: `makers` names the functions that make one, and a maker that it does not name fails the build.
"""
