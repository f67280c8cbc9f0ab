"""What comes back by mail: replies become comments, bounces and complaints close addresses."""
